//! The ceiling: a pool of sqlx connections of either engine, as most services have one.

use std::io;
use std::time::Duration;

use chrono::{NaiveDate, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, FromRow, Row};
use uuid::Uuid;

use crate::reports::{Head, Portfolio, Project, Questions};
use crate::rows::{self, Former, Milestone, New};
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
    ($pool:ty, $row:ty, $engine:ty, $behind:expr, $former:expr) => {
        impl FromRow<'_, $row> for Milestone {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                Ok(rows::milestone!(row, try_get))
            }
        }

        impl Pools<$pool> {
            /// Adds the entry of the journal about a row.
            async fn note(
                tx: &mut <$engine as sqlx::Database>::Connection,
                row: &Milestone,
                former: Option<Former>,
            ) -> Result<(), Fault> {
                let query = sqlx::query(rows::NOTE).bind(row.id).bind(row.project_id).bind(row.version);
                let (before, after) = rows::versions(row, former)?;
                query.bind(Utc::now()).bind(before.map(Json)).bind(Json(after)).execute(tx).await?;
                Ok(())
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

            async fn create(&self, id: Uuid, new: New) -> Result<Milestone, Fault> {
                let mut tx = self.write.begin_with(self.begin).await?;
                let query = sqlx::query_as::<_, Milestone>(AssertSqlSafe(rows::insert()));
                let query = query.bind(id).bind(Utc::now()).bind(&new.title).bind(new.project_id).bind(&new.number);
                let query = query.bind(new.planned_on).bind(Utc::now().date_naive());
                let row = query.fetch_one(&mut *tx).await?;
                Self::note(&mut tx, &row, None).await?;
                tx.commit().await?;
                Ok(row)
            }

            async fn change(&self, id: Uuid, version: i64, title: String) -> Result<Milestone, Fault> {
                let mut tx = self.write.begin_with(self.begin).await?;
                let asked: Option<Former> = match $former {
                    Some(former) => Some(sqlx::query_as(former).bind(id).fetch_one(&mut *tx).await?),
                    None => None,
                };
                let query =
                    sqlx::query(AssertSqlSafe(if asked.is_some() { rows::update() } else { rows::update_telling() }));
                let query = query.bind(Utc::now()).bind(&title).bind(id).bind(version).bind(Utc::now().date_naive());
                let told = query.fetch_one(&mut *tx).await?;
                let row = Milestone::from_row(&told)?;
                let former = match asked {
                    Some(former) => former,
                    None => (told.try_get("was")?, told.try_get("since")?),
                };
                Self::note(&mut tx, &row, Some(former)).await?;
                tx.commit().await?;
                Ok(row)
            }

            async fn project(&self, asked: &Questions, id: Uuid, journal: bool) -> Result<Project, Fault> {
                let counters = sqlx::query_as(AssertSqlSafe(asked.counters.clone()));
                let counters = counters.bind(id).fetch_all(&self.read).await?;
                let records = sqlx::query_as(AssertSqlSafe(asked.picture.clone()));
                let records = records.bind(id).fetch_all(&self.read).await?;
                let mut entries = Vec::new();
                if journal {
                    let query = sqlx::query_as(AssertSqlSafe(asked.journal.clone()));
                    entries = query.bind(id).fetch_all(&self.read).await?;
                }
                Ok(Project { counters, records, entries })
            }

            async fn portfolio(&self, asked: &Questions) -> Result<Portfolio, Fault> {
                let happened = sqlx::query_scalar(AssertSqlSafe(asked.happened.clone())).fetch_one(&self.read).await?;
                let page = sqlx::query_as::<_, Head>(AssertSqlSafe(asked.page.clone()));
                let mut items = page.fetch_all(&self.read).await?;
                let next = (items.len() > 50).then(|| items.swap_remove(50).id);
                let mut told = sqlx::query_as(AssertSqlSafe(asked.told.clone()));
                let mut budgets = sqlx::query_as(AssertSqlSafe(asked.budgets.clone()));
                for head in &items {
                    told = told.bind(head.id);
                    budgets = budgets.bind(head.id);
                }
                let told = told.bind(Utc::now().date_naive()).fetch_all(&self.read).await?;
                let budgets = budgets.fetch_all(&self.read).await?;
                let webhooks = sqlx::query_as(AssertSqlSafe(asked.webhooks.clone())).fetch_all(&self.read).await?;
                Ok(Portfolio { happened, items, told, budgets, webhooks, next })
            }
        }
    };
}

rows!(SqlitePool, SqliteRow, sqlx::Sqlite, rows::BEHIND_FROM, Some(rows::FORMER));
rows!(PgPool, PgRow, sqlx::Postgres, rows::BEHIND, None::<&'static str>);
