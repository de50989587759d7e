//! A database of its own for each test, on SQLite and, where `FRAMDRIFT_TEST_POSTGRES` names a server, on PostgreSQL.

use std::error::Error;

use framdrift::access::Caller;
use framdrift::exchange::bring::Outcome;
use framdrift::exchange::{export, import, unwatched};
use framdrift::routes;
use framdrift::store::{self, Database, Store, Writer};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};
use tempfile::TempDir;
use uuid::Uuid;

/// What a test answers.
pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Faults as a test expects them: pointer and code.
pub type Told = &'static [(&'static str, &'static str)];

/// A document with a record of every collection, and what its records name by every way there is.
pub const WHOLE: &str = include_str!("whole.json");

/// A database engine.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The server that the environment names.
    Postgres,
}

/// The engines that there are here.
pub fn engines() -> Vec<Engine> {
    match server() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

fn server() -> Option<String> {
    std::env::var("FRAMDRIFT_TEST_POSTGRES").ok()
}

/// An empty database with its tables.
pub struct Place {
    /// Its connections.
    pub store: Store,
    database: Database,
    name: Option<String>,
    _directory: TempDir,
}

impl Place {
    /// Makes one.
    pub async fn new(engine: Engine) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let (database, name) = match engine {
            Engine::Sqlite => (Database::sqlite(directory.path(), 1).await?, None),
            Engine::Postgres => {
                let name = format!("framdrift_exchange_{}", Uuid::new_v4().simple());
                administer(&format!("CREATE DATABASE {name}")).await?;
                let server = server().ok_or("no server")?;
                let (address, _) = server.rsplit_once('/').ok_or("an address without a database")?;
                (Database::postgres(format!("{address}/{name}"), 2), Some(name))
            }
        };
        database.migrate().await?;
        let _ = routes::resources();
        Ok(Self { store: database.open().await?, database, name, _directory: directory })
    }

    /// Closes it; on a server nothing of it stays.
    pub async fn close(self) -> Result {
        self.store.read.close().await?;
        self.database.close().await?;
        if let Some(name) = self.name {
            administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }

    /// Brings a document in as a caller, and keeps it when it is sound.
    pub async fn import(&self, caller: &Caller, document: &Value) -> Result<Outcome> {
        self.import_because(caller, document, None).await
    }

    /// The same, with a reason.
    pub async fn import_because(&self, caller: &Caller, document: &Value, reason: Option<&str>) -> Result<Outcome> {
        let reason = reason.map(str::to_owned);
        let write = self.store.write(Writer { reason, ..Writer::of(caller) }).await?;
        let outcome = import::import(&write, caller, routes::resources(), members(document)?, &unwatched).await?;
        if outcome.errors.is_empty() && outcome.refused.is_empty() {
            write.commit().await?;
        }
        Ok(outcome)
    }

    /// The document of a project, as text.
    pub async fn export(&self, project: Uuid) -> Result<String> {
        let whole = store::whole(&self.store.read, project).await?;
        Ok(export::document(project, &whole).to_string())
    }

    /// One number that a statement answers.
    pub async fn count(&self, sql: &str) -> Result<i64> {
        let backend = self.store.read.get_database_backend();
        let row = self.store.read.query_one_raw(sea_orm::Statement::from_string(backend, sql)).await?;
        Ok(row.ok_or("no row")?.try_get_by_index(0)?)
    }
}

async fn administer(sql: &str) -> Result {
    let server = sea_orm::Database::connect(server().ok_or("no server")?).await?;
    server.execute_unprepared(sql).await?;
    server.close().await?;
    Ok(())
}

fn members(document: &Value) -> Result<&Map<String, Value>> {
    document.as_object().ok_or_else(|| "a document is an object".into())
}

/// The document with a record of every collection.
pub fn whole() -> Result<Value> {
    Ok(serde_json::from_str(WHOLE)?)
}

/// The project that a document is about.
pub fn project(document: &Value) -> Result<Uuid> {
    Ok(document["projectId"].as_str().ok_or("no project")?.parse()?)
}

/// The codes of faults with their pointers.
pub fn told(faults: &[framdrift::problem::Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect()
}
