//! The counters that every write advances: what the entity tags of reports are made of.

use std::sync::LazyLock;

use sea_orm::sea_query::{Expr, ExprTrait, Func, InsertStatement, OnConflict, Query, SelectStatement, Value};
use sea_orm::{DatabaseConnection, DbErr, Statement};
use uuid::Uuid;

use super::{Source, Store, Write};
use crate::db::{Db, Found};
use crate::facts::cells::Cells;
use crate::facts::{Facts, Gather, Row};
use crate::problem::Error;
use crate::store::Tx;

/// What stands for all that callers hang on: sessions, secrets, roles.
pub const CALLERS: Uuid = Uuid::max();

/// What stands for what the service works out from other records: how many entries of the journal tell of that.
pub(super) const DERIVED: Uuid = Uuid::from_u128(u128::MAX - 1);

/// How often what callers hang on has been written: where this process alone writes, as it counts itself; else as the
/// database does.
///
/// # Errors
/// When the database fails.
pub async fn callers(store: &Store) -> Result<u64, DbErr> {
    if store.is_alone() {
        return Ok(store.news.callers());
    }
    if let Some(counted) = store.counted {
        return Ok(counted);
    }
    let sql = "SELECT counter FROM scopes WHERE id = $1";
    let short = match store.reader() {
        Some(reader) => reader.answer(sql, &[CALLERS.into()]).await,
        None => None,
    };
    let found = match short {
        Some(rows) => rows.into_iter().next().map(Found::Wire),
        None => {
            let statement = Statement::from_sql_and_values(store.first().get_database_backend(), sql, [CALLERS.into()]);
            Db::query_one_raw(store.first(), statement).await?
        }
    };
    let counter: Option<i64> = found.map(|row| row.try_get("", "counter")).transpose()?;
    Ok(counter.unwrap_or_default().unsigned_abs())
}

/// What a commit has written to the log is flushed before anybody is told of it: every session that serves is bound to that.
const POSITION: &str = "SELECT (SELECT counter FROM scopes WHERE id = $1) AS counter, \
    (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint AS position";

/// The same as [`callers`] on PostgreSQL, with a position of its log: everything that is committed by now stands before it.
///
/// # Errors
/// When the database fails.
pub(super) async fn callers_and_position(primary: &DatabaseConnection) -> Result<(u64, i64), DbErr> {
    let statement = Statement::from_sql_and_values(primary.get_database_backend(), POSITION, [CALLERS.into()]);
    let row = primary.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the position of the log".to_owned()))?;
    let counter: Option<i64> = row.try_get("", "counter")?;
    Ok((counter.unwrap_or_default().unsigned_abs(), row.try_get("", "position")?))
}

impl Store {
    /// Whether it takes no question to the database to know how often what callers hang on was written.
    #[must_use]
    pub fn knows_callers(&self) -> bool {
        self.is_alone() || self.counted.is_some()
    }

    /// Gathers the rows of a [`row::select`](crate::facts::row::select), and tells how often what callers hang on had been written
    /// when they were read; that is not known where nothing was found, and not asked for where this process alone writes or
    /// where it is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counted(
        &self,
        facts: &Facts,
        query: &mut SelectStatement,
        into: &mut impl Gather,
    ) -> Result<Option<u64>, Error> {
        if self.knows_callers() {
            self.gather(facts, query, into).await?;
            return Ok(None);
        }
        counting(query);
        let mut counting = Counting { into, count: None };
        self.gather(facts, query, &mut counting).await?;
        Ok(counting.count.map(i64::unsigned_abs))
    }

    /// The records of a question inside a transaction, and the same count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counted_in(
        &self,
        tx: &Tx,
        facts: &Facts,
        query: &mut SelectStatement,
    ) -> Result<(Vec<Row>, Option<u64>), Error> {
        if self.knows_callers() {
            return Ok((tx.records(facts, query).await?, None));
        }
        counting(query);
        let mut rows = Vec::new();
        let mut counting = Counting { into: &mut rows, count: None };
        for found in tx.query_all(query).await? {
            counting.add(facts, &found)?;
        }
        let count = counting.count.map(i64::unsigned_abs);
        Ok((rows, count))
    }
}

static COUNT: LazyLock<String> =
    LazyLock::new(|| format!("COALESCE((SELECT counter FROM scopes WHERE id = '{CALLERS}'), 0)"));

/// Adds how often what callers hang on was written, behind the fields of the records.
fn counting(query: &mut SelectStatement) {
    query.expr(Expr::cust(COUNT.as_str()));
}

/// Takes the count from the rows on their way.
struct Counting<'a, G> {
    into: &'a mut G,
    count: Option<i64>,
}

impl<G: Gather> Gather for Counting<'_, G> {
    fn clear(&mut self) {
        self.count = None;
        self.into.clear();
    }

    fn add(&mut self, facts: &Facts, row: &impl Cells) -> Result<(), DbErr> {
        if self.count.is_none() {
            self.count = row.integer(facts.fields.len())?;
        }
        self.into.add(facts, row)
    }
}

/// The counter that writes to the directory (and to any project's own record) advance.
pub const DIRECTORY: Uuid = Uuid::nil();

/// `before` are those that the project comes from, and those whose recommendations lead to it.
const COUNTERS: &str = "WITH RECURSIVE earlier (id) AS (SELECT predecessor_id FROM projects WHERE id = $1 AND predecessor_id IS NOT NULL \
  UNION SELECT project_id FROM recommendations WHERE leads_to_project_id = $1 \
  UNION SELECT p.predecessor_id FROM projects p JOIN earlier b ON p.id = b.id WHERE p.predecessor_id IS NOT NULL) \
SELECT 'project' AS place, s.counter AS counter FROM projects p JOIN scopes s ON s.id = p.id WHERE p.id = $1 \
UNION ALL SELECT 'directory' AS place, counter FROM scopes WHERE id = $2 \
UNION ALL SELECT 'before' AS place, CAST(COALESCE(SUM(counter), 0) AS bigint) AS counter FROM scopes WHERE id IN (SELECT id FROM earlier)";

/// How often a project, those that it comes from, and the directory around it have been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Writes to the project; `None` when there is no such project.
    pub project: Option<i64>,
    /// Writes to the projects before it and to those that recommend it, whose decisions its reports show.
    pub before: i64,
    /// Writes to the directory.
    pub directory: i64,
}

impl Counters {
    /// What an entity tag of the project begins with: the same as long as nobody has written.
    #[must_use]
    pub fn state(self) -> String {
        format!("{}.{}.{}", self.project.unwrap_or_default(), self.before, self.directory)
    }
}

/// What advances a counter: by one, or by what an expression comes to.
pub(super) fn advancing(counter: Uuid, by: Expr) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table("scopes").columns(["id", "counter"]).values_panic([Expr::val(counter), by]).on_conflict(
        OnConflict::column("id").value("counter", Expr::cust("scopes.counter + excluded.counter")).to_owned(),
    );
    insert
}

/// One, while what callers hang on has been written so often: else the database refuses it, and with it whatever is sent behind.
pub(super) fn stood(callers: Value) -> Expr {
    let counter = Query::select().column("counter").from("scopes").and_where(Expr::col("id").eq(CALLERS)).take();
    let counter = Func::coalesce([counter.into(), Expr::cust("0")]);
    Expr::cust("1").div(Expr::case(Expr::from(counter).eq(callers), Expr::cust("1")).finally(Expr::cust("0")))
}

/// The counters of a project and of the directory, which nobody else can advance until this transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn held(tx: &Tx, project: Uuid) -> Result<Counters, Error> {
    // The directory first, always: two transactions that take both never wait for each other.
    for scope in [DIRECTORY, project] {
        hold(tx, "id = $1", scope).await?;
    }
    counters(tx, project).await
}

/// Takes the place of those who write to a scope; whether there is one. An update that changes nothing takes the lock on both engines.
async fn hold(tx: &Tx, condition: &str, scope: Uuid) -> Result<bool, Error> {
    let sql = format!("UPDATE scopes SET counter = counter WHERE {condition}");
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [scope.into()]);
    Ok(tx.execute_raw(statement).await?.rows_affected() == 1)
}

impl Write {
    /// Takes the place of those who write to a project, so that nobody does until this transaction ends; false when it is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alone_in(&self, project: Uuid) -> Result<bool, Error> {
        hold(self.tx(), "id = (SELECT id FROM projects WHERE id = $1)", project).await
    }

    /// The same for what may change the project's own record, which the directory shows too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alone_with(&self, project: Uuid) -> Result<bool, Error> {
        hold(self.tx(), "id = $1", DIRECTORY).await?;
        self.alone_in(project).await
    }
}

/// The counters of a project and of the directory, in one statement.
///
/// # Errors
/// When the database fails.
pub async fn counters(source: &impl Source, project: Uuid) -> Result<Counters, Error> {
    let engine = source.connection().get_database_backend();
    let statement = Statement::from_sql_and_values(engine, COUNTERS, [project.into(), DIRECTORY.into()]);
    let mut counters = Counters::default();
    for row in source.short(statement).await? {
        let counter: i64 = row.try_get("", "counter")?;
        match row.try_get::<String>("", "place")?.as_str() {
            "directory" => counters.directory = counter,
            "before" => counters.before = counter,
            _ => counters.project = Some(counter),
        }
    }
    Ok(counters)
}
