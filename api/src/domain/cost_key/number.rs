//! Exact numbers as text, and the days that a party is one.

use chrono::NaiveDate;
use num_rational::BigRational;

/// A number as `exact` shows it: whole, or a fraction in lowest terms such as `5175000000/109`.
#[must_use]
pub fn exact_text(number: &BigRational) -> String {
    number.to_string()
}

/// How many days of a calendar year lie in a period; its ends are inclusive, and open when not known.
#[must_use]
pub fn days(year: i32, from: Option<NaiveDate>, to: Option<NaiveDate>) -> u32 {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let Some((first, last)) = day(1, 1).zip(day(12, 31)) else { return 0 };
    let from = from.map_or(first, |from| from.max(first));
    let to = to.map_or(last, |to| to.min(last));
    u32::try_from((to - from).num_days() + 1).unwrap_or_default()
}

/// How many days a calendar year has.
#[must_use]
pub fn days_in_year(year: i32) -> u32 {
    days(year, None, None)
}
