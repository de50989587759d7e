//! The log of erasures, as the database has it and as it is kept in a file of its own: a backup that is restored, of an older
//! database, still has what was erased after it, and the file tells what.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sea_orm::Statement;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::files::{named, owned};
use crate::db::Db;
use crate::problem::Error;

/// An erasure, as a line of the file: JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    /// The record of `/erasures`.
    pub id: Uuid,
    /// The person; the identifier tells nothing once the rest is gone.
    pub person_id: Uuid,
    /// How much was erased.
    pub extent: String,
    /// Why.
    pub reason: String,
    /// When (UTC).
    pub erased_at: DateTime<Utc>,
}

/// Every erasure that a database knows of, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn erasures(db: &impl Db) -> Result<Vec<Erasure>, Error> {
    let sql = "SELECT id, person_id, extent, reason, erased_at FROM erasures ORDER BY erased_at, id";
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let mut all = Vec::with_capacity(found.len());
    for row in found {
        all.push(Erasure {
            id: row.try_get("", "id")?,
            person_id: row.try_get("", "person_id")?,
            extent: row.try_get("", "extent")?,
            reason: row.try_get("", "reason")?,
            erased_at: row.try_get("", "erased_at")?,
        });
    }
    Ok(all)
}

/// The erasures of a file, in its order; none where there is no file. A last line that was broken off is no line: what it was
/// to tell stands in the database that broke off.
///
/// # Errors
/// When the file cannot be read, or a line is no erasure.
pub fn read_erasures(file: &Path) -> Result<Vec<Erasure>, Error> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    let mut all: Vec<Erasure> = Vec::new();
    for (number, line) in whole.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let read = serde_json::from_str(line);
        all.push(read.map_err(|error| failed(format!("line {} of {}: {error}", number + 1, file.display())))?);
    }
    Ok(all)
}

/// Adds to a file what it does not have yet; it is safe on the disk when this returns. Who reads it is its owner alone.
///
/// # Errors
/// When the file cannot be read or written.
pub fn add_erasures(file: &Path, erasures: &[Erasure]) -> Result<(), Error> {
    let known: BTreeSet<Uuid> = read_erasures(file)?.into_iter().map(|line| line.id).collect();
    let mut text = String::new();
    for line in erasures.iter().filter(|line| !known.contains(&line.id)) {
        text.push_str(&serde_json::to_string(line).map_err(failed)?);
        text.push('\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    let mut target = owned(file)?;
    let whole = fs::read(file).map_err(failed)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut written = || {
        target.set_len(whole as u64)?;
        target.seek(SeekFrom::End(0))?;
        target.write_all(text.as_bytes())?;
        target.sync_all()?;
        // It may have been made just now.
        named(file)
    };
    written().map_err(failed)
}

impl Store {
    /// Brings the file in line with the database: what was erased here is known there.
    ///
    /// # Errors
    /// When the database fails, or the file cannot be written.
    pub async fn keep_erasures(&self, file: PathBuf) -> Result<(), Error> {
        let all = erasures(&self.read).await?;
        let kept = tokio::task::spawn_blocking(move || add_erasures(&file, &all)).await;
        kept.map_err(failed)?
    }
}

fn failed(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::internal("keep the log of erasures", why)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::{Erasure, add_erasures, read_erasures};

    fn line(id: u128) -> Erasure {
        Erasure {
            id: Uuid::from_u128(id),
            person_id: Uuid::from_u128(id + 100),
            extent: "person".to_owned(),
            reason: "Bedt om".to_owned(),
            erased_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_line_is_added_once_and_one_that_broke_off_is_none() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("erasures.jsonl");
        assert_eq!(read_erasures(&file).expect("no file is an empty log"), []);
        add_erasures(&file, &[line(1), line(2)]).expect("it is written");
        let mut bytes = std::fs::read(&file).expect("the file");
        bytes.extend_from_slice(b"{\"id\":\"0190");
        std::fs::write(&file, &bytes).expect("it is broken off");
        assert_eq!(read_erasures(&file).expect("it is read"), [line(1), line(2)]);
        add_erasures(&file, &[line(2), line(3)]).expect("it goes on");
        assert_eq!(read_erasures(&file).expect("it is read"), [line(1), line(2), line(3)]);
        std::fs::write(&file, "nothing\n").expect("it is written");
        assert!(read_erasures(&file).is_err());
    }
}
