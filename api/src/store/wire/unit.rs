//! A transaction whose questions do not wait for answers that nobody needs yet.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use sea_orm::sea_query::Value;
use sea_orm::{DbBackend, DbErr, EntityTrait, Select, Statement};
use serde::de::DeserializeOwned;

use super::Lent;
use super::session::Session;
use crate::db::{Db, Done, Found, models};
use crate::facts::{Facts, Row, row};
use crate::problem::Error;
use crate::store::failure::Lost;

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
}

impl Unit {
    pub(super) fn of(lent: Lent) -> Self {
        Self { lent: Some(lent), begun: AtomicBool::new(false), failed: AtomicUsize::new(0), sent: Mutex::default() }
    }

    /// Runs a statement of which nothing need be known now: should it fail, the next answer that is waited for is that
    /// failure, at the latest the commit. With the facts of the records that it writes, the failure says what of them is taken.
    ///
    /// # Errors
    /// When it has failed already, or something that was sent before.
    pub(in crate::store) async fn later(&self, statement: Statement, of: Option<&'static Facts>) -> Result<(), DbErr> {
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
        if self.failed.load(Ordering::SeqCst) > 0 {
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
        self.ask(self.session()?.rows(&statement.sql, values_of(statement))).await
    }
}

fn values_of(statement: &Statement) -> &[Value] {
    statement.values.as_ref().map(|values| values.0.as_slice()).unwrap_or_default()
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
        Ok(Done { rows: self.ask(self.session()?.run(&statement.sql, values_of(&statement))).await? })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<Done, DbErr> {
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
