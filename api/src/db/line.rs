//! Rows of SQLite as its library in this thread has them, read as the driver of the pool reads them.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::types::{FromSqlResult, Value as Sql, ValueRef};
use sea_orm::DbErr;
use uuid::Uuid;

use super::found::Named;
use crate::facts::cells::{Cells, unfit};

/// A row by itself.
#[derive(Debug)]
pub struct Line {
    /// The names of its columns.
    pub columns: Arc<[String]>,
    /// What they hold.
    pub cells: Vec<Sql>,
}

impl Line {
    /// A row of so many columns, by itself.
    ///
    /// # Errors
    /// When it has fewer.
    pub fn of(row: &rusqlite::Row<'_>, columns: &Arc<[String]>, many: usize) -> rusqlite::Result<Self> {
        let cells = (0..many).map(|place| row.get(place)).collect::<Result<_, _>>()?;
        Ok(Self { columns: Arc::clone(columns), cells })
    }
}

impl Named for Line {
    fn place(&self, name: &str) -> Result<usize, DbErr> {
        self.columns.iter().position(|column| column == name).ok_or_else(|| unfit(format!("no column {name}")))
    }

    fn bytes(&self, place: usize) -> Result<Option<Vec<u8>>, DbErr> {
        Ok(cell(self, place, ValueRef::as_blob_or_null)?.map(<[u8]>::to_vec))
    }
}

impl Values for Line {
    fn at(&self, place: usize) -> Result<ValueRef<'_>, DbErr> {
        self.cells.get(place).map(ValueRef::from).ok_or_else(|| unfit(format!("no column {place}")))
    }
}

/// A row by the places of its columns.
pub trait Values {
    /// The value at a place.
    fn at(&self, place: usize) -> Result<ValueRef<'_>, DbErr>;
}

impl Values for rusqlite::Row<'_> {
    fn at(&self, place: usize) -> Result<ValueRef<'_>, DbErr> {
        self.get_ref(place).map_err(unfit)
    }
}

impl<V: Values> Cells for V {
    fn id(&self, place: usize) -> Result<Option<Uuid>, DbErr> {
        cell(self, place, ValueRef::as_blob_or_null)?.map(Uuid::from_slice).transpose().map_err(unfit)
    }

    fn text(&self, place: usize) -> Result<Option<Cow<'_, str>>, DbErr> {
        Ok(cell(self, place, ValueRef::as_str_or_null)?.map(Cow::Borrowed))
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

/// The value at a place, read as `read` reads it.
fn cell<'a, T>(
    row: &'a impl Values,
    place: usize,
    read: impl FnOnce(&ValueRef<'a>) -> FromSqlResult<T>,
) -> Result<T, DbErr> {
    read(&row.at(place)?).map_err(unfit)
}
