//! The settings that connections have: those that promise durability, and those that pay in speed.

use std::cmp::Ordering;
use std::time::Duration;

use icu_collator::Collator;
use icu_collator::options::CollatorOptions;
use sea_orm::ConnectOptions;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};

/// Norwegian order on both engines: å after ø, aa as å.
pub(super) const COLLATION: &str = "framdrift_nb";
/// Prepared statements that a connection keeps.
pub(super) const STATEMENTS: usize = 256;
/// What every connection to SQLite is told, whatever it is for.
pub(super) const PRAGMAS: [(&str, &str); 4] =
    [("cache_size", "-4096"), ("temp_store", "memory"), ("trusted_schema", "OFF"), ("secure_delete", "ON")];

/// Longest wait for a connection or a lock; then the caller gets 503 and tries again.
pub(super) const WAIT: Duration = Duration::from_secs(5);

/// What each session of PostgreSQL that serves is bound by. Nobody waits for a lock longer than for a connection; who vanishes in
/// the midst of a transaction (its machine lost power, its network fell silent) does not hold its locks for hours, until TCP notices;
/// and a commit is on disk before it is answered, also where the database or the role is set to promise less. Who asks for more (a
/// standby that has it too) keeps that.
pub(super) const BOUNDS: &str = "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; \
    SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') = 'off'";
/// The same for a transaction in a session that is only lent.
pub(super) const BOUNDS_HERE: &str = "SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '30s'; \
    SELECT set_config('synchronous_commit', 'on', TRUE) WHERE current_setting('synchronous_commit') = 'off'";

pub(super) fn sqlite_options(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(WAIT)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_at_rest(connection))))
        .map_sqlx_sqlite_opts(move |options| {
            let options = options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(WAIT)
                .statement_cache_capacity(STATEMENTS);
            let options = PRAGMAS.into_iter().fold(options, |options, (name, value)| options.pragma(name, value));
            let options = if read_only { options.pragma("query_only", "ON") } else { options };
            collated(options)
        });
    options
}

/// Whether a connection may be used again. After an I/O error or on a full disk SQLite ends a transaction by itself; the driver counts
/// it as open for ever, begins the next ones as savepoints inside it, and once one of those is undone, commits none of those
/// after it. Such a connection is closed.
async fn is_at_rest(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback that waits for its turn has had it then.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// SQLite knows no Norwegian order of its own: every connection brings it.
pub(super) fn collated(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.collation(COLLATION, norwegian())
}

/// The order that PostgreSQL uses too (ICU, locale nb); ties go by bytes on both.
pub(super) fn norwegian() -> impl Fn(&str, &str) -> Ordering + Send + Sync + 'static {
    let locale = icu_locale_core::locale!("nb");
    let collator = Collator::try_new(locale.into(), CollatorOptions::default());
    let collator = collator.expect("the Norwegian collation is compiled in");
    move |a, b| collator.compare(a, b).then_with(|| a.cmp(b))
}

pub(super) fn postgres_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(0)
        .connect_lazy(true)
        .connect_timeout(WAIT)
        .acquire_timeout(WAIT)
        .idle_timeout(Duration::from_secs(300))
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false)
        // Digits of floating-point numbers are none of ours, and PgBouncer lets nobody ask for them.
        .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(256).extra_float_digits(None));
    options
}
