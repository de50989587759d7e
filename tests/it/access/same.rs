//! Two answers that tell nothing apart.

use std::collections::BTreeMap;

use support::Answer;

/// An identifier that nothing has.
pub const NOTHING: &str = "0190e0a0-0000-7000-8000-000000000000";

/// Fields that differ between any two answers. Whether the connection ends depends on how much of a body had come when
/// it was refused.
const PASSING: [&str; 5] = ["connection", "date", "ratelimit", "traceparent", "x-request-id"];

/// Two refusals that tell nothing apart: status, header fields and body but for the identifier of the request.
#[track_caller]
pub fn assert_same(who: &str, one: &Answer, other: &Answer) {
    let bare = |answer: &Answer| {
        let trace = answer["traceId"].as_str().unwrap_or_default().to_owned();
        let hidden = |text: String| if trace.is_empty() { text } else { text.replace(&trace, "-") };
        let fields: BTreeMap<String, String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !PASSING.contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), hidden(String::from_utf8_lossy(value.as_bytes()).into_owned())))
            .collect();
        (answer.status, fields, hidden(answer.text()), answer.bytes.len())
    };
    assert_eq!(bare(one), bare(other), "{who} can tell these apart: {one} and {other}");
}
