//! The journal as lines that anybody can verify who has nothing of this service.

use crate::problem::Error;
use crate::store::Store;

use super::form::hex;
use super::verify::links;

/// The lines of the next entries of the chain after a place, and the last place of them; `None` behind the end. A line is JSON: the
/// entry's `hash` and `position`, and as `entry` what was hashed, byte for byte: SHA-256 over the hash before it (32 zero
/// bytes before the first) and these bytes is the hash. What tells of a person stands there as digests. An entry that is gone, or that nobody
/// can read, is null.
///
/// # Errors
/// When the database fails.
pub async fn lines(store: &Store, after: i64) -> Result<Option<(i64, Vec<u8>)>, Error> {
    let db = &store.read;
    let page = links(db, after).await?;
    let Some(last) = page.last().map(|link| link.position) else { return Ok(None) };
    let salts = super::salts(db, after, last).await?;
    let mut lines = Vec::new();
    for link in page {
        let link = link.formed(&salts)?;
        let entry = link.entry.map(|entry| entry.bytes).filter(|bytes| !bytes.is_empty());
        let head = format!("{{\"hash\":\"{}\",\"position\":{},\"entry\":", hex(&link.hash), link.position);
        lines.extend_from_slice(head.as_bytes());
        lines.extend_from_slice(entry.as_deref().unwrap_or(b"null"));
        lines.extend_from_slice(b"}\n");
    }
    Ok(Some((last, lines)))
}
