//! The outbox: what is to be sent to webhooks, who sends it, and what became of it.
//!
//! Rows come of the feed in the transaction that gives its entries their positions, so that every committed change is
//! in the outbox exactly once, whatever happens to the process in between. Whoever sends one first takes it for a
//! while: of several replicas one has it, and if that one dies another takes it when the time is out. A row keeps its
//! identifier over all attempts.

mod derive;
mod settle;
mod take;

pub(super) use derive::derive;
pub use settle::{Attempt, Outcome, Settled};
pub use take::{Delivery, Target, is_due, take, target};

use chrono::{DateTime, Utc};
use sea_orm::Statement;
use uuid::Uuid;

use super::{Store, Write};
use crate::db::Db;
use crate::problem::Error;

impl Write {
    /// Puts a delivery of a webhook's own test into the outbox, due at once; answers its identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enqueue_test(&self, webhook: Uuid, project: Option<Uuid>, event: &str) -> Result<Uuid, Error> {
        let id = Uuid::now_v7();
        let new = derive::New {
            id,
            webhook,
            project,
            event_id: format!("test_{id}"),
            event,
            sequence: None,
            due: self.now(),
            trace: self.trace(),
        };
        derive::insert(self.tx(), &[new], self.now(), self.by()).await?;
        Ok(id)
    }

    /// Makes a delivery due at once, with the whole ladder of attempts before it again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn redeliver(&self, delivery: Uuid) -> Result<(), Error> {
        let sql = "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = $2, delivered_at = NULL, \
                   version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1";
        let values = [delivery.into(), self.now().into(), self.by().into()];
        let backend = self.tx().get_database_backend();
        self.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }

    /// Takes away all deliveries of a webhook.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_deliveries(&self, webhook: Uuid) -> Result<(), Error> {
        let sql = "DELETE FROM webhook_deliveries WHERE webhook_id = $1";
        let backend = self.tx().get_database_backend();
        self.tx().execute_raw(Statement::from_sql_and_values(backend, sql, [webhook.into()])).await?;
        Ok(())
    }
}

/// Takes the deliveries that ended before an instant out of the log.
///
/// # Errors
/// When the database fails.
pub async fn prune(store: &Store, before: DateTime<Utc>) -> Result<(), Error> {
    let sql = "DELETE FROM webhook_deliveries WHERE state <> 'pending' AND updated_at < $1";
    store.run(sql, [before.into()]).await?;
    Ok(())
}
