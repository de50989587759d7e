//! Reads of SQLite in the thread that asks, without a hand-over to another one.
//!
//! The driver gives each connection a thread of its own: for a short read the way there and back takes longer than the
//! read. What a read may take here is bounded, since the worker serves nobody else meanwhile; what is longer, and whatever
//! goes wrong, is left to the readers of the pool, whose answer or error counts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use hashlink::LruCache;
use rusqlite::{Connection, OpenFlags, Row};
use sea_orm::Statement;
use sea_orm::sea_query::{SelectStatement, SqliteQueryBuilder, Value};
use uuid::Uuid;

use super::desk::bind;
use super::files::FILE;
use super::ready::{Strides, ready};
use crate::db::{Found, Line, values_of};
use crate::facts::{Facts, Gather};

/// What a reader is told of its own.
const SETTINGS: &str = "PRAGMA query_only = ON;";

/// How many records are remembered of which there is too much to be read here.
const LARGE: usize = 256;

/// The reader of one worker; opened when it is first asked.
#[derive(Debug)]
pub struct Here {
    file: PathBuf,
    reader: Mutex<Option<Reader>>,
    large: Mutex<LruCache<Uuid, ()>>,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    strides: Strides,
}

impl Here {
    /// A reader of the database in a data directory.
    pub(super) fn of(directory: &Path) -> Self {
        Self { file: directory.join(FILE), reader: Mutex::default(), large: Mutex::new(LruCache::new(LARGE)) }
    }

    /// Gathers the rows of a [`row::select`](crate::facts::row::select); none when the pool is to be asked.
    pub(super) fn gather(&self, facts: &Facts, query: &SelectStatement, into: &mut impl Gather) -> Option<()> {
        let (sql, values) = query.build(SqliteQueryBuilder);
        self.each(&sql, &values.0, |row| into.add(facts, row).ok())
    }

    /// Takes each row of what belongs to a record, which is all that the statement asks for; none when the pool is to be asked. Where
    /// that took too long before, it is not tried again.
    pub(super) fn around(&self, sql: &str, record: Uuid, take: impl FnMut(&Row<'_>) -> Option<()>) -> Option<()> {
        let large = || self.large.lock().unwrap_or_else(PoisonError::into_inner);
        if large().get(&record).is_some() {
            return None;
        }
        let all = self.each(sql, &[record.into()], take);
        if all.is_none() {
            large().insert(record, ());
        }
        all
    }

    /// The rows of a statement; none when the pool is to be asked.
    pub(super) fn answer(&self, statement: &Statement) -> Option<Vec<Found>> {
        let mut columns: Arc<[String]> = Arc::default();
        let mut rows = Vec::new();
        self.each(&statement.sql, values_of(statement), |row| {
            if rows.is_empty() {
                columns = row.as_ref().column_names().into_iter().map(str::to_owned).collect();
            }
            rows.push(Found::Line(Line::of(row, &columns, columns.len()).ok()?));
            Some(())
        })?;
        Some(rows)
    }

    fn each(&self, sql: &str, values: &[Value], take: impl FnMut(&Row<'_>) -> Option<()>) -> Option<()> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.is_none() {
            *reader =
                Some(Reader::open(&self.file).inspect_err(|error| tracing::debug!(%error, "No reader here")).ok()?);
        }
        reader.as_ref()?.each(sql, values, take)
    }
}

impl Reader {
    fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection =
            Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let strides = ready(&connection, SETTINGS)?;
        Ok(Self { connection, strides })
    }

    fn each(&self, sql: &str, values: &[Value], mut take: impl FnMut(&Row<'_>) -> Option<()>) -> Option<()> {
        self.strides.allow(Strides::SHORT);
        let mut statement = self.connection.prepare_cached(sql).ok()?;
        bind(&mut statement, values).ok()?;
        let mut found = statement.raw_query();
        loop {
            match found.next() {
                Ok(Some(row)) => take(row)?,
                Ok(None) => return Some(()),
                Err(_) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use entity::regions;
    use rusqlite::Connection;
    use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};

    use super::{FILE, Here};
    use crate::access::Area;
    use crate::facts::{Facts, Row, row};

    fn rows(here: &Here, facts: &Facts, query: &SelectStatement) -> Option<Vec<Row>> {
        let mut rows = Vec::new();
        here.gather(facts, query, &mut rows)?;
        Some(rows)
    }

    #[test]
    fn what_takes_long_or_goes_wrong_is_left_to_the_pool() {
        let facts = Facts::of::<regions::Entity>(Area::Directory);
        let directory = tempfile::tempdir().expect("a directory");
        let columns: Vec<String> = facts.stored().map(|field| format!("\"{}\"", field.column)).collect();
        let file = Connection::open(directory.path().join(FILE)).expect("a file");
        file.execute_batch(&format!("CREATE TABLE {} ({})", facts.table, columns.join(", "))).expect("a table");
        let insert = format!("INSERT INTO {} (id, version, name) VALUES (zeroblob(16), 7, 'Sør-Troms')", facts.table);
        file.execute_batch(&insert).expect("a row");

        let here = Here::of(directory.path());
        let every = row::select(&facts, NaiveDate::default());
        let found = rows(&here, &facts, &every).expect("a short read");
        assert_eq!(
            found.iter().map(|row| (row.version(), row.text("name"))).collect::<Vec<_>>(),
            [(7, Some("Sør-Troms"))]
        );

        let counted = "(WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000) SELECT COUNT(*) FROM n)";
        let mut long = every.clone();
        long.and_where(Expr::cust(counted).gt(0));
        assert!(rows(&here, &facts, &long).is_none(), "a long one");
        assert!(rows(&here, &facts, &every).is_some(), "and a short one after it");

        let mut unfit = every.clone();
        unfit.and_where(Expr::col("name").eq(Expr::val(1_u8)));
        assert!(rows(&here, &facts, &unfit).is_none(), "a value that no condition has");
        file.execute_batch(&format!("UPDATE {} SET version = 'seven'", facts.table)).expect("a change");
        assert!(rows(&here, &facts, &every).is_none(), "a column that holds something else");
        assert!(rows(&Here::of(&directory.path().join("nowhere")), &facts, &every).is_none(), "no file");
    }
}
