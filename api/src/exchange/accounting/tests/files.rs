//! Encodings, delimiters, headings and line breaks.

use encoding_rs::WINDOWS_1252;

use super::*;

const FILE: &str = "Bilagsdato;Beløp;Leverandør;Bilagsnr.;Tekst;Art;Funksjon;Aktivitet;Kommune;Avgiftskode\r\n\
    15.11.2017;12 500,00;Vinn i Nårvik AS;B-17;Møte på Ænes;270;325;HA 2;959 469 881;6\r\n\
    16.11.2017;-1 000;;;;;;;Gratangen kommune;\r\n";

#[test]
fn a_file_is_read_in_utf_8_with_and_without_a_mark_and_in_windows_1252() {
    let expected = Actuals {
        entries: vec![
            Entry {
                line: 2,
                amount_ore: 1_250_000,
                incurred_on: day("2017-11-15"),
                supplier: Some("Vinn i Nårvik AS".to_owned()),
                voucher: Some("B-17".to_owned()),
                text: Some("Møte på Ænes".to_owned()),
                account: Some("270".to_owned()),
                function: Some("325".to_owned()),
                activity: Some("HA 2".to_owned()),
                organisation: Some("959469881".to_owned()),
            },
            Entry {
                line: 3,
                amount_ore: -100_000,
                incurred_on: day("2017-11-16"),
                supplier: None,
                voucher: None,
                text: None,
                account: None,
                function: None,
                activity: None,
                organisation: Some("Gratangen kommune".to_owned()),
            },
        ],
        ignored: vec!["Avgiftskode".to_owned()],
    };
    let (legacy, ..) = WINDOWS_1252.encode(FILE);
    for file in [FILE.as_bytes(), format!("\u{feff}{FILE}").as_bytes(), &legacy] {
        assert_eq!(read(file, &ANY_DAY).expect("actuals"), expected);
    }
}

#[test]
fn a_text_is_kept_in_one_form_however_its_letters_were_composed() {
    let [entry] = entries("dato;sum;leverandør;tekst\n1.2.18;1;A\u{30a}s;u\u{308}\n").try_into().expect("one");
    assert_eq!((entry.supplier.as_deref(), entry.text.as_deref()), (Some("Ås"), Some("ü")));
}

#[test]
fn headings_are_known_in_three_languages_in_any_case_and_spacing() {
    for (amount, date, supplier) in [
        ("BELØP", "Dato", "LEVERANDØR"),
        ("belop", "bilags dato", "Leverandornavn"),
        ("Beløp (NOK)", "Bokføringsdato", "Leverandørnamn"),
        ("Sum", "bokforingsdato", "leverandør"),
        ("Amount", " Voucher  Date ", "Supplier"),
        ("amount nok", "DATE", "vendor"),
    ] {
        let [entry] = entries(&format!("{amount};{date};{supplier}\n7;1.2.18;Proneo\n")).try_into().expect("one");
        assert_eq!((entry.amount_ore, entry.supplier.as_deref()), (700, Some("Proneo")), "{amount}");
    }
    for head in
        ["konto;teneste;orgnr;aktivitet", "Account;Function;Organisation;Activity", "ART;tjeneste;kommune;Aktivitet"]
    {
        let file = format!("{head};beskriving;bilag;sum;dato\nA;F;O;HA 2;T;V;1;1.2.18\n");
        let [entry] = entries(&file).try_into().expect("one");
        let read = [entry.account, entry.function, entry.organisation, entry.activity, entry.text, entry.voucher];
        assert_eq!(read.map(Option::unwrap_or_default), ["A", "F", "O", "HA 2", "T", "V"]);
    }
}

#[test]
fn the_delimiter_is_the_one_by_which_headings_are_known() {
    for file in [
        "dato;sum;tekst\n1.2.18;1,50;a, b\n",
        "dato\tsum\ttekst\n1.2.18\t1,50\ta, b\n",
        "dato,sum,tekst\n1.2.18,\"1,50\",\"a, b\"\n",
        "\"dato\";\"sum\";\"tekst\";\"Beløp, valuta, kurs, dag\"\n1.2.18;1,50;a, b;\n",
    ] {
        let [entry] = entries(file).try_into().expect("one");
        assert_eq!((entry.amount_ore, entry.text.as_deref()), (150, Some("a, b")), "{file}");
    }
}

#[test]
fn a_row_is_told_by_the_line_that_it_begins_in() {
    let file = "\n\ndato;tekst;sum\n\n1.2.18;\"Reise\nog \"\"opphold\"\"\n\n\";1\n;;\n ; \n2.2.18;b;2\n\n\n3.2.18;c;3";
    for file in [file.to_owned(), file.replace('\n', "\r\n"), file.replace('\n', "\r")] {
        let entries = entries(&file);
        assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [5, 11, 14]);
        assert_eq!(entries[0].text.as_deref(), Some("Reise\nog \"opphold\""));
    }
    assert_eq!(wrong(file.replace(";3", ";x")), at("/rows/14/sum", "wrong_format"));
}

#[test]
fn headings_without_rows_are_no_rows() {
    assert_eq!(entries("dato;sum"), []);
    assert_eq!(entries("dato;sum\n;\n"), []);
}
