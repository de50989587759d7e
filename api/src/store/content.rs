//! The content of documents: bytes in chunks, each written in a transaction of its own while they come, and made
//! visible by one row in the transaction of the document's change.
//!
//! A chunk is always somebody's: a content's, or that of an upload, whose row is there before its first chunk. So
//! what a broken upload or a killed process leaves is found by the rows of `uploads` alone.

use aws_lc_rs::digest::{Context, SHA256};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{Statement, Value};
use uuid::Uuid;

use super::{Store, Write};
use crate::db::{Db, Found};
use crate::problem::{Error, codes};

/// The length of every chunk but the last of a content. A range is found by it, so it never changes.
pub const CHUNK: usize = 1 << 20;

/// How long an upload may make no progress, in minutes, before it counts as left by a process that is gone.
const PATIENCE: i64 = 60;

/// Chunks that are cleared away in one transaction: others write in between.
const SWEEP: i64 = 8;

/// One version of a document's content.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its own identifier; that of the upload, once it is kept.
    pub id: Uuid,
    /// 1 for the first content of the document, one more for each after it.
    pub version: i64,
    /// The media type.
    pub media_type: String,
    /// The name of the file, if one was given.
    pub file_name: Option<String>,
    /// The size in bytes.
    pub size_bytes: i64,
    /// The SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Who put it.
    pub created_by: Option<Uuid>,
}

/// Bytes on their way in. Dropped before [`Write::keep`], it takes its chunks away again.
pub struct Upload {
    store: Store,
    id: Uuid,
    chunks: i64,
    pending: Vec<u8>,
    hash: Context,
    size: u64,
    kept: bool,
}

/// What came, when all of it has come.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The size in bytes.
    pub size_bytes: i64,
    /// The SHA-256.
    pub digest: Vec<u8>,
}

impl Upload {
    /// Enters an upload for a document, so that whatever comes of it can be found.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(store: &Store, document: Uuid) -> Result<Self, Error> {
        let (id, now) = (Uuid::now_v7(), Utc::now());
        let insert =
            "INSERT INTO uploads (id, document_id, started_at, updated_at, abandoned) VALUES ($1, $2, $3, $4, FALSE)";
        store.run(insert, [id.into(), document.into(), now.into(), now.into()]).await?;
        let hash = Context::new(&SHA256);
        Ok(Self { store: store.clone(), id, chunks: 0, pending: Vec::new(), hash, size: 0, kept: false })
    }

    /// How much has come, in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes a piece of any length.
    ///
    /// # Errors
    /// When the database fails, or the upload was given up meanwhile.
    pub async fn take(&mut self, mut piece: &[u8]) -> Result<(), Error> {
        self.hash.update(piece);
        self.size += piece.len() as u64;
        while !piece.is_empty() {
            if self.pending.capacity() == 0 {
                self.pending.reserve_exact(CHUNK);
            }
            let (fits, rest) = piece.split_at(piece.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(fits);
            piece = rest;
            if self.pending.len() == CHUNK {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Writes what is left; nothing comes after it.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub async fn end(&mut self) -> Result<Arrived, Error> {
        if !self.pending.is_empty() {
            self.write().await?;
        }
        let size_bytes = i64::try_from(self.size).map_err(|error| Error::internal("count the bytes", error))?;
        Ok(Arrived { size_bytes, digest: self.hash.clone().finish().as_ref().to_vec() })
    }

    /// Writes a chunk, unless the upload was given up: whoever gives it up waits for this transaction.
    async fn write(&mut self) -> Result<(), Error> {
        let chunk = std::mem::take(&mut self.pending);
        let tx = self.store.begin().await?;
        let alive = "UPDATE uploads SET updated_at = $2 WHERE id = $1 AND abandoned = FALSE";
        let alive =
            Statement::from_sql_and_values(tx.get_database_backend(), alive, [self.id.into(), Utc::now().into()]);
        if tx.execute_raw(alive).await?.rows_affected() != 1 {
            return Err((&codes::TIMEOUT).into());
        }
        let insert = "INSERT INTO content_chunks (content_id, sequence, bytes) VALUES ($1, $2, $3)";
        let values = [self.id.into(), self.chunks.into(), chunk.into()];
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), insert, values)).await?;
        tx.commit().await?;
        self.chunks += 1;
        Ok(())
    }

    /// The bytes belong to a content that is durable.
    pub fn kept(mut self) {
        self.kept = true;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let (store, id) = (self.store.clone(), self.id);
        // Without a runtime the process ends: the clean-up of another one does it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = give_up(&store, id).await {
                    tracing::warn!(error = error.with_causes(), "A broken upload is left for the clean-up");
                }
            });
        }
    }
}

impl Write {
    /// Makes what came the content of a document: from the commit on it is there.
    ///
    /// # Errors
    /// 408 when the upload was given up meanwhile.
    pub async fn keep(&self, upload: &Upload, project: Uuid, document: Uuid, content: &Content) -> Result<(), Error> {
        let backend = self.tx().get_database_backend();
        let claim = "DELETE FROM uploads WHERE id = $1 AND abandoned = FALSE";
        let claim = Statement::from_sql_and_values(backend, claim, [upload.id.into()]);
        if self.tx().execute_raw(claim).await?.rows_affected() != 1 {
            return Err((&codes::TIMEOUT).into());
        }
        let insert = "INSERT INTO document_contents (id, project_id, document_id, version, media_type, file_name, size_bytes, \
                      sha256, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values: [Value; 10] = [
            upload.id.into(),
            project.into(),
            document.into(),
            content.version.into(),
            content.media_type.clone().into(),
            content.file_name.clone().into(),
            content.size_bytes.into(),
            content.sha256.clone().into(),
            content.created_at.into(),
            content.created_by.into(),
        ];
        self.tx().execute_raw(Statement::from_sql_and_values(backend, insert, values)).await?;
        Ok(())
    }

    /// Takes every content of a document away: the rows now, the bytes at the next clean-up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_contents(&self, document: Uuid) -> Result<(), Error> {
        let backend = self.tx().get_database_backend();
        let give_up = "INSERT INTO uploads (id, document_id, started_at, updated_at, abandoned) \
                       SELECT id, document_id, created_at, created_at, TRUE FROM document_contents WHERE document_id = $1";
        let delete = "DELETE FROM document_contents WHERE document_id = $1";
        for sql in [give_up, delete] {
            self.tx().execute_raw(Statement::from_sql_and_values(backend, sql, [document.into()])).await?;
        }
        Ok(())
    }
}

/// The contents of a document from before a version, newest first.
///
/// # Errors
/// When the database fails.
pub async fn contents(db: &impl Db, document: Uuid, before: i64, limit: u64) -> Result<Vec<Content>, Error> {
    let sql = "SELECT id, version, media_type, file_name, size_bytes, sha256, created_at, created_by FROM document_contents \
               WHERE document_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3";
    let values = [document.into(), before.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(found.iter().map(read).collect::<Result<_, _>>()?)
}

/// The newest content of every document of a project, with the document's identifier.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &impl Db, project: Uuid) -> Result<Vec<(Uuid, Content)>, Error> {
    let sql = "SELECT c.document_id, c.id, c.version, c.media_type, c.file_name, c.size_bytes, c.sha256, c.created_at, c.created_by \
               FROM document_contents c JOIN documents d ON d.id = c.document_id AND d.content_version = c.version \
               WHERE c.project_id = $1 ORDER BY c.document_id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [project.into()]);
    let found = db.query_all_raw(statement).await?;
    Ok(found
        .iter()
        .map(|row| Ok((row.try_get("", "document_id")?, read(row)?)))
        .collect::<Result<_, sea_orm::DbErr>>()?)
}

fn read(row: &Found) -> Result<Content, sea_orm::DbErr> {
    Ok(Content {
        id: row.try_get("", "id")?,
        version: row.try_get("", "version")?,
        media_type: row.try_get("", "media_type")?,
        file_name: row.try_get("", "file_name")?,
        size_bytes: row.try_get("", "size_bytes")?,
        sha256: row.try_get("", "sha256")?,
        created_at: row.try_get("", "created_at")?,
        created_by: row.try_get("", "created_by")?,
    })
}

/// One chunk of a content. It is read by itself: no transaction stays open while a client takes it in.
///
/// # Errors
/// When it is not there, because the document was deleted meanwhile.
pub async fn chunk(db: &impl Db, content: Uuid, sequence: i64) -> Result<Vec<u8>, Error> {
    let sql = "SELECT bytes FROM content_chunks WHERE content_id = $1 AND sequence = $2";
    let values = [content.into(), sequence.into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(found.ok_or(&codes::NOT_FOUND)?.try_get("", "bytes")?)
}

/// Clears away what no content claims, as of an instant: uploads without progress for an hour, and what was given up.
/// Any number of replicas may do it at once.
///
/// # Errors
/// When the database fails.
pub async fn clean_up(store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
    let stale = "UPDATE uploads SET abandoned = TRUE WHERE abandoned = FALSE AND updated_at < $1";
    store.run(stale, [(now - TimeDelta::minutes(PATIENCE)).into()]).await?;
    let given_up = "SELECT id FROM uploads WHERE abandoned = TRUE";
    let given_up = Statement::from_string(store.read.get_database_backend(), given_up);
    for row in store.read.query_all_raw(given_up).await? {
        sweep(store, row.try_get("", "id")?).await?;
    }
    Ok(())
}

/// Gives an upload up, unless a content has claimed it, and clears its chunks away.
async fn give_up(store: &Store, id: Uuid) -> Result<(), Error> {
    if store.run("UPDATE uploads SET abandoned = TRUE WHERE id = $1", [id.into()]).await? > 0 {
        sweep(store, id).await?;
    }
    Ok(())
}

/// Clears the chunks of an upload away that was given up, a few at a time, and its row last.
async fn sweep(store: &Store, id: Uuid) -> Result<(), Error> {
    let some = "DELETE FROM content_chunks WHERE content_id = $1 AND sequence IN \
                (SELECT sequence FROM content_chunks WHERE content_id = $1 ORDER BY sequence LIMIT $2)";
    while store.run(some, [id.into(), SWEEP.into()]).await? > 0 {}
    // Another replica may be at it too: the row stays as long as there is a chunk.
    let row = "DELETE FROM uploads WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM content_chunks WHERE content_id = $1)";
    store.run(row, [id.into()]).await?;
    Ok(())
}
