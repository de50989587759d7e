//! Exact money: hours at a rate, and amounts as people write them.

use entity::Decimal2;

use crate::problem::Text;

/// What hours at a rate are worth in øre, rounded to the nearest øre, half away from zero; `None` beyond 64 bits.
#[must_use]
pub fn worth(hours: Decimal2, rate_ore: i64) -> Option<i64> {
    let exact = i128::from(hours.0) * i128::from(rate_ore);
    let unit = i128::from(Decimal2::UNIT);
    let half = if exact < 0 { -unit / 2 } else { unit / 2 };
    i64::try_from((exact + half) / unit).ok()
}

/// An amount in kroner as each language writes it: `1 234 567,89` or `1,234,567.89`; whole kroner without øre.
#[must_use]
pub fn kroner(ore: i64) -> Text {
    let norwegian = written(ore, '\u{a0}', ',');
    Text { nb: norwegian.clone(), nn: norwegian, en: written(ore, ',', '.') }
}

fn written(ore: i64, thousands: char, decimal: char) -> String {
    let digits = (ore.unsigned_abs() / 100).to_string();
    let mut text = String::new();
    if ore < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    let rest = ore.unsigned_abs() % 100;
    if rest > 0 {
        text.push(decimal);
        text.push_str(&format!("{rest:02}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Decimal2, kroner, worth};

    #[test]
    fn hours_at_a_rate_are_rounded_to_the_ore() {
        assert_eq!(worth(Decimal2(750), 60_000), Some(450_000));
        assert_eq!(worth(Decimal2(1), 50), Some(1), "half an øre is one");
        assert_eq!(worth(Decimal2(1), 49), Some(0));
        assert_eq!(worth(Decimal2(33), 100), Some(33));
        assert_eq!(worth(Decimal2(i64::MAX), i64::MAX), None);
    }

    #[test]
    fn amounts_are_written_as_the_language_writes_them() {
        assert_eq!(kroner(123_456_789).nb, "1\u{a0}234\u{a0}567,89");
        assert_eq!(kroner(-100_000).nn, "−1\u{a0}000");
        assert_eq!(kroner(5).en, "0.05");
        assert_eq!(kroner(100_000_000).en, "1,000,000");
    }
}
