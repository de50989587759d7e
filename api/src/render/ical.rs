//! A calendar as text (iCalendar, RFC 5545 and RFC 7986): lines folded at 75 octets and ended with CRLF, text escaped.

use chrono::{DateTime, NaiveDate, Utc};

use crate::problem::Lang;

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// The language of its words.
    pub lang: Lang,
    /// What is in it.
    pub events: Vec<Event>,
}

/// Something in a calendar.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its own name, the same for ever.
    pub uid: String,
    /// Advances with every change.
    pub sequence: i64,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// When it is.
    pub when: When,
    /// What it is called.
    pub summary: String,
    /// What there is to say of it.
    pub description: String,
    /// Where it is.
    pub place: Option<String>,
    /// What sort of thing it is, in words.
    pub category: &'static str,
    /// Whether it takes place.
    pub standing: Standing,
}

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whole days, both included.
    Days {
        /// The first.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// By the clock.
    Instants {
        /// The beginning.
        from: DateTime<Utc>,
        /// The end; `None` while it is not known.
        to: Option<DateTime<Utc>>,
    },
}

/// Whether something takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is planned.
    Tentative,
    /// It takes place.
    Confirmed,
    /// It does not.
    Cancelled,
}

/// The media type, with its character set.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The longest line in octets, without its end (RFC 5545 §3.1).
const LONGEST: usize = 75;

impl Calendar {
    /// The calendar as text.
    #[must_use]
    pub fn text(&self) -> String {
        let lang = self.lang.tag();
        let name = escaped(&self.name);
        let mut lines = vec![
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            format!("PRODID:-//Framdrift//Framdrift {}//{}", env!("CARGO_PKG_VERSION"), lang.to_uppercase()),
            "CALSCALE:GREGORIAN".to_owned(),
            "METHOD:PUBLISH".to_owned(),
            format!("NAME;LANGUAGE={lang}:{name}"),
            format!("X-WR-CALNAME:{name}"),
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H".to_owned(),
            "X-PUBLISHED-TTL:PT1H".to_owned(),
        ];
        for event in &self.events {
            event.write(&mut lines, lang);
        }
        lines.push("END:VCALENDAR".to_owned());
        lines.iter().map(|line| folded(line)).collect()
    }
}

impl Event {
    fn write(&self, lines: &mut Vec<String>, lang: &str) {
        let changed = stamp(self.changed_at);
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", self.uid),
            format!("DTSTAMP:{changed}"),
            format!("LAST-MODIFIED:{changed}"),
            format!("SEQUENCE:{}", self.sequence),
        ]);
        let busy = match self.when {
            When::Days { from, to } => {
                // The day after the last one: the end is not a part (RFC 5545 §3.6.1).
                let end = to.max(from).succ_opt().unwrap_or(to);
                lines.push(format!("DTSTART;VALUE=DATE:{}", from.format("%Y%m%d")));
                lines.push(format!("DTEND;VALUE=DATE:{}", end.format("%Y%m%d")));
                "TRANSPARENT"
            }
            When::Instants { from, to } => {
                lines.push(format!("DTSTART:{}", stamp(from)));
                lines.extend(to.filter(|to| *to > from).map(|to| format!("DTEND:{}", stamp(to))));
                "OPAQUE"
            }
        };
        lines.push(format!("SUMMARY;LANGUAGE={lang}:{}", escaped(&self.summary)));
        if !self.description.is_empty() {
            lines.push(format!("DESCRIPTION;LANGUAGE={lang}:{}", escaped(&self.description)));
        }
        lines.extend(self.place.iter().map(|place| format!("LOCATION:{}", escaped(place))));
        lines.extend([
            format!("CATEGORIES;LANGUAGE={lang}:{}", escaped(self.category)),
            format!("STATUS:{}", self.standing.word()),
            format!("TRANSP:{busy}"),
            "END:VEVENT".to_owned(),
        ]);
    }
}

impl Standing {
    const fn word(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as a value (RFC 5545 §3.3.11); control characters have no place in it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' | '\r' => escaped.push_str("\\n"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A line of at most 75 octets, the rest on lines that begin with a blank; no letter is broken.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LONGEST {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(letter);
        length += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone, Utc};

    use super::{Calendar, Event, Standing, When, escaped, folded};
    use crate::problem::Lang;

    #[test]
    fn a_long_line_is_folded_between_letters() {
        let line = format!("SUMMARY:{}", "å".repeat(100));
        let folded = folded(&line);
        assert!(folded.split("\r\n").all(|line| line.len() <= 75), "{folded}");
        assert_eq!(folded.replace("\r\n ", "").trim_end(), line);
        assert_eq!(super::folded("END:VEVENT"), "END:VEVENT\r\n");
    }

    #[test]
    fn text_is_no_more_than_text() {
        assert_eq!(escaped("a, b; c\\d\r\nBEGIN:VEVENT\u{7}"), "a\\, b\\; c\\\\d\\nBEGIN:VEVENT ");
    }

    #[test]
    fn whole_days_end_with_the_day_after() {
        let day = |day| NaiveDate::from_ymd_opt(2017, 12, day).expect("a day");
        let event = Event {
            uid: "milestone-1@framdrift".to_owned(),
            sequence: 3,
            changed_at: Utc.with_ymd_and_hms(2017, 11, 1, 8, 0, 0).single().expect("an instant"),
            when: When::Days { from: day(30), to: day(31) },
            summary: "Milepæl 01".to_owned(),
            description: String::new(),
            place: None,
            category: "milepæl",
            standing: Standing::Confirmed,
        };
        let text = Calendar { name: "Sør, Troms".to_owned(), lang: Lang::Nb, events: vec![event] }.text();
        for line in [
            "DTSTART;VALUE=DATE:20171230",
            "DTEND;VALUE=DATE:20180101",
            "DTSTAMP:20171101T080000Z",
            "SEQUENCE:3",
            "X-WR-CALNAME:Sør\\, Troms",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}: {text}");
        }
    }
}
