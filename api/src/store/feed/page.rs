//! One page of the feed.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{DbErr, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{Db, Found};
use crate::facts::row;
use crate::problem::{Error, codes};

/// What of the journal the feed tells.
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

/// An entry of the journal as the feed tells of it: that something happened, never what the record holds.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the feed.
    pub position: i64,
    /// Its number in the journal.
    pub sequence: i64,
    /// The event's name.
    pub event: String,
    /// The kind of record.
    pub kind: String,
    /// The record.
    pub record: Uuid,
    /// Its project, if it is of one.
    pub project: Option<Uuid>,
    /// Its version after the write.
    pub version: i64,
    /// What sort of caller wrote it.
    pub actor_kind: String,
    /// The user or client.
    pub actor: Option<Uuid>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Why, as the caller said.
    pub reason: Option<String>,
}

/// Where to go on in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With the oldest entry that is kept.
    Oldest,
    /// With what is yet to come.
    Now,
    /// After a position.
    After(i64),
}

/// A part of the feed.
#[derive(Clone, Debug)]
pub struct Page {
    /// The entries in their order.
    pub entries: Vec<Entry>,
    /// The position to go on after: everything up to it has been looked at.
    pub next: i64,
}

impl Entry {
    /// The stable name of the event.
    #[must_use]
    pub fn id(&self) -> String {
        format!("evt_{}", self.sequence)
    }

    /// The entry as the feed and webhooks tell it. Who and why is for those who see all of the record.
    #[must_use]
    pub fn json(&self, sees_all: bool) -> Value {
        let actor = sees_all.then(|| json!({ "kind": self.actor_kind, "id": self.actor }));
        json!({
            "id": self.id(),
            "type": self.event,
            "at": row::instant(self.at),
            "record": { "kind": self.kind, "id": self.record },
            "projectId": self.project,
            "version": self.version,
            "actor": actor,
            "reason": self.reason.as_ref().filter(|_| sees_all),
        })
    }
}

/// The entries from a place on that meet a condition.
///
/// # Errors
/// 410 for a place that the feed no longer keeps, or that it has not reached since it was restored from a backup.
pub async fn page(db: &impl Db, condition: Condition, place: Place, limit: u64) -> Result<Page, Error> {
    let (pruned, sealed) = bounds(db).await?;
    let after = match place {
        Place::Oldest => pruned,
        Place::Now => sealed,
        Place::After(position) if (pruned..=sealed).contains(&position) => position,
        Place::After(_) => return Err((&codes::CURSOR_GONE).into()),
    };
    let mut query = select();
    query
        .cond_where(condition)
        .and_where(Expr::col(("feed", "position")).gt(after))
        .and_where(Expr::col(("feed", "position")).lte(sealed))
        .order_by(("feed", "position"), Order::Asc)
        .limit(limit);
    let entries = db.query_all(&query).await?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let whole = (entries.len() as u64) < limit;
    let next = entries.last().filter(|_| !whole).map_or(sealed, |last| last.position);
    Ok(Page { entries, next })
}

/// The entry of a sequence number, if it meets a condition; the journal has it even if the feed no longer does.
///
/// # Errors
/// When the database fails.
pub async fn entry(db: &impl Db, condition: Condition, sequence: i64) -> Result<Option<Entry>, Error> {
    let mut query = Query::select();
    query.expr_as(Expr::val(0_i64), "position").from("journal").cond_where(condition);
    query.columns(COLUMNS.map(|column| ("journal", column))).and_where(Expr::col(("journal", "sequence")).eq(sequence));
    Ok(db.query_one(&query).await?.as_ref().map(read).transpose()?)
}

/// How far the feed is cleared away, and how far it is sealed.
async fn bounds(db: &impl Db) -> Result<(i64, i64), Error> {
    let sql =
        "SELECT MIN(position) AS pruned, MAX(position) AS sealed FROM feed_state WHERE name IN ('pruned', 'sealed')";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let row = row.ok_or_else(super::nowhere)?;
    Ok((row.try_get("", "pruned")?, row.try_get("", "sealed")?))
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .column(("feed", "position"))
        .columns(COLUMNS.map(|column| ("journal", column)))
        .from("feed")
        .inner_join("journal", Expr::col(("journal", "sequence")).equals(("feed", "sequence")));
    query
}

fn read(row: &Found) -> Result<Entry, DbErr> {
    Ok(Entry {
        position: row.try_get("", "position")?,
        sequence: row.try_get("", "sequence")?,
        event: row.try_get("", "event")?,
        kind: row.try_get("", "record_kind")?,
        record: row.try_get("", "record_id")?,
        project: row.try_get("", "project_id")?,
        version: row.try_get("", "version")?,
        actor_kind: row.try_get("", "actor_kind")?,
        actor: row.try_get("", "actor_id")?,
        at: row.try_get("", "at")?,
        reason: row.try_get("", "reason")?,
    })
}
