//! What every resource promises, asked of each of them from one table (`support::records`).

pub mod access;
pub mod change;
pub mod create;
pub mod delete;
pub mod filter;
pub mod history;
pub mod idempotency;
pub mod list;
pub mod read;
mod table;
pub mod upsert;

use framdrift::access::Area;
use framdrift::facts::{Facts, Field, Kind};
use framdrift::routes;
use serde_json::{Map, Value, json};
use support::records::{self, Sample};

/// Every resource that callers write, with its sample.
fn resources() -> impl Iterator<Item = (&'static Facts, &'static Sample)> {
    let written = routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only);
    written.map(|facts| (facts, records::sample(facts.path)))
}

/// The resources that only some see although they are of no project.
fn closed() -> impl Iterator<Item = (&'static Facts, &'static Sample)> {
    resources().filter(|(facts, _)| !facts.of_project && matches!(facts.area, Area::Users | Area::Webhooks))
}

/// The resources whose records belong to a project, and projects themselves: what a stranger does not see.
fn of_projects() -> impl Iterator<Item = (&'static Facts, &'static Sample)> {
    resources().filter(|(facts, _)| facts.of_project || facts.path == "projects")
}

/// The address of a collection.
fn at(facts: &Facts) -> String {
    format!("/api/v1/{}", facts.path)
}

/// The address of a record.
fn one(facts: &Facts, record: &Value) -> String {
    format!("/api/v1/{}/{}", facts.path, record["id"].as_str().expect("a record has an identifier"))
}

/// Only what a new record must give, and what the others depend on.
fn least(facts: &Facts, body: &Value) -> Value {
    let kept = |field: &Field| {
        // Exactly one of person and organisation holds a role in a programme.
        field.required || (facts.path, field.name.as_str()) == ("programme-assignments", "personId")
    };
    let members = facts.writable().filter(|field| kept(field));
    members.map(|field| (field.name.clone(), body[&field.name].clone())).collect::<Map<_, _>>().into()
}

/// A body with one member set.
fn with(body: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut body = body.clone();
    body[name] = value.into();
    body
}

/// Text fields that take any text.
fn free_text(facts: &'static Facts) -> impl Iterator<Item = &'static Field> {
    facts.writable().filter(|field| {
        field.kind == Kind::Text && field.schema["pattern"].is_null() && field.schema["format"].is_null()
    })
}

/// A value of the wrong type for a field.
fn wrong_type(field: &Field) -> Value {
    match field.kind {
        Kind::Integer | Kind::Decimal { .. } | Kind::Boolean | Kind::Reference | Kind::Json => "text".into(),
        Kind::Id | Kind::Text | Kind::Date | Kind::Instant | Kind::Code(_) => json!(true),
    }
}
