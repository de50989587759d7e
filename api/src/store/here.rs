//! Reads of SQLite in the thread that asks, without a hand-over to another one.
//!
//! The driver gives each connection a thread of its own: for a short read the way there and back takes longer than the
//! read. What a read may take here is bounded, since the worker serves nobody else meanwhile; what is longer, and whatever
//! goes wrong, is left to the readers of the pool, whose answer or error counts.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::types::{FromSqlResult, ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};
use sea_orm::DbErr;
use sea_orm::sea_query::{SelectStatement, SqliteQueryBuilder, Value};
use uuid::Uuid;

use super::connect::{COLLATION, FILE, norwegian};
use crate::facts::cells::Cells;
use crate::facts::{Facts, Row, row};

/// Steps of SQLite's machine between two looks at how long a read takes.
const STRIDE: i32 = 1000;
/// Strides that a read may take here: a few milliseconds.
const STRIDES: u32 = 100;

/// The settings of a reader of the pool, but for waiting.
const SETTINGS: &str =
    "PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = memory; PRAGMA trusted_schema = OFF;";

/// The reader of one worker; opened when it is first asked.
#[derive(Debug)]
pub struct Here {
    file: PathBuf,
    reader: Mutex<Option<Reader>>,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    /// How many strides the read that runs may still take.
    left: Arc<AtomicU32>,
}

impl Here {
    /// A reader of the database in a data directory.
    pub(super) fn of(directory: &Path) -> Self {
        Self { file: directory.join(FILE), reader: Mutex::default() }
    }

    /// The records of a [`row::select`]; none when the pool is to be asked.
    pub(super) fn rows(&self, facts: &Facts, query: &SelectStatement) -> Option<Vec<Row>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.is_none() {
            *reader =
                Some(Reader::open(&self.file).inspect_err(|error| tracing::debug!(%error, "No reader here")).ok()?);
        }
        reader.as_ref()?.rows(facts, query)
    }
}

impl Reader {
    fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection =
            Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.execute_batch(SETTINGS)?;
        connection.set_prepared_statement_cache_capacity(256);
        let collator = norwegian();
        connection.create_collation(COLLATION, move |a, b| collator.compare(a, b).then_with(|| a.cmp(b)))?;
        let left = Arc::new(AtomicU32::new(STRIDES));
        let counted = Arc::clone(&left);
        let is_over =
            move || counted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
        connection.progress_handler(STRIDE, Some(is_over))?;
        Ok(Self { connection, left })
    }

    fn rows(&self, facts: &Facts, query: &SelectStatement) -> Option<Vec<Row>> {
        let (sql, values) = query.build(SqliteQueryBuilder);
        let values = values.iter().map(bound).collect::<Option<Vec<_>>>()?;
        self.left.store(STRIDES, Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached(&sql).ok()?;
        let mut found = statement.query(rusqlite::params_from_iter(values)).ok()?;
        let mut rows = Vec::new();
        loop {
            match found.next() {
                Ok(Some(row)) => rows.push(row::read(facts, row).ok()?),
                Ok(None) => return Some(rows),
                Err(_) => return None,
            }
        }
    }
}

/// A value as the driver of the pool binds it; none for one that no condition of ours has.
fn bound(value: &Value) -> Option<Bound<'_>> {
    Some(Bound(match value {
        Value::Bool(flag) => owned(flag.map(|flag| i64::from(flag).into())),
        Value::Int(number) => owned(number.map(|number| i64::from(number).into())),
        Value::BigInt(number) => owned(number.map(Sql::Integer)),
        Value::BigUnsigned(number) => match number {
            Some(number) => ToSqlOutput::Owned(i64::try_from(*number).ok()?.into()),
            None => owned(None),
        },
        Value::Double(number) => owned(number.map(Sql::Real)),
        Value::String(text) => {
            ToSqlOutput::Borrowed(text.as_ref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())))
        }
        Value::ChronoDate(date) => owned(date.map(|date| date.to_string().into())),
        Value::ChronoDateTimeUtc(at) => owned(at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, false).into())),
        Value::Uuid(id) => {
            ToSqlOutput::Borrowed(id.as_ref().map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())))
        }
        _ => return None,
    }))
}

fn owned(value: Option<Sql>) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(value.unwrap_or(Sql::Null))
}

struct Bound<'a>(ToSqlOutput<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.clone())
    }
}

impl Cells for rusqlite::Row<'_> {
    fn id(&self, place: usize) -> Result<Option<Uuid>, DbErr> {
        cell(self, place, ValueRef::as_blob_or_null)?.map(Uuid::from_slice).transpose().map_err(unfit)
    }

    fn text(&self, place: usize) -> Result<Option<String>, DbErr> {
        Ok(cell(self, place, ValueRef::as_str_or_null)?.map(str::to_owned))
    }

    fn integer(&self, place: usize) -> Result<Option<i64>, DbErr> {
        cell(self, place, ValueRef::as_i64_or_null)
    }

    fn boolean(&self, place: usize) -> Result<Option<bool>, DbErr> {
        Ok(self.integer(place)?.map(|flag| flag != 0))
    }

    fn date(&self, place: usize) -> Result<Option<NaiveDate>, DbErr> {
        cell(self, place, ValueRef::as_str_or_null)?.map(str::parse).transpose().map_err(unfit)
    }

    fn instant(&self, place: usize) -> Result<Option<DateTime<Utc>>, DbErr> {
        let text = cell(self, place, ValueRef::as_str_or_null)?;
        let at = text.map(DateTime::parse_from_rfc3339).transpose().map_err(unfit)?;
        Ok(at.map(|at| at.to_utc()))
    }

    fn json(&self, place: usize) -> Result<Option<serde_json::Value>, DbErr> {
        cell(self, place, ValueRef::as_str_or_null)?.map(serde_json::from_str).transpose().map_err(unfit)
    }
}

fn cell<'a, T>(
    row: &'a rusqlite::Row<'_>,
    place: usize,
    read: impl FnOnce(&ValueRef<'a>) -> FromSqlResult<T>,
) -> Result<T, DbErr> {
    read(&row.get_ref(place).map_err(unfit)?).map_err(unfit)
}

fn unfit(error: impl Display) -> DbErr {
    DbErr::Type(error.to_string())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use entity::regions;
    use rusqlite::Connection;
    use sea_orm::sea_query::{Expr, ExprTrait};

    use super::{FILE, Here};
    use crate::access::Area;
    use crate::facts::{Facts, row};

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
        let found = here.rows(&facts, &every).expect("a short read");
        assert_eq!(
            found.iter().map(|row| (row.version(), row.text("name"))).collect::<Vec<_>>(),
            [(7, Some("Sør-Troms"))]
        );

        let counted = "(WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000) SELECT COUNT(*) FROM n)";
        let mut long = every.clone();
        long.and_where(Expr::cust(counted).gt(0));
        assert!(here.rows(&facts, &long).is_none(), "a long one");
        assert!(here.rows(&facts, &every).is_some(), "and a short one after it");

        let mut unfit = every.clone();
        unfit.and_where(Expr::col("name").eq(Expr::val(vec![1_u8])));
        assert!(here.rows(&facts, &unfit).is_none(), "a value that no condition has");
        file.execute_batch(&format!("UPDATE {} SET version = 'seven'", facts.table)).expect("a change");
        assert!(here.rows(&facts, &every).is_none(), "a column that holds something else");
        assert!(Here::of(&directory.path().join("nowhere")).rows(&facts, &every).is_none(), "no file");
    }
}
