//! The journal: one entry per write, in the same transaction. It is history, audit trail and change feed in one.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, InsertStatement, Order, Query, SelectStatement, WithClause};
use sea_orm::{DbBackend, DbErr, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::chain::form::ERASED;
use super::put::{Held, PUT, behind, part, unfit, whole};
use crate::access::Actor;
use crate::db::{Db, Found};
use crate::facts::{self, Change, Facts, row};
use crate::problem::Error;
use crate::store::{Source, Tx};

pub(super) const TABLE: &str = "journal";
/// What the part of a statement is called that appends entries.
const ENTERED: &str = "entered";
const COLUMNS: [&str; 13] = [
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
    "before",
    "after",
    "via",
];

/// One entry of the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the sequence.
    pub sequence: i64,
    /// The event's name, for example `milestone.rescheduled`.
    pub event: String,
    /// The kind of record.
    pub kind: String,
    /// The record.
    pub record: Uuid,
    /// Its project, if it is of one.
    pub project: Option<Uuid>,
    /// Its version after the write.
    pub version: i64,
    /// `user`, `client`, `organisation`, `operator` or `service`.
    pub actor_kind: String,
    /// The user, client or organisation.
    pub actor: Option<Uuid>,
    /// The token of another issuer that it came with: issuer, client there, supplier.
    pub via: Option<Value>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, as the caller said in `X-Change-Reason`.
    pub reason: Option<String>,
    /// The record before.
    pub before: Option<Value>,
    /// The record after.
    pub after: Option<Value>,
}

impl Entry {
    /// The entry as the history shows it.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "sequence": self.sequence,
            "event": self.event,
            "version": self.version,
            "at": row::instant(self.at),
            "actor": { "kind": self.actor_kind, "id": self.actor, "via": self.via },
            "reason": self.reason,
            "before": self.before.as_ref().map(shown),
            "after": self.after.as_ref().map(shown),
        })
    }
}

/// A version as people see it: of what was erased, when and which fields; the digests are the chain's.
fn shown(version: &Value) -> Value {
    let mut version = version.clone();
    if let Some(erased) = version.get_mut(ERASED).and_then(Value::as_object_mut) {
        erased.shift_remove("digests");
    }
    version
}

/// What the writer says of its changes.
pub(super) struct Note<'a> {
    pub actor: &'a Actor,
    pub at: DateTime<Utc>,
    pub reason: Option<&'a str>,
    /// The trace that the writes are part of: the feed keeps it for webhooks, it is nothing that history tells.
    pub trace: Option<&'a str>,
}

/// Appends the entries of changes, each under its event's name, in one statement; and tells the feed of them, where the engine
/// can in the same one.
pub(super) async fn append(db: &Tx, changes: &[(&Facts, &Change, String)], note: &Note<'_>) -> Result<(), Error> {
    let mut insert = entering();
    for (facts, change, event) in changes {
        insert.values_panic(entry(db.get_database_backend(), facts, change, event, note));
    }
    if db.get_database_backend() == DbBackend::Postgres {
        let mut parts = WithClause::new();
        parts.cte(part(insert, ENTERED));
        return db.later(whole(parts, fed_behind(note)?), None).await;
    }
    let mut feed = feeding(note);
    for row in db.query_all(&insert).await? {
        let sequence = Expr::val(row.try_get::<i64>("", "sequence")?);
        feed.values_panic(std::iter::once(sequence).chain(note.trace.map(Expr::val)));
    }
    db.execute(&feed).await?;
    Ok(())
}

/// One statement that writes a record, appends the entry of its change and tells the feed of it (PostgreSQL). It answers the record as
/// it is then; none where it no longer was as it was, and then nothing tells of it.
pub(super) fn appended(
    held: Held,
    (facts, change, event): &(&Facts, &Change, String),
    note: &Note<'_>,
) -> Result<Statement, DbErr> {
    let mut insert = entering();
    insert.select_from(behind(PUT, entry(DbBackend::Postgres, facts, change, event, note))).map_err(unfit)?;
    let mut parts = held.parts()?;
    parts.cte(part(insert, ENTERED)).cte(part(fed_behind(note)?, "fed"));
    Ok(whole(parts, Query::select().column(Asterisk).from(PUT).take()))
}

/// An entry that is to be given its values; it answers its number.
fn entering() -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(TABLE).columns(COLUMNS.into_iter().skip(1)).returning_col("sequence");
    insert
}

/// The row of the feed for an entry.
fn feeding(note: &Note<'_>) -> InsertStatement {
    let mut feed = Query::insert();
    feed.into_table("feed").columns(std::iter::once("sequence").chain(note.trace.map(|_| "traceparent")));
    feed
}

/// The same for the entries that a part of the statement appends.
fn fed_behind(note: &Note<'_>) -> Result<InsertStatement, DbErr> {
    let mut feed = feeding(note);
    let values = std::iter::once(Expr::col("sequence")).chain(note.trace.map(Expr::val));
    feed.select_from(behind(ENTERED, values)).map_err(unfit)?;
    Ok(feed)
}

/// The values of an entry in the order of the columns; the sequence is the database's.
fn entry(engine: DbBackend, facts: &Facts, change: &Change, event: &str, note: &Note<'_>) -> [Expr; COLUMNS.len() - 1] {
    let record = change.row();
    let project = if facts.path == "projects" { Some(record.id()) } else { record.uuid("projectId") };
    let version = record.version() + i64::from(change.after().is_none());
    let json = |side: Option<&row::Row>| stored_only(engine, facts, side);
    [
        Expr::val(event),
        Expr::val(facts.kind),
        Expr::val(record.id()),
        Expr::val(project),
        Expr::val(version),
        Expr::val(note.actor.kind),
        Expr::val(note.actor.id),
        Expr::val(note.at),
        Expr::val(note.reason.map(str::to_owned)),
        json(change.before()),
        json(change.after()),
        Expr::val(note.actor.via.as_deref().map(|via| json!(via))),
    ]
}

/// Computed fields are not what was written: the journal keeps what the table keeps. It is written as text, which PostgreSQL reads as
/// it reads JSON that is sent as such, and SQLite keeps.
fn stored_only(engine: DbBackend, facts: &Facts, record: Option<&row::Row>) -> Expr {
    let text = record.map(|record| {
        row::json_of(facts.stored().filter_map(|field| Some((field.name.as_str(), record.0.get(&field.name)?))))
    });
    match engine {
        DbBackend::Postgres => Expr::val(text).cast_as("jsonb"),
        _ => Expr::val(text),
    }
}

/// The entries of one record, newest first, from before a sequence number.
///
/// # Errors
/// When the database fails.
pub async fn history(
    db: &impl Db,
    kind: &str,
    record: Uuid,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Entry>, DbErr> {
    let mut query = of_record(kind, record);
    query.order_by("sequence", Order::Desc).limit(limit);
    if let Some(before) = before {
        query.and_where(Expr::col("sequence").lt(before));
    }
    db.query_all(&query).await?.iter().map(read).collect()
}

/// Whether a record was deleted, last of all that happened to it; of one of these projects, unless all count. What is of
/// another project takes as long to ask about as what never was.
///
/// # Errors
/// When the database fails.
pub async fn was_deleted(db: &impl Db, kind: &str, record: Uuid, projects: Option<Vec<Uuid>>) -> Result<bool, DbErr> {
    let of = |query: &mut SelectStatement| {
        query.from(TABLE).and_where(Expr::col("record_kind").eq(kind)).and_where(Expr::col("record_id").eq(record));
    };
    let (mut last, mut query) = (Query::select(), Query::select());
    of(last.expr(Expr::col("sequence").max()));
    of(query.column("sequence"));
    query.and_where(Expr::col("after").is_null()).and_where(Expr::col("sequence").in_subquery(last));
    if let Some(projects) = projects {
        query.and_where(Expr::col("project_id").is_in(projects));
    }
    Ok(db.query_one(&query).await?.is_some())
}

/// The entries of a project under some events' names, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_events(source: &impl Source, project: Uuid, events: &[&str]) -> Result<Vec<Entry>, DbErr> {
    let mut query = of_project(project);
    query.and_where(Expr::col("event").is_in(events.iter().copied()));
    let engine = source.connection().get_database_backend();
    source.short(engine.build(&query)).await?.iter().map(read).collect()
}

/// The entries of a project after an instant, oldest first, without what comes by the hundred thousand and what is worked out from others.
///
/// # Errors
/// When the database fails.
pub async fn since(db: &impl Db, project: Uuid, at: DateTime<Utc>) -> Result<Vec<Entry>, DbErr> {
    let many = facts::all().iter().filter(|facts| facts.many || facts.derived).map(|facts| facts.kind);
    let mut query = of_project(project);
    query.and_where(Expr::col("at").gt(at)).and_where(Expr::col("record_kind").is_not_in(many));
    db.query_all(&query).await?.iter().map(read).collect()
}

/// A record as it stood before an instant; before its first version as that was made, and `None` where nobody wrote it.
///
/// # Errors
/// When the database fails.
pub async fn stood(db: &impl Db, kind: &str, record: Uuid, before: DateTime<Utc>) -> Result<Option<row::Row>, DbErr> {
    let written = || {
        let mut query = of_record(kind, record);
        query.and_where(Expr::col("after").is_not_null()).limit(1);
        query
    };
    let mut until = written();
    until.and_where(Expr::col("at").lt(before)).order_by("sequence", Order::Desc);
    let mut first = written();
    first.order_by("sequence", Order::Asc);
    for query in [until, first] {
        if let Some(found) = db.query_one(&query).await? {
            return Ok(read(&found)?.after.and_then(|after| after.as_object().cloned()).map(row::Row));
        }
    }
    Ok(None)
}

/// Entries, to be chosen from.
pub(super) fn entries() -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS).from(TABLE);
    query
}

fn of_record(kind: &str, record: Uuid) -> SelectStatement {
    let mut query = entries();
    query.and_where(Expr::col("record_id").eq(record)).and_where(Expr::col("record_kind").eq(kind));
    query
}

/// Oldest first.
fn of_project(project: Uuid) -> SelectStatement {
    let mut query = entries();
    query.and_where(Expr::col("project_id").eq(project)).order_by("sequence", Order::Asc);
    query
}

pub(super) fn read(row: &Found) -> Result<Entry, DbErr> {
    Ok(Entry {
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
        before: row.try_get("", "before")?,
        after: row.try_get("", "after")?,
        via: row.try_get("", "via")?,
    })
}
