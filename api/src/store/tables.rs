//! Whether the tables are those of this binary: what brings them up to date, and what a database of a newer version is told by.
//!
//! While replicas are exchanged one by one, an older one goes on with tables that a newer one has added to. It does not start with
//! them: what has been added since may be what a newer one relies on.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use sea_orm_migration::IntoSchemaManagerConnection;

use crate::problem::Error;

/// Makes the tables, or what of them is missing.
///
/// # Errors
/// When they are of a newer version, or a step fails.
pub(super) async fn up<'c, C>(db: &'c C) -> Result<(), Error>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    Migrator::install(db).await?;
    let done = done(db).await?;
    if let Some(step) = later(&done) {
        return Err(Error::internal("start", format!("the database {}", newer(&step))));
    }
    // Nearly every start: the migrator would ask the same again.
    if !are_all(&done) {
        Migrator::up(db, None).await?;
    }
    Ok(())
}

/// The steps that a database has. Asked in one plain read: the migrator's own question would make its table first, which readers may
/// not.
pub(super) async fn done(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), "SELECT version FROM seaql_migrations");
    db.query_all_raw(statement).await?.iter().map(|row| row.try_get("", "version")).collect()
}

/// Whether all steps of this binary are among them.
pub(super) fn are_all(done: &BTreeSet<String>) -> bool {
    Migrator::migrations().iter().all(|step| done.contains(step.name()))
}

/// The last of those that this binary does not know.
pub(super) fn later(done: &BTreeSet<String>) -> Option<String> {
    let known = Migrator::migrations();
    done.iter().rfind(|step| known.iter().all(|known| known.name() != step.as_str())).cloned()
}

/// What is said of a database that has such a step.
pub(super) fn newer(step: &str) -> String {
    format!("comes from a newer version of Framdrift (it has the step {step}): take that one or a later")
}
