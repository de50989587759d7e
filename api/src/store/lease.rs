//! What one process at a time does for all replicas.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Store;
use crate::problem::Error;

/// Something that is done by whoever holds it, until it is given back or its holder is silent for too long. A process that is alone
/// with its database always holds it.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    name: &'static str,
    holder: Uuid,
    lasts: TimeDelta,
}

impl Lease {
    /// A lease that this process may take, under a name; it lasts for so long unless it is taken again.
    #[must_use]
    pub fn new(name: &'static str, lasts: TimeDelta) -> Self {
        Self { name, holder: Uuid::now_v7(), lasts }
    }

    /// Takes it, or keeps it for another while; false while somebody else has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take(&self, store: &Store, now: DateTime<Utc>) -> Result<bool, Error> {
        if store.is_alone() {
            return Ok(true);
        }
        let sql = "INSERT INTO leases (name, holder, held_until) VALUES ($1, $2, $4) ON CONFLICT (name) DO UPDATE \
                   SET holder = $2, held_until = $4 WHERE leases.holder = $2 OR leases.held_until < $3";
        let values = [self.name.into(), self.holder.into(), now.into(), (now + self.lasts).into()];
        Ok(store.run(sql, values).await? == 1)
    }

    /// Gives it back, so that nobody waits until it is out.
    ///
    /// # Errors
    /// When the database fails; it is out by itself then.
    pub async fn give_back(&self, store: &Store) -> Result<(), Error> {
        if store.is_alone() {
            return Ok(());
        }
        let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
        store.run(sql, [self.name.into(), self.holder.into()]).await?;
        Ok(())
    }
}
