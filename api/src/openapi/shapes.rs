//! The shapes of a resource: the record, a part of it, a new one, a change of one, and a page.

use serde_json::{Map, Value, json};

use super::components::Components;
use super::examples;
use super::fields::{Side, or_null, shown};
use super::standard::Words;
use crate::facts::{Facts, Field};
use crate::standard::present::{self, Expansion};

/// The names of a resource's schemas, as references.
pub struct Shapes {
    /// The record.
    pub record: Value,
    /// The record, or the part of it that `fields` asked for.
    pub chosen: Value,
    /// What makes a new one.
    pub new: Value,
    /// What changes one.
    pub changes: Value,
    /// A page of them.
    pub page: Value,
}

/// Adds the schemas of a resource.
pub fn add(components: &mut Components, facts: &Facts) -> Shapes {
    let name = &facts.schema_name;
    let words = Words::of(facts);
    let mut properties = properties(components, facts, Side::Answer);
    let all: Vec<String> = properties.keys().cloned().collect();
    properties.extend(embedded(facts));
    let record = json!({
        "type": "object", "description": facts.about, "required": all, "properties": properties,
    });
    let record = components.schema(name, record);
    for property in properties.values_mut().filter_map(Value::as_object_mut) {
        property.shift_remove("examples");
    }
    let part = json!({
        "type": "object",
        "description": format!("The fields of {} that `fields` asked for, and its `id`.", words.one()),
        "required": ["id"],
        "properties": properties,
    });
    let part = components.schema(&format!("{name}Selection"), part);
    let chosen = json!({ "anyOf": [record, part] });
    let (new, changes) =
        if facts.read_only { Default::default() } else { (new(components, facts), changes(components, facts)) };
    let page = json!({
        "type": "object",
        "description": format!("A page of {}.", words.many),
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "maxItems": 200, "items": chosen },
            "next": next(),
            "total": {
                "type": "integer", "format": "int64", "minimum": 0,
                "description": "How many there are on all pages; only with `count=true`."
            }
        }
    });
    let page = components.schema(&format!("{name}Page"), page);
    Shapes { record, chosen, new, changes, page }
}

/// The cursor of the next page.
pub fn next() -> Value {
    json!({ "type": ["string", "null"], "maxLength": 8192, "description": "Send it back as `cursor` for the next page; null on the last one." })
}

fn new(components: &mut Components, facts: &Facts) -> Value {
    let required: Vec<&str> =
        facts.writable().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    let mut new = json!({
        "type": "object",
        "description": format!("What makes {}.", Words::of(facts).new_one()),
    });
    if !required.is_empty() {
        new["required"] = json!(required);
    }
    new["properties"] = properties(components, facts, Side::New).into();
    new["additionalProperties"] = false.into();
    new["examples"] = json!([examples::new(facts)]);
    components.schema(&Side::New.name(&facts.schema_name), new)
}

fn changes(components: &mut Components, facts: &Facts) -> Value {
    let changes = json!({
        "type": "object",
        "description": format!(
            "A JSON merge patch (RFC 7396) of {}: an absent field stays, null clears it where it may be null.",
            Words::of(facts).one()
        ),
        "properties": properties(components, facts, Side::Changes),
        "additionalProperties": false,
        "examples": [examples::changes(facts)],
    });
    components.schema(&Side::Changes.name(&facts.schema_name), changes)
}

fn properties(components: &mut Components, facts: &Facts, side: Side) -> Map<String, Value> {
    let declared = &facts.schemas[&facts.schema_name]["properties"];
    let fields = facts.fields.iter().filter(|field| side == Side::Answer || !field.read_only);
    fields.map(|field| (field.name.clone(), property(components, facts, side, field, &declared[&field.name]))).collect()
}

fn property(components: &mut Components, facts: &Facts, side: Side, field: &Field, declared: &Value) -> Value {
    let mut schema = shown(components, &facts.schemas, side, declared);
    if side == Side::New && !field.nullable && !field.required {
        // In words: generators take a field with `default` for one that is always sent.
        let initial = field.initial();
        let about = schema["description"].as_str().unwrap_or_default();
        schema["description"] =
            format!("{about} Left out, it is `{}`.", initial.as_str().map_or(initial.to_string(), str::to_owned))
                .into();
    }
    let has_null = schema.get("oneOf").is_some() || schema["type"].is_array();
    if field.nullable && !has_null { or_null(schema) } else { schema }
}

/// What `expand` puts beside the fields.
fn embedded(facts: &Facts) -> Vec<(String, Value)> {
    let one = |Expansion { name, field, target }| {
        let schema = json!({
            "oneOf": [{ "$ref": format!("#/components/schemas/{}", target.schema_name) }, { "type": "null" }],
            "description": format!("The record of `{field}`; only with `expand={name}`."),
            "readOnly": true
        });
        (name, schema)
    };
    present::expandable(facts).into_iter().map(one).collect()
}
