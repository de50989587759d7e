//! What of an entry is hashed, and how: the fields of a person are in it as salted digests, so that they can be erased.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA256};
use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::canonical;
use crate::db::Found;
use crate::facts::{self, row};
use crate::problem::Error;

/// A hash of the chain.
pub type Hash = [u8; 32];

/// What the first entry is hashed with.
pub const GENESIS: Hash = [0; 32];

/// What a hashed entry says of itself; an entry of another form would be another version of this name.
const FORMAT: &str = "framdrift.journal/1";

/// The member of a version in the journal that tells what was erased in it.
pub const ERASED: &str = "erased";

/// The salts of an entry by field.
pub(super) type Salts = BTreeMap<String, Vec<u8>>;

/// An entry as the journal has it, the versions still as text.
pub(super) struct Raw {
    pub sequence: i64,
    event: String,
    kind: String,
    record: Uuid,
    project: Option<Uuid>,
    version: i64,
    actor_kind: String,
    actor: Option<Uuid>,
    at: chrono::DateTime<chrono::Utc>,
    reason: Option<String>,
    via: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

/// The columns of an entry that are hashed. One that a later step of the tables adds is not in the hash: it would take
/// another [`FORMAT`].
const COLUMNS: [&str; 10] = [
    "sequence",
    "event",
    "record_kind",
    "record_id",
    "project_id",
    "version",
    "actor_kind",
    "actor_id",
    "at",
    "reason",
];

/// Selects entries of the journal, to be joined with what says which.
pub(super) fn select() -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS.map(|column| ("journal", column)));
    for side in ["via", "before", "after"] {
        query.expr_as(Expr::col(("journal", side)).cast_as("text"), side);
    }
    query
}

/// Reads an entry; `None` where a join found none.
pub(super) fn read(found: &Found) -> Result<Option<Raw>, DbErr> {
    let Some(sequence) = found.try_get::<Option<i64>>("", "sequence")? else { return Ok(None) };
    Ok(Some(Raw {
        sequence,
        event: found.try_get("", "event")?,
        kind: found.try_get("", "record_kind")?,
        record: found.try_get("", "record_id")?,
        project: found.try_get("", "project_id")?,
        version: found.try_get("", "version")?,
        actor_kind: found.try_get("", "actor_kind")?,
        actor: found.try_get("", "actor_id")?,
        at: found.try_get("", "at")?,
        reason: found.try_get("", "reason")?,
        via: found.try_get("", "via")?,
        before: found.try_get("", "before")?,
        after: found.try_get("", "after")?,
    }))
}

/// An entry in the form that is hashed, and what it tells of erasures.
pub(super) struct Formed {
    /// Canonical JSON.
    pub bytes: Vec<u8>,
    /// The record, where something was taken out of the entry.
    pub lost: Option<Uuid>,
    /// The record, where the entry tells of an erasure of its data.
    pub erases: Option<Uuid>,
}

impl Raw {
    /// The fields that an entry of this kind is salted in.
    pub fn personal(&self) -> impl Iterator<Item = &'static str> {
        facts::by_kind(&self.kind).into_iter().flat_map(|facts| facts.personal())
    }

    /// The entry as it is hashed: a field with a salt stands as the digest of both; of one that was erased, the digest
    /// is kept in its place.
    ///
    /// # Errors
    /// When a version is no JSON object.
    pub fn formed(&self, salts: Option<&Salts>) -> Result<Formed, Error> {
        let mut digests = BTreeMap::new();
        let (mut lost, mut sides) = (false, Vec::new());
        for (side, text) in [("before", &self.before), ("after", &self.after)] {
            let Some(text) = text else {
                sides.push(Value::Null);
                continue;
            };
            let mut version: Map<String, Value> =
                serde_json::from_str(text).map_err(|error| Error::internal("read a version in the journal", error))?;
            if let Some(gone) = version.shift_remove(ERASED) {
                lost = true;
                for (field, digest) in gone["digests"].as_object().into_iter().flatten() {
                    version.shift_remove(field);
                    digests.insert(format!("{side}/{field}"), digest.clone());
                }
            }
            for (field, salt) in salts.into_iter().flatten() {
                if let Some(value) = version.shift_remove(field) {
                    digests.insert(format!("{side}/{field}"), digest(salt, side, field, &value).into());
                }
            }
            sides.push(Value::Object(version));
        }
        let via = self.via.as_deref().map(serde_json::from_str::<Value>).transpose();
        let via = via.map_err(|error| Error::internal("read whom an entry came through", error))?;
        let after = sides.pop().unwrap_or_default();
        let before = sides.pop().unwrap_or_default();
        let mut form = json!({
            "format": FORMAT,
            "sequence": self.sequence,
            "event": self.event,
            "recordKind": self.kind,
            "recordId": self.record,
            "projectId": self.project,
            "version": self.version,
            "actor": { "kind": self.actor_kind, "id": self.actor },
            "at": row::instant(self.at),
            "reason": self.reason,
        });
        // Moved into it: named in `json!` they would be copied, and they are most of an entry.
        form["actor"]["via"] = via.unwrap_or_default();
        form["before"] = before;
        form["after"] = after;
        if !digests.is_empty() {
            form["personal"] = json!(digests);
        }
        let mut bytes = Vec::with_capacity(1024);
        canonical::write(&form, &mut bytes);
        let erases = self.event.ends_with(".erased").then_some(self.record);
        Ok(Formed { bytes, lost: lost.then_some(self.record), erases })
    }
}

/// What stands for a field of a person in what is hashed: SHA-256 over the salt and the canonical JSON of side, field and
/// value. Without the salt it tells nothing of the value.
#[must_use]
pub fn digest(salt: &[u8], side: &str, field: &str, value: &Value) -> String {
    let mut bytes = salt.to_vec();
    canonical::write(&json!([side, field, value]), &mut bytes);
    hex(&sha256(&[&bytes]))
}

/// The hash of an entry: SHA-256 over the hash before it and its form.
pub(super) fn link(previous: &Hash, bytes: &[u8]) -> Hash {
    sha256(&[previous, bytes])
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

pub(super) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = GENESIS;
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
