//! What became of an attempt.

use chrono::{DateTime, Utc};
use entity::webhook_deliveries::{DeliveryError, DeliveryState};
use sea_orm::Statement;
use serde_json::{Value, json};

use super::Delivery;
use crate::db::Db;
use crate::facts::row;
use crate::problem::Error;
use crate::store::Write;

/// Attempts that the log of a delivery keeps.
const KEPT: usize = 20;

/// An attempt as it went.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// When it began.
    pub at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Why it failed, if it did.
    pub error: Option<DeliveryError>,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint has it.
    Delivered,
    /// Another attempt is due at an instant.
    Again(DateTime<Utc>),
    /// There is no other attempt.
    Failed,
    /// It is not for the webhook to know.
    Withheld,
}

impl Outcome {
    const fn state(self) -> DeliveryState {
        match self {
            Self::Delivered => DeliveryState::Delivered,
            Self::Again(_) => DeliveryState::Pending,
            Self::Failed => DeliveryState::Failed,
            Self::Withheld => DeliveryState::Withheld,
        }
    }
}

/// Whether an outcome was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It stands.
    Written,
    /// The delivery was no longer this process's: another took it, or it is gone.
    Lost,
}

impl Write {
    /// Writes what became of an attempt, and gives the delivery back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_delivery(
        &self,
        delivery: &Delivery,
        attempt: &Attempt,
        outcome: Outcome,
    ) -> Result<Settled, Error> {
        let next = match outcome {
            Outcome::Again(at) => Some(at),
            Outcome::Delivered | Outcome::Failed | Outcome::Withheld => None,
        };
        let delivered = (outcome == Outcome::Delivered).then_some(attempt.at);
        let sql = "UPDATE webhook_deliveries SET state = $3, attempts = attempts + 1, next_attempt_at = $4, delivered_at = $5, \
                   last_status = $6, last_error = $7, log = $8, lease_until = NULL, version = version + 1, updated_at = $9, \
                   updated_by = NULL WHERE id = $1 AND lease_until = $2";
        let values = [
            delivery.id.into(),
            delivery.lease.into(),
            outcome.state().code().into(),
            next.into(),
            delivered.into(),
            attempt.status.map(i64::from).into(),
            attempt.error.map(DeliveryError::code).into(),
            logged(&delivery.log, attempt).into(),
            self.now().into(),
        ];
        let backend = self.tx().get_database_backend();
        let done = self.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(if done.rows_affected() == 1 { Settled::Written } else { Settled::Lost })
    }

    /// Whether the endpoint of a delivery has taken nothing since the delivery came into the outbox.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn only_failures_since(&self, delivery: &Delivery) -> Result<bool, Error> {
        let sql = "SELECT 1 AS one FROM webhook_deliveries WHERE webhook_id = $1 AND delivered_at >= $2 LIMIT 1";
        let values = [delivery.webhook.into(), delivery.created_at.into()];
        let backend = self.tx().get_database_backend();
        Ok(self.tx().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?.is_none())
    }
}

fn logged(log: &Value, attempt: &Attempt) -> Value {
    let mut log = log.as_array().cloned().unwrap_or_default();
    log.push(json!({
        "at": row::instant(attempt.at),
        "durationMs": attempt.duration_ms,
        "status": attempt.status,
        "error": attempt.error,
    }));
    let old = log.len().saturating_sub(KEPT);
    log.drain(..old);
    log.into()
}
