//! `framdrift retention`: what the rules of retention reach, told or done.

use chrono::Utc;

use crate::app;
use crate::config::Config;
use crate::exchange::retention;
use crate::problem::Error;

/// Does it, or only tells.
///
/// # Errors
/// When the database fails; what was done before that stays so.
pub async fn run(config: &Config, dry_run: bool) -> Result<(), Error> {
    let database = app::open(config).await?;
    database.migrate().await?;
    let store = database.open().await?;
    let now = Utc::now();
    let effects = if dry_run {
        retention::due(&store.read, now).await?
    } else {
        retention::run(&store, now, config.erasures().as_deref()).await?
    };
    if effects.is_empty() {
        println!("There is no rule: everything is kept. Rules are at /api/v1/retention-rules.");
    }
    for effect in effects {
        let (class, action) = (effect.data_class, effect.action);
        println!("{class}: {action} {}, from before {}", effect.records, effect.before.date_naive());
    }
    database.close().await?;
    Ok(())
}
