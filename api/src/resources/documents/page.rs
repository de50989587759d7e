//! The list of a document's contents, on pages, and what is shown of each.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::http::Call;
use crate::http::query::invalid;
use crate::problem::Error;
use crate::standard::cursor::Binding;
use crate::store::content::Content;
use crate::text;

/// What a page is asked for.
pub struct Asked {
    /// Most contents on it.
    pub limit: i64,
    /// The version that the last page ended with.
    pub before: Option<i64>,
}

/// Reads what is asked for.
///
/// # Errors
/// 400 for a parameter.
pub fn asked(call: &Call, question: &str) -> Result<Asked, Error> {
    let mut query = call.query()?;
    let limit = query.take("limit").map_or(Ok(50), |text| {
        text.parse().ok().filter(|limit| (1..=200).contains(limit)).ok_or_else(|| {
            invalid(
                "limit",
                &text!(
                    "må være et heltall fra 1 til 200",
                    "må vere eit heiltal frå 1 til 200",
                    "must be a whole number from 1 to 200"
                ),
            )
        })
    })?;
    let cursor = query.take("cursor");
    query.finish(&["limit", "cursor"])?;
    let binding = Binding { secret: &call.shared.cursor_secret, question };
    let ended = cursor.map(|cursor| binding.open(&cursor)).transpose()?;
    Ok(Asked { limit, before: ended.and_then(|values| values.first().and_then(Value::as_i64)) })
}

/// Reads the parameter `version`.
///
/// # Errors
/// 400 when it is no version.
pub fn version(text: Option<String>) -> Result<Option<i64>, Error> {
    let Some(text) = text else { return Ok(None) };
    text.parse().ok().filter(|version| *version > 0).map(Some).ok_or_else(|| {
        invalid(
            "version",
            &text!(
                "må være et heltall fra 1 og opp",
                "må vere eit heiltal frå 1 og opp",
                "must be a whole number from 1 up"
            ),
        )
    })
}

/// A page; one content more than its limit says that another page follows.
pub fn shown(call: &Call, question: &str, limit: i64, mut found: Vec<Content>) -> Value {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let binding = Binding { secret: &call.shared.cursor_secret, question };
    let next = found.last().filter(|_| more).map(|last| binding.seal(&[last.version.into()]));
    let items: Vec<Value> = found.iter().map(one).collect();
    json!({ "items": items, "next": next })
}

fn one(content: &Content) -> Value {
    json!({
        "version": content.version,
        "mediaType": content.media_type,
        "fileName": content.file_name,
        "sizeBytes": content.size_bytes,
        "sha256": content.sha256,
        "createdAt": instant(content.created_at),
        "createdBy": content.created_by,
    })
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
