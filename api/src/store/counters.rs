//! The counters that every write advances: what the entity tags of reports are made of.

use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
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

impl Counters {
    /// What an entity tag of the project begins with: the same as long as nobody has written.
    #[must_use]
    pub fn state(self) -> String {
        format!("{}.{}", self.project.unwrap_or_default(), self.directory)
    }
}

/// The counters of a project and of the directory, which nobody else can advance until this transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn held(tx: &DatabaseTransaction, project: Uuid) -> Result<Counters, Error> {
    // An update that changes nothing takes the locks on both engines.
    let sql = "UPDATE scopes SET counter = counter WHERE id IN ($1, $2)";
    let values = [project.into(), DIRECTORY.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    counters(tx, project).await
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
