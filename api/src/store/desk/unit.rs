//! A unit of work at the desk.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sea_query::Value;
use sea_orm::{DbBackend, DbErr, EntityTrait, Select, Statement};
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, oneshot};

use super::job::{Answered, Job, Wanted};
use super::state::State;
use super::turn::Turn;
use super::{Desk, Outcome, gone};
use crate::db::{Db, Done, Found, models};
use crate::facts::{Facts, Row, row};
use crate::problem::Error;
use crate::store::failure::Refusal;
use crate::store::ready::Strides;

/// How long the statements of a unit may keep a worker; what comes after that is handed over.
const SHORT: Duration = Duration::from_millis(3);
/// Bytes of a value above which a statement is handed over.
const LARGE: usize = 65_536;

/// The turn of a unit that is open; given back without a release, the unit is undone.
struct Held {
    turn: Turn,
    open: bool,
}

impl Held {
    fn perform(&mut self, job: &Job, strides: u32) -> Result<Answered, Refusal> {
        if !self.open {
            return Err(Refusal::undone());
        }
        let state = self.turn.state().ok_or_else(Refusal::undone)?;
        let done = state.perform(job, strides);
        self.open = !state.is_lost();
        done
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.open
            && let Some(state) = self.turn.state()
        {
            state.undo();
        }
    }
}

/// A unit of work: what is done in it is committed as one, or not at all. Dropped, it leaves nothing.
pub struct Unit {
    desk: Desk,
    /// Away only while another thread works for it.
    held: Mutex<Option<Held>>,
    /// Nanoseconds that the worker has stood still for it.
    spent: AtomicU64,
    at_length: AtomicBool,
}

impl Unit {
    /// A unit that was begun.
    pub(super) fn of(desk: Desk, turn: Turn) -> Self {
        let held = Mutex::new(Some(Held { turn, open: true }));
        Self { desk, held, spent: AtomicU64::new(0), at_length: AtomicBool::new(false) }
    }

    /// What follows takes long: no worker stands still for it.
    pub(in crate::store) fn at_length(&self) {
        self.at_length.store(true, Ordering::Relaxed);
    }

    /// Ends the unit, so that the next one may begin, and has it committed with the others that wait.
    ///
    /// # Errors
    /// When it cannot be.
    pub(in crate::store) fn release(self) -> Result<Waits, DbErr> {
        let mut held = self.held.into_inner().filter(|held| held.open).ok_or_else(Refusal::undone)?;
        let waits = held.turn.state().ok_or_else(Refusal::undone)?.release()?;
        held.open = false;
        drop(held);
        self.desk.finish.send(()).map_err(|_| Refusal::undone())?;
        Ok(Waits(waits))
    }

    /// Undoes the unit, and waits until all that it has seen is durable.
    ///
    /// # Errors
    /// When it does not become so.
    pub(in crate::store) async fn settled(self) -> Result<(), DbErr> {
        let Some(mut held) = self.held.into_inner() else { return Ok(()) };
        let waits = held.turn.state().filter(|state| state.is_awaited()).map(State::wait);
        drop(held);
        let Some(waits) = waits else { return Ok(()) };
        self.desk.finish.send(()).map_err(|_| Refusal::undone())?;
        Waits(waits).durable().await
    }

    async fn put(&self, job: Job) -> Result<Answered, DbErr> {
        let mut slot = self.held.lock().await;
        let mut held = slot.take().ok_or_else(Refusal::undone)?;
        if !self.is_long(&job) {
            let began = Instant::now();
            let done = held.perform(&job, Strides::SHORT);
            self.spent.fetch_add(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
            // A read that has had its strides begins anew elsewhere.
            if !done.as_ref().is_err_and(Refusal::is_interrupted) {
                *slot = Some(held);
                return Ok(done?);
            }
        }
        // Given up meanwhile, the unit is undone where it is when the statement has ended.
        let beside = tokio::task::spawn_blocking(move || {
            let done = held.perform(&job, Strides::ANY);
            (held, done)
        });
        let (held, done) = beside.await.map_err(gone)?;
        *slot = Some(held);
        Ok(done?)
    }

    fn is_long(&self, job: &Job) -> bool {
        let large = |value: &Value| match value {
            Value::Bytes(bytes) => bytes.as_ref().is_some_and(|bytes| bytes.len() > LARGE),
            Value::String(text) => text.as_ref().is_some_and(|text| text.len() > LARGE),
            _ => false,
        };
        self.at_length.load(Ordering::Relaxed)
            || u128::from(self.spent.load(Ordering::Relaxed)) > SHORT.as_nanos()
            || job.statement.values.as_ref().is_some_and(|values| values.0.iter().any(large))
    }
}

/// A unit that has ended and is not committed yet.
pub struct Waits(pub(super) oneshot::Receiver<Outcome>);

impl Waits {
    /// Returns when it is durable.
    ///
    /// # Errors
    /// When the database cannot promise it.
    pub(in crate::store) async fn durable(self) -> Result<(), DbErr> {
        Ok(self.0.await.map_err(|_| Refusal::undone())??)
    }
}

impl Db for Unit {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<Done, DbErr> {
        Ok(Done { rows: self.put(Job { statement, wanted: Wanted::Count }).await?.touched })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<Done, DbErr> {
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        Ok(Done { rows: self.put(Job { statement, wanted: Wanted::Batch }).await?.touched })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<Found>, DbErr> {
        let lines = self.put(Job { statement, wanted: Wanted::Lines }).await?.lines;
        Ok(lines.into_iter().map(Found::Line).collect())
    }

    async fn records_raw(&self, facts: &Facts, statement: Statement) -> Result<Vec<Row>, DbErr> {
        let lines = self.put(Job { statement, wanted: Wanted::Cells }).await?.lines;
        lines.iter().map(|line| row::read(facts, line)).collect()
    }

    async fn models<E>(&self, select: Select<E>) -> Result<Vec<E::Model>, Error>
    where
        E: EntityTrait<Model: DeserializeOwned>,
    {
        models(self, select).await
    }
}
