//! `Idempotency-Key`: the answer of a POST, kept for 24 hours in the same transaction as its effect.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Statement;
use serde_json::Value;

use super::failure::is_locked;
use super::{Store, Write};
use crate::db::{Db, Done};
use crate::problem::{Error, Problem, Text, codes};
use crate::text;

/// How long a key and its answer are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// An answer that was given for a key.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The HTTP status.
    pub status: u16,
    /// `Location`, `ETag` and what else belongs to the answer.
    pub headers: Value,
    /// The body.
    pub body: String,
}

/// What a key says about a request.
pub enum Replay {
    /// It is new: do the work, then [`Write::remember`] the answer.
    First(Vec<u8>),
    /// The work was done: give this answer again.
    Again(Stored),
}

impl Write {
    /// Claims a key for this request. Another request with the same key waits for this transaction, and then
    /// finds its answer: of any number in parallel, on any number of replicas, one does the work.
    ///
    /// # Errors
    /// 422 when the key was used with another body; 409 when the first request takes longer than a lock is waited for.
    pub async fn claim(&self, scope: &str, key: &str, body: &[u8]) -> Result<Replay, Error> {
        self.held().await?;
        let id = hash(&[self.caller_name().as_bytes(), scope.as_bytes(), key.as_bytes()]);
        let fingerprint = hash(&[body]);
        let (tx, backend, now) = (self.tx(), self.tx().get_database_backend(), self.now());
        // A key of yesterday is as good as new. Those of others are cleared away elsewhere: whoever did it here would keep all who
        // send keys waiting until this is committed.
        let insert = "INSERT INTO idempotency_keys (id, fingerprint, created_at) VALUES ($1, $2, $3) \
            ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, \
            status = NULL, headers = NULL, body = NULL WHERE idempotency_keys.created_at < $4";
        let values = [id.clone().into(), fingerprint.clone().into(), now.into(), (now - KEPT).into()];
        let claimed = tx.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await;
        match claimed.map(Done::rows_affected) {
            Ok(1) => return Ok(Replay::First(id)),
            Err(error) if is_locked(&error) => {
                return Err(Problem::new(&codes::KEY_IN_PROGRESS).header("Retry-After", "1").into());
            }
            others => others?,
        };
        let select = "SELECT fingerprint, status, headers, body FROM idempotency_keys WHERE id = $1";
        let found = tx.query_one_raw(Statement::from_sql_and_values(backend, select, [id.into()])).await?;
        // Given up in this moment by who had it: the next try has it.
        let Some(row) = found else { return Err(Problem::new(&codes::UNAVAILABLE).header("Retry-After", "1").into()) };
        if row.try_get::<Vec<u8>>("", "fingerprint")? != fingerprint {
            return Err((&codes::KEY_REUSED).into());
        }
        let body: Option<String> = row.try_get("", "body")?;
        let body = body.ok_or_else(|| Error::from(Problem::new(&codes::KEY_REUSED).detail(erased())))?;
        let status: i64 = row.try_get("", "status")?;
        Ok(Replay::Again(Stored {
            status: u16::try_from(status).map_err(|error| Error::internal("read a stored answer", error))?,
            headers: row.try_get("", "headers")?,
            body,
        }))
    }

    /// Keeps the answer with the key, to be committed with the effect.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember(&self, id: Vec<u8>, answer: &Stored) -> Result<(), Error> {
        let backend = self.tx().get_database_backend();
        let update = "UPDATE idempotency_keys SET status = $2, headers = $3, body = $4 WHERE id = $1";
        let values =
            [id.into(), i64::from(answer.status).into(), answer.headers.clone().into(), answer.body.clone().into()];
        self.tx().execute_raw(Statement::from_sql_and_values(backend, update, values)).await?;
        Ok(())
    }
}

/// Clears away the keys whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn prune(store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
    store.run("DELETE FROM idempotency_keys WHERE created_at < $1", [(now - KEPT).into()]).await?;
    Ok(())
}

/// Why a key that was used gets no answer any more.
fn erased() -> Text {
    text!(
        "det ble gjort, men svaret fortalte om en person og er slettet siden: les posten",
        "det vart gjort, men svaret fortalde om ein person og er sletta sidan: les posten",
        "it was done, but its answer told of a person and has been erased since: read the record"
    )
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    digest(&SHA256, &whole).as_ref().to_vec()
}
