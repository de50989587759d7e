//! Secrets that all replicas share, made by the first that needs one.

use aws_lc_rs::rand;
use sea_orm::{ConnectionTrait, Statement};

use super::Store;
use crate::problem::Error;

/// The 32 random bytes of a name; the first process that asks makes them.
///
/// # Errors
/// When the database fails.
pub async fn secret(store: &Store, name: &str) -> Result<Vec<u8>, Error> {
    let mut fresh = [0_u8; 32];
    rand::fill(&mut fresh).map_err(|error| Error::internal("draw random bytes", error))?;
    keep(store, name, fresh.to_vec()).await
}

/// Keeps a secret under a name unless there is one already; answers the one that is kept.
///
/// # Errors
/// When the database fails.
pub async fn keep(store: &Store, name: &str, fresh: Vec<u8>) -> Result<Vec<u8>, Error> {
    let tx = store.begin().await?;
    let backend = tx.get_database_backend();
    let insert = "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.execute_raw(Statement::from_sql_and_values(backend, insert, [name.into(), fresh.into()])).await?;
    let select = Statement::from_sql_and_values(backend, "SELECT value FROM secrets WHERE name = $1", [name.into()]);
    let kept = tx.query_one_raw(select).await?.map(|row| row.try_get("", "value")).transpose()?;
    tx.commit().await?;
    kept.ok_or_else(|| Error::internal("keep a secret", "it is not there after it was kept"))
}
