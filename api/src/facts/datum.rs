//! What a field holds, as it was found: on its way into a record, or into the text of an answer.

use std::borrow::Cow;
use std::io::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use entity::RecordRef;
use sea_orm::DbErr;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::cells::Cells;
use super::row::{decimal, instant, ordered};
use super::{Field, Kind};

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Datum<'a> {
    /// Nothing.
    Null,
    /// An identifier.
    Id(Uuid),
    /// Text, or a code.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// A calendar date.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// What else JSON has: a decimal number, a list, an object.
    Json(Value),
}

impl<'a> Datum<'a> {
    /// Reads what a field holds, from its place in a row.
    ///
    /// # Errors
    /// When the column does not hold what the field says.
    pub fn read(field: &Field, place: usize, row: &'a impl Cells) -> Result<Self, DbErr> {
        Ok(match &field.kind {
            Kind::Id => row.id(place)?.map(Self::Id),
            Kind::Text | Kind::Code(_) => row.text(place)?.map(Self::Text),
            Kind::Integer => row.integer(place)?.map(Self::Integer),
            Kind::Decimal { unit } => row.integer(place)?.map(|stored| Self::Json(decimal(stored, *unit))),
            Kind::Boolean => row.boolean(place)?.map(Self::Boolean),
            Kind::Date => row.date(place)?.map(Self::Date),
            Kind::Instant => row.instant(place)?.map(Self::Instant),
            Kind::Reference => row
                .text(place)?
                .and_then(|stored| RecordRef::from_stored(&stored))
                .and_then(|reference| serde_json::to_value(reference).ok())
                .map(Self::Json),
            Kind::Json => row.json(place)?.map(|value| Self::Json(ordered(&field.schema, value))),
        }
        .unwrap_or(Self::Null))
    }

    /// Writes it as JSON.
    pub fn write(&self, json: &mut Vec<u8>) {
        match self {
            Self::Null => json.extend_from_slice(b"null"),
            Self::Id(id) => quoted(json, id.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
            Self::Text(text) => written(json, text),
            Self::Integer(number) => written(json, number),
            Self::Boolean(flag) => written(json, flag),
            Self::Date(date) => {
                // Into memory nothing fails.
                let _ = write!(json, "\"{date}\"");
            }
            Self::Instant(at) => quoted(json, &instant(*at)),
            Self::Json(value) => written(json, value),
        }
    }
}

impl From<Datum<'_>> for Value {
    fn from(datum: Datum<'_>) -> Self {
        match datum {
            Datum::Null => Self::Null,
            Datum::Id(id) => id.to_string().into(),
            Datum::Text(text) => text.into_owned().into(),
            Datum::Integer(number) => number.into(),
            Datum::Boolean(flag) => flag.into(),
            Datum::Date(date) => date.to_string().into(),
            Datum::Instant(at) => instant(at).into(),
            Datum::Json(value) => value,
        }
    }
}

/// What has no character that JSON would escape.
fn quoted(json: &mut Vec<u8>, plain: &str) {
    json.push(b'"');
    json.extend_from_slice(plain.as_bytes());
    json.push(b'"');
}

/// Into memory, and of what is JSON, nothing fails to be written.
fn written(json: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let _ = serde_json::to_writer(json, value);
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone, Utc};
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::Datum;

    #[test]
    fn its_text_is_that_of_its_value() {
        let at = |millis| Datum::Instant(Utc.timestamp_millis_opt(millis).single().expect("an instant"));
        let day = |year| Datum::Date(NaiveDate::from_ymd_opt(year, 2, 9).expect("a day"));
        let all = [
            Datum::Null,
            Datum::Id(Uuid::max()),
            Datum::Text("\"Rødt\" \\ \n\u{1}\u{2028}😀".into()),
            Datum::Text("".into()),
            Datum::Integer(i64::MIN),
            Datum::Boolean(true),
            day(2026),
            day(1),
            at(1_795_000_000_000),
            at(1_795_000_000_120),
            at(-1),
            Datum::Json(json!(0.1)),
            Datum::Json(json!({ "a": [1, 2.5, null], "æ": "\t" })),
        ];
        for datum in all {
            let mut text = Vec::new();
            datum.write(&mut text);
            assert_eq!(String::from_utf8_lossy(&text), Value::from(datum).to_string());
        }
    }
}
