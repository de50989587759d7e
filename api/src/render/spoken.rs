//! Dates, times, amounts and numbers as people write them, in each language.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Utc};
use serde_json::Number;

use crate::problem::Lang;

/// The months as they are shortened in print (Språkrådet; English by three letters).
const MONTHS: [[&str; 3]; 12] = [
    ["jan.", "jan.", "Jan"],
    ["feb.", "feb.", "Feb"],
    ["mars", "mars", "Mar"],
    ["april", "april", "Apr"],
    ["mai", "mai", "May"],
    ["juni", "juni", "Jun"],
    ["juli", "juli", "Jul"],
    ["aug.", "aug.", "Aug"],
    ["sep.", "sep.", "Sep"],
    ["okt.", "okt.", "Oct"],
    ["nov.", "nov.", "Nov"],
    ["des.", "des.", "Dec"],
];

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A space that no line breaks at.
const NO_BREAK: char = '\u{a0}';

/// The short name of a month, January being 0.
#[must_use]
pub fn month(index: u32, lang: Lang) -> &'static str {
    let [nb, nn, en] = MONTHS[index as usize % 12];
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}

/// A day: `15.12.2017`, `15 December 2017`.
#[must_use]
pub fn day(date: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Nb | Lang::Nn => date.format("%d.%m.%Y").to_string(),
        Lang::En => {
            format!("{}{NO_BREAK}{}{NO_BREAK}{}", date.day(), ENGLISH[date.month0() as usize % 12], date.year())
        }
    }
}

/// The same where there is little room: `15.12.2017`, `15 Dec 2017`.
#[must_use]
pub fn short_day(date: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Nb | Lang::Nn => day(date, lang),
        Lang::En => format!("{} {} {}", date.day(), month(date.month0(), lang), date.year()),
    }
}

/// An instant, by the clock in Norway: `05.01.2018 kl. 13.00`, `5 January 2018, 13:00`.
#[must_use]
pub fn instant(at: DateTime<Utc>, lang: Lang) -> String {
    let local = oslo(at);
    let date = day(local.date(), lang);
    match lang {
        Lang::Nb | Lang::Nn => format!("{date} kl.{NO_BREAK}{:02}.{:02}", local.hour(), local.minute()),
        Lang::En => format!("{date}, {:02}:{:02}", local.hour(), local.minute()),
    }
}

/// The clock in Norway: an hour before UTC, two in the summer (from the last Sunday of March to that of October, 01:00 UTC;
/// forskrift 2007-03-09 nr. 265).
#[must_use]
pub fn oslo(at: DateTime<Utc>) -> NaiveDateTime {
    let utc = at.naive_utc();
    let turns = |month: u32| last_sunday(utc.year(), month).and_then(|day| day.and_hms_opt(1, 0, 0));
    let summer = turns(3).zip(turns(10)).is_some_and(|(from, to)| from <= utc && utc < to);
    utc + Duration::hours(if summer { 2 } else { 1 })
}

fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_signed(Duration::days(i64::from(last.weekday().num_days_from_sunday())))
}

/// Whole øre as kroner: `1 234 567 kr`, `1 234,50 kr`, `NOK 1,234.50`.
#[must_use]
pub fn kroner(ore: i64, lang: Lang) -> String {
    let sign = if ore < 0 { "−" } else { "" };
    let (whole, rest) = (ore.unsigned_abs() / 100, ore.unsigned_abs() % 100);
    let point = if lang == Lang::En { '.' } else { ',' };
    let rest = if rest == 0 { String::new() } else { format!("{point}{rest:02}") };
    let whole = grouped(&whole.to_string(), lang);
    match lang {
        Lang::Nb | Lang::Nn => format!("{sign}{whole}{rest}{NO_BREAK}kr"),
        Lang::En => format!("NOK{NO_BREAK}{sign}{whole}{rest}"),
    }
}

/// A number: `4,7`, `12 500`, `12,500.25`.
#[must_use]
pub fn number(number: &Number, lang: Lang) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let point = if lang == Lang::En { "." } else { "," };
    let rest = if rest.is_empty() { String::new() } else { format!("{point}{rest}") };
    format!("{sign}{}{rest}", grouped(whole, lang))
}

/// Digits in groups of three, from five digits on in Norwegian and from four in English.
fn grouped(digits: &str, lang: Lang) -> String {
    let least = if lang == Lang::En { 4 } else { 5 };
    if digits.len() < least || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.to_owned();
    }
    let between = if lang == Lang::En { ',' } else { NO_BREAK };
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(between);
        }
        text.push(digit);
    }
    text
}

/// A sentence of ours with its dates as people write them.
#[must_use]
pub fn sentence(text: &str, lang: Lang) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let alone = !said.ends_with(|before: char| before.is_alphanumeric() || before == '-');
        let date = rest.get(..10).filter(|_| alone).filter(|_| !continues(rest.get(10..))).and_then(read);
        let taken = match date {
            Some(date) => {
                said.push_str(&day(date, lang));
                10
            }
            None => {
                said.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    said
}

fn continues(after: Option<&str>) -> bool {
    after.unwrap_or_default().starts_with(|next: char| next.is_alphanumeric() || next == '-')
}

fn read(text: &str) -> Option<NaiveDate> {
    let shaped = text.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if shaped { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::{day, instant, kroner, number, sentence};
    use crate::problem::Lang;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_day_is_written_as_people_write_it() {
        let date = "2017-12-05".parse().expect("a day");
        assert_eq!((day(date, Lang::Nb), day(date, Lang::Nn)), ("05.12.2017".to_owned(), "05.12.2017".to_owned()));
        assert_eq!(day(date, Lang::En).replace('\u{a0}', " "), "5 December 2017");
    }

    #[test]
    fn an_instant_goes_by_the_clock_in_norway() {
        for (utc, said) in [
            ("2018-01-05T12:00:00Z", "05.01.2018 kl.\u{a0}13.00"),
            ("2018-07-01T22:30:00Z", "02.07.2018 kl.\u{a0}00.30"),
            ("2018-03-25T00:59:59Z", "25.03.2018 kl.\u{a0}01.59"),
            ("2018-03-25T01:00:00Z", "25.03.2018 kl.\u{a0}03.00"),
            ("2018-10-28T00:59:59Z", "28.10.2018 kl.\u{a0}02.59"),
            ("2018-10-28T01:00:00Z", "28.10.2018 kl.\u{a0}02.00"),
        ] {
            assert_eq!(instant(at(utc), Lang::Nb), said, "{utc}");
        }
    }

    #[test]
    fn amounts_and_numbers_are_grouped() {
        assert_eq!(kroner(123_456_700, Lang::Nb), "1\u{a0}234\u{a0}567\u{a0}kr");
        assert_eq!(kroner(-123_450, Lang::Nn), "−1234,50\u{a0}kr");
        assert_eq!(kroner(123_450, Lang::En), "NOK\u{a0}1,234.50");
        let of = |value: Value, lang| value.as_number().map(|value| number(value, lang)).expect("a number");
        assert_eq!((of(json!(4.7), Lang::Nb), of(json!(4.7), Lang::En)), ("4,7".to_owned(), "4.7".to_owned()));
        assert_eq!(of(json!(12500), Lang::Nn), "12\u{a0}500");
    }

    #[test]
    fn a_sentence_has_its_dates_as_people_write_them() {
        let said = "Milepæl 02 er planlagt 2018-12-15, etter 2018-04-30.";
        assert_eq!(sentence(said, Lang::Nb), "Milepæl 02 er planlagt 15.12.2018, etter 30.04.2018.");
        for kept in ["å2017-12-15", "2017-12-150", "2017-13-01", "12017-12-15", "ø", ""] {
            assert_eq!(sentence(kept, Lang::Nb), kept);
        }
    }
}
