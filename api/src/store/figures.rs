//! What operators measure of the database, asked when they ask.

use chrono::{DateTime, Utc};
use sea_orm::Statement;

use super::{Database, Store};
use crate::db::Db;
use crate::problem::Error;

/// Figures of the database and of this process's connections to it.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The sequence number of the newest entry of the journal.
    pub journal: i64,
    /// Entries that have no place in the feed yet; 1000 stands for more.
    pub unsealed: i64,
    /// Deliveries that wait for their next attempt.
    pub pending: i64,
    /// How long the delivery that waits longest has been due, in seconds; 0 when none is.
    pub overdue_seconds: f64,
    /// Open connections.
    pub open: i64,
    /// Those of them that nobody uses.
    pub idle: i64,
    /// Whether reads go to the standby, if there is one.
    pub standby: Option<bool>,
}

const SQL: &str = "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM journal) AS journal, \
    (SELECT COUNT(*) FROM (SELECT 1 AS one FROM feed WHERE position IS NULL LIMIT 1000) AS unsealed) AS unsealed, \
    (SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'pending') AS pending, \
    (SELECT MIN(next_attempt_at) FROM webhook_deliveries WHERE state = 'pending') AS next";

impl Figures {
    /// Asks for them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(database: &Database, store: &Store) -> Result<Self, Error> {
        let statement = Statement::from_string(store.read.get_database_backend(), SQL);
        let row = store.read.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| Error::internal("measure the database", "it answers nothing"))?;
        let next: Option<DateTime<Utc>> = row.try_get("", "next")?;
        let waited = next.map_or(0, |next| (Utc::now() - next).num_milliseconds().max(0));
        let (open, idle) = database.connections();
        Ok(Self {
            journal: row.try_get("", "journal")?,
            unsealed: row.try_get("", "unsealed")?,
            pending: row.try_get("", "pending")?,
            overdue_seconds: waited as f64 / 1000.0,
            open,
            idle,
            standby: database.standby().map(|standby| standby.is_up()),
        })
    }
}
