//! What is at the desk: the connection, and those who wait for it to commit.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::Outcome;
use super::job::{Answered, Job, perform};
use crate::store::failure::Refusal;
use crate::store::files::FILE;
use crate::store::ready::{Strides, ready};
use crate::store::settings::WAIT;

/// What the writer is told of its own.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

#[derive(Debug)]
pub(super) struct State {
    file: PathBuf,
    /// Opened when it is first needed, and anew after a failure that leaves it in doubt.
    connection: Option<(Connection, Strides)>,
    /// Those whose units are done and not committed.
    waiting: Vec<oneshot::Sender<Outcome>>,
}

impl State {
    /// The file of a data directory, made if it is missing.
    pub(super) fn of(directory: &Path) -> Result<Self, Refusal> {
        let mut state = Self { file: directory.join(FILE), connection: None, waiting: Vec::new() };
        state.open()?;
        Ok(state)
    }

    /// Closes the file; its log goes into it. It is opened anew if somebody asks.
    pub(super) fn close(&mut self) -> Result<(), Refusal> {
        let Some((connection, _)) = self.connection.take() else { return Ok(()) };
        connection.close().map_err(|(_, error)| error.into())
    }

    /// Whether some wait for what they have done to be committed.
    pub(super) fn is_awaited(&self) -> bool {
        !self.waiting.is_empty()
    }

    fn open(&mut self) -> Result<&(Connection, Strides), Refusal> {
        if self.connection.is_none() {
            self.connection = Some(opened(&self.file)?);
        }
        self.connection.as_ref().ok_or_else(Refusal::undone)
    }

    /// The connection, where it is open.
    fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref().map(|(connection, _)| connection)
    }

    /// Opens a unit, in a transaction of its own or in that of those who wait.
    pub(super) fn begin(&mut self) -> Result<(), Refusal> {
        let begin = |(connection, _): &(Connection, Strides)| {
            if connection.is_autocommit() {
                run(connection, "BEGIN IMMEDIATE")?;
            }
            run(connection, "SAVEPOINT unit")
        };
        self.open().and_then(begin).map_err(|refusal| self.judged(refusal))
    }

    pub(super) fn perform(&mut self, job: &Job, strides: u32) -> Result<Answered, Refusal> {
        let performed = |(connection, left): &(Connection, Strides)| {
            let done = perform(connection, job, left, strides);
            left.allow(Strides::ANY);
            Ok(done?)
        };
        self.open().and_then(performed).map_err(|refusal| self.judged(refusal))
    }

    /// A refusal after which the engine has rolled everything back by itself (a full disk, an error of input or output):
    /// those who wait are told, and the connection is not trusted again.
    fn judged(&mut self, refusal: Refusal) -> Refusal {
        if self.is_lost() {
            self.connection = None;
            self.tell(&Err(refusal.clone()));
        }
        refusal
    }

    pub(super) fn is_lost(&self) -> bool {
        self.connection().is_none_or(Connection::is_autocommit)
    }

    pub(super) fn release(&mut self) -> Result<oneshot::Receiver<Outcome>, Refusal> {
        let connection = self.connection().ok_or_else(Refusal::undone)?;
        run(connection, "RELEASE unit").map_err(|refusal| self.judged(refusal))?;
        Ok(self.wait())
    }

    pub(super) fn wait(&mut self) -> oneshot::Receiver<Outcome> {
        let (told, waits) = oneshot::channel();
        self.waiting.push(told);
        waits
    }

    /// Undoes a unit; the transaction goes on for those who wait.
    pub(super) fn undo(&mut self) {
        let Some(connection) = self.connection().filter(|connection| !connection.is_autocommit()) else {
            return;
        };
        let undone = if self.waiting.is_empty() {
            run(connection, "ROLLBACK")
        } else {
            run(connection, "ROLLBACK TO unit").and_then(|()| run(connection, "RELEASE unit"))
        };
        if let Err(refusal) = undone {
            // Closing the file undoes everything.
            self.connection = None;
            self.tell(&Err(refusal));
        }
    }

    /// Commits all that wait, and tells them.
    pub(super) fn commit(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let Some(connection) = self.connection() else { return self.tell(&Err(Refusal::undone())) };
        let done = if connection.is_autocommit() { Err(Refusal::undone()) } else { run(connection, "COMMIT") };
        if done.is_err() {
            self.connection = None;
        }
        // Whose reference points to nothing cannot be told apart here: each of them is to try again.
        let done = done.map_err(|refusal| if self.waiting.len() > 1 { refusal.of_many() } else { refusal });
        self.tell(&done);
    }

    fn tell(&mut self, done: &Outcome) {
        for waiting in self.waiting.drain(..) {
            // Who went away does not hear it.
            let _ = waiting.send(done.clone());
        }
    }
}

fn opened(file: &Path) -> rusqlite::Result<(Connection, Strides)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(WAIT)?;
    let strides = ready(&connection, SETTINGS)?;
    Ok((connection, strides))
}

fn run(connection: &Connection, sql: &str) -> Result<(), Refusal> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.raw_execute().map(drop)?)
}
