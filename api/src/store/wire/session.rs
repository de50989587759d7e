//! A connection, and the statements that it knows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hashlink::LruCache;
use sea_orm::sea_query::Value;
use tokio_postgres::{Client, NoTls, Statement};

use super::Way;
use crate::db::wire::{Bound, Row, kind};
use crate::facts::cells::unfit;
use crate::store::failure::Lost;
use crate::store::settings::{BOUNDS, STATEMENTS};

/// What the driver of the pool tells its own.
const HABITS: &str = "SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'";

/// A connection. Clones are the same.
#[derive(Clone)]
pub(super) struct Session {
    client: Arc<Client>,
    known: Arc<Mutex<LruCache<String, Statement>>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// Opens a connection that is bound as the pool's are, and told something of its own.
    ///
    /// # Errors
    /// When the server cannot be reached, or does not let us in.
    pub(super) async fn open(way: &Way, own: &str) -> Result<Self, Lost> {
        let (client, connection) = way.0.connect(NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = &error as &dyn std::error::Error, "A connection to PostgreSQL has ended");
            }
        });
        client.batch_execute(&format!("{HABITS}; {BOUNDS}; {own}")).await?;
        let known = Arc::new(Mutex::new(LruCache::new(STATEMENTS)));
        Ok(Self { client: Arc::new(client), known })
    }

    /// Whether the server answers within this time.
    pub(super) async fn is_alive(&self, most: Duration) -> bool {
        tokio::time::timeout(most, self.client.check_connection()).await.is_ok_and(|answer| answer.is_ok())
    }

    /// Whether both are the same connection.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.client, &other.client)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether the server knows a statement by now: then its question is sent with its first turn.
    pub(super) fn knows(&self, sql: &str) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains_key(sql)
    }

    /// The statement of a text, made known if it is not.
    async fn statement(&self, sql: &str, values: &[Value]) -> Result<Statement, Lost> {
        if let Some(statement) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(sql) {
            return Ok(statement.clone());
        }
        let kinds: Option<Vec<_>> = values.iter().map(kind).collect();
        let kinds = kinds.ok_or_else(|| unfit(format!("a value that no statement has: {sql}")))?;
        let statement = self.client.prepare_typed(sql, &kinds).await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// The rows that a statement answers.
    pub(super) async fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Lost> {
        let statement = self.statement(sql, values).await?;
        let mut answered = std::pin::pin!(self.client.query_raw(&statement, values.iter().map(Bound)).await?);
        let mut rows = Vec::new();
        while let Some(row) = futures_util::StreamExt::next(&mut answered).await {
            rows.push(row?);
        }
        Ok(rows)
    }

    /// How many rows a statement touches.
    pub(super) async fn run(&self, sql: &str, values: &[Value]) -> Result<u64, Lost> {
        let statement = self.statement(sql, values).await?;
        Ok(self.client.execute_raw(&statement, values.iter().map(Bound)).await?)
    }

    /// Runs statements without values.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), Lost> {
        Ok(self.client.batch_execute(sql).await?)
    }
}
