//! Where records are read from.

use std::future::Future;

use sea_orm::DatabaseConnection;
use sea_orm::sea_query::SelectStatement;

use super::Store;
use crate::db::Db;
use crate::facts::{Facts, Row};
use crate::problem::Error;

/// A connection, a transaction, or the connections of a worker.
pub trait Source: Sync {
    /// What is asked where it is not for records.
    type Connection: Db;

    /// Where other questions are put to.
    fn connection(&self) -> &Self::Connection;

    /// The records of a [`row::select`], in its order.
    fn rows(&self, facts: &Facts, query: &SelectStatement) -> impl Future<Output = Result<Vec<Row>, Error>> + Send;

    /// The one record of a [`row::select`], if there is one.
    fn row(&self, facts: &Facts, query: &SelectStatement) -> impl Future<Output = Result<Option<Row>, Error>> + Send {
        async { Ok(self.rows(facts, query).await?.into_iter().next()) }
    }
}

impl<C: Db> Source for C {
    type Connection = C;

    fn connection(&self) -> &C {
        self
    }

    async fn rows(&self, facts: &Facts, query: &SelectStatement) -> Result<Vec<Row>, Error> {
        self.records(facts, query).await
    }
}

/// On SQLite a worker reads in its own thread, and asks the readers beside it what takes longer.
impl Source for Store {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.read
    }

    async fn rows(&self, facts: &Facts, query: &SelectStatement) -> Result<Vec<Row>, Error> {
        match self.here.as_ref().and_then(|here| here.rows(facts, query)) {
            Some(rows) => Ok(rows),
            None => self.read.rows(facts, query).await,
        }
    }
}
