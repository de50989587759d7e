//! Databases on the PostgreSQL server of `FRAMDRIFT_TEST_POSTGRES`: copies of one that is migrated once for each build.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use framdrift::store::Database;
use sea_orm::{ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbBackend, Statement};

use crate::engine::Place;

/// The variable that names the server, by the address of a database that is there.
const VARIABLE: &str = "FRAMDRIFT_TEST_POSTGRES";
/// What the name of every database made here begins with.
const PREFIX: &str = "framdrift_test_";
/// One process at a time makes the template ("framtest" in ASCII).
const LOCK: i64 = 0x6672_616d_7465_7374;
/// A database that is older than this, in seconds, was left by a test that failed in an earlier run.
const LEFT_BEHIND: u64 = 1800;

/// The address of the server, if there is one.
pub fn server() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|url| !url.is_empty())
}

/// The address of a new database with all tables.
pub async fn migrated() -> String {
    let server = connect(&address()).await;
    let template = template(&server).await;
    let url = create(&server, &format!("TEMPLATE {template}")).await;
    server.close().await.expect("the connection closes");
    url
}

/// The address of a new database without any table.
pub async fn empty() -> String {
    let server = connect(&address()).await;
    let url = create(&server, "").await;
    server.close().await.expect("the connection closes");
    url
}

/// Takes a database away, whoever is connected to it.
pub async fn remove(url: &str) {
    let server = connect(&address()).await;
    let name = url.rsplit('/').next().unwrap_or_default();
    execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    server.close().await.expect("the connection closes");
}

fn address() -> String {
    server().unwrap_or_else(|| panic!("{VARIABLE} names no server"))
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    SeaDatabase::connect(options).await.unwrap_or_else(|error| panic!("{VARIABLE} cannot be reached: {error}"))
}

async fn create(server: &DatabaseConnection, how: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{PREFIX}{}_{}_{count}", seconds(), std::process::id());
    execute(server, &format!("CREATE DATABASE {name} {how}")).await;
    sibling(&name)
}

/// The database that others are copied from. Its name tells the build, so that a new migration makes a new one.
async fn template(server: &DatabaseConnection) -> String {
    let name = format!("{PREFIX}template_{:016x}", Place::build());
    if exists(server, &name).await {
        return name;
    }
    execute(server, &format!("SELECT pg_advisory_lock({LOCK})")).await;
    if !exists(server, &name).await {
        clear_up(server).await;
        let making = format!("{name}_making");
        execute(server, &format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await;
        execute(server, &format!("CREATE DATABASE {making}")).await;
        Database::postgres(sibling(&making), 1).migrate().await.expect("the template migrates");
        execute(server, &format!("ALTER DATABASE {making} RENAME TO {name}")).await;
    }
    execute(server, &format!("SELECT pg_advisory_unlock({LOCK})")).await;
    name
}

/// Drops templates of other builds and what failed tests of earlier runs have left, unless somebody uses it.
async fn clear_up(server: &DatabaseConnection) {
    let sql = "SELECT datname FROM pg_database d WHERE datname LIKE $1 \
               AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)";
    let pattern = format!("{}%", PREFIX.replace('_', "\\_"));
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [pattern.into()]);
    for row in server.query_all_raw(statement).await.expect("the databases can be listed") {
        let name: String = row.try_get("", "datname").expect("a database has a name");
        let made = name.trim_start_matches(PREFIX).split('_').next().and_then(|made| made.parse::<u64>().ok());
        if made.is_none_or(|made| made + LEFT_BEHIND < seconds()) {
            // Another run may drop it at the same time: then it is gone all the same.
            let _ = server.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await;
        }
    }
}

async fn exists(server: &DatabaseConnection, name: &str) -> bool {
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]);
    server.query_one_raw(statement).await.expect("the databases can be listed").is_some()
}

async fn execute(server: &DatabaseConnection, sql: &str) {
    server.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The address of another database on the same server.
fn sibling(name: &str) -> String {
    let address = address();
    let (server, _) = address.rsplit_once('/').expect("the address names a database");
    format!("{server}/{name}")
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
