//! Taking deliveries that are due, so that nobody else sends them meanwhile.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sea_orm::{DbErr, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Db, Found};
use crate::problem::Error;
use crate::store::Store;

/// How long whoever takes a delivery has it for itself: longer than an attempt can last.
const LEASE: TimeDelta = TimeDelta::seconds(40);
/// Most deliveries of one webhook on their way at a time, over all replicas: an endpoint that does not answer holds up
/// nothing but itself.
const OF_ONE: u32 = 4;

/// A delivery that was taken.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its identifier: the `webhook-id`.
    pub id: Uuid,
    /// The webhook.
    pub webhook: Uuid,
    /// The entry of the journal; `None` for a test.
    pub sequence: Option<i64>,
    /// The event's own name.
    pub event_id: String,
    /// What happened.
    pub event_type: String,
    /// Attempts before this one.
    pub attempts: i64,
    /// When it came into the outbox.
    pub created_at: DateTime<Utc>,
    /// The trace that it is part of, if whoever made the change said one.
    pub trace: Option<String>,
    /// The attempts before, as the log keeps them.
    pub log: Value,
    /// Until when it is taken; whoever holds another date has lost it.
    pub lease: DateTime<Utc>,
}

/// Where a delivery goes.
#[derive(Clone, Debug)]
pub struct Target {
    /// The address.
    pub url: String,
    /// Whether the webhook gets events.
    pub active: bool,
    /// The project of the webhook.
    pub project: Option<Uuid>,
    /// Who made the webhook, and sees what it gets.
    pub maker: Option<Uuid>,
    /// The version of its secret.
    pub secret_version: i64,
    /// When the secret was rotated.
    pub secret_rotated_at: Option<DateTime<Utc>>,
}

/// Whether something waits to be sent, asked without taking it.
///
/// # Errors
/// When the database fails.
pub async fn is_due(store: &Store, now: DateTime<Utc>) -> Result<bool, Error> {
    let sql = "SELECT 1 AS one FROM webhook_deliveries WHERE state = 'pending' AND next_attempt_at <= $1 \
               AND (lease_until IS NULL OR lease_until < $1) LIMIT 1";
    let statement = Statement::from_sql_and_values(store.read.get_database_backend(), sql, [now.into()]);
    Ok(store.read.query_one_raw(statement).await?.is_some())
}

/// Takes deliveries that are due, the oldest of each webhook first. The condition on the lease stands twice: a replica
/// that waited for another's row looks at it again as it is then, and leaves it alone. Those on their way still count
/// among the first of their webhook.
///
/// # Errors
/// When the database fails.
pub async fn take(store: &Store, now: DateTime<Utc>, most: usize) -> Result<Vec<Delivery>, Error> {
    let sql = format!(
        "UPDATE webhook_deliveries SET lease_until = $2 WHERE id IN (SELECT id FROM (\
           SELECT id, lease_until, next_attempt_at, ROW_NUMBER() OVER (PARTITION BY webhook_id ORDER BY next_attempt_at, id) AS place \
           FROM webhook_deliveries WHERE state = 'pending' AND next_attempt_at <= $1) AS due \
         WHERE place <= {OF_ONE} AND (lease_until IS NULL OR lease_until < $1) ORDER BY next_attempt_at, id LIMIT {most}) \
         AND state = 'pending' AND (lease_until IS NULL OR lease_until < $1) \
         RETURNING id, webhook_id, sequence, event_id, event_type, attempts, created_at, traceparent, log"
    );
    let lease = (now + LEASE).trunc_subsecs(3);
    let tx = store.begin().await?;
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), lease.into()]);
    let taken = tx.query_all_raw(statement).await?;
    tx.commit().await?;
    Ok(taken.iter().map(|row| read(row, lease)).collect::<Result<_, _>>()?)
}

fn read(row: &Found, lease: DateTime<Utc>) -> Result<Delivery, DbErr> {
    Ok(Delivery {
        id: row.try_get("", "id")?,
        webhook: row.try_get("", "webhook_id")?,
        sequence: row.try_get("", "sequence")?,
        event_id: row.try_get("", "event_id")?,
        event_type: row.try_get("", "event_type")?,
        attempts: row.try_get("", "attempts")?,
        created_at: row.try_get("", "created_at")?,
        trace: row.try_get("", "traceparent")?,
        log: row.try_get("", "log")?,
        lease,
    })
}

/// Where the deliveries of a webhook go now; `None` when it is gone.
///
/// # Errors
/// When the database fails.
pub async fn target(db: &impl Db, webhook: Uuid) -> Result<Option<Target>, Error> {
    let sql =
        "SELECT url, state, project_id, created_by, secret_version, secret_rotated_at FROM webhooks WHERE id = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [webhook.into()]);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some(Target {
        url: row.try_get("", "url")?,
        active: row.try_get::<String>("", "state")? == "active",
        project: row.try_get("", "project_id")?,
        maker: row.try_get("", "created_by")?,
        secret_version: row.try_get("", "secret_version")?,
        secret_rotated_at: row.try_get("", "secret_rotated_at")?,
    }))
}
