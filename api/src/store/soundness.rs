//! Whether the SQLite file is what SQLite wrote. It is asked at every start, while the service serves already: a file of a
//! gigabyte takes seconds to read.

use std::path::Path;
use std::time::Instant;

use sea_orm::{ConnectionTrait, Database as SeaDatabase, DbBackend, DbErr, RuntimeErr, Statement};

use super::files::FILE;
use super::settings::sqlite_options;
use crate::problem::Error;

/// Most faults that are told of.
const TOLD: usize = 5;

/// Reads the whole file of a data directory and checks its structure (`PRAGMA quick_check`), on a connection of its own: those of the
/// service are free, and writers go on. What was changed inside a value is not found by it.
///
/// # Errors
/// When the file is damaged. That it could not be read to its end says nothing of it, and is logged.
pub async fn sound(directory: &Path) -> Result<(), Error> {
    let began = Instant::now();
    match found(&directory.join(FILE)).await {
        Ok(faults) if faults == ["ok"] => {
            let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(duration_ms, "The database file is sound");
            Ok(())
        }
        Ok(faults) => Err(damaged(directory, &faults.join("; "))),
        Err(error) if is_damage(&error) => Err(damaged(directory, &error.to_string())),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "Whether the database file is sound is not known");
            Ok(())
        }
    }
}

/// An error of the database of a data directory, said so that whoever runs the service knows what to do where the file is damaged.
#[must_use]
pub fn explained(directory: &Path, error: Error) -> Error {
    match error {
        Error::Database(cause) if is_damage(&cause) => damaged(directory, &cause.to_string()),
        other => other,
    }
}

/// Why what a database holds could not be used: a value that nobody can read is mostly what is left of a damaged file, so the file
/// is read as [`sound`] does.
pub async fn suspected(directory: &Path, error: Error) -> Error {
    let error = explained(directory, error);
    sound(directory).await.err().unwrap_or(error)
}

fn damaged(directory: &Path, what: &str) -> Error {
    let file = directory.join(FILE);
    let why = format!(
        "{} is damaged: {what}. It is not served, so that nothing wrong is answered or written; restore a backup",
        file.display()
    );
    Error::internal("trust the database", why)
}

async fn found(file: &Path) -> Result<Vec<String>, DbErr> {
    let reader = SeaDatabase::connect(sqlite_options(&format!("sqlite://{}?mode=rw", file.display()), 1, true)).await?;
    let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA quick_check({TOLD})"));
    let faults = reader.query_all_raw(statement).await?.iter().map(|row| row.try_get_by_index(0)).collect();
    reader.close().await?;
    faults
}

/// SQLite's own words for it: CORRUPT (11) and NOTADB (26), in the lowest byte of its codes.
fn is_damage(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    let code = cause.as_database_error().and_then(|refusal| refusal.code()?.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
}
