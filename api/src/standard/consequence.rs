//! What follows from a write: a record that the service brings in line, through the same door, with its own entry.

use sea_orm::sea_query::{Expr, ExprTrait, Order};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::access::Edit;
use crate::facts::{self, Facts, Row, row};
use crate::problem::{Error, codes};
use crate::store::{Source, Write};

/// Brings fields of a record in line, unless they are so already; the journal gets an entry named by `verb`.
///
/// # Errors
/// When the record is not there, or the database fails.
pub async fn follow(write: &Write, path: &str, id: Uuid, verb: &str, fields: Map<String, Value>) -> Result<(), Error> {
    let facts = facts::by_path(path).ok_or(&codes::NO_ROUTE)?;
    let found = affected(write, facts, Expr::col("id").eq(id)).await?;
    let before = found.into_iter().next().ok_or(&codes::NOT_FOUND)?;
    if fields.iter().all(|(name, value)| before.0.get(name) == Some(value)) {
        return Ok(());
    }
    let change = write.change(Edit::consequence(facts, before), &fields).await?;
    write.record(facts, &change, facts.event(verb)).await
}

/// The records of a collection that something follows for, in the order of their identifiers.
///
/// # Errors
/// When the database fails.
pub async fn affected(write: &Write, facts: &Facts, condition: Expr) -> Result<Vec<Row>, Error> {
    let mut query = row::select(facts, write.today());
    query.and_where(condition).order_by("id", Order::Asc);
    write.tx().rows(facts, &query).await
}

/// The members of an object, for [`follow`].
#[must_use]
pub fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
