//! Dates in every form.

use super::*;

fn date(cell: &str) -> Result<NaiveDate, &'static str> {
    read(format!("Beløp;Dato\n1;{cell}\n").as_bytes(), &ANY_DAY)
        .map(|actuals| actuals.entries[0].incurred_on)
        .map_err(|faults| faults[0].code)
}

#[test]
fn dates_are_read_with_the_day_first_or_after_iso_8601() {
    for cell in ["05.02.2018", "5.2.2018", "05.02.18", "5.2.18", "05/02/2018", "5/2/2018", "2018-02-05", " 5.2.2018 "] {
        assert_eq!(date(cell), Ok(day("2018-02-05")), "{cell}");
    }
    assert_eq!(date("29.02.20"), Ok(day("2020-02-29")));
}

#[test]
fn what_is_no_date_and_what_is_no_day_are_told_apart() {
    for cell in ["31.04.2018", "29.02.2018", "00.01.2018", "12/31/2017", "2018-13-01"] {
        assert_eq!(date(cell), Err("no_such_date"), "{cell}");
    }
    for cell in [
        "1. november 2017",
        "20180205",
        "2018-2-5",
        "5-2-2018",
        "5/2/18",
        "5.2",
        "5.2.2018.1",
        "5.2.201",
        "5.2.20181",
        "5..2018",
        "5.2/2018",
        "2018-02-05T00:00",
        "43136",
        "+5.2.2018",
        "٥.2.2018",
    ] {
        assert_eq!(date(cell), Err("wrong_format"), "{cell}");
    }
    assert_eq!(date(""), Err("required"));
    assert_eq!(date("01.01.1899"), Err("out_of_range"));
}

#[test]
fn a_day_outside_the_period_is_refused_with_the_period() {
    let within = day("2017-11-01")..=day("2018-04-30");
    let file = b"dato;sum\n30.04.18;1\n01.05.18;1\n01.11.2017;1\n31.10.2017;1\n";
    let faults = read(file, &within).expect_err("faults");
    let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(told, [("/rows/3/dato", "out_of_range"), ("/rows/5/dato", "out_of_range")]);
    assert!(faults[0].message.nb.contains("«01.05.18» er utenfor perioden 01.11.2017–30.04.2018"));
}
