//! Exact numbers from text, for keys that tests write down.

use super::*;

/// How long a number may be, and how large its exponent: no weight or figure needs more, and a text must not be able
/// to ask for a number of a billion digits.
const MOST: usize = 100;

/// A number as JSON writes it (RFC 8259 §6), exactly: `14.29`, `-3`, `1e2`; `None` for anything else, and for one with
/// more than 100 characters or an exponent beyond 100.
pub(super) fn decimal(text: &str) -> Option<BigRational> {
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
