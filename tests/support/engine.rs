//! The two engines, and a fresh database on each.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use framdrift::config::{Config, LogFormat, Settings};
use tempfile::TempDir;

use crate::{postgres, sqlite};

/// Where a test keeps its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own in a directory of its own.
    Sqlite,
    /// A database of its own on the server of `FRAMDRIFT_TEST_POSTGRES`.
    Postgres,
}

impl Engine {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Sqlite => Self::Postgres,
            Self::Postgres => Self::Sqlite,
        }
    }

    /// Whether it can be had here.
    #[must_use]
    pub fn is_there(self) -> bool {
        match self {
            Self::Sqlite => true,
            Self::Postgres => postgres::server().is_some(),
        }
    }

    /// A database with all tables and no record.
    pub async fn fresh(self) -> Place {
        match self {
            Self::Sqlite => Place::Sqlite(sqlite::migrated().await.into()),
            Self::Postgres => Place::Postgres(postgres::migrated().await, directory().into()),
        }
    }

    /// A database without any table.
    pub async fn bare(self) -> Place {
        match self {
            Self::Sqlite => Place::Sqlite(directory().into()),
            Self::Postgres => Place::Postgres(postgres::empty().await, directory().into()),
        }
    }
}

/// A database that belongs to one test.
#[derive(Clone, Debug)]
pub enum Place {
    /// The data directory.
    Sqlite(Arc<TempDir>),
    /// The database's address, and a data directory that nothing is written to.
    Postgres(String, Arc<TempDir>),
}

impl Place {
    /// A number that tells this build of the tests from others: migrated templates carry it in their names.
    pub(crate) fn build() -> u64 {
        let mut hasher = DefaultHasher::new();
        let file = std::env::current_exe().expect("the test knows its own file");
        let about = file.metadata().expect("the test can read its own file");
        (file, about.len(), about.modified().ok()).hash(&mut hasher);
        hasher.finish()
    }

    /// The configuration of a server on this database: a free port, and a size that suits a test.
    #[must_use]
    pub fn config(&self) -> Config {
        let (url, directory) = match self {
            Self::Sqlite(directory) => (None, directory),
            Self::Postgres(url, directory) => (url.parse().ok(), directory),
        };
        Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data_dir: directory.path().to_owned(),
            database_url: url,
            workers: 1,
            log_format: LogFormat::Text,
            // The tests of webhooks deliver themselves; the others send nothing.
            webhook_delivery: false,
            // The tests of flags look themselves; the others have none.
            flag_watch: false,
            // And ask more in a minute than a caller may.
            rate_limit: 1_000_000,
            report_limit: 1_000_000,
            ..Settings::default().resolve().expect("the default settings are valid")
        }
    }

    /// The address as sea-orm and `framdrift` take it.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(directory) => format!("sqlite://{}?mode=rwc", directory.path().join("framdrift.db").display()),
            Self::Postgres(url, _) => url.clone(),
        }
    }

    /// The data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        match self {
            Self::Sqlite(directory) | Self::Postgres(_, directory) => directory.path(),
        }
    }

    /// The engine that it is on.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(..) => Engine::Postgres,
        }
    }

    /// Takes the database away.
    pub async fn remove(self) {
        match self {
            Self::Sqlite(directory) => drop(directory),
            Self::Postgres(url, _) => postgres::remove(&url).await,
        }
    }
}

/// A directory of its own for a test.
pub(crate) fn directory() -> TempDir {
    tempfile::Builder::new().prefix("framdrift-test-").tempdir().expect("a directory for the test can be made")
}
