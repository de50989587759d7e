//! A transaction whose questions do not wait for answers that nobody needs yet.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use sea_orm::sea_query::InsertStatement;
use sea_orm::{DbBackend, DbErr, EntityTrait, Select, Statement};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Lent;
use super::session::Session;
use crate::db::{Db, Done, Found, models, values_of};
use crate::facts::{Facts, Row, row};
use crate::problem::Error;
use crate::store::failure::Lost;
use crate::store::put::{Held, Put};

/// What was sent and is not answered yet.
type Sent = Pin<Box<dyn Future<Output = Result<(), Lost>> + Send>>;

/// A transaction. Dropped, it leaves nothing.
pub struct Unit {
    /// There until the end.
    lent: Option<Lent>,
    begun: AtomicBool,
    /// How many questions have failed, or were given up: then nothing may be committed.
    failed: AtomicUsize,
    sent: Mutex<Vec<Sent>>,
    /// Boxed, for statements are large and transactions are moved.
    waits: Box<Mutex<Waiting>>,
}

/// What goes ahead of the next question.
#[derive(Default)]
struct Waiting {
    counter: Option<InsertStatement>,
    put: Option<Put>,
    /// The record that was changed by itself, as it is then.
    changed: Option<Row>,
    /// The first record that was to be changed and no longer was as it was. Then nothing may be committed.
    missed: Option<(&'static Facts, Uuid)>,
}

impl Unit {
    pub(super) fn of(lent: Lent) -> Self {
        let (begun, failed, sent, waits) = Default::default();
        Self { lent: Some(lent), begun, failed, sent, waits }
    }

    /// Keeps what advances a counter for what comes behind it.
    ///
    /// # Errors
    /// As of a question.
    pub(in crate::store) async fn hold_counter(&self, counter: InsertStatement) -> Result<(), DbErr> {
        self.go_ahead().await?;
        self.waiting().counter = Some(counter);
        Ok(())
    }

    /// Keeps a record that is to be written for the entry that tells of it.
    ///
    /// # Errors
    /// As of a question.
    pub(in crate::store) async fn hold(&self, put: Put) -> Result<(), DbErr> {
        self.goes_on().await?;
        self.waiting().put = Some(put);
        Ok(())
    }

    /// More is written: a record that is held goes ahead of it, and is no longer the one that was written last.
    ///
    /// # Errors
    /// As of a question.
    pub(in crate::store) async fn goes_on(&self) -> Result<(), DbErr> {
        if self.waiting().put.is_some() {
            self.go_ahead().await?;
        }
        self.waiting().changed = None;
        Ok(())
    }

    /// Takes back a record of a collection that is held, unless something was asked since.
    pub(in crate::store) fn take_back(&self, path: &str, record: Uuid) -> Option<Held> {
        let mut waiting = self.waiting();
        let put = waiting.put.take_if(|put| put.facts().path == path && put.id() == record)?;
        Some(Held { counter: waiting.counter.take(), put })
    }

    /// The record that was changed last by itself, as it is then, once.
    pub(in crate::store) fn changed(&self) -> Option<Row> {
        self.waiting().changed.take()
    }

    /// A record that was to be changed and no longer was as it was.
    pub(in crate::store) fn missed(&self) -> Option<(&'static Facts, Uuid)> {
        self.waiting().missed
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has what is held go ahead of what is asked now. What a change finds is known before anything else is: what is asked next may
    /// hang on it.
    ///
    /// # Errors
    /// As of a question.
    pub(in crate::store) async fn go_ahead(&self) -> Result<(), DbErr> {
        let (counter, put) = {
            let mut waiting = self.waiting();
            (waiting.counter.take(), waiting.put.take())
        };
        if let Some(counter) = counter {
            self.send_on(DbBackend::Postgres.build(&counter), None).await?;
        }
        let Some(put) = put else { return Ok(()) };
        let facts = put.facts();
        if put.is_new() {
            return self.send_on(put.unanswered(DbBackend::Postgres)?, Some(facts)).await;
        }
        let row = self.written(facts, put.id(), &put.alone(DbBackend::Postgres)?).await?;
        self.waiting().changed = row;
        Ok(())
    }

    /// Runs a statement of which nothing need be known now: should it fail, the next answer that is waited for is that
    /// failure, at the latest the commit. With the facts of the records that it writes, the failure says what of them is taken.
    ///
    /// # Errors
    /// When it has failed already, or something that was sent before.
    pub(in crate::store) async fn later(&self, statement: Statement, of: Option<&'static Facts>) -> Result<(), DbErr> {
        self.go_ahead().await?;
        self.send_on(statement, of).await
    }

    async fn send_on(&self, statement: Statement, of: Option<&'static Facts>) -> Result<(), DbErr> {
        let session = self.session()?.clone();
        let known = session.knows(&statement.sql);
        let question = async move {
            session.run(&statement.sql, values_of(&statement)).await.map(drop).map_err(|lost| lost.of(of))
        };
        if !known {
            return self.ask(question).await;
        }
        self.begin()?;
        self.send(Box::pin(question));
        Ok(())
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// When something has failed, or PostgreSQL does not say that it is.
    pub(in crate::store) async fn commit(mut self) -> Result<(), DbErr> {
        self.go_ahead().await?;
        if self.failed.load(Ordering::SeqCst) > 0 || self.missed().is_some() {
            return Err(Lost::undone().into());
        }
        if self.begun.load(Ordering::SeqCst) {
            let session = self.session()?.clone();
            self.ask(async { session.batch("COMMIT").await }).await?;
        }
        if let Some(lent) = self.lent.take() {
            lent.back();
        }
        Ok(())
    }

    fn session(&self) -> Result<&Session, Lost> {
        self.lent.as_ref().map(|lent| &lent.session).ok_or_else(Lost::undone)
    }

    fn begin(&self) -> Result<(), Lost> {
        if !self.begun.swap(true, Ordering::SeqCst) {
            let session = self.session()?.clone();
            self.send(Box::pin(async move { session.batch("BEGIN").await }));
        }
        Ok(())
    }

    /// Sends a question, which its first turn does.
    fn send(&self, mut question: Sent) {
        let mut nobody = std::task::Context::from_waker(std::task::Waker::noop());
        if let Poll::Ready(answer) = question.as_mut().poll(&mut nobody) {
            question = Box::pin(std::future::ready(answer));
        }
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(question);
    }

    /// Sends a question, and waits for what was sent before it and for its own answer.
    async fn ask<T>(&self, question: impl Future<Output = Result<T, Lost>>) -> Result<T, DbErr> {
        self.begin()?;
        let mut question = pin!(question);
        let mut early = None;
        poll_fn(|context| {
            if let Poll::Ready(answer) = question.as_mut().poll(context) {
                early = Some(answer);
            }
            Poll::Ready(())
        })
        .await;
        // Given up from here on, nobody would know what has become of it.
        self.failed.fetch_add(1, Ordering::SeqCst);
        let sent = std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner));
        for answer in sent {
            answer.await?;
        }
        let answer = match early {
            Some(answer) => answer?,
            None => question.await?,
        };
        self.failed.fetch_sub(1, Ordering::SeqCst);
        Ok(answer)
    }

    async fn rows(&self, statement: &Statement) -> Result<Vec<crate::db::wire::Row>, DbErr> {
        self.go_ahead().await?;
        self.ask(self.session()?.rows(&statement.sql, values_of(statement))).await
    }

    /// A record that a statement writes, as it is then; none, and noted as missed, where it no longer was as it was.
    ///
    /// # Errors
    /// When the database fails, or refuses what is written.
    pub(in crate::store) async fn written(
        &self,
        facts: &'static Facts,
        id: Uuid,
        statement: &Statement,
    ) -> Result<Option<Row>, DbErr> {
        let session = self.session()?;
        let question =
            async { session.rows(&statement.sql, values_of(statement)).await.map_err(|lost| lost.of(Some(facts))) };
        let rows = self.ask(question).await?;
        let row = rows.first().map(|found| row::read(facts, found)).transpose()?;
        if row.is_none() {
            self.waiting().missed.get_or_insert((facts, id));
        }
        Ok(row)
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        let Some(lent) = self.lent.take() else { return };
        if !self.begun.load(Ordering::SeqCst) {
            return lent.back();
        }
        // It goes behind all that was sent.
        match tokio::runtime::Handle::try_current() {
            Ok(here) => {
                here.spawn(async move {
                    match lent.session.batch("ROLLBACK").await {
                        Ok(()) => lent.back(),
                        Err(_) => lent.away(),
                    }
                });
            }
            Err(_) => lent.away(),
        }
    }
}

impl Db for Unit {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<Done, DbErr> {
        self.go_ahead().await?;
        Ok(Done { rows: self.ask(self.session()?.run(&statement.sql, values_of(&statement))).await? })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<Done, DbErr> {
        self.go_ahead().await?;
        self.ask(self.session()?.batch(sql)).await?;
        Ok(Done { rows: 0 })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<Found>, DbErr> {
        Ok(self.rows(&statement).await?.into_iter().map(Found::Wire).collect())
    }

    async fn records_raw(&self, facts: &Facts, statement: Statement) -> Result<Vec<Row>, DbErr> {
        self.rows(&statement).await?.iter().map(|found| row::read(facts, found)).collect()
    }

    async fn models<E>(&self, select: Select<E>) -> Result<Vec<E::Model>, Error>
    where
        E: EntityTrait<Model: DeserializeOwned>,
    {
        models(self, select).await
    }
}
