//! Wrong passwords, counted by account and network: who guesses is stopped, and the owner, elsewhere, is not.
//!
//! The count is kept in the database, so that it holds over replicas and restarts. It is kept under a keyed hash: the table
//! tells neither who was tried nor from where. An account that there is not is counted like one that there is.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Statement;

use crate::db::Db;
use crate::problem::{Error, Problem, codes};

/// Wrong passwords that an account takes from a network in a while.
pub const MOST: i64 = 5;
/// How long the while is.
pub const WHILE: TimeDelta = TimeDelta::minutes(15);

/// An account as it is tried from a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried(Vec<u8>);

impl Tried {
    /// The account of a name, tried from a network; the name counts as logins read it.
    #[must_use]
    pub fn of(secret: &[u8], account: &str, network: IpAddr) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let text = format!("{network}\n{}", account.to_lowercase());
        Self(hmac::sign(&key, text.as_bytes()).as_ref().to_vec())
    }
}

/// Refuses another try while the account is closed to the network.
///
/// # Errors
/// 429.
pub async fn open(db: &impl Db, tried: &Tried, now: DateTime<Utc>) -> Result<(), Error> {
    fewer(db, tried, now, MOST).await
}

/// Refuses a try that has been counted, when it was one too many: those that were under way together are all hashed, and
/// only as many are told that they were wrong as if they had come one after another.
///
/// # Errors
/// 429.
pub async fn within(tx: &impl Db, tried: &Tried, now: DateTime<Utc>) -> Result<(), Error> {
    fewer(tx, tried, now, MOST + 1).await
}

async fn fewer(db: &impl Db, tried: &Tried, now: DateTime<Utc>, failures: i64) -> Result<(), Error> {
    let sql = "SELECT began_at FROM login_failures WHERE id = $1 AND failures >= $2 AND began_at > $3";
    let values = [tried.0.clone().into(), failures.into(), (now - WHILE).into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    match found {
        None => Ok(()),
        Some(row) => Err(closed(row.try_get("", "began_at")?, now)),
    }
}

/// Counts a wrong password.
///
/// # Errors
/// When the database fails.
pub async fn failed(tx: &impl Db, tried: &Tried, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "INSERT INTO login_failures (id, failures, began_at) VALUES ($1, 1, $2) ON CONFLICT (id) DO UPDATE SET \
               failures = CASE WHEN login_failures.began_at > $3 THEN login_failures.failures + 1 ELSE 1 END, \
               began_at = CASE WHEN login_failures.began_at > $3 THEN login_failures.began_at ELSE excluded.began_at END";
    let values = [tried.0.clone().into(), now.into(), (now - WHILE).into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Forgets the wrong passwords before the right one.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &impl Db, tried: &Tried) -> Result<(), Error> {
    let sql = "DELETE FROM login_failures WHERE id = $1";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [tried.0.clone().into()])).await?;
    Ok(())
}

/// Forgets what no longer counts.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &impl Db, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "DELETE FROM login_failures WHERE began_at <= $1";
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [(now - WHILE).into()])).await?;
    Ok(())
}

fn closed(began: DateTime<Utc>, now: DateTime<Utc>) -> Error {
    let seconds = (began + WHILE - now).num_seconds().max(0) + 1;
    Problem::new(&codes::TOO_MANY_LOGINS).header("Retry-After", seconds.to_string()).into()
}
