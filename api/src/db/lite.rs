//! Values as SQLite's library in this thread takes them: bound as the driver of the pool binds them, so that both find the
//! same in a file.

use chrono::SecondsFormat;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use sea_orm::sea_query::Value;

/// A value as the driver binds it; none for one that no statement of ours has.
pub fn bound(value: &Value) -> Option<Bound<'_>> {
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
        Value::Bytes(bytes) => {
            ToSqlOutput::Borrowed(bytes.as_ref().map_or(ValueRef::Null, |bytes| ValueRef::Blob(bytes)))
        }
        Value::Json(json) => owned(json.as_ref().map(|json| json.to_string().into())),
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

/// A value that is bound.
pub struct Bound<'a>(ToSqlOutput<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.clone())
    }
}
