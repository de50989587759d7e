//! The format of an answer (RFC 9110 §12.5.1): `format=` goes before `Accept`, and without either it is JSON.

use std::cmp::Reverse;

use actix_web::http::header;

use super::Call;
use super::query::{Query, invalid};
use crate::problem::{Error, Problem, codes};
use crate::render::Format;
use crate::text;

/// The field of an answer that depends on what the caller accepts.
pub const VARY: (&str, &str) = ("Vary", "Accept");

/// Takes `format` out of the query and gives the one of the offered formats that the caller asks for.
///
/// # Errors
/// 400 for a `format` that is not offered; 406 when `Accept` names none that is.
pub fn take(call: &Call, query: &mut Query, offered: &[Format]) -> Result<Format, Error> {
    if let Some(name) = query.take("format") {
        return Format::named(&name).filter(|format| offered.contains(format)).ok_or_else(|| unknown(offered));
    }
    let fields = call.request.headers().get_all(header::ACCEPT).filter_map(|field| field.to_str().ok());
    negotiate(&fields.collect::<Vec<_>>().join(","), offered).ok_or_else(|| not_acceptable(offered))
}

/// Takes `format` of what is JSON and a page for people out of the query: whether the page is asked for.
///
/// # Errors
/// As [`take`].
pub fn takes_page(call: &Call, query: &mut Query) -> Result<bool, Error> {
    Ok(take(call, query, &[Format::Json, Format::Html])? == Format::Html)
}

fn unknown(offered: &[Format]) -> Error {
    let list = offered.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    invalid("format", &text!("må være en av {list}", "må vere ein av {list}", "must be one of {list}"))
}

fn not_acceptable(offered: &[Format]) -> Error {
    let types: Vec<&str> = offered.iter().map(|format| format.media_type()).collect();
    let list = types.join(", ");
    Problem::new(&codes::NOT_ACCEPTABLE)
        .detail(text!(
            "Accept nevner ingen av formatene som finnes her: {list}",
            "Accept nemner ingen av formata som finst her: {list}",
            "Accept names none of the formats that there are here: {list}"
        ))
        .member("offered", types)
        .header(VARY.0, VARY.1)
        .into()
}

/// The offered format that an `Accept` prefers: the heaviest, then the one that it names most closely, then the one that it
/// names first. What is no media range says nothing.
fn negotiate(accepted: &str, offered: &[Format]) -> Option<Format> {
    let ranges: Vec<Range<'_>> = accepted.split(',').filter_map(Range::read).collect();
    if ranges.is_empty() {
        return Some(Format::Json);
    }
    let weighed = offered.iter().copied().rev();
    let weighed = weighed.filter_map(|format| Some((format, preference(&ranges, |range| range.fits(format))?)));
    weighed.max_by_key(|(_, preference)| *preference).map(|(format, _)| format)
}

/// How much a caller wants something: its weight, how closely it is named, how early.
type Preference = (u16, u8, Reverse<usize>);

/// How much it wants what the ranges name as closely as told; `None` when it does not take it. Of several ranges the one
/// that names it most closely holds (§12.5.1).
fn preference<'a>(ranges: &[Range<'a>], closeness: impl Fn(&Range<'a>) -> Option<u8>) -> Option<Preference> {
    let fitting =
        ranges.iter().enumerate().filter_map(|(place, range)| Some((closeness(range)?, Reverse(place), range)));
    let (close, place, range) = fitting.max_by_key(|(close, place, _)| (*close, *place))?;
    (range.weight > 0).then_some((range.weight, close, place))
}

/// Whether an `Accept` prefers a media type to JSON, by the same rules. Generated clients name all that an operation
/// answers with, JSON first: they mean JSON.
#[must_use]
pub fn prefers(accepted: &str, media_type: &str) -> bool {
    let ranges: Vec<Range<'_>> = accepted.split(',').filter_map(Range::read).collect();
    let wanted = |media_type: &str| preference(&ranges, |range| range.names(media_type));
    wanted(media_type) > wanted(Format::Json.media_type())
}

/// One range of an `Accept`.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    /// In thousandths.
    weight: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, parameters: Vec::new(), weight: 1000 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.eq_ignore_ascii_case("q") {
                range.weight = weight(value)?;
                // What follows is no part of the range.
                break;
            }
            range.parameters.push((name, value.trim_matches('"')));
        }
        Some(range)
    }

    /// How closely the range names a media type; `None` when it does not.
    fn names(&self, media_type: &str) -> Option<u8> {
        let (kind, subtype) = media_type.split_once('/')?;
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (known, "*") if known.eq_ignore_ascii_case(kind) => Some(1),
            (known, sub) if known.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }

    /// How closely the range names a format; `None` when it does not.
    fn fits(&self, format: Format) -> Option<u8> {
        let close = self.names(format.media_type())?;
        let other = |(name, value): &(&str, &str)| {
            let own = format.parameters().iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            own.is_some_and(|(_, own)| !own.eq_ignore_ascii_case(value))
        };
        (!self.parameters.iter().any(other)).then_some(close)
    }
}

/// A weight (§12.4.2) in thousandths.
fn weight(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 3 || !rest.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{rest:0<3}").parse::<u16>().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, negotiate, prefers};

    #[test]
    fn the_heaviest_and_closest_range_wins() {
        let xlsx = Format::Xlsx.media_type();
        for (accepted, format) in [
            ("", Some(Format::Json)),
            ("*/*", Some(Format::Json)),
            ("nonsense", Some(Format::Json)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Format::Json)),
            ("application/*", Some(Format::Json)),
            ("text/csv", Some(Format::Csv)),
            ("TEXT/CSV; charset=UTF-8; header=present", Some(Format::Csv)),
            ("text/*", Some(Format::Csv)),
            ("text/csv, */*", Some(Format::Csv)),
            ("text/csv, application/json", Some(Format::Csv)),
            ("application/json, text/csv", Some(Format::Json)),
            ("application/json;q=0.5, text/csv;q=0.501", Some(Format::Csv)),
            ("application/json;q=0, */*;q=0.1", Some(Format::Csv)),
            ("text/csv;q=0.2, */*;q=0.9", Some(Format::Json)),
            (xlsx, Some(Format::Xlsx)),
            ("text/csv;q=0", None),
            ("text/csv;charset=iso-8859-1", None),
            ("text/html", None),
            ("application/xml", None),
        ] {
            assert_eq!(negotiate(accepted, &Format::TABLES), format, "{accepted}");
        }
    }

    #[test]
    fn a_stream_is_for_those_who_prefer_it_to_json() {
        for (accepted, streams) in [
            ("text/event-stream", true),
            ("Text/Event-Stream", true),
            ("text/event-stream, */*", true),
            ("application/json;q=0.5, text/event-stream", true),
            ("application/json, text/event-stream, application/problem+json", false),
            ("text/event-stream;q=0", false),
            ("*/*", false),
            ("", false),
        ] {
            assert_eq!(prefers(accepted, "text/event-stream"), streams, "{accepted}");
        }
    }

    #[test]
    fn a_browser_gets_the_page_where_there_is_one() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";
        assert_eq!(negotiate(browser, &Format::ALL), Some(Format::Html));
        assert_eq!(negotiate("image/*", &Format::ALL), Some(Format::Svg));
        assert_eq!(negotiate("*/*", &Format::ALL), Some(Format::Json));
        assert_eq!(negotiate("text/html", &Format::TABLES), None);
    }
}
