//! Examples of records, put together from the examples of their fields.

use serde_json::{Map, Value, json};

use crate::facts::{Facts, Field, Kind};

/// The project of `framdrift demo`, so that what the page proposes finds something there.
const DEMO_PROJECT: &str = "015ec5c8-6c00-700b-8000-000000000002";
/// The region of `framdrift demo`.
const DEMO_REGION: &str = "015ec5c8-6c00-7007-8000-000000000001";

/// The identifier of the record that stands for a collection in every example.
#[must_use]
pub fn id(collection: &str) -> String {
    match collection {
        "projects" => DEMO_PROJECT.to_owned(),
        "regions" => DEMO_REGION.to_owned(),
        // FNV-1a: the same for a name wherever it stands in the table of resources.
        _ => {
            let hash = collection
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
            format!("0190e0a0-0000-7000-8000-{:012x}", hash & 0xffff_ffff_ffff)
        }
    }
}

/// A record as answers show it.
#[must_use]
pub fn record(facts: &Facts) -> Value {
    let members = facts.fields.iter().map(|field| (field.name.clone(), value(facts, field)));
    members.collect::<Map<_, _>>().into()
}

/// A new record: what it must have, and what its fields have examples of.
#[must_use]
pub fn new(facts: &Facts) -> Value {
    let given = facts.writable().map(|field| (field, value(facts, field)));
    let said = given.filter(|(field, value)| field.required || !value.is_null());
    said.map(|(field, value)| (field.name.clone(), value)).collect::<Map<_, _>>().into()
}

/// A merge patch that replaces one value and clears another.
#[must_use]
pub fn changes(facts: &Facts) -> Value {
    let own = |field: &&Field| !matches!(field.kind, Kind::Id | Kind::Reference | Kind::Json);
    let replaced = facts.writable().filter(own).find(|field| !value(facts, field).is_null());
    let cleared = facts.writable().filter(own).find(|field| field.nullable && value(facts, field).is_null());
    let mut patch = Map::new();
    if let Some(field) = replaced {
        patch.insert(field.name.clone(), value(facts, field));
    }
    if let Some(field) = cleared {
        patch.insert(field.name.clone(), Value::Null);
    }
    patch.into()
}

fn value(facts: &Facts, field: &Field) -> Value {
    if field.name == "id" {
        return id(facts.path).into();
    }
    let reference = facts.references.iter().find(|reference| reference.field == field.name);
    if let Some(reference) = reference.filter(|_| field.schema.get("example") != Some(&Value::Null)) {
        // A record that refers to its own kind would, in an example, refer to itself.
        return if reference.target == facts.path { Value::Null } else { id(reference.target).into() };
    }
    if matches!(field.name.as_str(), "createdBy" | "updatedBy") {
        return id("users").into();
    }
    if field.kind == Kind::Reference && !field.nullable {
        // Two references of one record are not to the same one.
        let first = facts.fields.iter().find(|other| other.kind == Kind::Reference);
        let is_first = first.is_some_and(|first| first.name == field.name);
        let (kind, collection) = if is_first { ("activity", "activities") } else { ("milestone", "milestones") };
        return json!({ "kind": kind, "id": id(collection) });
    }
    of_schema(&field.schema, field.nullable)
}

/// A value that a schema without references allows.
fn of_schema(schema: &Value, nullable: bool) -> Value {
    if let Some(said) = schema.get("example").or_else(|| schema.get("default")) {
        return said.clone();
    }
    if nullable {
        return Value::Null;
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("boolean"), _) => false.into(),
        (Some("integer" | "number"), _) => {
            schema.get("minimum").filter(|least| least.as_f64() > Some(0.0)).cloned().unwrap_or_else(|| json!(1))
        }
        (Some("array"), _) => json!([of_schema(&schema["items"], false)]),
        (Some("string"), Some("uuid")) => id("milestones").into(),
        (Some("string"), Some("date")) => "2017-11-01".into(),
        (Some("string"), Some("date-time")) => "2017-11-01T08:00:00Z".into(),
        (Some("string"), _) => "…".into(),
        _ => object(schema),
    }
}

fn object(schema: &Value) -> Value {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let required = super::fields::required(schema);
    let member =
        |(name, schema): (&String, &Value)| (name.clone(), of_schema(schema, !required.contains(&name.as_str())));
    properties.map(member).collect::<Map<_, _>>().into()
}
