//! Connections of a worker to PostgreSQL on which a question is put before the one before it is answered.
//!
//! The driver of the pool waits for each answer before it asks again, and lends a connection to one request at a time. Over
//! half of the time of a short read is then the way there and back. Here all short reads of a worker share one connection
//! ([`Reader`]): what they ask goes out together and comes back together. A transaction ([`Unit`]) has a connection of its
//! own, and does not wait for what it need not know yet: that it has begun, that a counter is advanced, that an entry is in the
//! journal. Should one of these fail, the next answer that is waited for is that failure, the last of them at the commit. A record waits for
//! its entry in the journal, to go out with it as one statement ([`put`](super::put)).
//!
//! What a read may take on the shared connection is bounded, for others wait behind it. What is longer, and whatever goes wrong,
//! is left to the pool, whose answer or error counts.

mod reader;
mod session;
mod unit;

#[cfg(test)]
mod tests;

use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{ConnAcquireErr, DbErr};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use super::settings::WAIT;
pub(super) use reader::Reader;
use session::Session;
pub use unit::Unit;

/// A connection that nobody has used for so long is closed.
const IDLE: Duration = Duration::from_secs(300);
/// A connection that nobody has used for so long is asked for a sign of life first.
const QUIET: Duration = Duration::from_secs(30);
/// A server that acknowledges nothing for so long is gone.
const SILENT: Duration = Duration::from_secs(10);
/// Longest wait for that sign.
const ALIVE: Duration = Duration::from_secs(1);

/// Where a worker's connections lead.
#[derive(Clone, Debug)]
pub struct Way(Config);

impl Way {
    /// The way to a server, if it can be gone: the address says where to and who comes (what it leaves out the driver finds in the
    /// environment, and this library elsewhere), and the server lets it in without TLS, which is not spoken here. Everything
    /// else is left to the driver.
    pub(super) async fn to(url: &str, encrypted: bool) -> Option<Self> {
        let is_whole = |config: &Config| {
            config.get_user().is_some() && config.get_dbname().is_some() && !config.get_hosts().is_empty()
        };
        let mut config = Config::from_str(url).ok().filter(|config| !encrypted && is_whole(config))?;
        config.ssl_mode(SslMode::Disable).connect_timeout(WAIT).tcp_user_timeout(SILENT);
        config.keepalives_idle(SILENT).keepalives_interval(WAIT).keepalives_retries(2);
        let way = Self(config);
        match Session::open(&way, "").await {
            Ok(_) => Some(way),
            Err(error) => {
                tracing::info!(
                    error = &DbErr::from(error) as &dyn std::error::Error,
                    "Each question to PostgreSQL waits for its answer"
                );
                None
            }
        }
    }
}

/// The connections of one worker for transactions.
#[derive(Debug)]
pub struct Wire {
    way: Way,
    idle: Mutex<Vec<(Session, Instant)>>,
    permits: Arc<Semaphore>,
    open: AtomicI64,
}

/// A connection that is lent.
#[derive(Debug)]
struct Lent {
    session: Session,
    wire: Arc<Wire>,
    _permit: OwnedSemaphorePermit,
}

impl Wire {
    /// At most so many connections.
    pub(super) fn of(way: Way, most: u32) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1).max(1)));
        Arc::new(Self { way, idle: Mutex::default(), permits, open: AtomicI64::new(0) })
    }

    /// Begins a transaction; PostgreSQL hears of it with its first question.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<Unit, DbErr> {
        let late = |_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let lent = tokio::time::timeout(WAIT, self.lend()).await.map_err(late)??;
        Ok(Unit::of(lent))
    }

    /// Connections that are open, and those of them that nobody uses.
    pub(super) fn connections(&self) -> (i64, i64) {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).len();
        (self.open.load(Ordering::Relaxed), i64::try_from(idle).unwrap_or(i64::MAX))
    }

    async fn lend(self: &Arc<Self>) -> Result<Lent, DbErr> {
        let permit =
            Arc::clone(&self.permits).acquire_owned().await.map_err(|error| DbErr::Custom(error.to_string()))?;
        while let Some((session, since)) = self.rested() {
            if since.elapsed() < QUIET || session.is_alive(ALIVE).await {
                return Ok(Lent { session, wire: Arc::clone(self), _permit: permit });
            }
            self.closed();
        }
        let session = Session::open(&self.way, "").await?;
        self.open.fetch_add(1, Ordering::Relaxed);
        Ok(Lent { session, wire: Arc::clone(self), _permit: permit })
    }

    /// The connection that was used last; those that nobody has used for long are closed.
    fn rested(&self) -> Option<(Session, Instant)> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let before = idle.len();
        idle.retain(|(session, since)| since.elapsed() < IDLE && !session.is_closed());
        (idle.len()..before).for_each(|_| self.closed());
        idle.pop()
    }

    fn closed(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lent {
    /// Gives a connection back that is in no transaction.
    fn back(self) {
        let Self { session, wire, _permit } = self;
        if session.is_closed() {
            return wire.closed();
        }
        wire.idle.lock().unwrap_or_else(PoisonError::into_inner).push((session, Instant::now()));
    }

    /// Closes it: nobody knows in what state it is.
    fn away(self) {
        self.wire.closed();
    }
}
