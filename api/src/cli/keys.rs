//! `framdrift keys`: another key signs access tokens from now on.

use chrono::{SecondsFormat, TimeDelta, Utc};
use clap::Subcommand;

use crate::access::signing::{AHEAD, Former};
use crate::app;
use crate::config::Config;
use crate::problem::Error;
use crate::store::signing::rotate;

/// What can be done with the keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make a new key; the former one is known until its tokens have ended. On SQLite with the service stopped
    Rotate {
        /// Seconds for which every process knows the new key before it signs
        #[arg(long, value_name = "SECONDS", default_value_t = AHEAD.num_seconds(), value_parser = clap::value_parser!(i64).range(0..=86_400))]
        after: i64,
        /// Refuse every token of the former keys: when one has come into wrong hands
        #[arg(long, conflicts_with = "after")]
        at_once: bool,
    },
}

/// Does it.
///
/// # Errors
/// When the database fails.
pub async fn run(config: &Config, command: KeysCommand) -> Result<(), Error> {
    let KeysCommand::Rotate { after, at_once } = command;
    let database = app::open(config).await?;
    database.migrate().await?;
    let store = database.open().await?;
    let former = if at_once { Former::Refused } else { Former::Kept };
    let (kid, from) = rotate(&store, Utc::now(), TimeDelta::seconds(after), former).await?;
    database.close().await?;
    println!("Key {kid} signs from {}.", from.to_rfc3339_opts(SecondsFormat::Secs, true));
    match former {
        Former::Kept => println!("The former key is known until its tokens have ended."),
        Former::Refused => {
            println!("Former keys are gone, and their tokens are refused: everywhere within ten seconds.")
        }
    }
    Ok(())
}
