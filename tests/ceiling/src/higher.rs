//! The higher ceiling: what the engines give to who asks them without a pool between. SQLite is read in the worker's thread and written
//! by one thread, which commits together what came meanwhile; questions to PostgreSQL go out before the ones before them are answered.

use std::cell::RefCell;
use std::io;
use std::sync::mpsc::{self, Receiver, Sender};

use chrono::{NaiveDate, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use tokio::sync::{Semaphore, oneshot};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use crate::rows::{self, Former, Milestone, New};
use crate::served::{Fault, Rows};

/// Most writes of one commit.
const TOGETHER: usize = 64;
/// Connections of a worker to PostgreSQL that write.
const WRITERS: usize = 4;
/// As the service has it.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; \
    PRAGMA cache_size = -4096; PRAGMA temp_store = memory; PRAGMA secure_delete = ON";

/// A reader for each worker, and one thread that writes for all.
pub fn sqlite(file: &str) -> io::Result<impl AsyncFn() -> Result<Lite, Fault> + Clone + Send + 'static> {
    let file = file.to_owned();
    let (write, written) = mpsc::channel();
    let connection = opened(&file).map_err(io::Error::other)?;
    std::thread::spawn(move || writing(&connection, &written));
    Ok(async move || Ok(Lite { read: RefCell::new(opened(&file)?), write: write.clone() }))
}

fn opened(file: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(SETTINGS)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

type Work = dyn FnOnce(&Connection) -> rusqlite::Result<Milestone> + Send;

/// What is to be written, and who waits for the row.
struct Job {
    work: Box<Work>,
    done: oneshot::Sender<Result<Milestone, Fault>>,
}

/// Writes until nobody is left who could ask for it.
fn writing(connection: &Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut waiting = Vec::new();
        let mut made = connection.execute_batch("BEGIN IMMEDIATE").map(|()| Vec::new());
        for Job { work, done } in std::iter::once(first).chain(jobs.try_iter().take(TOGETHER - 1)) {
            made = made.and_then(|mut rows| {
                rows.push(work(connection)?);
                Ok(rows)
            });
            waiting.push(done);
        }
        // Nothing can be said to who does not wait any more.
        match made.and_then(|rows| connection.execute_batch("COMMIT").map(|()| rows)) {
            Ok(rows) => waiting.into_iter().zip(rows).for_each(|(done, row)| drop(done.send(Ok(row)))),
            Err(error) => {
                let _ = connection.execute_batch("ROLLBACK");
                waiting.into_iter().for_each(|done| drop(done.send(Err(error.to_string().into()))));
            }
        }
    }
}

/// SQLite without a pool.
pub struct Lite {
    read: RefCell<Connection>,
    write: Sender<Job>,
}

impl Lite {
    async fn written(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Milestone> + Send + 'static,
    ) -> Result<Milestone, Fault> {
        let (done, written) = oneshot::channel();
        self.write.send(Job { work: Box::new(work), done }).map_err(|_| "nobody writes")?;
        written.await?
    }
}

fn milestone(row: &rusqlite::Row) -> rusqlite::Result<Milestone> {
    Ok(rows::milestone!(row, get))
}

fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

impl Rows for Lite {
    async fn one(&self, id: Uuid) -> Result<Milestone, Fault> {
        let read = self.read.borrow();
        let mut statement = read.prepare_cached(&rows::one())?;
        let found = statement.query_row(params![Utc::now().date_naive(), id], milestone).optional()?;
        Ok(found.ok_or("no such row")?)
    }

    async fn page(&self, project: Uuid, after: Option<(NaiveDate, Uuid)>) -> Result<Vec<Milestone>, Fault> {
        let read = self.read.borrow();
        let mut statement = read.prepare_cached(&rows::page(after.map(|_| rows::BEHIND_FROM)))?;
        let today = Utc::now().date_naive();
        let found: rusqlite::Result<Vec<_>> = match after {
            Some((on, last)) => statement.query_map(params![today, project, on, last], milestone)?.collect(),
            None => statement.query_map(params![today, project], milestone)?.collect(),
        };
        Ok(found?)
    }

    async fn create(&self, id: Uuid, new: New) -> Result<Milestone, Fault> {
        self.written(move |connection| {
            let New { project_id, number, title, planned_on } = new;
            let values = params![id, now(), title, project_id, number, planned_on, Utc::now().date_naive()];
            noted(connection, connection.prepare_cached(&rows::insert())?.query_row(values, milestone)?, None)
        })
        .await
    }

    async fn change(&self, id: Uuid, version: i64, title: String) -> Result<Milestone, Fault> {
        self.written(move |connection| {
            let values = params![now(), title, id, version, Utc::now().date_naive()];
            let mut former = connection.prepare_cached(rows::FORMER)?;
            let former = former.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let row = connection.prepare_cached(&rows::update())?.query_row(values, milestone)?;
            noted(connection, row, Some(former))
        })
        .await
    }
}

/// Adds the entry of the journal about a row.
fn noted(connection: &Connection, row: Milestone, former: Option<Former>) -> rusqlite::Result<Milestone> {
    let (before, after) =
        rows::versions(&row, former).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let (before, after) = (before.map(|before| before.to_string()), after.to_string());
    connection.prepare_cached(rows::NOTE)?.execute(params![
        row.id,
        row.project_id,
        row.version,
        now(),
        before,
        after
    ])?;
    Ok(row)
}

/// A connection of each worker for all its reads, and some for its writes.
pub fn postgres(address: &str) -> io::Result<impl AsyncFn() -> Result<Wire, Fault> + Clone + Send + 'static> {
    let address = address.to_owned();
    Ok(async move || {
        let read = Session::open(&address).await?;
        let mut idle = Vec::new();
        for _ in 0..WRITERS {
            idle.push(Session::open(&address).await?);
        }
        Ok(Wire { read, idle: RefCell::new(idle), permits: Semaphore::new(WRITERS) })
    })
}

/// PostgreSQL without a pool.
pub struct Wire {
    read: Session,
    idle: RefCell<Vec<Session>>,
    permits: Semaphore,
}

/// A connection with its statements.
struct Session {
    client: Client,
    one: Statement,
    page: Statement,
    deep: Statement,
    insert: Statement,
    update: Statement,
    note: Statement,
}

impl Session {
    async fn open(address: &str) -> Result<Self, Fault> {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
        actix_web::rt::spawn(connection);
        let (one, page) = (client.prepare(&rows::one()).await?, client.prepare(&rows::page(None)).await?);
        let (deep, insert) =
            (client.prepare(&rows::page(Some(rows::BEHIND))).await?, client.prepare(&rows::insert()).await?);
        let (update, note) = (client.prepare(&rows::update_telling()).await?, client.prepare(rows::NOTE).await?);
        Ok(Self { client, one, page, deep, insert, update, note })
    }
}

impl Wire {
    async fn writing(&self, work: impl AsyncFnOnce(&Session) -> Result<Milestone, Fault>) -> Result<Milestone, Fault> {
        let _permit = self.permits.acquire().await?;
        let session = self.idle.borrow_mut().pop().ok_or("a permit for a connection")?;
        let done = work(&session).await;
        self.idle.borrow_mut().push(session);
        done
    }
}

fn sent(row: &tokio_postgres::Row) -> Result<Milestone, tokio_postgres::Error> {
    Ok(rows::milestone!(row, try_get))
}

impl Rows for Wire {
    async fn one(&self, id: Uuid) -> Result<Milestone, Fault> {
        let row = self.read.client.query_one(&self.read.one, &[&Utc::now().date_naive(), &id]).await?;
        Ok(sent(&row)?)
    }

    async fn page(&self, project: Uuid, after: Option<(NaiveDate, Uuid)>) -> Result<Vec<Milestone>, Fault> {
        let (today, Session { client, page, deep, .. }) = (Utc::now().date_naive(), &self.read);
        let found = match after {
            Some((on, last)) => client.query(deep, &[&today, &project, &on, &last]).await?,
            None => client.query(page, &[&today, &project]).await?,
        };
        Ok(found.iter().map(sent).collect::<Result<_, _>>()?)
    }

    async fn create(&self, id: Uuid, new: New) -> Result<Milestone, Fault> {
        self.writing(async move |Session { client, insert, note, .. }| {
            let (New { project_id, number, title, planned_on }, now) = (&new, Utc::now());
            let (today, after) = (now.date_naive(), rows::versions(&new.made(id, now), None)?.1);
            let row: [&(dyn ToSql + Sync); 7] = [&id, &now, title, project_id, number, planned_on, &today];
            let entry: [&(dyn ToSql + Sync); 6] = [&id, project_id, &1_i64, &now, &None::<Value>, &after];
            // All that is written is known before: nothing waits but for the commit.
            let (begun, made) = (client.batch_execute("BEGIN"), client.query_one(insert, &row));
            let (noted, committed) = (client.execute(note, &entry), client.batch_execute("COMMIT"));
            let ((), made, _, ()) = tokio::try_join!(begun, made, noted, committed)?;
            Ok(sent(&made)?)
        })
        .await
    }

    async fn change(&self, id: Uuid, version: i64, title: String) -> Result<Milestone, Fault> {
        self.writing(async move |Session { client, update, note, .. }| {
            let now = Utc::now();
            let today = now.date_naive();
            let row: [&(dyn ToSql + Sync); 5] = [&now, &title, &id, &version, &today];
            let ((), row) = tokio::try_join!(client.batch_execute("BEGIN"), client.query_one(update, &row))?;
            // The entry tells of a row that only the statement before it knows.
            let former = (row.try_get("was")?, row.try_get("since")?);
            let row = sent(&row)?;
            let (before, after) = rows::versions(&row, Some(former))?;
            let entry: [&(dyn ToSql + Sync); 6] = [&row.id, &row.project_id, &row.version, &now, &before, &after];
            tokio::try_join!(client.execute(note, &entry), client.batch_execute("COMMIT"))?;
            Ok(row)
        })
        .await
    }
}
