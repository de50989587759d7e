//! The one writer of SQLite, at which units of work are done one after the other, in the thread of whoever asks.
//!
//! The driver gives a connection a thread of its own. A transaction of eight statements would be handed over eight times,
//! and each time wait for its turn among everything else that the worker does, while all other writers wait for it. Here a
//! statement is run where it is asked for. What takes longer than a worker may stand still (a long import, a large
//! chunk, a read that searches) is handed over all the same.
//!
//! Units are committed in groups. Each is a savepoint of an open transaction; once it is released its writer waits, and
//! the next unit begins. A thread of its own commits all that wait, in one go and with one sync to the disk, as soon as it
//! gets its turn in the same queue; only then are they answered. A unit that fails is rolled back to its savepoint and
//! leaves the others alone. It may have seen what is not durable yet: a refusal then rests on what others were writing
//! in that moment. Whoever answers 2xx without writing waits for it ([`Unit::settled`]).

mod job;
mod state;
mod turn;
mod unit;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, mpsc};

use sea_orm::{ConnAcquireErr, DbBackend, DbErr, Statement};
use tokio::sync::Mutex;

use super::failure::Refusal;
use super::ready::Strides;
use super::settings::WAIT;
use crate::db::Found;
use crate::problem::Error;
pub(super) use job::bind;
use job::{Job, Wanted};
use state::State;
use turn::Line;
pub use unit::{Unit, Waits};

/// Told to whoever waits for the commit.
type Outcome = Result<(), Refusal>;

/// The writer of a data directory, and a line before it. Clones wait in the same one.
#[derive(Clone, Debug)]
pub struct Desk {
    state: Arc<Mutex<State>>,
    line: Arc<Line>,
    finish: mpsc::Sender<()>,
}

impl Desk {
    /// The writer of a data directory, and the thread that commits for it; it ends with the last clone.
    ///
    /// # Errors
    /// When the file cannot be opened or the thread not be started.
    pub(super) fn of(directory: &Path) -> Result<Self, Error> {
        let state = Arc::new(Mutex::new(State::of(directory).map_err(DbErr::from)?));
        let (finish, asked) = mpsc::channel();
        let commits = Arc::clone(&state);
        let commit = move || {
            while asked.recv().is_ok() {
                let mut state = commits.blocking_lock();
                // Whoever asked in the meantime is served with it.
                while asked.try_recv().is_ok() {}
                state.commit();
            }
        };
        std::thread::Builder::new()
            .name("framdrift-commit".to_owned())
            .spawn(commit)
            .map_err(|error| Error::internal("start the thread that commits", error))?;
        Ok(Self { state, line: Arc::default(), finish })
    }

    /// The same writer with a line of its own, for a worker.
    pub(super) fn of_worker(&self) -> Self {
        Self { line: Arc::default(), ..self.clone() }
    }

    /// Begins a unit, when those before it are done with theirs.
    ///
    /// # Errors
    /// When its turn does not come in time, or the file cannot be written.
    pub(super) async fn begin(&self) -> Result<Unit, DbErr> {
        let late = |_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let mut turn = tokio::time::timeout(WAIT, self.line.turn(&self.state)).await.map_err(late)?;
        turn.state().ok_or_else(Refusal::undone)?.begin()?;
        Ok(Unit::of(self.clone(), turn))
    }

    /// Whether nobody is at it.
    pub(super) fn is_free(&self) -> bool {
        self.state.try_lock().is_ok()
    }

    /// Runs a statement outside every transaction, and answers its rows.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn alone(&self, sql: &'static str) -> Result<Vec<Found>, DbErr> {
        let mut state = Arc::clone(&self.state).lock_owned().await;
        let asked = tokio::task::spawn_blocking(move || {
            state.commit();
            state.perform(
                &Job { statement: Statement::from_string(DbBackend::Sqlite, sql), wanted: Wanted::Lines },
                Strides::ANY,
            )
        });
        let lines = asked.await.map_err(gone)??.lines;
        Ok(lines.into_iter().map(Found::Line).collect())
    }

    /// Commits what waits and closes the file; its log goes into it.
    ///
    /// # Errors
    /// When the last checkpoint fails.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        let mut state = Arc::clone(&self.state).lock_owned().await;
        let closed = tokio::task::spawn_blocking(move || {
            state.commit();
            state.close()
        });
        Ok(closed.await.map_err(gone)??)
    }
}

fn gone(error: tokio::task::JoinError) -> DbErr {
    DbErr::Custom(error.to_string())
}
