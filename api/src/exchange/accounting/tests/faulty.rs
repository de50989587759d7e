//! What is wrong with a file is told where it stands, with what would be right.

use super::*;

#[test]
fn a_file_that_is_no_table_says_what_it_is() {
    for file in [b"PK\x03\x04....".as_slice(), b"\xd0\xcf\x11\xe0", b"\xff\xfed\0a\0"] {
        assert_eq!(wrong(file), at("/rows", "wrong_format"));
    }
    for file in ["", "\u{feff}", "\n\n", " ; \r\n"] {
        assert_eq!(wrong(file), at("/rows", "empty"));
    }
    assert_eq!(wrong(b"\xef\xbb\xbfdato;sum\n1.2.18;1\n\xf8;1\n"), at("/rows/3", "wrong_format"));
}

#[test]
fn a_column_that_must_be_there_is_asked_for_by_its_names() {
    assert_eq!(wrong("x;y\n1;2\n"), [at("/rows/1/beløp", "required"), at("/rows/1/dato", "required")].concat());
    assert_eq!(wrong("\ndato;debet\n"), at("/rows/2/kredit", "required"));
    assert_eq!(wrong("dato;kredit\n"), at("/rows/1/debet", "required"));
    let [fault] = faults("sum\n").try_into().expect("one fault");
    assert!(fault.message.nn.contains("bilagsdato, bokføringsdato"), "{:?}", fault.message);
}

#[test]
fn two_columns_do_not_say_the_same() {
    assert_eq!(wrong("dato;sum;Bilagsdato\n"), at("/rows/1/Bilagsdato", "duplicate"));
    assert_eq!(wrong("dato;sum;art;konto\n"), at("/rows/1/konto", "duplicate"));
    assert_eq!(wrong("dato;sum;Debet;Kredit\n"), at("/rows/1/Debet", "duplicate"));
}

#[test]
fn a_row_with_more_or_fewer_fields_than_headings_is_refused() {
    let faults = faults("dato,sum\n1.2.18,1,50\n1.2.18\n");
    let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(told, [("/rows/2", "wrong_number_of_fields"), ("/rows/3", "wrong_number_of_fields")]);
    assert!(faults[0].message.en.starts_with("has 3 fields, but the headings are 2"));
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_told_where_it_begins() {
    assert_eq!(wrong("dato;sum;tekst\n1.2.18;1;a\n1.2.18;1;\"b\n1.2.18;1;c\n"), at("/rows/3", "unclosed_quote"));
    assert_eq!(wrong("dato;sum;tekst\n1.2.18;1;\""), at("/rows/2", "unclosed_quote"));
    assert_eq!(wrong("dato;sum;\"tekst\n1.2.18;1;a\n")[0], ("/rows/1".to_owned(), "unclosed_quote"));
}

#[test]
fn characters_that_do_not_show_are_refused_in_every_column() {
    assert_eq!(wrong("dato;sum;x\n1.2.18;1;\0\n"), at("/rows/2/x", "wrong_format"));
    // 0x81 means nothing in Windows-1252.
    assert_eq!(wrong(b"dato;sum;b\xf8y\n1.2.18;1;\x81\n"), at("/rows/2/bøy", "wrong_format"));
    assert_eq!(wrong("dato;sum;x\u{200b}\n1.2.18;1;\n"), at("/rows/1/x\u{200b}", "wrong_format"));
    assert_eq!(wrong("dato;sum\n1.2.18;1\n\u{3}"), at("/rows/3", "wrong_number_of_fields"));
}

#[test]
fn texts_have_a_bound_and_are_shown_in_short() {
    let long = "å".repeat(201);
    assert_eq!(wrong(format!("dato;sum;tekst\n1.2.18;1;{long}\n")), at("/rows/2/tekst", "too_long"));
    assert_eq!(entries(&format!("dato;sum;tekst\n1.2.18;1;{}\n", &long[2..])).len(), 1);
    let [fault] =
        faults(format!("dato;sum;bilag a/b;bilag\n1.2.18;1;;{}\n", &long[..102])).try_into().expect("one fault");
    assert_eq!((fault.pointer.as_str(), fault.code), ("/rows/2/bilag", "too_long"));
    assert_eq!(fault.message.en, format!("“{}…” has 51 characters; at most 50", "å".repeat(39)));
    assert_eq!(wrong("dato;Sum~/\n1.2.18;x\n"), at("/rows/2/Sum~0~1", "wrong_format"));
}

#[test]
fn all_faults_of_a_row_are_told() {
    let told = wrong(format!("dato;sum;bilag\n31.2.18;1.000;{}\n;;x\n", "b".repeat(51)));
    let expected = [
        ("/rows/2/sum", "ambiguous"),
        ("/rows/2/dato", "no_such_date"),
        ("/rows/2/bilag", "too_long"),
        ("/rows/3/sum", "required"),
        ("/rows/3/dato", "required"),
    ];
    assert_eq!(told, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn faulty_rows_give_row_column_and_reason_of_twenty_thousand_and_how_many_more() {
    let mut file = "Bilagsdato;Beløp i kr;Leverandør\n".to_owned();
    for row in 0..11_000 {
        file.push_str(&format!("1{row}.02.2018;12,{row:03};Proneo AS\n"));
    }
    let faults = faults(file);
    assert_eq!(faults.len(), MOST_FAULTS + 1);
    assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/rows/2/Beløp i kr", "too_many_decimals"));
    assert!(
        faults
            .iter()
            .take(MOST_FAULTS)
            .all(|fault| fault.pointer.starts_with("/rows/") && fault.message.nb.contains('«'))
    );
    let last = &faults[MOST_FAULTS];
    assert_eq!((last.pointer.as_str(), last.code), ("/rows", "more"));
    // Ten of the dates are days.
    assert!(last.message.en.starts_with("1990 more faults"), "{}", last.message.en);
}

#[test]
fn a_file_has_at_most_a_hundred_thousand_rows() {
    let mut file = "dato;sum\n".to_owned();
    file.push_str(&"1.2.18;1\n\n".repeat(MOST_ROWS));
    assert_eq!(entries(&file).len(), MOST_ROWS);
    file.push_str("1.2.18;1\nx;y\n");
    assert_eq!(wrong(file), at("/rows/200002", "too_many"));
}
