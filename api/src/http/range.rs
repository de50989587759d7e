//! The part of a representation that a client asks for (RFC 9110 §14).

use std::ops::Range;

/// What a `Range` asks of a representation of some length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it: there is no `Range`, or one that need not be honoured (several ranges, other units, no syntax).
    Whole,
    /// These bytes.
    Bytes(Range<u64>),
    /// Bytes that it does not have.
    Unsatisfiable,
}

/// Reads a `Range` for a representation of `length` bytes.
#[must_use]
pub fn part(field: Option<&str>, length: u64) -> Part {
    let Some(spec) = field.and_then(bytes) else { return Part::Whole };
    let Some((first, last)) = spec.split_once('-') else { return Part::Whole };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Part::Whole,
        (Some(first), last) if last.is_some() || spec.ends_with('-') => {
            let end = last.map_or(length, |last| length.min(last.saturating_add(1)));
            if first < length { Part::Bytes(first..end) } else { Part::Unsatisfiable }
        }
        (None, Some(count)) if first.trim().is_empty() => match length.min(count) {
            0 => Part::Unsatisfiable,
            count => Part::Bytes(length - count..length),
        },
        _ => Part::Whole,
    }
}

/// What follows `bytes=`.
fn bytes(field: &str) -> Option<&str> {
    let (unit, spec) = field.split_once('=')?;
    unit.trim().eq_ignore_ascii_case("bytes").then_some(spec.trim())
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More than any length is as good as the greatest.
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Part, part};

    #[test]
    fn one_range_is_honoured() {
        for (field, wanted) in [
            ("bytes=0-0", 0..1),
            ("bytes=0-", 0..10),
            ("bytes=3-5", 3..6),
            ("Bytes = 3-99999999999999999999999", 3..10),
            ("bytes=-4", 6..10),
            ("bytes=-400", 0..10),
        ] {
            assert_eq!(part(Some(field), 10), Part::Bytes(wanted), "{field}");
        }
    }

    #[test]
    fn what_is_not_there_cannot_be_satisfied() {
        for (field, length) in
            [("bytes=10-", 10), ("bytes=11-12", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-1", 0)]
        {
            assert_eq!(part(Some(field), length), Part::Unsatisfiable, "{field}");
        }
    }

    #[test]
    fn the_rest_is_passed_over() {
        for field in ["bytes=5-3", "bytes=0-1,3-4", "lines=0-1", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-x"]
        {
            assert_eq!(part(Some(field), 10), Part::Whole, "{field}");
        }
        assert_eq!(part(None, 10), Part::Whole);
    }
}
