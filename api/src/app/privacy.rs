//! What the service does about people's data by itself: erases again what a backup brought back, notes who saw whom, and lets go of
//! what is not kept any longer.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::Config;
use crate::exchange::erasure::reconcile;
use crate::exchange::retention;
use crate::problem::Error;
use crate::routes;
use crate::store::{Store, views};

/// How often the rules of retention are applied.
const RETENTION: Duration = Duration::from_secs(86_400);
/// How soon it is written down who has seen whose contact details.
const NOTED: Duration = Duration::from_millis(250);
/// The rules are first applied a while after the start, so that a service that is restarted often gets to it.
const FIRST: Duration = Duration::from_secs(600);

/// Before anybody is answered: what was erased after the backup that this database may come from goes from it too.
pub(super) async fn erased_since(config: &Config, store: &Store) -> Result<(), Error> {
    let Some(file) = config.erasures() else { return Ok(()) };
    let _ = routes::resources();
    let done = reconcile(store, &file).await?;
    if done.erased > 0 {
        tracing::warn!(
            erased = done.erased,
            "This database still had data of people that was erased: it is erased again"
        );
    }
    Ok(())
}

/// Writes down, a few times in a second, who has seen whose contact details.
pub(super) async fn note(store: Store) {
    loop {
        tokio::time::sleep(NOTED).await;
        if let Err(error) = views::flush(&store).await {
            tracing::warn!(error = error.with_causes(), "The log of access to personal data waits for its next turn");
        }
    }
}

/// Does once a day what the rules of retention say.
pub(super) async fn retain(store: Store, log: Option<PathBuf>) {
    let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + FIRST, RETENTION);
    loop {
        clock.tick().await;
        match retention::run(&store, chrono::Utc::now(), log.as_deref()).await {
            Ok(done) => {
                for effect in done.iter().filter(|effect| effect.records > 0) {
                    tracing::info!(
                        class = effect.data_class,
                        records = effect.records,
                        "No longer kept: {}",
                        effect.action
                    );
                }
            }
            Err(error) => tracing::warn!(error = error.with_causes(), "The rules of retention wait for the next day"),
        }
    }
}
