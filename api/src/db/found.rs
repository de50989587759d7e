//! A row that was found, whoever found it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DbErr, QueryResult, TryGetable};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::line::Line;
use super::wire;
use crate::facts::cells::{Cells, unfit};

/// A row that was found.
#[derive(Debug)]
pub enum Found {
    /// The driver's.
    Driver(QueryResult),
    /// The desk's.
    Line(Line),
    /// Of PostgreSQL, by the wire.
    Wire(wire::Row),
}

impl Found {
    /// The value of a column by its name; `prefix` stands before it.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub fn try_get<T: TryGetable + Cell>(&self, prefix: &str, name: &str) -> Result<T, DbErr> {
        match self {
            Self::Driver(row) => row.try_get(prefix, name),
            Self::Line(line) => T::of(line, line.place(&format!("{prefix}{name}"))?),
            Self::Wire(row) => T::of(row, row.place(&format!("{prefix}{name}"))?),
        }
    }

    /// The list or object of a column, as its own type.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub fn parsed<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DbErr> {
        let json: Option<Value> = self.try_get("", name)?;
        json.map(serde_json::from_value).transpose().map_err(|error| DbErr::Json(error.to_string()))
    }

    /// The value of a column by its place.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub fn try_get_by_index<T: TryGetable + Cell>(&self, place: usize) -> Result<T, DbErr> {
        match self {
            Self::Driver(row) => row.try_get_by_index(place),
            Self::Line(line) => T::of(line, place),
            Self::Wire(row) => T::of(row, place),
        }
    }
}

macro_rules! cells {
    ($($name:ident -> $kind:ty,)*) => {
        impl Cells for Found {
            $(fn $name(&self, place: usize) -> Result<Option<$kind>, DbErr> {
                match self {
                    Self::Driver(row) => row.$name(place),
                    Self::Line(line) => line.$name(place),
                    Self::Wire(row) => row.$name(place),
                }
            })*
        }
    };
}

cells! {
    id -> Uuid,
    text -> Cow<'_, str>,
    integer -> i64,
    boolean -> bool,
    date -> NaiveDate,
    instant -> DateTime<Utc>,
    json -> Value,
}

/// A row of a library of ours: its columns have names, and may hold bytes.
pub trait Named: Cells {
    /// Where a column stands.
    ///
    /// # Errors
    /// When there is no such column.
    fn place(&self, name: &str) -> Result<usize, DbErr>;

    /// Bytes.
    ///
    /// # Errors
    /// When the column holds something else.
    fn bytes(&self, place: usize) -> Result<Option<Vec<u8>>, DbErr>;
}

/// What a column may be read as.
pub trait Cell: Sized {
    /// Reads it; nothing where it is null.
    ///
    /// # Errors
    /// When it holds something else.
    fn maybe(row: &impl Named, place: usize) -> Result<Option<Self>, DbErr>;

    /// Reads what may not be null.
    ///
    /// # Errors
    /// When it is, or holds something else.
    fn of(row: &impl Named, place: usize) -> Result<Self, DbErr> {
        Self::maybe(row, place)?.ok_or_else(|| unfit(format!("column {place} is null")))
    }
}

macro_rules! cell {
    ($($kind:ty = $read:ident;)*) => {
        $(impl Cell for $kind {
            fn maybe(row: &impl Named, place: usize) -> Result<Option<Self>, DbErr> {
                row.$read(place)
            }
        })*
    };
}

cell! {
    Uuid = id;
    i64 = integer;
    bool = boolean;
    NaiveDate = date;
    DateTime<Utc> = instant;
    Value = json;
    Vec<u8> = bytes;
}

impl Cell for String {
    fn maybe(row: &impl Named, place: usize) -> Result<Option<Self>, DbErr> {
        Ok(row.text(place)?.map(Cow::into_owned))
    }
}

impl Cell for i32 {
    fn maybe(row: &impl Named, place: usize) -> Result<Option<Self>, DbErr> {
        let number = row.integer(place)?;
        number.map(Self::try_from).transpose().map_err(unfit)
    }
}

impl<T: Cell> Cell for Option<T> {
    fn maybe(row: &impl Named, place: usize) -> Result<Option<Self>, DbErr> {
        Ok(Some(T::maybe(row, place)?))
    }
}
