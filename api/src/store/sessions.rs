//! Whose the sessions of PostgreSQL are: a connection's own, or lent to it for each transaction by a pooler between the two.
//!
//! A pooler in transaction mode (PgBouncer's `pool_mode = transaction`) may answer each transaction of a connection from another
//! session. What is set for a session is then lost or hits others, and statements that were prepared are there only
//! if the pooler prepares them again, as PgBouncer does from 1.21 on.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DbBackend, DbErr, RuntimeErr, Statement, TransactionTrait};

use super::settings::postgres_options;
use super::wire::Way;
use crate::problem::Error;

/// How often it is looked whether a connection keeps its session: others may be busy at the same pooler.
const LOOKS: usize = 4;

/// Longest wait of the look: a pooler with a single session lends it to one of the two that look, and the other waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose the sessions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sessions {
    /// Each connection has one as long as it is open.
    Own,
    /// Each transaction gets one.
    Lent,
}

impl Sessions {
    /// Finds out, and tries whether prepared statements go along.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or what is between does not take prepared statements along.
    pub(super) async fn of(url: &str) -> Result<(Self, Option<Way>), Error> {
        let looked = tokio::time::timeout(PATIENCE, look(url)).await;
        let Ok(looked) = looked else {
            let why = "PostgreSQL, or a pooler before it, does not give two sessions at a time within 10 s";
            return Err(Error::internal("start", why));
        };
        let (sessions, encrypted) = looked.map_err(|error| {
            if loses_statements(&error) {
                let why = "a pooler between this service and PostgreSQL hands out sessions by transaction and loses prepared \
                    statements: use PgBouncer 1.21 or newer with max_prepared_statements above 0, or pool_mode = session, or \
                    connect to PostgreSQL itself";
                return Error::internal("start", why);
            }
            Error::from(error)
        })?;
        let way = match sessions {
            Self::Own => Way::to(url, encrypted).await,
            Self::Lent => None,
        };
        Ok((sessions, way))
    }
}

/// One connection asks for its session again and again, while another one has a transaction open: that keeps a session busy.
async fn look(url: &str) -> Result<(Sessions, bool), DbErr> {
    let (one, other) =
        tokio::try_join!(Database::connect(postgres_options(url, 1)), Database::connect(postgres_options(url, 1)))?;
    let (own, encrypted) = session(&one).await?;
    let mut found = Sessions::Own;
    for _ in 0..LOOKS {
        let open = other.begin().await?;
        let (held, _) = session(&open).await?;
        let (again, _) = session(&one).await?;
        open.commit().await?;
        if held == own || again != own {
            found = Sessions::Lent;
        }
    }
    for setting in careless(&one).await? {
        tracing::warn!(
            setting,
            "PostgreSQL is set to lose what it has answered when its machine stops: set it to on, or do not count on a 2xx"
        );
    }
    one.close().await?;
    other.close().await?;
    Ok((found, encrypted))
}

/// The settings of a server that let it answer what is not on disk, or find halves of it there; no session can change them.
async fn careless(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let sql =
        "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

/// The number of a session, and whether it is spoken to through TLS.
async fn session(db: &impl ConnectionTrait) -> Result<(i32, bool), DbErr> {
    let sql = "SELECT pg_backend_pid() AS session, \
        COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE) AS encrypted";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("pg_backend_pid".to_owned()))?;
    Ok((row.try_get("", "session")?, row.try_get("", "encrypted")?))
}

/// Whether a prepared statement was not there, or was there already: what two connections see that share a session unawares.
fn loses_statements(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    let code = cause.as_database_error().and_then(|refusal| refusal.code().map(std::borrow::Cow::into_owned));
    matches!(code.as_deref(), Some("26000" | "42P05"))
}
