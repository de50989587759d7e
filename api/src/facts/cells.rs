//! The values of a row that was found.

use std::borrow::Cow;
use std::fmt::Display;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DbErr, QueryResult};
use serde_json::Value;
use sqlx::{Decode, Postgres, Row, Sqlite, Type};
use uuid::Uuid;

/// The columns of a row that was found, by their place in the `SELECT`: looking a name up costs more than what it finds.
/// Each of them fails where a column holds something else.
#[expect(clippy::missing_errors_doc, reason = "said above, for all of them")]
pub trait Cells {
    /// An identifier.
    fn id(&self, place: usize) -> Result<Option<Uuid>, DbErr>;
    /// Text.
    fn text(&self, place: usize) -> Result<Option<Cow<'_, str>>, DbErr>;
    /// A whole number.
    fn integer(&self, place: usize) -> Result<Option<i64>, DbErr>;
    /// True or false.
    fn boolean(&self, place: usize) -> Result<Option<bool>, DbErr>;
    /// A calendar date.
    fn date(&self, place: usize) -> Result<Option<NaiveDate>, DbErr>;
    /// An instant.
    fn instant(&self, place: usize) -> Result<Option<DateTime<Utc>>, DbErr>;
    /// A list or an object.
    fn json(&self, place: usize) -> Result<Option<Value>, DbErr>;
}

/// Asked of the driver's own row: what stands above it puts a sentence together for every null.
impl Cells for QueryResult {
    fn id(&self, place: usize) -> Result<Option<Uuid>, DbErr> {
        get(self, place)
    }

    fn text(&self, place: usize) -> Result<Option<Cow<'_, str>>, DbErr> {
        let read: Option<&str> = match (self.try_as_pg_row(), self.try_as_sqlite_row()) {
            (Some(row), _) => row.try_get(place).map_err(unfit)?,
            (_, Some(row)) => row.try_get(place).map_err(unfit)?,
            (None, None) => return Err(of_neither()),
        };
        Ok(read.map(Cow::Borrowed))
    }

    fn integer(&self, place: usize) -> Result<Option<i64>, DbErr> {
        get(self, place)
    }

    fn boolean(&self, place: usize) -> Result<Option<bool>, DbErr> {
        get(self, place)
    }

    fn date(&self, place: usize) -> Result<Option<NaiveDate>, DbErr> {
        get(self, place)
    }

    fn instant(&self, place: usize) -> Result<Option<DateTime<Utc>>, DbErr> {
        get(self, place)
    }

    fn json(&self, place: usize) -> Result<Option<Value>, DbErr> {
        get(self, place)
    }
}

fn get<T>(row: &QueryResult, place: usize) -> Result<Option<T>, DbErr>
where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
{
    let read = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => row.try_get(place),
        (_, Some(row)) => row.try_get(place),
        (None, None) => return Err(of_neither()),
    };
    read.map_err(unfit)
}

/// What a column holds is not what was asked for.
pub fn unfit(error: impl Display) -> DbErr {
    DbErr::Type(error.to_string())
}

fn of_neither() -> DbErr {
    unfit("a row of neither engine")
}
