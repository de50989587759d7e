//! Amounts as people and accounting systems write them, to the øre, and only where there is one way to read them.

use super::faults::{Wrong, shown};
use crate::text;

/// The largest amount in øre, positive or negative.
const MOST: i64 = 1_000_000_000_000_000;

const MINUS: [char; 2] = ['-', '\u{2212}'];

/// Between thousands: a space, the no-break spaces and the thin space.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// The øre of an amount; the cell is trimmed and has something in it.
pub(super) fn read(cell: &str) -> Result<i64, Wrong> {
    let (sign, size) = signed(cell);
    let ore = magnitude(&size.replace(SPACES, " ")).map_err(|refusal| refusal.told(cell))?;
    within_bounds(sign * ore, cell)
}

/// Refuses an amount that is beyond what the service keeps.
pub(super) fn within_bounds(ore: i64, cell: &str) -> Result<i64, Wrong> {
    if (-MOST..=MOST).contains(&ore) { Ok(ore) } else { Err(Refusal::TooLarge.told(cell)) }
}

/// Why a figure is no amount.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refusal {
    Form,
    /// A point before three digits: between thousands, or before decimals.
    Ambiguous,
    Decimals,
    TooLarge,
}

/// The sign before, after or around a figure. A second one stays, and is refused with the figure.
fn signed(cell: &str) -> (i64, &str) {
    let around = || cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match cell.strip_prefix(MINUS).or_else(|| cell.strip_suffix(MINUS)).or_else(around) {
        Some(size) => (-1, size.trim()),
        None => (1, cell),
    }
}

fn magnitude(size: &str) -> Result<i64, Refusal> {
    let (whole, decimals) = match (size.matches(',').count(), size.matches('.').count()) {
        (1, _) => size.split_once(',').map(|(whole, decimals)| (whole, Some(decimals))),
        (0, 1) => size.split_once('.').map(|(whole, decimals)| (whole, Some(decimals))),
        // Several points can only stand between thousands.
        (0, _) => Some((size, None)),
        _ => None,
    }
    .ok_or(Refusal::Form)?;
    let kroner = ungrouped(whole).ok_or(Refusal::Form)?;
    let ore = decimals.unwrap_or("00");
    if !digits(ore) || (kroner.is_empty() && decimals.is_none()) {
        return Err(Refusal::Form);
    }
    match ore.len() {
        1 | 2 => format!("{kroner}{ore:0<2}").parse().map_err(|_| Refusal::TooLarge),
        3 if size.contains('.') && (1..=3).contains(&whole.len()) && !whole.starts_with('0') => Err(Refusal::Ambiguous),
        _ => Err(Refusal::Decimals),
    }
}

/// The digits before the decimal mark, which may stand in groups of three; `,50` has none.
fn ungrouped(whole: &str) -> Option<String> {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else { return Some(whole.to_owned()) };
    let mut groups = whole.split(separator);
    let first = groups.next().filter(|first| digits(first) && first.len() <= 3)?;
    let right = [' ', '.'].contains(&separator) && groups.all(|group| digits(group) && group.len() == 3);
    right.then(|| format!("{first}{}", whole[first.len()..].replace(separator, "")))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Refusal {
    fn told(self, cell: &str) -> Wrong {
        let value = shown(cell);
        let (code, message) = match self {
            Self::Form => (
                "wrong_format",
                text!(
                    "«{value}» er ikke et beløp; skriv det som 1234,50, 1 234,50, 1.234,50 eller -1234,50",
                    "«{value}» er ikkje eit beløp; skriv det som 1234,50, 1 234,50, 1.234,50 eller -1234,50",
                    "“{value}” is not an amount; write it as 1234,50, 1 234,50, 1.234,50 or -1234,50"
                ),
            ),
            Self::Ambiguous => {
                let plain = value.replace('.', "");
                let message = text!(
                    "«{value}» kan leses på to måter; skriv {plain} hvis punktum skiller tusener, ellers høyst to desimaler",
                    "«{value}» kan lesast på to måtar; skriv {plain} om punktum skil tusen, elles høgst to desimalar",
                    "“{value}” can be read in two ways; write {plain} if the point is between thousands, else at most two decimals"
                );
                ("ambiguous", message)
            }
            Self::Decimals => (
                "too_many_decimals",
                text!(
                    "«{value}» har mer enn to desimaler; rund av til hele øre, som 1234,50",
                    "«{value}» har meir enn to desimalar; rund av til heile øre, som 1234,50",
                    "“{value}” has more than two decimals; round it to whole øre, as 1234,50"
                ),
            ),
            Self::TooLarge => (
                "too_large",
                text!(
                    "«{value}» er for stort; et beløp er høyst 10 000 milliarder kroner",
                    "«{value}» er for stort; eit beløp er høgst 10 000 milliardar kroner",
                    "“{value}” is too large; an amount is at most 10 000 000 000 000 kroner"
                ),
            ),
        };
        Wrong { code, message }
    }
}
