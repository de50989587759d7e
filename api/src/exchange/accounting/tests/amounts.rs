//! Amounts in every form.

use super::*;

/// The øre of one amount, or the code of its fault.
fn amount(cell: &str) -> Result<i64, &'static str> {
    read(format!("Beløp;Dato\n\"{cell}\";15.11.2017\n").as_bytes(), &ANY_DAY)
        .map(|actuals| actuals.entries[0].amount_ore)
        .map_err(|faults| faults[0].code)
}

#[test]
fn amounts_are_read_with_either_mark_any_grouping_and_any_minus() {
    for (cell, ore) in [
        ("0", 0),
        ("1234", 123_400),
        ("1234,5", 123_450),
        ("1234,50", 123_450),
        ("1234.50", 123_450),
        (",50", 50),
        ("1 234,50", 123_450),
        ("1\u{a0}234\u{a0}567,89", 123_456_789),
        ("1\u{202f}234.50", 123_450),
        ("12 345 678", 1_234_567_800),
        ("1.234.567,89", 123_456_789),
        ("1.234,5", 123_450),
        ("1.234.567", 123_456_700),
        ("-1234,50", -123_450),
        ("\u{2212}1 234,50", -123_450),
        ("- 12", -1_200),
        ("1.234,50-", -123_450),
        ("1234 \u{2212}", -123_400),
        ("(1 234,50)", -123_450),
        ("( 0,05 )", -5),
        ("\u{a0}7 ", 700),
        ("10000000000000", 1_000_000_000_000_000),
        ("-10.000.000.000.000,00", -1_000_000_000_000_000),
    ] {
        assert_eq!(amount(cell), Ok(ore), "{cell}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_or_in_none_is_refused() {
    for (cell, code) in [
        ("1.234", "ambiguous"),
        ("-12.500", "ambiguous"),
        ("(123.456)", "ambiguous"),
        ("1,234", "too_many_decimals"),
        ("1234.567", "too_many_decimals"),
        ("0.125", "too_many_decimals"),
        ("1.234,567", "too_many_decimals"),
        ("12,3456", "too_many_decimals"),
        ("10000000000000,01", "too_large"),
        ("-99999999999999999999999999", "too_large"),
        ("1,234.50", "wrong_format"),
        ("1,234,567", "wrong_format"),
        ("12 34", "wrong_format"),
        ("1 2345", "wrong_format"),
        ("1234 567", "wrong_format"),
        ("1 234.567,00", "wrong_format"),
        (" . ", "wrong_format"),
        ("12,", "wrong_format"),
        ("12.", "wrong_format"),
        ("-", "wrong_format"),
        ("()", "wrong_format"),
        ("--5", "wrong_format"),
        ("-5-", "wrong_format"),
        ("(-5)", "wrong_format"),
        ("(5", "wrong_format"),
        ("+5", "wrong_format"),
        ("1e3", "wrong_format"),
        ("kr 5", "wrong_format"),
        ("٣", "wrong_format"),
        ("", "required"),
    ] {
        assert_eq!(amount(cell), Err(code), "{cell}");
    }
}

#[test]
fn a_fault_says_how_to_write_what_was_meant() {
    let faults = faults("Beløp;Dato\n1.234-;15.11.2017\n");
    assert_eq!(faults[0].pointer, "/rows/2/Beløp");
    assert!(faults[0].message.en.starts_with("“1.234-” can be read in two ways; write 1234- if"));
    assert_eq!(amount("1234-"), Ok(-123_400));
}

#[test]
fn debit_and_credit_are_one_amount() {
    let file = "Dato;Debet;Kredit\n1.2.2018;100,50;\n1.2.2018;;40\n1.2.2018;10;0\n1.2.2018;-5;1\n";
    let amounts: Vec<i64> = entries(file).iter().map(|entry| entry.amount_ore).collect();
    assert_eq!(amounts, [10_050, -4_000, 1_000, -600]);
    assert_eq!(wrong("Dato;Debet;Kredit\n1.2.2018; ;\n"), at("/rows/2/Debet", "required"));
    assert_eq!(wrong("Dato;Debet;Kredit\n1.2.2018;1;x\n"), at("/rows/2/Kredit", "wrong_format"));
    let large = "Dato;Debet;Kredit\n1.2.2018;10000000000000;-0,01\n";
    assert_eq!(wrong(large), at("/rows/2/Debet", "too_large"));
}
