//! What is asked of a database, whoever answers: a pool, a transaction of the driver, or the desk in this thread.

mod found;
pub mod line;
pub mod lite;
pub mod wire;

use std::future::Future;

use chrono::Utc;
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryTrait, Select, Statement, StatementBuilder};
use serde::de::DeserializeOwned;

use crate::facts::{self, Facts, Row, cells, row};
use crate::problem::Error;
pub use found::{Cell, Found};
pub use line::Line;

/// Where statements are put to.
pub trait Db: Sync {
    /// The engine.
    fn get_database_backend(&self) -> DbBackend;

    /// Runs a statement that answers no rows.
    fn execute_raw(&self, statement: Statement) -> impl Future<Output = Result<Done, DbErr>> + Send;

    /// All rows that a statement answers.
    fn query_all_raw(&self, statement: Statement) -> impl Future<Output = Result<Vec<Found>, DbErr>> + Send;

    /// The records that a statement answers, which names every field of theirs in its order.
    fn records_raw(&self, facts: &Facts, statement: Statement) -> impl Future<Output = Result<Vec<Row>, DbErr>> + Send {
        async {
            let found = self.query_all_raw(statement).await?;
            found.iter().map(|found| row::read(facts, found)).collect()
        }
    }

    /// The records of a [`row::select`] in its order, or of what writes them and returns a [`row::returned`].
    fn records<S: StatementBuilder>(
        &self,
        facts: &Facts,
        statement: &S,
    ) -> impl Future<Output = Result<Vec<Row>, DbErr>> + Send {
        self.records_raw(facts, self.get_database_backend().build(statement))
    }

    /// Typed records.
    fn models<E>(&self, select: Select<E>) -> impl Future<Output = Result<Vec<E::Model>, Error>> + Send
    where
        E: EntityTrait<Model: DeserializeOwned>;

    /// Runs a statement that was put together.
    fn execute<S: StatementBuilder>(&self, statement: &S) -> impl Future<Output = Result<Done, DbErr>> + Send {
        self.execute_raw(self.get_database_backend().build(statement))
    }

    /// Runs statements without values.
    fn execute_unprepared(&self, sql: &str) -> impl Future<Output = Result<Done, DbErr>> + Send;

    /// All rows of a statement that was put together.
    fn query_all<S: StatementBuilder>(&self, statement: &S) -> impl Future<Output = Result<Vec<Found>, DbErr>> + Send {
        self.query_all_raw(self.get_database_backend().build(statement))
    }

    /// The first row of a statement that was put together.
    fn query_one<S: StatementBuilder>(
        &self,
        statement: &S,
    ) -> impl Future<Output = Result<Option<Found>, DbErr>> + Send {
        self.query_one_raw(self.get_database_backend().build(statement))
    }

    /// The first row that a statement answers.
    fn query_one_raw(&self, statement: Statement) -> impl Future<Output = Result<Option<Found>, DbErr>> + Send {
        async { Ok(self.query_all_raw(statement).await?.into_iter().next()) }
    }
}

impl<C: ConnectionTrait> Db for C {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(self)
    }

    async fn execute_raw(&self, statement: Statement) -> Result<Done, DbErr> {
        Ok(Done { rows: ConnectionTrait::execute_raw(self, statement).await?.rows_affected() })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<Done, DbErr> {
        Ok(Done { rows: ConnectionTrait::execute_unprepared(self, sql).await?.rows_affected() })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<Found>, DbErr> {
        Ok(ConnectionTrait::query_all_raw(self, statement).await?.into_iter().map(Found::Driver).collect())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<Found>, DbErr> {
        Ok(ConnectionTrait::query_one_raw(self, statement).await?.map(Found::Driver))
    }

    async fn models<E>(&self, select: Select<E>) -> Result<Vec<E::Model>, Error>
    where
        E: EntityTrait<Model: DeserializeOwned>,
    {
        Ok(select.all(self).await?)
    }
}

/// The values of a statement; none of one without.
#[must_use]
pub fn values_of(statement: &Statement) -> &[Value] {
    statement.values.as_ref().map(|values| values.0.as_slice()).unwrap_or_default()
}

/// Typed records of a table of ours, read as records are: the conditions and the order are those of the question, the columns those of
/// the table.
///
/// # Errors
/// When the database fails, or the table is none of records.
pub async fn models<E>(db: &impl Db, select: Select<E>) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait<Model: DeserializeOwned>,
{
    let entity = E::default();
    let known = facts::all().iter().find(|facts| facts.table == entity.table_name());
    let facts = known.ok_or_else(|| cells::unfit(format!("{} is no table of records", entity.table_name())))?;
    let mut query = select.into_query();
    query.clear_selects();
    row::selected(&mut query, facts, Utc::now().date_naive());
    db.records(facts, &query).await?.iter().map(Row::typed).collect()
}

/// Typed records, asked in the words of their entity.
pub trait Typed<E: EntityTrait>: Sized {
    /// All that are selected.
    fn every(self, db: &impl Db) -> impl Future<Output = Result<Vec<E::Model>, Error>> + Send;

    /// The first that is selected.
    fn first(self, db: &impl Db) -> impl Future<Output = Result<Option<E::Model>, Error>> + Send;
}

impl<E: EntityTrait<Model: DeserializeOwned>> Typed<E> for Select<E> {
    async fn every(self, db: &impl Db) -> Result<Vec<E::Model>, Error> {
        db.models(self).await
    }

    async fn first(mut self, db: &impl Db) -> Result<Option<E::Model>, Error> {
        QueryTrait::query(&mut self).limit(1);
        Ok(db.models(self).await?.into_iter().next())
    }
}

/// What a statement has done.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// How many rows it touched.
    pub rows: u64,
}

impl Done {
    /// How many rows it touched.
    #[must_use]
    pub const fn rows_affected(self) -> u64 {
        self.rows
    }
}
