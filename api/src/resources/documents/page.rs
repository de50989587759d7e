//! The list of a document's contents: which one is asked for, and what is shown of each.

use serde_json::{Value, json};

use crate::facts::row;
use crate::http::query::invalid;
use crate::problem::Error;
use crate::store::content::Content;
use crate::text;

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

/// What is shown of a content.
pub fn one(content: &Content) -> Value {
    json!({
        "version": content.version,
        "mediaType": content.media_type,
        "fileName": content.file_name,
        "sizeBytes": content.size_bytes,
        "sha256": content.sha256,
        "createdAt": row::instant(content.created_at),
        "createdBy": content.created_by,
    })
}
