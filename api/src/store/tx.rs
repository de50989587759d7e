//! A transaction, of either engine.

use sea_orm::sea_query::InsertStatement;
use sea_orm::{DatabaseTransaction, DbBackend, DbErr, EntityTrait, Select, Statement, Value};
use serde::de::DeserializeOwned;

use super::Store;
use super::desk::{Unit, Waits};
use super::failure::refused;
use super::put::Put;
use super::wire;
use crate::db::{Db, Done, Found};
use crate::facts::{Facts, Row};
use crate::problem::Error;

/// An open transaction; dropped without [`Tx::commit`], it leaves nothing.
pub enum Tx {
    /// Of PostgreSQL, by the driver.
    Driver(DatabaseTransaction),
    /// Of PostgreSQL, on a wire.
    Wire(wire::Unit),
    /// Of SQLite, at the desk.
    Desk(Unit),
}

impl Store {
    /// One statement in a transaction of its own; answers how many rows it touched.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn run<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<u64, Error> {
        let tx = self.begin().await?;
        let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

impl Tx {
    /// Makes everything durable.
    ///
    /// # Errors
    /// When the database cannot promise it.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.ended()?.durable().await
    }

    /// Ends it: nobody waits for it any longer. It is durable when what this answers says so.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub(super) fn ended(self) -> Result<Ended, DbErr> {
        Ok(match self {
            Self::Driver(tx) => Ended::Driver(tx),
            Self::Wire(unit) => Ended::Wire(unit),
            Self::Desk(unit) => Ended::Desk(unit.release()?),
        })
    }

    /// Undoes everything, and waits until all that was seen is durable: on PostgreSQL it is, since nobody sees it before, and
    /// nobody waits for the undoing.
    ///
    /// # Errors
    /// When it does not become so.
    pub(super) async fn settled(self) -> Result<(), DbErr> {
        match self {
            Self::Driver(_) | Self::Wire(_) => Ok(()),
            Self::Desk(unit) => unit.settled().await,
        }
    }

    /// Runs a statement of which nothing need be known now. On a wire nobody waits for it: should it fail, the next answer
    /// that is waited for is that failure, at the latest the commit. With the facts of the records that it writes, it
    /// says what of them is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn later(&self, statement: Statement, of: Option<&'static Facts>) -> Result<(), Error> {
        let done = match self {
            Self::Driver(tx) => Db::execute_raw(tx, statement).await.map(drop),
            Self::Desk(unit) => unit.execute_raw(statement).await.map(drop),
            Self::Wire(unit) => unit.later(statement, of).await,
        };
        done.map_err(|error| match of {
            Some(facts) => refused(facts, error),
            None => error.into(),
        })
    }

    /// Advances a counter.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn advance(&self, counter: InsertStatement) -> Result<(), DbErr> {
        match self {
            Self::Wire(unit) => unit.hold_counter(counter).await,
            Self::Driver(_) | Self::Desk(_) => self.execute(&counter).await.map(drop),
        }
    }

    /// Writes a record, and answers it as it is then: no row where it no longer was as it was before. On a wire nobody knows that before
    /// the entry of the journal that tells of it, or whatever else is asked first.
    ///
    /// # Errors
    /// When the database fails, or refuses it.
    pub(super) async fn put(&self, put: Put) -> Result<Option<Vec<Row>>, Error> {
        let facts = put.facts();
        let done = match self {
            Self::Wire(unit) => unit.hold(put).await.map(|()| None),
            Self::Driver(_) | Self::Desk(_) => {
                self.records_raw(facts, put.alone(self.get_database_backend())?).await.map(Some)
            }
        };
        done.map_err(|error| refused(facts, error))
    }

    /// Whether an answer is at hand as soon as it is asked for: elsewhere it takes a round trip.
    pub(super) const fn is_here(&self) -> bool {
        matches!(self, Self::Desk(_))
    }

    /// What follows takes long: on SQLite no worker stands still for it.
    pub(super) fn at_length(&self) {
        if let Self::Desk(unit) = self {
            unit.at_length();
        }
    }
}

/// A transaction to which nothing is added any more.
pub(super) enum Ended {
    /// Of PostgreSQL; its commit is yet to be asked for.
    Driver(DatabaseTransaction),
    /// The same on a wire.
    Wire(wire::Unit),
    /// Of SQLite; it is committed with others.
    Desk(Waits),
}

impl Ended {
    /// Returns when it is durable.
    ///
    /// # Errors
    /// When the database cannot promise it.
    pub(super) async fn durable(self) -> Result<(), DbErr> {
        match self {
            Self::Driver(tx) => tx.commit().await,
            Self::Wire(unit) => unit.commit().await,
            Self::Desk(waits) => waits.durable().await,
        }
    }
}

impl Db for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Driver(tx) => Db::get_database_backend(tx),
            Self::Desk(unit) => unit.get_database_backend(),
            Self::Wire(unit) => unit.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<Done, DbErr> {
        match self {
            Self::Driver(tx) => Db::execute_raw(tx, statement).await,
            Self::Desk(unit) => unit.execute_raw(statement).await,
            Self::Wire(unit) => unit.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<Done, DbErr> {
        match self {
            Self::Driver(tx) => Db::execute_unprepared(tx, sql).await,
            Self::Desk(unit) => unit.execute_unprepared(sql).await,
            Self::Wire(unit) => unit.execute_unprepared(sql).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<Found>, DbErr> {
        match self {
            Self::Driver(tx) => Db::query_all_raw(tx, statement).await,
            Self::Desk(unit) => unit.query_all_raw(statement).await,
            Self::Wire(unit) => unit.query_all_raw(statement).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<Found>, DbErr> {
        match self {
            Self::Driver(tx) => Db::query_one_raw(tx, statement).await,
            Self::Desk(unit) => unit.query_one_raw(statement).await,
            Self::Wire(unit) => unit.query_one_raw(statement).await,
        }
    }

    async fn records_raw(&self, facts: &Facts, statement: Statement) -> Result<Vec<Row>, DbErr> {
        match self {
            Self::Driver(tx) => tx.records_raw(facts, statement).await,
            Self::Desk(unit) => unit.records_raw(facts, statement).await,
            Self::Wire(unit) => unit.records_raw(facts, statement).await,
        }
    }

    async fn models<E>(&self, select: Select<E>) -> Result<Vec<E::Model>, Error>
    where
        E: EntityTrait<Model: DeserializeOwned>,
    {
        match self {
            Self::Driver(tx) => tx.models(select).await,
            Self::Desk(unit) => unit.models(select).await,
            Self::Wire(unit) => unit.models(select).await,
        }
    }
}
