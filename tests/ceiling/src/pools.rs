//! The ceiling: a pool of sqlx connections of either engine, as most services have one.

use std::io;
use std::time::Duration;

use chrono::{NaiveDate, Utc};
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, FromRow, Row};
use uuid::Uuid;

use crate::rows::{self, Milestone, New};
use crate::served::{Fault, Rows};

/// A pool for each worker: a connection stays with the reactor that opened it.
pub fn postgres(address: &str) -> io::Result<impl AsyncFn() -> Result<Pools<PgPool>, Fault> + Clone + Send + 'static> {
    let options: PgConnectOptions = address.parse().map_err(io::Error::other)?;
    let options = options.statement_cache_capacity(256);
    Ok(async move || {
        let pool = PgPoolOptions::new().max_connections(4).test_before_acquire(false);
        let pool = pool.connect_with(options.clone()).await?;
        Ok(Pools { read: pool.clone(), write: pool, begin: "BEGIN" })
    })
}

/// A reader for each worker, and one writer.
pub async fn sqlite(
    file: &str,
    workers: usize,
) -> io::Result<impl AsyncFn() -> Result<Pools<SqlitePool>, Fault> + Clone + Send + 'static> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("cache_size", "-4096")
        .pragma("temp_store", "memory")
        .pragma("secure_delete", "ON");
    let pool = |most| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
    let readers = u32::try_from(workers).unwrap_or(1);
    let read = pool(readers).connect_with(options.clone()).await.map_err(io::Error::other)?;
    let write = pool(1).connect_with(options).await.map_err(io::Error::other)?;
    let pools = Pools { read, write, begin: "BEGIN IMMEDIATE" };
    Ok(async move || Ok(pools.clone()))
}

/// The pools of a worker.
#[derive(Clone)]
pub struct Pools<P> {
    read: P,
    write: P,
    begin: &'static str,
}

/// The same statements for a pool of either engine.
macro_rules! rows {
    ($pool:ty, $row:ty, $engine:ty, $behind:expr) => {
        impl FromRow<'_, $row> for Milestone {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(rows::milestone!(row, try_get))
            }
        }

        impl Pools<$pool> {
            /// Adds an entry of the journal.
            async fn note(
                tx: &mut <$engine as sqlx::Database>::Connection,
                (id, project, version): (Uuid, Uuid, i64),
                after: Value,
            ) -> sqlx::Result<()> {
                let query = sqlx::query(rows::NOTE).bind(id).bind(project).bind(version);
                query.bind(Utc::now()).bind(Json(after)).execute(tx).await.map(drop)
            }
        }

        impl Rows for Pools<$pool> {
            async fn one(&self, id: Uuid) -> Result<Milestone, Fault> {
                let query = sqlx::query_as::<_, Milestone>(AssertSqlSafe(rows::one()));
                Ok(query.bind(Utc::now().date_naive()).bind(id).fetch_one(&self.read).await?)
            }

            async fn page(&self, project: Uuid, after: Option<(NaiveDate, Uuid)>) -> Result<Vec<Milestone>, Fault> {
                let query = sqlx::query_as::<_, Milestone>(AssertSqlSafe(rows::page(after.map(|_| $behind))));
                let query = query.bind(Utc::now().date_naive()).bind(project);
                let query = match after {
                    Some((on, last)) => query.bind(on).bind(last),
                    None => query,
                };
                Ok(query.fetch_all(&self.read).await?)
            }

            async fn create(&self, id: Uuid, new: New) -> Result<(), Fault> {
                let mut tx = self.write.begin_with(self.begin).await?;
                let query = sqlx::query(rows::INSERT).bind(id).bind(Utc::now()).bind(&new.title);
                query.bind(new.project_id).bind(&new.number).bind(new.planned_on).execute(&mut *tx).await?;
                let after = rows::after(id, &new.title, &new.number);
                Self::note(&mut tx, (id, new.project_id, 1), after).await?;
                Ok(tx.commit().await?)
            }

            async fn change(&self, before: Milestone, title: String) -> Result<(), Fault> {
                let mut tx = self.write.begin_with(self.begin).await?;
                let query = sqlx::query(rows::UPDATE).bind(Utc::now()).bind(&title);
                query.bind(before.id).bind(before.version).execute(&mut *tx).await?;
                let after = rows::after(before.id, &title, &before.number);
                Self::note(&mut tx, (before.id, before.project_id, before.version + 1), after).await?;
                Ok(tx.commit().await?)
            }
        }
    };
}

rows!(SqlitePool, SqliteRow, sqlx::Sqlite, rows::BEHIND_FROM);
rows!(PgPool, PgRow, sqlx::Postgres, rows::BEHIND);
