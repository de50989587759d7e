//! Values and rows of PostgreSQL as the library has them that puts several questions on one connection before the first is
//! answered. They are what the driver of the pool makes of them, so that both find the same in a table.

use std::borrow::Cow;
use std::error::Error as StdError;

use bytes::BytesMut;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DbErr;
use sea_orm::sea_query::Value;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use super::found::Named;

use crate::facts::cells::{Cells, unfit};

/// A row that was answered.
pub type Row = tokio_postgres::Row;

/// A value that is bound.
#[derive(Debug)]
pub struct Bound<'a>(pub &'a Value);

/// The type of a value; none for one that no statement of ours has.
#[must_use]
pub fn kind(value: &Value) -> Option<Type> {
    Some(match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT4,
        Value::BigInt(_) | Value::BigUnsigned(_) => Type::INT8,
        Value::Double(_) => Type::FLOAT8,
        Value::String(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
        Value::Json(_) => Type::JSONB,
        Value::ChronoDate(_) => Type::DATE,
        Value::ChronoDateTimeUtc(_) => Type::TIMESTAMPTZ,
        Value::Uuid(_) => Type::UUID,
        _ => return None,
    })
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        if kind(self.0).as_ref() != Some(ty) {
            return Err(Box::new(unfit(format!("{:?} is bound as {ty}", self.0))));
        }
        match self.0 {
            Value::Bool(flag) => flag.to_sql(ty, out),
            Value::Int(number) => number.to_sql(ty, out),
            Value::BigInt(number) => number.to_sql(ty, out),
            Value::BigUnsigned(number) => number.map(i64::try_from).transpose()?.to_sql(ty, out),
            Value::Double(number) => number.to_sql(ty, out),
            Value::String(text) => text.as_ref().map(String::as_str).to_sql(ty, out),
            Value::Bytes(bytes) => bytes.as_ref().map(Vec::as_slice).to_sql(ty, out),
            Value::Json(json) => json.as_deref().to_sql(ty, out),
            Value::ChronoDate(date) => date.to_sql(ty, out),
            Value::ChronoDateTimeUtc(at) => at.to_sql(ty, out),
            Value::Uuid(id) => id.to_sql(ty, out),
            other => Err(Box::new(unfit(format!("{other:?} is bound by no statement")))),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl Named for Row {
    fn place(&self, name: &str) -> Result<usize, DbErr> {
        let place = self.columns().iter().position(|column| column.name() == name);
        place.ok_or_else(|| unfit(format!("no column {name}")))
    }

    fn bytes(&self, place: usize) -> Result<Option<Vec<u8>>, DbErr> {
        get(self, place)
    }
}

impl Cells for Row {
    fn id(&self, place: usize) -> Result<Option<Uuid>, DbErr> {
        get(self, place)
    }

    fn text(&self, place: usize) -> Result<Option<Cow<'_, str>>, DbErr> {
        Ok(get::<&str>(self, place)?.map(Cow::Borrowed))
    }

    fn integer(&self, place: usize) -> Result<Option<i64>, DbErr> {
        if self.columns().get(place).is_some_and(|column| *column.type_() == Type::INT4) {
            return Ok(get::<i32>(self, place)?.map(i64::from));
        }
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

    fn json(&self, place: usize) -> Result<Option<serde_json::Value>, DbErr> {
        get(self, place)
    }
}

fn get<'a, T: FromSql<'a>>(row: &'a Row, place: usize) -> Result<Option<T>, DbErr> {
    row.try_get(place).map_err(unfit)
}
