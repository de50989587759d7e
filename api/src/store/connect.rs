//! Where the data is, and the connections of each worker to it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr};
use sea_orm::{Database as SeaDatabase, TransactionTrait};
use tokio::sync::OnceCell;

use super::desk::Desk;
use super::files::{FILE, lock, owned};
use super::here::Here;
use super::sessions::Sessions;
use super::settings::{BOUNDS, BOUNDS_HERE, postgres_options, sqlite_options};
use super::standby::{Near, Standby};
use super::wire::{Reader, Way, Wire};
use super::{News, Tx, tables};
use crate::problem::Error;

/// One PostgreSQL advisory lock for all that migrate the same database ("framdrif" in ASCII).
const MIGRATION_LOCK: i64 = 0x6672_616d_6472_6966;

/// Longest wait for a sign of life: whoever asks for it wants to send requests elsewhere soon, but not for one slow answer.
const ALIVE: Duration = Duration::from_millis(1500);

/// Where the data is: what every worker opens its [`Store`] from.
#[derive(Clone)]
pub enum Database {
    /// A file in the data directory, owned by this process.
    Sqlite {
        /// Readers, `query_only`.
        read: DatabaseConnection,
        /// The one writer.
        desk: Desk,
        /// Where the file is.
        directory: PathBuf,
        /// Held as long as the file is open.
        lock: Arc<File>,
        /// What is told within this process.
        news: News,
    },
    /// A PostgreSQL server, shared by any number of replicas.
    Postgres {
        /// `postgres://…`
        url: String,
        /// Connections per worker.
        pool: u32,
        /// Every pool that was opened, to be counted.
        pools: Arc<Mutex<Vec<Pool>>>,
        /// Whose the sessions are, once that is known.
        sessions: Arc<OnceCell<(Sessions, Option<Way>)>>,
        /// A standby that answers reads, if there is one.
        standby: Option<Arc<Standby>>,
        /// What is told within this process.
        news: News,
    },
}

/// Where writes go.
#[derive(Clone)]
pub(super) enum Writing {
    /// To the one writer of SQLite.
    Desk(Desk),
    /// To connections of PostgreSQL.
    Pool(Pool),
}

/// Connections of a worker to PostgreSQL.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The driver's.
    pub(super) db: DatabaseConnection,
    /// For transactions that do not wait for every answer, where they can be had.
    wire: Option<Arc<Wire>>,
}

/// Where a worker asks for what is short.
#[derive(Clone)]
pub(super) enum Short {
    /// In its own thread: SQLite.
    Here(Arc<Here>),
    /// On the connection that its reads share: PostgreSQL.
    Wire(Arc<Reader>),
    /// Nowhere but in the pool.
    Pool,
}

/// The connections of one worker.
#[derive(Clone)]
pub struct Store {
    /// For reads outside a transaction.
    pub read: DatabaseConnection,
    /// For short ones of records.
    pub(super) short: Short,
    write: Writing,
    sessions: Sessions,
    /// A standby that may answer reads.
    pub(super) near: Option<Near>,
    /// How often what callers hang on had been written when this request came, where that was asked already.
    pub(super) counted: Option<u64>,
    /// What is told within this process.
    pub news: News,
}

impl Database {
    /// Opens the SQLite file of a data directory, and makes both if they are missing.
    ///
    /// # Errors
    /// When another process has it open, or the file cannot be opened.
    pub async fn sqlite(directory: &Path, readers: u32) -> Result<Self, Error> {
        let lock = Arc::new(lock(directory)?);
        let file = directory.join(FILE);
        let url = format!("sqlite://{}?mode=rwc", file.display());
        // Made for its owner alone before SQLite opens it: its journals take the mode from it.
        owned(&file)?;
        let desk = Desk::of(directory)?;
        let read = SeaDatabase::connect(sqlite_options(&url, readers.max(1), true)).await?;
        Ok(Self::Sqlite { read, desk, directory: directory.to_owned(), lock, news: News::default() })
    }

    /// A PostgreSQL database; connections are opened by each worker when it needs them.
    #[must_use]
    pub fn postgres(url: String, pool: u32) -> Self {
        Self::Postgres {
            url,
            pool,
            pools: Arc::default(),
            sessions: Arc::default(),
            standby: None,
            news: News::default(),
        }
    }

    /// The connections of one worker. On PostgreSQL each worker has a pool of its own, since a connection
    /// stays with the reactor that opened it.
    ///
    /// # Errors
    /// When the address of the server cannot be read; the first time also when the server cannot be reached, or is behind a
    /// pooler that does not do.
    pub async fn open(&self) -> Result<Store, Error> {
        match self {
            Self::Sqlite { read, desk, directory, news, .. } => Ok(Store {
                read: read.clone(),
                short: Short::Here(Arc::new(Here::of(directory))),
                write: Writing::Desk(desk.of_worker()),
                sessions: Sessions::Own,
                near: None,
                counted: None,
                news: news.clone(),
            }),
            Self::Postgres { url, pool: most, pools, sessions, standby, news } => {
                let near = match standby {
                    Some(standby) => Some(standby.near(*most).await?),
                    None => None,
                };
                let (sessions, way) = sessions.get_or_try_init(|| Sessions::of(url)).await?.clone();
                // Where transactions have connections of their own, the driver keeps what is left.
                let for_writes = most.div_ceil(2);
                let for_driver = if way.is_some() { (*most - for_writes).max(1) } else { *most };
                let mut options = postgres_options(url, for_driver);
                if sessions == Sessions::Own {
                    options.map_sqlx_postgres_pool_opts(|pool| {
                        pool.after_connect(|session, _| {
                            Box::pin(async move { sqlx::raw_sql(BOUNDS).execute(session).await.map(drop) })
                        })
                    });
                }
                let db = SeaDatabase::connect(options).await?;
                let pool = Pool { db, wire: way.clone().map(|way| Wire::of(way, for_writes)) };
                pools.lock().unwrap_or_else(PoisonError::into_inner).push(pool.clone());
                Ok(Store {
                    read: pool.db.clone(),
                    short: way.map_or(Short::Pool, |way| Short::Wire(Reader::of(way))),
                    write: Writing::Pool(pool),
                    sessions,
                    near,
                    counted: None,
                    news: news.clone(),
                })
            }
        }
    }

    /// Brings the tables up to date; of several processes only one does it at a time.
    ///
    /// # Errors
    /// When a migration fails; it is then undone.
    pub async fn migrate(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { directory, .. } => {
                migrated(directory).await?.close().await?;
            }
            Self::Postgres { url, sessions, .. } => {
                sessions.get_or_try_init(|| Sessions::of(url)).await?;
                let one = SeaDatabase::connect(postgres_options(url, 1)).await?;
                // The lock ends with the transaction, whoever's the session is.
                let tx = one.begin().await?;
                tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
                tables::up(&tx).await?;
                tx.commit().await?;
                one.close().await?;
            }
        }
        Ok(())
    }

    /// Connections that are open, and those of them that nobody uses.
    #[must_use]
    pub fn connections(&self) -> (i64, i64) {
        let sum = |pools: &[(u32, usize)]| {
            pools
                .iter()
                .fold((0, 0), |(open, idle), (size, unused)| (open + i64::from(*size), idle + at_most(*unused, *size)))
        };
        match self {
            Self::Sqlite { read, desk, .. } => {
                let pool = read.get_sqlite_connection_pool();
                sum(&[(pool.size(), pool.num_idle()), (1, desk.is_free().into())])
            }
            Self::Postgres { pools, .. } => {
                let pools = pools.lock().unwrap_or_else(PoisonError::into_inner);
                pools.iter().fold((0, 0), |(open, idle), pool| {
                    let driver = pool.db.get_postgres_connection_pool();
                    let wire = pool.wire.as_ref().map(|wire| wire.connections()).unwrap_or_default();
                    let unused = at_most(driver.num_idle(), driver.size());
                    (open + i64::from(driver.size()) + wire.0, idle + unused + wire.1)
                })
            }
        }
    }

    /// What is told within this process.
    #[must_use]
    pub const fn news(&self) -> &News {
        match self {
            Self::Sqlite { news, .. } | Self::Postgres { news, .. } => news,
        }
    }

    /// Closes what is shared (SQLite: checkpoints the log into the file).
    ///
    /// # Errors
    /// When the last checkpoint fails.
    pub async fn close(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite { read, desk, .. } => {
                read.close().await?;
                desk.close().await
            }
            Self::Postgres { .. } => Ok(()),
        }
    }
}

impl Store {
    /// Begins a write.
    ///
    /// # Errors
    /// When no connection can be had.
    pub(super) async fn begin(&self) -> Result<Tx, DbErr> {
        let pool = match &self.write {
            Writing::Desk(desk) => return Ok(Tx::Desk(desk.begin().await?)),
            Writing::Pool(pool) => pool,
        };
        if let Some(wire) = &pool.wire {
            return Ok(Tx::Wire(wire.begin().await?));
        }
        let tx = pool.db.begin().await?;
        if self.sessions == Sessions::Lent {
            tx.execute_unprepared(BOUNDS_HERE).await?;
        }
        Ok(Tx::Driver(tx))
    }

    /// What rights are read from: never a standby.
    #[must_use]
    pub fn first(&self) -> &DatabaseConnection {
        match &self.write {
            Writing::Desk(_) => &self.read,
            Writing::Pool(pool) => &pool.db,
        }
    }

    /// The connection that short reads share, on PostgreSQL.
    pub(super) fn reader(&self) -> Option<&Reader> {
        match &self.short {
            Short::Wire(reader) => Some(reader),
            Short::Here(_) | Short::Pool => None,
        }
    }

    /// Whether nobody but this process writes to the database.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Sqlite
    }

    /// Whether an index is entered with a row that is compared with a row. SQLite does not where an expression is in it; PostgreSQL guesses
    /// of anything else that nearly nothing is left, and sorts that.
    #[must_use]
    pub fn enters_with_rows(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Postgres
    }

    /// Where writes go, for what cannot be done in a transaction.
    pub(super) const fn writing(&self) -> &Writing {
        &self.write
    }

    /// Asks the database for a sign of life, and whether its tables are those of this binary.
    ///
    /// # Errors
    /// When it gives none in time.
    pub async fn ready(&self) -> Result<bool, DbErr> {
        let silent = |_| Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        tokio::time::timeout(ALIVE, self.up_to_date()).await.unwrap_or_else(silent)
    }

    async fn up_to_date(&self) -> Result<bool, DbErr> {
        tables::done(&self.read).await.map(|done| tables::are_all(&done))
    }
}

/// How many of so many connections nobody uses. The driver counts those down before it counts them up: for a moment there are none
/// less one.
fn at_most(unused: usize, size: u32) -> i64 {
    i64::try_from(unused).map_or(0, |unused| unused.min(size.into()))
}

/// A connection to the file of a directory, its tables up to date.
///
/// # Errors
/// When it cannot be opened, or a migration fails.
pub(super) async fn migrated(directory: &Path) -> Result<DatabaseConnection, Error> {
    let url = format!("sqlite://{}?mode=rw", directory.join(FILE).display());
    let one = SeaDatabase::connect(sqlite_options(&url, 1, false)).await?;
    tables::up(&one).await?;
    Ok(one)
}
