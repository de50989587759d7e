//! Exact numbers from text and back, and the days that a party is one.

use chrono::NaiveDate;
use num_bigint::BigInt;
use num_rational::BigRational;

/// How long a number may be, and how large its exponent: no weight or figure needs more, and a text must not be able
/// to ask for a number of a billion digits.
const MOST: usize = 100;

/// A number as `exact` shows it: whole, or a fraction in lowest terms such as `5175000000/109`.
#[must_use]
pub fn exact_text(number: &BigRational) -> String {
    number.to_string()
}

/// A number as JSON writes it (RFC 8259 §6), exactly: `14.29`, `-3`, `1e2`; `None` for anything else, and for one with
/// more than 100 characters or an exponent beyond 100.
#[must_use]
pub fn decimal(text: &str) -> Option<BigRational> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    if text.len() > MOST || exponent.unsigned_abs() > MOST as u64 {
        return None;
    }
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if !digits(whole.strip_prefix('-').unwrap_or(whole)) || fraction.is_some_and(|fraction| !digits(fraction)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    let number = format!("{whole}{fraction}").parse::<BigInt>().ok()?;
    let shift = i32::try_from(exponent).ok()? - i32::try_from(fraction.len()).ok()?;
    let ten = BigRational::from_integer(10.into());
    Some(BigRational::from_integer(number) * ten.pow(shift))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
