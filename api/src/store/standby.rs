//! A standby of PostgreSQL that answers reads, and how it is known that it is not behind.
//!
//! A request is answered from it only if it has replayed everything that was committed when the request came: then there is nothing that
//! an answer of the primary could have told and this one does not, whoever wrote it and through which replica. While it is behind
//! by anything, cannot be reached, or is no standby of this primary, the primary answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::sync::{Mutex, watch};

use super::connect::{Database as Served, Short, Store};
use super::counters::callers_and_position;
use super::settings::{BOUNDS, postgres_options};

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// Longest time that a look may take; then the standby is taken for gone.
const ALIVE: Duration = Duration::from_secs(1);
/// Longest wait of a request for one of its connections, and for its word how far it is: the primary is there, too.
const SOON: Duration = Duration::from_millis(250);

/// How far it has replayed, as a number, and whether it is a standby at all.
const FAR: &str = "SELECT pg_is_in_recovery() AS follows, \
    COALESCE(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::bigint AS replayed";
/// Which cluster a server belongs to: standbys are copies of their primary and have its number.
const CLUSTER: &str = "SELECT system_identifier AS cluster FROM pg_control_system()";

/// The standby of a configuration, as this process knows it.
#[derive(Debug)]
pub struct Standby {
    url: String,
    /// Whether it could be reached at the last look.
    up: watch::Sender<bool>,
    /// As far as it is known to have replayed; 0 while that is not known.
    replayed: AtomicI64,
    /// One at a time asks how far it is; while it is behind, the others do not wait in line for the same bad news.
    asking: Mutex<()>,
}

/// A worker's connections to it.
#[derive(Clone, Debug)]
pub(super) struct Near {
    pub(super) db: DatabaseConnection,
    pub(super) standby: Arc<Standby>,
}

impl Standby {
    /// The standby at an address. Nobody reads from it before [`Standby::watch`] has found it.
    #[must_use]
    pub fn at(url: String) -> Arc<Self> {
        let (up, _) = watch::channel(false);
        Arc::new(Self { url, up, replayed: AtomicI64::new(0), asking: Mutex::default() })
    }

    /// Whether it is read from, if it is not behind.
    #[must_use]
    pub fn is_up(&self) -> bool {
        *self.up.borrow()
    }

    /// Returns when it is no longer read from.
    pub async fn gone(&self) {
        let mut up = self.up.subscribe();
        // The sender lives as long as this.
        let _ = up.wait_for(|up| !up).await;
    }

    /// Connections to it for one worker.
    pub(super) async fn near(self: &Arc<Self>, connections: u32) -> Result<Near, DbErr> {
        let mut options = postgres_options(&self.url, connections);
        options.acquire_timeout(SOON).connect_timeout(SOON);
        let known = Arc::clone(self);
        options.map_sqlx_postgres_pool_opts(move |pool| {
            let known = Arc::clone(&known);
            pool.after_connect(move |session, _| {
                let known = Arc::clone(&known);
                Box::pin(async move {
                    sqlx::raw_sql(BOUNDS).execute(&mut *session).await?;
                    let behind = "SELECT COALESCE(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::bigint";
                    let replayed: i64 = sqlx::query_scalar(behind).fetch_one(session).await?;
                    // Who starts again is behind where it was: what was known of it no longer holds.
                    if replayed < known.replayed.load(Ordering::SeqCst) {
                        known.lost();
                        return Err(sqlx::Error::Protocol("the standby is behind where it was".to_owned()));
                    }
                    Ok(())
                })
            })
        });
        Ok(Near { db: Database::connect(options).await?, standby: Arc::clone(self) })
    }

    /// Looks after it for ever: finds it, and notices when it is gone.
    pub(super) async fn watch(&self, primary: &DatabaseConnection) {
        let mut db = None;
        loop {
            let looked = tokio::time::timeout(ALIVE, self.look(&mut db, primary)).await;
            match looked {
                Ok(Ok(())) => {
                    if !self.up.send_replace(true) {
                        tracing::info!("Reads go to the standby");
                    }
                }
                Ok(Err(why)) => self.gave_up(&mut db, &why),
                Err(_) => self.gave_up(&mut db, &DbErr::Custom("it does not answer within a second".to_owned())),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn look(&self, known: &mut Option<DatabaseConnection>, primary: &DatabaseConnection) -> Result<(), DbErr> {
        let db = match known {
            Some(db) => db,
            None => {
                let db = Database::connect(postgres_options(&self.url, 1)).await?;
                let (ours, its) = (cluster(primary).await?, cluster(&db).await?);
                if ours != its {
                    let why = format!("it belongs to cluster {its}, the primary to {ours}");
                    return Err(DbErr::Custom(why));
                }
                known.insert(db)
            }
        };
        let (follows, replayed) = far(db).await?;
        if !follows {
            return Err(DbErr::Custom("it is no standby (any longer)".to_owned()));
        }
        self.replayed.fetch_max(replayed, Ordering::SeqCst);
        Ok(())
    }

    fn gave_up(&self, db: &mut Option<DatabaseConnection>, why: &DbErr) {
        // A connection that hangs is not asked again.
        *db = None;
        if self.up.send_replace(false) {
            tracing::warn!(error = why as &dyn std::error::Error, "The standby is gone: the primary answers all reads");
        }
        self.replayed.store(0, Ordering::SeqCst);
    }

    /// What was known of it no longer holds; the next look says how it is.
    pub fn lost(&self) {
        self.up.send_replace(false);
        self.replayed.store(0, Ordering::SeqCst);
    }

    /// Whether it has replayed the log up to a position.
    pub(super) async fn reaches(&self, db: &DatabaseConnection, position: i64) -> bool {
        if self.replayed.load(Ordering::SeqCst) >= position {
            return true;
        }
        let Ok(_one) = self.asking.try_lock() else { return false };
        match tokio::time::timeout(SOON, far(db)).await {
            Ok(Ok((true, replayed))) => {
                self.replayed.fetch_max(replayed, Ordering::SeqCst);
                replayed >= position
            }
            _ => {
                self.lost();
                false
            }
        }
    }
}

impl Served {
    /// The same PostgreSQL database, with a standby that answers reads.
    #[must_use]
    pub fn reading_from(mut self, url: String) -> Self {
        if let Self::Postgres { standby, .. } = &mut self {
            *standby = Some(Standby::at(url));
        }
        self
    }

    /// The standby that answers reads, if there is one.
    #[must_use]
    pub const fn standby(&self) -> Option<&Arc<Standby>> {
        match self {
            Self::Postgres { standby, .. } => standby.as_ref(),
            Self::Sqlite { .. } => None,
        }
    }
}

impl Store {
    /// The standby that may answer reads, whether or not it can now.
    #[must_use]
    pub fn standby(&self) -> Option<&Arc<Standby>> {
        self.near.as_ref().map(|near| &near.standby)
    }

    /// The same for one request that only reads, from the standby; `None` when that is behind what is committed by now, or gone.
    ///
    /// # Errors
    /// When the primary fails.
    pub async fn near(&self) -> Result<Option<Self>, DbErr> {
        let Some(near) = self.near.as_ref().filter(|near| near.standby.is_up()) else { return Ok(None) };
        let (counted, position) = callers_and_position(self.first()).await?;
        let reached = near.standby.reaches(&near.db, position).await;
        Ok(reached.then(|| {
            let mut store = self.clone();
            (store.read, store.short, store.counted) = (near.db.clone(), Short::Pool, Some(counted));
            store
        }))
    }

    /// Looks after the standby for ever, if there is one.
    pub async fn watch_standby(&self) {
        match &self.near {
            Some(near) => near.standby.watch(self.first()).await,
            None => std::future::pending().await,
        }
    }
}

async fn far(db: &DatabaseConnection) -> Result<(bool, i64), DbErr> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, FAR)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the position of the standby".to_owned()))?;
    Ok((row.try_get("", "follows")?, row.try_get("", "replayed")?))
}

async fn cluster(db: &DatabaseConnection) -> Result<i64, DbErr> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, CLUSTER)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the number of the cluster".to_owned()))?.try_get("", "cluster")
}
