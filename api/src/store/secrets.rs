//! Secrets that all replicas share, made by the first that needs one.

use aws_lc_rs::rand;
use sea_orm::{DbErr, Statement};

use super::{Store, Writer};
use crate::db::{Db, Found};
use crate::problem::Error;

/// The 32 random bytes of a name; the first process that asks makes them.
///
/// # Errors
/// When the database fails.
pub async fn secret(store: &Store, name: &str) -> Result<Vec<u8>, Error> {
    keep(store, name, || {
        let mut fresh = [0_u8; 32];
        rand::fill(&mut fresh).map_err(|error| Error::internal("draw random bytes", error))?;
        Ok(fresh.to_vec())
    })
    .await
}

/// The secret that is kept under a name; makes and keeps one where there is none.
///
/// It looks before it makes: the first random bytes of a process cost more than the rest of its start, since the
/// library gathers entropy of its own for them.
///
/// # Errors
/// When the database fails, or no secret can be made.
pub async fn keep(store: &Store, name: &str, make: impl FnOnce() -> Result<Vec<u8>, Error>) -> Result<Vec<u8>, Error> {
    if let Some(kept) = kept(&store.read, name).await? {
        return Ok(kept);
    }
    let fresh = make()?;
    let tx = store.begin().await?;
    let insert = "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    let values = [name.into(), fresh.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), insert, values)).await?;
    let kept = kept(&tx, name).await?;
    tx.commit().await?;
    kept.ok_or_else(|| Error::internal("keep a secret", "it is not there after it was kept"))
}

async fn kept(db: &impl Db, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT value FROM secrets WHERE name = $1";
    let select = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    Ok(db.query_one_raw(select).await?.map(|row| row.try_get("", "value")).transpose()?)
}

/// The secrets of a name and of those that go on from it (`name/…`), each with its whole name.
///
/// # Errors
/// When the database fails.
pub(super) async fn secrets_of(db: &impl Db, name: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let sql = "SELECT name, value FROM secrets WHERE name = $1 OR name LIKE $2 ORDER BY name";
    let values = [name.into(), format!("{name}/%").into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let read = |row: &Found| Ok((row.try_get("", "name")?, row.try_get("", "value")?));
    Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
}

/// Keeps a secret under a new name and lets others go, in one transaction. What callers were found by is looked at anew.
///
/// # Errors
/// When the database fails.
pub(super) async fn replace_secrets(store: &Store, gone: &[&str], name: &str, fresh: Vec<u8>) -> Result<(), Error> {
    let write = store.write(Writer::service(None)).await?;
    let (tx, backend) = (write.tx(), write.tx().get_database_backend());
    for name in gone {
        let sql = "DELETE FROM secrets WHERE name = $1";
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [(*name).into()])).await?;
    }
    let sql = "INSERT INTO secrets (name, value) VALUES ($1, $2)";
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [name.into(), fresh.into()])).await?;
    write.commit().await
}
