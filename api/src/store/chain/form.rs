//! What of an entry is hashed, and how: the fields of a person are in it as salted digests, so that they can be erased.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value, json};
use uuid::Uuid;

use super::canonical::{self, Node};
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
        let (before, lost_before) = version("before", self.before.as_deref(), salts, &mut digests)?;
        let (after, lost_after) = version("after", self.after.as_deref(), salts, &mut digests)?;
        let lost = lost_before || lost_after;
        let via = self.via.as_deref().map(serde_json::from_str::<Value>).transpose();
        let via = via.map_err(|error| Error::internal("read whom an entry came through", error))?;
        let mut actor = json!({ "kind": self.actor_kind, "id": self.actor });
        actor["via"] = via.unwrap_or_default();
        let said = [
            ("format", FORMAT.into()),
            ("sequence", self.sequence.into()),
            ("event", self.event.as_str().into()),
            ("recordKind", self.kind.as_str().into()),
            ("recordId", self.record.to_string().into()),
            ("projectId", self.project.map(|project| project.to_string()).into()),
            ("version", self.version.into()),
            ("actor", actor),
            ("at", row::instant(self.at).into()),
            ("reason", self.reason.as_deref().into()),
        ];
        let personal = (!digests.is_empty()).then(|| ("personal", json!(digests)));
        let said = said.iter().chain(&personal);
        let mut form: Vec<(&str, Node<'_>)> = said.map(|(name, value)| (*name, Node::Value(value))).collect();
        for (side, version) in [("before", &before), ("after", &after)] {
            let version = version.as_ref().map(|version| Node::Members(&version.0));
            form.push((side, version.unwrap_or(Node::Value(&Value::Null))));
        }
        let mut bytes = Vec::with_capacity(2048);
        canonical::write_members(form, &mut bytes);
        let erases = self.event.ends_with(".erased").then_some(self.record);
        Ok(Formed { bytes, lost: lost.then_some(self.record), erases })
    }
}

/// A version as the journal has it, without what is hashed apart: the digests of that are added. Whether something was taken out of it.
fn version(
    side: &str,
    text: Option<&str>,
    salts: Option<&Salts>,
    digests: &mut BTreeMap<String, Value>,
) -> Result<(Option<Version>, bool), Error> {
    let Some(text) = text else { return Ok((None, false)) };
    let read = serde_json::from_str::<Version>(text);
    let mut version = read.map_err(|error| Error::internal("read a version in the journal", error))?;
    let erased = version.take(ERASED);
    for (field, digest) in erased.iter().filter_map(|gone| gone["digests"].as_object()).flatten() {
        version.take(field);
        digests.insert(format!("{side}/{field}"), digest.clone());
    }
    for (field, salt) in salts.into_iter().flatten() {
        if let Some(value) = version.take(field) {
            digests.insert(format!("{side}/{field}"), digest(salt, side, field, &value).into());
        }
    }
    Ok((Some(version), erased.is_some()))
}

/// The members of a version in the order in which the journal has them. Hardly one of them is ever looked up: a map would cost as much as all
/// the rest of the chain.
struct Version(Vec<(String, Value)>);

impl Version {
    fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Version;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Version, A::Error> {
                let mut members = Vec::with_capacity(map.size_hint().unwrap_or(32));
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Version(members))
            }
        }
        deserializer.deserialize_map(Members)
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
