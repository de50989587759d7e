//! `framdrift erasure`: the log of erasures, and doing them again on a backup that was restored.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::app;
use crate::config::Config;
use crate::exchange::erasure::{Applied, apply};
use crate::problem::Error;
use crate::store::{Database, erasures, read_erasures};

/// What can be done with the log.
#[derive(Subcommand)]
pub enum ErasureCommand {
    /// Print every erasure, one JSON object in a line: keep it beside the backups
    Log,
    /// Do the erasures of a log that this database does not have, before a restored backup is served
    Apply {
        /// The log, as `framdrift erasure log` prints it
        file: PathBuf,
    },
}

/// Does it.
///
/// # Errors
/// When the log cannot be read, or the database fails; what was erased before that stays so.
pub async fn run(config: &Config, command: ErasureCommand) -> Result<(), Error> {
    let database = app::open(config).await?;
    database.migrate().await?;
    let store = database.open().await?;
    match command {
        ErasureCommand::Log => {
            for line in erasures(&store.read).await? {
                println!("{}", serde_json::to_string(&line).unwrap_or_default());
            }
        }
        ErasureCommand::Apply { file } => {
            println!("{}", told(apply(&store, &read_erasures(&file)?).await?));
            if let Some(own) = config.erasures() {
                store.keep_erasures(own).await?;
            }
        }
    }
    database.close().await?;
    Ok(())
}

/// Does once more, on a database that came from a backup, what was erased after the backup was made: what the log of this
/// service tells of, and what one says that was kept elsewhere. `None` where there is nothing that could tell.
///
/// # Errors
/// As [`run`].
pub async fn once_more(config: &Config, database: Database, kept: Option<&Path>) -> Result<Option<String>, Error> {
    let own = config.erasures();
    let mut lines = kept.map(read_erasures).transpose()?.unwrap_or_default();
    if let Some(own) = &own {
        lines.extend(read_erasures(own)?);
    }
    if lines.is_empty() {
        database.close().await?;
        return Ok(None);
    }
    database.migrate().await?;
    let store = database.open().await?;
    let applied = apply(&store, &lines).await?;
    if let Some(own) = own {
        store.keep_erasures(own).await?;
    }
    database.close().await?;
    Ok(Some(told(applied)))
}

fn told(applied: Applied) -> String {
    let Applied { erased, known, absent } = applied;
    format!("{erased} erased, {known} erased before, {absent} not in this database")
}
