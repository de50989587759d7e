//! Two answers that tell nothing apart.

use std::collections::BTreeMap;

use support::Answer;

/// An identifier that nothing has.
pub const NOTHING: &str = "0190e0a0-0000-7000-8000-000000000000";

/// Two refusals that tell nothing apart: status, header fields and body but for the identifier of the request.
#[track_caller]
pub fn assert_same(who: &str, one: &Answer, other: &Answer) {
    let bare = |answer: &Answer| {
        let trace = answer["traceId"].as_str().unwrap_or_default().to_owned();
        let hidden = |text: String| if trace.is_empty() { text } else { text.replace(&trace, "-") };
        let fields: BTreeMap<String, String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id" | "ratelimit" | "traceparent"))
            .map(|(name, value)| (name.to_string(), hidden(String::from_utf8_lossy(value.as_bytes()).into_owned())))
            .collect();
        (answer.status, fields, hidden(answer.text()), answer.bytes.len())
    };
    assert_eq!(bare(one), bare(other), "{who} can tell these apart: {one} and {other}");
}
