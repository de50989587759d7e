//! Numbers as people write them ("01", "HA 2", "1.10"), compared as people read them.

/// A number as people read it: "2" comes before "10", "01" is 1, "HA2" is "ha 2".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(Vec<Part>);

/// Digits come before letters, so that "1" stands before "1a" and "1a" before "a".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Digits(u128),
    Text(String),
}

impl Number {
    /// Reads a number.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            let between = !parts.is_empty() && !after.is_empty();
            parts.extend(if digits { Some(number(run)) } else { word(run, between) });
            rest = after;
        }
        Self(parts)
    }

    /// The letters that it begins with ("ha" of "HA 2"); empty for a bare number. Numbers of different series
    /// do not compare: "HA 3" says nothing of "MP 1".
    #[must_use]
    pub fn series(&self) -> &str {
        match self.0.first() {
            Some(Part::Text(text)) => text,
            Some(Part::Digits(_)) | None => "",
        }
    }

    /// The number that it ends with and all that stands before: "HA 2.1" is the 1 of "HA 2."; `None` when it
    /// does not end with digits.
    #[must_use]
    pub fn last(&self) -> Option<(Self, u128)> {
        match self.0.split_last() {
            Some((Part::Digits(last), before)) => Some((Self(before.to_vec()), *last)),
            Some((Part::Text(_), _)) | None => None,
        }
    }
}

/// A run of digits; one too long to count is as large as can be.
fn number(run: &str) -> Part {
    Part::Digits(run.parse().unwrap_or(u128::MAX))
}

/// A run of other signs: its letters without what only separates, a point for what separates two numbers.
fn word(run: &str, between: bool) -> Option<Part> {
    let letters = run.trim_matches(|c: char| !c.is_alphanumeric());
    if letters.is_empty() {
        return between.then(|| Part::Text(".".to_owned()));
    }
    let folded = letters.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    Some(Part::Text(folded))
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_stand_in_the_order_in_which_people_read_them() {
        let read = ["01", "2", "2.1", "2.9", "2.10", "2a", "03", "10", "HA 1", "ha 2", "HA10", "MP 1"];
        for pair in read.windows(2) {
            assert!(Number::of(pair[0]) < Number::of(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn the_same_number_written_in_other_ways_is_the_same() {
        for (one, other) in [
            ("01", "1"),
            ("HA 2", "ha2"),
            ("HA-2", "HA 2"),
            ("BP. 1", "bp 01"),
            ("1.2", "1-2"),
            ("1 2", "1.2"),
            (" 3. ", "#003"),
        ] {
            assert_eq!(Number::of(one), Number::of(other), "{one} = {other}");
        }
    }

    #[test]
    fn a_series_is_the_letters_in_front() {
        for (text, series) in [("HA 2", "ha"), ("02", ""), ("MP 1.2", "mp"), ("Start", "start"), ("", "")] {
            assert_eq!(Number::of(text).series(), series, "{text}");
        }
    }

    #[test]
    fn the_last_number_is_told_from_what_stands_before_it() {
        let last = |text: &str| Number::of(text).last();
        assert_eq!(last("HA 2"), Some((Number::of("HA"), 2)));
        assert_eq!(last("HA 2.10").map(|(_, last)| last), Some(10));
        assert_eq!(last("2a"), None);
        assert_eq!(last(&"9".repeat(40)).map(|(_, last)| last), Some(u128::MAX));
    }
}
