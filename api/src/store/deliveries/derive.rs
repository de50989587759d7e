//! From the feed to the outbox.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{DbErr, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{Db, Found};
use crate::problem::Error;
use crate::store::Tx;
use crate::store::feed::{Filter, Names};
use crate::store::head;

/// Rows in one statement.
const BATCH: usize = 64;

/// A delivery that is to be made.
pub(super) struct New<'a> {
    pub id: Uuid,
    pub webhook: Uuid,
    pub project: Option<Uuid>,
    pub event_id: String,
    pub event: &'a str,
    pub sequence: Option<i64>,
    pub due: DateTime<Utc>,
    pub trace: Option<&'a str>,
}

/// A webhook that gets events.
struct Active {
    id: Uuid,
    project: Option<Uuid>,
    filter: Filter,
}

/// Makes deliveries of the entries after one position and up to another, for every webhook that is active and asks for
/// them. What its maker may see is decided when it is sent.
pub async fn derive(tx: &Tx, after: i64, to: i64, now: DateTime<Utc>) -> Result<(), Error> {
    for webhook in active(tx).await? {
        let found = wanted(tx, &webhook.filter, after, to).await?;
        let rows = found.iter().map(|entry| New {
            id: Uuid::now_v7(),
            webhook: webhook.id,
            project: webhook.project,
            event_id: format!("evt_{}", entry.sequence),
            event: &entry.event,
            sequence: Some(entry.sequence),
            due: entry.at,
            trace: entry.trace.as_deref(),
        });
        insert(tx, &rows.collect::<Vec<_>>(), now, None).await?;
    }
    Ok(())
}

/// An entry that a webhook asks for.
struct Happened {
    sequence: i64,
    event: String,
    at: DateTime<Utc>,
    trace: Option<String>,
}

async fn wanted(tx: &Tx, filter: &Filter, after: i64, to: i64) -> Result<Vec<Happened>, Error> {
    let mut query = Query::select();
    query
        .columns(["sequence", "event", "at"].map(|column| ("journal", column)))
        .column(("feed", "traceparent"))
        .from("feed")
        .inner_join("journal", Expr::col(("journal", "sequence")).equals(("feed", "sequence")))
        .cond_where(filter.condition())
        .and_where(Expr::col(("feed", "position")).gt(after))
        .and_where(Expr::col(("feed", "position")).lte(to))
        .order_by(("feed", "position"), Order::Asc);
    let read = |row: &Found| {
        let (sequence, event) = (row.try_get("", "sequence")?, row.try_get("", "event")?);
        Ok(Happened { sequence, event, at: row.try_get("", "at")?, trace: row.try_get("", "traceparent")? })
    };
    Ok(tx.query_all(&query).await?.iter().map(read).collect::<Result<_, DbErr>>()?)
}

async fn active(tx: &Tx) -> Result<Vec<Active>, Error> {
    let sql = "SELECT id, project_id, organisation_id, event_types FROM webhooks WHERE state = 'active'";
    let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    let read = |row: &Found| {
        let types: Value = row.try_get("", "event_types")?;
        let types = types.as_array().into_iter().flatten().filter_map(|name| Names::read(name.as_str()?)).collect();
        let project = row.try_get("", "project_id")?;
        let filter = Filter { types, project, organisation: row.try_get("", "organisation_id")? };
        Ok(Active { id: row.try_get("", "id")?, project, filter })
    };
    Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
}

/// Adds deliveries.
pub(super) async fn insert(tx: &Tx, rows: &[New<'_>], now: DateTime<Utc>, by: Option<Uuid>) -> Result<(), Error> {
    for rows in rows.chunks(BATCH) {
        let mut insert = Query::insert();
        insert.into_table("webhook_deliveries").columns(head::COLUMNS.into_iter().chain([
            "webhook_id",
            "project_id",
            "event_id",
            "event_type",
            "sequence",
            "state",
            "attempts",
            "next_attempt_at",
            "traceparent",
            "log",
        ]));
        for row in rows {
            insert.values_panic(head::values(row.id, now, by).into_iter().chain([
                Expr::val(row.webhook),
                Expr::val(row.project),
                Expr::val(row.event_id.as_str()),
                Expr::val(row.event),
                Expr::val(row.sequence),
                Expr::val("pending"),
                Expr::val(0_i64),
                Expr::val(row.due),
                Expr::val(row.trace.map(str::to_owned)),
                Expr::val(json!([])),
            ]));
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}
