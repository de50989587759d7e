//! The counters that every write advances: what the entity tags of reports are made of.

use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use crate::problem::Error;

/// The counter that writes to the directory (and to any project's own record) advance.
pub const DIRECTORY: Uuid = Uuid::nil();

/// How often a project, and the directory around it, have been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Writes to the project; `None` when there is no such project.
    pub project: Option<i64>,
    /// Writes to the directory.
    pub directory: i64,
}

/// The counters of a project and of the directory, in one statement.
///
/// # Errors
/// When the database fails.
pub async fn counters(db: &impl ConnectionTrait, project: Uuid) -> Result<Counters, Error> {
    let sql = "SELECT p.id AS id, s.counter AS counter FROM projects p JOIN scopes s ON s.id = p.id WHERE p.id = $1 \
               UNION ALL SELECT id, counter FROM scopes WHERE id = $2";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [project.into(), DIRECTORY.into()]);
    let mut counters = Counters::default();
    for row in db.query_all_raw(statement).await? {
        let counter: i64 = row.try_get("", "counter")?;
        if row.try_get::<Uuid>("", "id")? == DIRECTORY {
            counters.directory = counter
        } else {
            counters.project = Some(counter)
        }
    }
    Ok(counters)
}
