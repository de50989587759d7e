//! Holds what a loss of power left against what was answered before it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use framdrift::store::Database;
use sea_orm::{DatabaseConnection, DbErr, Statement};
use uuid::Uuid;

use super::super::judge;
use super::super::writer::{Effect, hash};
use super::told::Known;
use framdrift::db::Db as _;

/// What there is of a record: its version, and the goal's text.
type Found = HashMap<String, (u64, String)>;

/// Whatever is wrong with a data directory that was left at a line.
pub async fn faults(directory: &Path, known: &Known, line: usize) -> Vec<String> {
    if !directory.join("framdrift.db").exists() {
        return if known.user < line { vec!["lost: the whole database".to_owned()] } else { Vec::new() };
    }
    let looked = async {
        let database = Database::sqlite(directory, 1).await.map_err(|error| error.with_causes())?;
        let store = database.open().await.map_err(|error| error.with_causes())?;
        let found = all(&store.read, known, line).await.map_err(|error| error.to_string());
        database.close().await.map_err(|error| error.to_string())?;
        found
    };
    looked.await.unwrap_or_else(|error: String| vec![format!("it cannot be read: {error}")])
}

async fn all(db: &DatabaseConnection, known: &Known, line: usize) -> Result<Vec<String>, DbErr> {
    let mut faults = judge::unsound(db).await?;
    let tables =
        asked(db, "SELECT name FROM sqlite_master WHERE name IN ('users', 'journal_chain', 'content_chunks')").await?;
    if tables.len() < 3 {
        // Before the first migrations were done nobody was told anything.
        if known.user < line {
            faults.push("lost: the tables".to_owned());
        }
        return Ok(faults);
    }
    if known.user < line && asked(db, "SELECT id FROM users").await?.is_empty() {
        faults.push("lost: the first user".to_owned());
    }
    let mut found = versions(db, "SELECT id, version, text FROM goals").await?;
    found.extend(versions(db, "SELECT id, version, '' AS text FROM documents").await?);
    let contents = contents(db, &mut faults).await?;
    for (id, effect) in known.at(line) {
        lost(effect, found.get(id), &contents, &mut faults);
    }
    for (id, (version, text)) in &found {
        let told = known.effects.get(&(id.clone(), *version)).filter(|effect| effect.kind == "goal");
        if told.is_some_and(|effect| effect.content != *text) {
            faults.push(format!("mixed up: version {version} of {id} says {text:?}, not {told:?}"));
        }
    }
    for batch in &known.batches {
        let there = batch.iter().filter(|id| found.contains_key(*id)).count();
        if there != 0 && there != batch.len() {
            faults.push(format!("by half: {there} of {batch:?}"));
        }
    }
    journal(db, &found, &mut faults).await?;
    Ok(faults)
}

/// What was answered and is not there.
fn lost(effect: &Effect, found: Option<&(u64, String)>, contents: &[(String, String)], faults: &mut Vec<String>) {
    if found.is_none_or(|(version, _)| *version < effect.version) {
        faults.push(format!("lost: {effect:?}, there is {found:?}"));
    }
    if effect.kind == "document" && !effect.content.is_empty() {
        let there = contents.iter().any(|(document, sha256)| (document, sha256) == (&effect.id, &effect.content));
        if !there {
            faults.push(format!("lost: the content of {effect:?}"));
        }
    }
}

async fn versions(db: &DatabaseConnection, sql: &str) -> Result<Found, DbErr> {
    let mut found = HashMap::new();
    for row in asked(db, sql).await? {
        let id: Uuid = row.try_get("", "id")?;
        let version: i64 = row.try_get("", "version")?;
        found.insert(id.to_string(), (version.unsigned_abs(), row.try_get("", "text")?));
    }
    Ok(found)
}

/// The document and the SHA-256 of every content; each has to have its bytes.
async fn contents(db: &DatabaseConnection, faults: &mut Vec<String>) -> Result<Vec<(String, String)>, DbErr> {
    let sql = "SELECT c.document_id, c.sha256, k.bytes FROM document_contents c LEFT JOIN content_chunks k ON k.content_id = c.id \
               ORDER BY c.id, k.sequence";
    let mut bytes: BTreeMap<(String, String), Vec<u8>> = BTreeMap::new();
    for row in asked(db, sql).await? {
        let document: Uuid = row.try_get("", "document_id")?;
        let chunk: Option<Vec<u8>> = row.try_get("", "bytes")?;
        bytes.entry((document.to_string(), row.try_get("", "sha256")?)).or_default().extend(chunk.unwrap_or_default());
    }
    faults.extend(
        bytes
            .iter()
            .filter(|((_, sha256), bytes)| hash(bytes) != *sha256)
            .map(|((document, _), _)| format!("torn: a content of the document {document}")),
    );
    Ok(bytes.into_keys().collect())
}

/// The journal tells of every version of every record that there is, once and in order, and of no other.
async fn journal(db: &DatabaseConnection, found: &Found, faults: &mut Vec<String>) -> Result<(), DbErr> {
    let sql = "SELECT record_id, version FROM journal WHERE record_kind IN ('goal', 'document') ORDER BY sequence";
    let mut told: HashMap<String, u64> = HashMap::new();
    for row in asked(db, sql).await? {
        let id: Uuid = row.try_get("", "record_id")?;
        let version: i64 = row.try_get("", "version")?;
        let before = told.insert(id.to_string(), version.unsigned_abs());
        if before.unwrap_or_default() + 1 != version.unsigned_abs() {
            faults.push(format!("the journal tells of version {version} of {id} after {before:?}"));
        }
    }
    if told.len() != found.len() || found.iter().any(|(id, (version, _))| told.get(id) != Some(version)) {
        faults.push("the journal and the records tell of different versions".to_owned());
    }
    Ok(())
}

async fn asked(db: &DatabaseConnection, sql: &str) -> Result<Vec<framdrift::db::Found>, DbErr> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await
}
