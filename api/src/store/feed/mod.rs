//! The change feed: the journal's entries in the order in which they were committed, none of them skipped.
//!
//! A sequence number is drawn before its transaction commits, so that on PostgreSQL numbers become visible out of
//! order: a reader who has seen 18 may later find 17. Therefore nobody reads the feed by that number. Every entry
//! comes with a row in `feed` that has no position yet, written in the same transaction. One sealer at a time (it
//! holds the row `sealed`) gives positions to the rows that it sees, and it sees only what is committed. A position
//! is thus higher than that of everything that was committed before the last sealing; among what one sealing finds
//! the sequence decides, and that is right since writes to one project (or to the directory) wait for each other
//! before they draw their numbers. Positions become visible in their order, for the next sealer waits for the commit
//! of the one before. The sealed part of the feed only ever grows at its end.
//!
//! Nothing of it depends on the engine or on transaction numbers, which would not survive a dump and restore. If a
//! process dies between commit and sealing, the row without a position is found by whoever seals next.

mod filter;
mod page;

pub use filter::{Filter, Names};
pub use page::{Entry, Page, Place, entry, page};

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{DbErr, Statement, Value};

use super::counters::DERIVED;
use super::{Store, deliveries};
use crate::db::Db;
use crate::problem::Error;
use crate::store::{Source, Tx};

/// Most positions that one transaction gives.
const BATCH: i64 = 1000;

/// Gives a position to everything that is committed and has none; answers how far the feed reaches then.
///
/// # Errors
/// When the database fails; what has no position yet gets one the next time.
pub async fn seal(store: &Store) -> Result<i64, Error> {
    let (mut head, mut more) = unsealed(store).await?;
    while more {
        (head, more) = seal_some(store).await?;
    }
    store.news.reaches(head);
    Ok(head)
}

/// How far the feed is sealed, and whether something waits for its position.
async fn unsealed(store: &Store) -> Result<(i64, bool), Error> {
    let sql = "SELECT position, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM feed WHERE position IS NULL LIMIT 1) AS unsealed) AS unsealed \
               FROM feed_state WHERE name = 'sealed'";
    let statement = Statement::from_string(store.read.get_database_backend(), sql);
    let row = store.read.query_one_raw(statement).await?.ok_or_else(nowhere)?;
    Ok((row.try_get("", "position")?, row.try_get::<i64>("", "unsealed")? > 0))
}

/// How many writes have ever been committed, to whatever is not worked out from other records: the same as long as nobody has
/// written. Two rows are read, and what the feed has given no position yet.
///
/// # Errors
/// When the database fails.
pub async fn happened(source: &impl Source) -> Result<i64, Error> {
    let sql = "SELECT position + (SELECT COUNT(*) FROM feed WHERE position IS NULL) \
               - COALESCE((SELECT counter FROM scopes WHERE id = $1), 0) AS happened FROM feed_state WHERE name = 'sealed'";
    let engine = source.connection().get_database_backend();
    let rows = source.short(Statement::from_sql_and_values(engine, sql, [DERIVED.into()])).await?;
    Ok(rows.first().ok_or_else(nowhere)?.try_get("", "happened")?)
}

/// Seals a batch; answers how far the feed reaches then, and whether there may be more than a batch.
async fn seal_some(store: &Store) -> Result<(i64, bool), Error> {
    let tx = store.begin().await?;
    let sealed = held(&tx, "sealed").await?;
    // The bounds lead PostgreSQL to the rows by their numbers: a plan that was made while the feed was short would read all of it
    // each time. One statement sees one moment: a transaction that commits meanwhile is in the batch whole or not at all.
    let fresh = format!("FROM feed WHERE position IS NULL ORDER BY sequence LIMIT {BATCH}");
    let sql = format!(
        "UPDATE feed SET position = $1 + fresh.place, sealed_at = $2 FROM \
         (SELECT sequence, ROW_NUMBER() OVER (ORDER BY sequence) AS place {fresh}) AS fresh \
         WHERE feed.sequence = fresh.sequence \
         AND feed.sequence >= (SELECT MIN(sequence) FROM (SELECT sequence {fresh}) AS first) \
         AND feed.sequence <= (SELECT MAX(sequence) FROM (SELECT sequence {fresh}) AS last)"
    );
    let now = Utc::now().trunc_subsecs(3);
    let found = run(&tx, &sql, [sealed.into(), now.into()]).await?;
    let found = i64::try_from(found).unwrap_or_default();
    move_to(&tx, "sealed", sealed + found).await?;
    // What webhooks are to get is kept with it, or not at all.
    deliveries::derive(&tx, sealed, sealed + found, now).await?;
    tx.commit().await?;
    Ok((sealed + found, found == BATCH))
}

/// The position that a name stands at, which nobody else moves until this transaction ends.
pub(super) async fn held(tx: &Tx, name: &str) -> Result<i64, Error> {
    // An update that changes nothing takes the lock on both engines.
    let sql = "UPDATE feed_state SET position = position WHERE name = $1 RETURNING position";
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [name.into()]);
    let row = tx.query_one_raw(statement).await?.ok_or_else(nowhere)?;
    Ok(row.try_get("", "position")?)
}

/// The position that a name stands at.
pub(super) async fn stands_at(tx: &Tx, name: &str) -> Result<i64, Error> {
    let sql = "SELECT position FROM feed_state WHERE name = $1";
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [name.into()]);
    let row = tx.query_one_raw(statement).await?.ok_or_else(nowhere)?;
    Ok(row.try_get("", "position")?)
}

/// Moves a name to a position; its row is held.
pub(super) async fn move_to(tx: &Tx, name: &str, position: i64) -> Result<(), Error> {
    let sql = "UPDATE feed_state SET position = $2 WHERE name = $1";
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [name.into(), position.into()]);
    tx.later(statement, None).await
}

/// Takes out of the feed what was sealed before an instant. The journal keeps its entries.
///
/// # Errors
/// When the database fails.
pub async fn prune(store: &Store, before: DateTime<Utc>) -> Result<(), Error> {
    let tx = store.begin().await?;
    let pruned = held(&tx, "pruned").await?;
    // What the chain does not have yet stays.
    let sql = "SELECT MAX(position) AS last FROM feed WHERE sealed_at < $1 \
               AND position <= (SELECT position FROM feed_state WHERE name = 'chained')";
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [before.into()]);
    let last: Option<i64> =
        tx.query_one_raw(statement).await?.map(|row| row.try_get("", "last")).transpose()?.flatten();
    if let Some(last) = last.filter(|last| *last > pruned) {
        run(&tx, "DELETE FROM feed WHERE position <= $1", [last.into()]).await?;
        move_to(&tx, "pruned", last).await?;
    }
    Ok(tx.commit().await?)
}

async fn run<const N: usize>(tx: &Tx, sql: &str, values: [Value; N]) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected())
}

fn nowhere() -> Error {
    Error::internal("read where the feed stands", "its row is missing")
}
