//! The connection that all short reads of a worker share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sea_query::{PostgresQueryBuilder, SelectStatement, Value};
use tokio::sync::Mutex as AsyncMutex;

use super::Way;
use super::session::Session;
use crate::db::wire::Row;

/// What a read may take here.
const SHORT: &str = "SET statement_timeout = '50ms'; SET default_transaction_read_only = on";
/// How long a question that took longer is not put here again.
const LONG: Duration = Duration::from_secs(60);
/// Most questions that are remembered for it.
const MOST: usize = 256;
/// A connection that answers nothing for so long is given up: no question takes that long here.
const SILENT: Duration = Duration::from_secs(1);
/// After a connection could not be opened, none is tried for so long.
const REST: Duration = Duration::from_secs(1);

/// The reader of one worker; its connection is opened when it is first asked.
#[derive(Debug)]
pub(in crate::store) struct Reader {
    way: Way,
    session: AsyncMutex<Slot>,
    long: Mutex<HashMap<String, Instant>>,
}

#[derive(Debug, Default)]
struct Slot {
    open: Option<Session>,
    failed: Option<Instant>,
}

impl Reader {
    pub(in crate::store) fn of(way: Way) -> Arc<Self> {
        Arc::new(Self { way, session: AsyncMutex::default(), long: Mutex::default() })
    }

    /// The rows of a question; none when the pool is to be asked.
    pub(in crate::store) async fn rows(&self, query: &SelectStatement) -> Option<Vec<Row>> {
        let (sql, values) = query.build(PostgresQueryBuilder);
        self.answer(&sql, &values.0).await
    }

    /// The rows of a statement; none when the pool is to be asked.
    pub(in crate::store) async fn answer(&self, sql: &str, values: &[Value]) -> Option<Vec<Row>> {
        if self.is_long(sql) {
            return None;
        }
        let session = self.session().await?;
        match tokio::time::timeout(SILENT, session.rows(sql, values)).await {
            Ok(Ok(rows)) => Some(rows),
            Ok(Err(lost)) => {
                if lost.is_late() {
                    self.remember(sql);
                }
                None
            }
            Err(_) => {
                self.give_up(&session).await;
                None
            }
        }
    }

    /// A connection that has fallen silent: nobody else waits for it.
    async fn give_up(&self, silent: &Session) {
        let mut slot = self.session.lock().await;
        if slot.open.as_ref().is_some_and(|open| open.is(silent)) {
            slot.open = None;
        }
    }

    async fn session(&self) -> Option<Session> {
        let mut slot = self.session.lock().await;
        if let Some(session) = slot.open.as_ref().filter(|session| !session.is_closed()) {
            return Some(session.clone());
        }
        if slot.failed.is_some_and(|at| at.elapsed() < REST) {
            return None;
        }
        let opened = tokio::time::timeout(SILENT, Session::open(&self.way, SHORT)).await.ok().and_then(Result::ok);
        slot.failed = opened.is_none().then(Instant::now);
        slot.open = opened;
        slot.open.clone()
    }

    /// Whether a question is not put here, for it took too long lately.
    pub(super) fn is_long(&self, sql: &str) -> bool {
        let long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        !long.is_empty() && long.get(sql).is_some_and(|since| since.elapsed() < LONG)
    }

    fn remember(&self, sql: &str) {
        let mut long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        if long.len() >= MOST {
            long.clear();
        }
        long.insert(sql.to_owned(), Instant::now());
    }
}
