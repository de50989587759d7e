//! Follows the keys that sign access tokens: another process rotates them, on the same database.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::http::Shared;
use crate::store::{Store, signing};

/// How soon this process knows a key that another has made, or that one is gone.
const SOON: Duration = Duration::from_secs(10);

/// Reads the keys anew from time to time. Where this process alone has the database, nobody else rotates them.
pub(super) async fn follow(store: Store, shared: Arc<Shared>) {
    if store.is_alone() {
        return;
    }
    let mut clock = tokio::time::interval(SOON);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        match signing::keys(&store).await {
            Ok(keys) => {
                if shared.issuer.take(keys) {
                    shared.recent.forget();
                    tracing::info!("The keys that sign access tokens are others now");
                }
            }
            Err(error) => tracing::warn!(error = error.with_causes(), "The keys of tokens are read at the next turn"),
        }
    }
}
