//! A record as JSON on its way between the wire and the table.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, Query, ReturningClause, SelectStatement, Value as Sql};
use serde::Serializer;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::cells::Cells;
use super::datum::Datum;
use super::{Facts, Field, Kind};
use entity::RecordRef;

/// A record: header, content and computed fields, by their names on the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Map<String, Value>);

impl Row {
    /// The record's identifier.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.uuid("id").unwrap_or_default()
    }

    /// The record's version.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.0.get("version").and_then(Value::as_i64).unwrap_or_default()
    }

    /// An identifier in a field, if it holds one.
    #[must_use]
    pub fn uuid(&self, field: &str) -> Option<Uuid> {
        self.text(field).and_then(|text| text.parse().ok())
    }

    /// The identifiers in a field, each with its pointer: one, a list of them, or one in each object of a list
    /// (`parties.organisationId`).
    #[must_use]
    pub fn uuids(&self, field: &str) -> Vec<(String, Uuid)> {
        let id = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
        let (field, member) = field.split_once('.').map_or((field, None), |(list, member)| (list, Some(member)));
        match self.0.get(field) {
            Some(Value::Array(items)) => {
                let placed = |(index, item): (usize, &Value)| match member {
                    Some(member) => Some((format!("/{field}/{index}/{member}"), id(&item[member])?)),
                    None => Some((format!("/{field}/{index}"), id(item)?)),
                };
                items.iter().enumerate().filter_map(placed).collect()
            }
            Some(value) => id(value).map(|id| (format!("/{field}"), id)).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Text in a field, if it holds some.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }

    /// The record as its own type.
    ///
    /// # Errors
    /// When the row is not of that type, which is a fault of ours.
    pub fn typed<M: DeserializeOwned>(&self) -> Result<M, crate::problem::Error> {
        M::deserialize(&self.0).map_err(|error| crate::problem::Error::internal("read a record as its own type", error))
    }
}

/// What a write did, for rules and journal.
#[derive(Clone, Debug)]
pub enum Change<T = Row> {
    /// A record was made.
    Created {
        /// As it is now.
        after: T,
    },
    /// A record was changed.
    Changed {
        /// As it was.
        before: T,
        /// As it is now.
        after: T,
    },
    /// A record was deleted.
    Deleted {
        /// As it was.
        before: T,
    },
}

impl<T> Change<T> {
    /// The record as it was.
    pub const fn before(&self) -> Option<&T> {
        match self {
            Self::Created { .. } => None,
            Self::Changed { before, .. } | Self::Deleted { before } => Some(before),
        }
    }

    /// The record as it is now.
    pub const fn after(&self) -> Option<&T> {
        match self {
            Self::Created { after } | Self::Changed { after, .. } => Some(after),
            Self::Deleted { .. } => None,
        }
    }
}

impl Change<Row> {
    /// The record that it is about, as it is now or was last.
    #[must_use]
    pub const fn row(&self) -> &Row {
        match self {
            Self::Created { after } | Self::Changed { after, .. } => after,
            Self::Deleted { before } => before,
        }
    }

    /// The change with typed records.
    ///
    /// # Errors
    /// When a row is not of that type, which is a fault of ours.
    pub fn typed<M: DeserializeOwned>(&self) -> Result<Change<M>, crate::problem::Error> {
        Ok(match self {
            Self::Created { after } => Change::Created { after: after.typed()? },
            Self::Changed { before, after } => Change::Changed { before: before.typed()?, after: after.typed()? },
            Self::Deleted { before } => Change::Deleted { before: before.typed()? },
        })
    }

    /// Whether the field has another value than before (always, for a new record that gives it).
    #[must_use]
    pub fn touches(&self, field: &str) -> bool {
        let field = field.split('.').next().unwrap_or(field);
        self.after().map(|row| row.0.get(field)) != self.before().map(|row| row.0.get(field))
    }
}

/// `SELECT` of every field of the resource, computed ones included, under their wire names.
#[must_use]
pub fn select(facts: &Facts, today: NaiveDate) -> SelectStatement {
    let mut query = Query::select();
    query.from(facts.table);
    selected(&mut query, facts, today);
    query
}

/// The same of a statement that writes: every field as it is then.
#[must_use]
pub fn returned(facts: &Facts, today: NaiveDate) -> ReturningClause {
    Query::returning().exprs([every(facts, today)])
}

/// Has a query select every field of the resource.
pub fn selected(query: &mut SelectStatement, facts: &Facts, today: NaiveDate) {
    query.expr(every(facts, today));
}

/// Every field of the resource, with its name.
fn every(facts: &Facts, today: NaiveDate) -> Expr {
    Expr::cust(facts.selected(today).to_string())
}

/// Reads one row of such a `SELECT`.
///
/// # Errors
/// When a column does not hold what the field says.
pub fn read(facts: &Facts, row: &impl Cells) -> Result<Row, DbErr> {
    let mut members = Map::with_capacity(facts.fields.len());
    for (place, field) in facts.fields.iter().enumerate() {
        members.insert(field.name.clone(), Datum::read(field, place, row)?.into());
    }
    Ok(Row(members))
}

/// An exact decimal from the whole number of its units.
pub(super) fn decimal(stored: i64, unit: i64) -> Value {
    if stored % unit == 0 { (stored / unit).into() } else { (stored as f64 / unit as f64).into() }
}

/// An instant as the wire shows it: RFC 3339, UTC, at most milliseconds.
#[must_use]
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// The value of a field as SQL, for a column or a comparison. The value has passed the check.
#[must_use]
pub fn sql(field: &Field, value: &Value) -> Sql {
    let text = value.as_str();
    match &field.kind {
        Kind::Id => text.and_then(|text| text.parse::<Uuid>().ok()).into(),
        Kind::Text | Kind::Code(_) => text.map(str::to_owned).into(),
        Kind::Integer => value.as_i64().into(),
        Kind::Decimal { unit } => value.as_f64().map(|number| scaled(number, *unit)).into(),
        Kind::Boolean => value.as_bool().into(),
        Kind::Date => text.and_then(|text| text.parse::<NaiveDate>().ok()).into(),
        Kind::Instant => text.and_then(|text| text.parse::<DateTime<Utc>>().ok()).into(),
        Kind::Reference => serde_json::from_value::<RecordRef>(value.clone()).ok().map(|to| to.stored()).into(),
        Kind::Json if value.is_null() => Sql::Json(None),
        Kind::Json => value.clone().into(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the check bounds the number to what is exact")]
fn scaled(number: f64, unit: i64) -> i64 {
    (number * unit as f64).round() as i64
}

/// The column of the folded text that is searched.
const SEARCH_TEXT: &str = "search_text";

/// Every stored column, that of the folded search text last: what `INSERT` and `UPDATE` set.
pub fn columns(facts: &Facts) -> impl Iterator<Item = String> {
    facts.stored().map(|field| field.column.clone()).chain([SEARCH_TEXT.to_owned()])
}

/// The values of a row in the order of [`columns`].
pub fn values(facts: &Facts, row: &Row) -> impl Iterator<Item = Expr> {
    facts.stored().map(|field| stored(field, row)).chain([Expr::val(search_text(facts, row))])
}

fn stored(field: &Field, row: &Row) -> Expr {
    Expr::val(sql(field, row.0.get(&field.name).unwrap_or(&Value::Null)))
}

/// What an `UPDATE` of a record sets: the columns of fields that have another value, or of the `whole` record but for its identifier and
/// its project, which stay.
pub fn set<'a>(
    facts: &'a Facts,
    before: &'a Row,
    after: &'a Row,
    whole: bool,
) -> impl Iterator<Item = (String, Expr)> + 'a {
    let stays = |field: &Field| matches!(field.column.as_str(), "id" | "project_id");
    let moves = move |name: &str| whole || before.0.get(name) != after.0.get(name);
    // No index has it, and what is searched may be other fields since it was written.
    let text = (SEARCH_TEXT.to_owned(), Expr::val(search_text(facts, after)));
    let fields = facts.stored().filter(move |field| !stays(field) && moves(&field.name));
    fields.map(|field| (field.column.clone(), stored(field, after))).chain([text])
}

/// The text that `q=` searches: the search fields in lower case, so that both engines find the same.
#[must_use]
pub fn search_text(facts: &Facts, row: &Row) -> String {
    let mut text = String::new();
    for field in facts.search {
        gather(row.0.get(*field).unwrap_or(&Value::Null), &mut text);
    }
    text.to_lowercase()
}

fn gather(value: &Value, text: &mut String) {
    match value {
        Value::String(part) => {
            text.push_str(part);
            text.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, text)),
        Value::Object(members) => members.values().for_each(|member| gather(member, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An object as JSON text.
pub fn json_of<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>) -> String {
    let mut json = Vec::with_capacity(1024);
    // Into memory, and of what is JSON, nothing fails to be written.
    let _ = serde_json::Serializer::new(&mut json).collect_map(members);
    String::from_utf8(json).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Nested members in the order of their schema: PostgreSQL keeps them in an order of its own.
pub(super) fn ordered(schema: &Value, value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| ordered(&schema["items"], item)).collect(),
        Value::Object(mut members) => {
            let mut whole = Map::new();
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                if let Some(member) = members.shift_remove(name) {
                    whole.insert(name.clone(), ordered(property, member));
                }
            }
            whole.extend(members);
            Value::Object(whole)
        }
        plain => plain,
    }
}

/// A version as the journal keeps it, complete: a field that a later step of the tables added has its first value.
#[must_use]
pub fn from_journal(facts: &Facts, mut members: Map<String, Value>) -> Row {
    // What was erased in it since tells so in the version too.
    let erased = members.remove("erased").map(|mut erased| erased["at"].take());
    let mut whole = Map::new();
    for field in facts.stored() {
        let value = members.remove(&field.name).unwrap_or_else(|| field.initial());
        let value = if field.kind == Kind::Json { ordered(&field.schema, value) } else { value };
        whole.insert(field.name.clone(), value);
    }
    if let (Some(at), true) = (erased, whole.contains_key("erasedAt")) {
        whole.insert("erasedAt".to_owned(), at);
    }
    Row(whole)
}

/// A value as the database's own JSON gives it, in the form of the wire.
#[must_use]
pub fn from_database(field: &Field, value: Value) -> Value {
    match (&field.kind, &value) {
        (_, Value::Null) => Value::Null,
        (Kind::Id, Value::String(text)) => match text.parse::<Uuid>() {
            Ok(id) if !id.is_nil() || text.len() >= 32 => id.to_string().into(),
            _ => Value::Null,
        },
        (Kind::Decimal { unit }, Value::Number(stored)) => decimal(stored.as_i64().unwrap_or_default(), *unit),
        (Kind::Boolean, Value::Number(flag)) => (flag.as_i64() == Some(1)).into(),
        (Kind::Instant, Value::String(text)) => {
            text.parse::<DateTime<Utc>>().map_or_else(|_| value.clone(), |at| instant(at).into())
        }
        (Kind::Reference, Value::String(stored)) => RecordRef::from_stored(stored)
            .and_then(|reference| serde_json::to_value(reference).ok())
            .unwrap_or_default(),
        (Kind::Json, _) => ordered(&field.schema, value),
        _ => value,
    }
}
