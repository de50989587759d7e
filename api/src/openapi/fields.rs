//! A field as the document shows it: the schema that is enforced, with what the check does beyond JSON Schema spelt out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::Components;
use crate::facts;

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A record in an answer.
    Answer,
    /// The content of a new record.
    New,
    /// A merge patch.
    Changes,
}

impl Side {
    /// The name of a schema of this side.
    #[must_use]
    pub fn name(self, of: &str) -> String {
        match self {
            Self::Answer => of.to_owned(),
            Self::New => format!("New{of}"),
            Self::Changes => format!("{of}Changes"),
        }
    }
}

/// Years that a date or an instant may be of: 1900 to 2200.
pub const YEARS: &str = "^(19[0-9]{2}|2[01][0-9]{2}|2200)-";
/// Text that must have something in it is more than blanks.
const NOT_BLANK: &str = "\\S";
/// Addresses are of the web.
const WEB: &str = "^https?://";

/// A schema of the record's declaration as one side of the wire has it. `known` are the schemas that it refers to.
pub fn shown(components: &mut Components, known: &BTreeMap<String, Value>, side: Side, schema: &Value) -> Value {
    let (core, nullable) = without_null(schema);
    let mut shown = core;
    if let Some(name) = shown["$ref"].as_str().and_then(|target| target.rsplit('/').next()).map(str::to_owned) {
        let target = known.get(&name).cloned().unwrap_or_default();
        if target["type"] == "number" {
            merge_under(&mut shown, &target);
        } else {
            shown["$ref"] = named(components, known, side, &name, &target)["$ref"].clone();
        }
    }
    if shown.get("items").is_some() {
        // A merge patch replaces a list whole, so that its items are as in a new record.
        let side = if side == Side::Changes { Side::New } else { side };
        shown["items"] = self::shown(components, known, side, &shown["items"].clone());
    }
    tidy(&mut shown);
    remove(&mut shown, "default");
    if nullable { or_null(shown) } else { shown }
}

/// The component of a schema that a field refers to: codes are the same on every side, objects are not.
fn named(
    components: &mut Components,
    known: &BTreeMap<String, Value>,
    side: Side,
    name: &str,
    target: &Value,
) -> Value {
    if target["properties"].is_null() {
        let mut codes = target.clone();
        tidy(&mut codes);
        return components.schema(name, codes);
    }
    let schema = object(components, known, side, name, target);
    components.schema(&side.name(name), schema)
}

/// An object inside a record: answers have every member, a new one the required ones, a patch any.
fn object(
    components: &mut Components,
    known: &BTreeMap<String, Value>,
    side: Side,
    name: &str,
    target: &Value,
) -> Value {
    let must = required(target);
    let mut properties = Map::new();
    for (member, schema) in target["properties"].as_object().into_iter().flatten() {
        let mut shown = self::shown(components, known, side, &without_null(schema).0);
        if name == "RecordRef" && member == "kind" && side != Side::Answer {
            shown["enum"] = facts::all().iter().map(|facts| facts.kind).collect();
            remove(&mut shown, "maxLength");
        }
        let optional = !must.contains(&member.as_str());
        properties.insert(member.clone(), if optional { or_null(shown) } else { shown });
    }
    let all: Vec<&str> = properties.keys().map(String::as_str).collect();
    let required: Vec<&str> = match side {
        Side::Answer => all,
        Side::New => must,
        Side::Changes => Vec::new(),
    };
    let mut object = json!({ "type": "object" });
    if let Some(about) = target.get("description") {
        object["description"] = about.clone();
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object["properties"] = properties.into();
    object["additionalProperties"] = false.into();
    object
}

/// The names that a schema requires.
#[must_use]
pub fn required(schema: &Value) -> Vec<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Brings a schema into the form of JSON Schema 2020-12, and says what the check asks beyond it.
fn tidy(schema: &mut Value) {
    if let Some(example) = remove(schema, "example").filter(|example| !example.is_null()) {
        schema["examples"] = json!([example]);
    }
    let blank_refused = schema["minLength"].as_u64().is_some_and(|least| least > 0);
    let pattern = match schema["format"].as_str() {
        Some("date" | "date-time") => Some(YEARS),
        Some("uri") => Some(WEB),
        None if blank_refused => Some(NOT_BLANK),
        _ => None,
    };
    if let Some(pattern) = pattern.filter(|_| schema["type"] == "string" && schema.get("pattern").is_none()) {
        schema["pattern"] = pattern.into();
    }
}

/// The form of a text field of a resource, where it stands outside a record.
#[must_use]
pub fn plain(path: &str, field: &str) -> Value {
    let known = facts::by_path(path).and_then(|facts| facts.field(field));
    let mut schema = known.map(|field| field.schema.clone()).unwrap_or_default();
    for word in ["description", "example", "examples"] {
        remove(&mut schema, word);
    }
    tidy(&mut schema);
    schema
}

/// The whole of a schema that stands beside no record (of a report, a body): the same form at every depth.
pub fn tidied(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(example) = members.remove("example") {
                members.insert("examples".to_owned(), json!([example]));
            }
            let is_object = members.get("type").is_some_and(|kind| {
                kind == "object" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "object"))
            });
            if is_object && !members.contains_key("properties") && !members.contains_key("additionalProperties") {
                // Without it, generated types take "an object" for "an object without members".
                members.insert("additionalProperties".to_owned(), true.into());
            }
            let is_dated = members.get("format").is_some_and(|format| format == "date" || format == "date-time");
            if is_dated && members.contains_key("type") {
                members.entry("pattern").or_insert_with(|| YEARS.into());
            }
            nulled(members);
            for (name, member) in members.iter_mut() {
                if !matches!(name.as_str(), "examples" | "enum" | "default" | "const") {
                    tidied(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidied),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Says the size of every whole number that does not say it itself; examples are data and stay as they are.
pub fn sized(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_whole = match members.get("type") {
                Some(Value::String(kind)) => kind == "integer",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "integer"),
                _ => false,
            };
            if is_whole {
                members.entry("format").or_insert_with(|| "int64".into());
            }
            for (name, member) in members.iter_mut() {
                if !matches!(name.as_str(), "example" | "examples" | "enum" | "const" | "default") {
                    sized(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sized),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `nullable`, which is how the check of bodies knows it, in the words of JSON Schema.
fn nulled(members: &mut Map<String, Value>) {
    if members.get("nullable") != Some(&Value::Bool(true)) {
        return;
    }
    members.shift_remove("nullable");
    let schema = or_null(Value::Object(std::mem::take(members)));
    if let Value::Object(schema) = schema {
        *members = schema;
    }
}

/// The schema without its null, and whether it had one.
fn without_null(schema: &Value) -> (Value, bool) {
    let mut core = schema.clone();
    if let Some(types) = schema["type"].as_array() {
        let plain: Vec<&Value> = types.iter().filter(|name| **name != "null").collect();
        core["type"] = plain.first().map(|name| (*name).clone()).unwrap_or_default();
        return (core, plain.len() < types.len());
    }
    let Some(options) = schema["oneOf"].as_array() else { return (core, false) };
    let Some(some) = options.iter().find(|option| option["type"] != "null") else { return (core, false) };
    let mut some = some.clone();
    remove(&mut core, "oneOf");
    if let (Value::Object(into), Value::Object(beside)) = (&mut some, core) {
        into.extend(beside);
    }
    (some, true)
}

/// The schema, or null.
#[must_use]
pub fn or_null(mut schema: Value) -> Value {
    if schema["$ref"].is_string() {
        let target = remove(&mut schema, "$ref").unwrap_or_default();
        let mut nullable = json!({ "oneOf": [{ "$ref": target }, { "type": "null" }] });
        merge_under(&mut nullable, &schema);
        return nullable;
    }
    if let Some(codes) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        codes.push(Value::Null);
    }
    if schema["type"].is_string() {
        schema["type"] = json!([schema["type"], "null"]);
    }
    schema
}

/// Members that `into` does not have yet; a `$ref` gives way to what it points to.
fn merge_under(into: &mut Value, from: &Value) {
    if from.get("type").is_some() {
        remove(into, "$ref");
    }
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        for (name, value) in from {
            into.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

fn remove(schema: &mut Value, name: &str) -> Option<Value> {
    schema.as_object_mut()?.shift_remove(name)
}
