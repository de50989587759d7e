//! Where records are read from.

use std::future::Future;

use sea_orm::sea_query::SelectStatement;
use sea_orm::{DatabaseConnection, DbErr, Statement};

use super::Store;
use super::connect::Short;
use crate::db::{Db, Found, values_of};
use crate::facts::{Facts, Gather, Row};
use crate::problem::Error;

/// A connection, a transaction, or the connections of a worker.
pub trait Source: Sync {
    /// What is asked where it is not for records.
    type Connection: Db;

    /// Where other questions are put to.
    fn connection(&self) -> &Self::Connection;

    /// The records of a [`row::select`](crate::facts::row::select), in its order.
    fn rows(&self, facts: &Facts, query: &SelectStatement) -> impl Future<Output = Result<Vec<Row>, Error>> + Send;

    /// The rows of a question that takes no time to speak of.
    fn short(&self, question: Statement) -> impl Future<Output = Result<Vec<Found>, DbErr>> + Send;

    /// The one record of a [`row::select`](crate::facts::row::select), if there is one.
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
        Ok(self.records(facts, query).await?)
    }

    async fn short(&self, question: Statement) -> Result<Vec<Found>, DbErr> {
        self.query_all_raw(question).await
    }
}

/// What is short a worker reads in its own thread (SQLite), or on the connection that its reads share (PostgreSQL); what takes longer
/// is put to the pool.
impl Source for Store {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.read
    }

    async fn rows(&self, facts: &Facts, query: &SelectStatement) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.gather(facts, query, &mut rows).await?;
        Ok(rows)
    }

    async fn short(&self, question: Statement) -> Result<Vec<Found>, DbErr> {
        let answered = match &self.short {
            Short::Here(here) => here.answer(&question),
            Short::Wire(reader) => {
                let rows = reader.answer(&question.sql, values_of(&question)).await;
                rows.map(|rows| rows.into_iter().map(Found::Wire).collect())
            }
            Short::Pool => None,
        };
        match answered {
            Some(rows) => Ok(rows),
            None => Db::query_all_raw(&self.read, question).await,
        }
    }
}

impl Store {
    /// Gathers the rows of a [`row::select`](crate::facts::row::select), in its order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn gather(&self, facts: &Facts, query: &SelectStatement, into: &mut impl Gather) -> Result<(), Error> {
        let short = match &self.short {
            Short::Here(here) => here.gather(facts, query, into),
            Short::Wire(reader) => {
                let found = reader.rows(query).await;
                found.and_then(|found| found.iter().try_for_each(|found| into.add(facts, found)).ok())
            }
            Short::Pool => None,
        };
        if short.is_none() {
            into.clear();
            for found in self.read.query_all(query).await? {
                into.add(facts, &found)?;
            }
        }
        Ok(())
    }
}
