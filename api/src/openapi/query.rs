//! The parameters of a list, from the same facts that its handler reads.

use serde_json::{Value, json};

use super::components::Components;
use super::formats;
use crate::facts::{Facts, Field, Kind};
use crate::standard::filter::{MOST_KEYS, MOST_VALUES};
use crate::standard::present::{MOST_EXPANSIONS, MOST_FIELDS};
use crate::standard::{filter, present};

/// The fields that every record has and every list can be filtered by: their parameters are shared.
const SHARED: [&str; 7] = ["id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy", "projectId"];

/// Every parameter of a list.
pub fn list(components: &mut Components, facts: &Facts) -> Vec<Value> {
    let mut parameters = page(components);
    parameters.push(sort(facts));
    parameters.push(search(facts));
    parameters
        .extend(facts.filters.iter().map(|own| query(own.name, own.about, commas(own.schema.clone(), MOST_VALUES))));
    let shared = |field: &&Field| SHARED.contains(&field.name.as_str());
    let (header, own): (Vec<&Field>, Vec<&Field>) =
        facts.fields.iter().filter(|field| field.listable()).partition(shared);
    for field in own.into_iter().chain(header) {
        parameters.extend(filters(components, field));
    }
    parameters.extend(chosen(facts));
    parameters.push(count(components));
    parameters.push(formats::parameter(components));
    parameters
}

/// `limit` and `cursor`.
pub fn page(components: &mut Components) -> Vec<Value> {
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 });
    let cursor = json!({ "type": "string", "minLength": 1, "maxLength": 8192, "pattern": "^[A-Za-z0-9_-]+$" });
    vec![
        components.parameter("limit", query("limit", "Most records on the page.", limit)),
        components.parameter(
            "cursor",
            query("cursor", "`next` of the page before, unchanged, with the same sort and filters.", cursor),
        ),
    ]
}

/// `fields` and `expand`.
pub fn chosen(facts: &Facts) -> Vec<Value> {
    let names: Vec<&str> = facts.fields.iter().map(|field| field.name.as_str()).collect();
    let mut parameters = vec![query(
        "fields",
        "Only these fields, and `id`. The answer's tag is then weak.",
        commas(json!({ "type": "string", "enum": names }), MOST_FIELDS),
    )];
    let names: Vec<String> = present::expandable(facts).into_iter().map(|expansion| expansion.name).collect();
    if !names.is_empty() {
        parameters.push(query(
            "expand",
            "References whose records are wanted beside them, each under the name without `Id`; null for what you may not see.",
            commas(json!({ "type": "string", "enum": names }), MOST_EXPANSIONS),
        ));
    }
    parameters
}

fn count(components: &mut Components) -> Value {
    let flag = json!({ "type": "boolean", "default": false });
    components.parameter("count", query(
            "count",
            "`true` adds `total`: how many there are on all pages; in CSV and XLSX it is the header field `X-Total-Count`.",
            flag
        ))
}

/// The keys that lists of a resource are sorted by, up to eight of them.
#[must_use]
pub fn sort_keys(facts: &Facts) -> Value {
    let fields = facts.fields.iter().filter(|field| field.listable());
    let keys: Vec<String> = fields.flat_map(|field| [field.name.clone(), format!("-{}", field.name)]).collect();
    commas(json!({ "type": "string", "enum": keys }), MOST_KEYS)
}

fn sort(facts: &Facts) -> Value {
    let about = format!(
        "The order: fields, `-` for the largest first. Nulls come last in both directions, and `id` decides ties. Without it: \
         `{}`.",
        facts.order
    );
    query("sort", &about, sort_keys(facts))
}

fn search(facts: &Facts) -> Value {
    let about = if facts.search.is_empty() {
        "Words to search for; these records have no text that is searched, so that a word finds none.".to_owned()
    } else {
        let fields = facts.search.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
        format!("Every word of it stands in {fields}, in upper or lower case.")
    };
    query("q", &about, json!({ "type": "string", "maxLength": 200 }))
}

/// The filters of one field.
fn filters(components: &mut Components, field: &Field) -> Vec<Value> {
    let name = &field.name;
    let about = field.schema["description"].as_str().unwrap_or_default();
    let or_null = if field.nullable { ", or `null` for those without one" } else { "" };
    let text = matches!(field.kind, Kind::Text);
    let escape = if text { " A backslash before a comma or the word keeps it as text." } else { "" };
    let about = format!("{about} One or more values{or_null}.{escape}");
    let mut all = vec![query(name, &about, commas(or_null_word(field), MOST_VALUES))];
    if filter::ranged(field) {
        all.push(query(&format!("{name}.gte"), &format!("`{name}` is this or more."), bound(field)));
        all.push(query(&format!("{name}.lte"), &format!("`{name}` is this or less."), bound(field)));
    }
    if !SHARED.contains(&name.as_str()) {
        return all;
    }
    let shared = |parameter: Value| {
        let name = format!("filter.{}", parameter["name"].as_str().unwrap_or_default());
        components.parameter(&name, parameter)
    };
    all.into_iter().map(shared).collect()
}

fn or_null_word(field: &Field) -> Value {
    let mut value = bound(field);
    if !field.nullable {
        return value;
    }
    if let Some(codes) = value.get_mut("enum").and_then(Value::as_array_mut) {
        codes.push("null".into());
        return value;
    }
    match field.kind {
        // Any text: the word is one already.
        Kind::Text => value,
        _ => json!({ "anyOf": [value, { "type": "string", "const": "null" }] }),
    }
}

/// The schema of a value that a filter compares with.
fn bound(field: &Field) -> Value {
    let kept = |names: &[&str]| {
        let members = names.iter().filter_map(|name| Some(((*name).to_owned(), field.schema.get(name)?.clone())));
        Value::Object(members.collect())
    };
    match &field.kind {
        Kind::Text => json!({ "type": "string", "maxLength": 500 }),
        Kind::Code(codes) => json!({ "type": "string", "enum": codes }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Reference => json!({
            "type": "string",
            "maxLength": 80,
            "pattern": "^[a-z_]{1,40}:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
        }),
        Kind::Id => json!({ "type": "string", "format": "uuid" }),
        Kind::Date => json!({ "type": "string", "format": "date", "pattern": super::fields::YEARS }),
        Kind::Instant => {
            json!({ "type": "string", "format": "date-time", "pattern": super::fields::YEARS })
        }
        Kind::Integer | Kind::Decimal { .. } | Kind::Json => {
            kept(&["type", "format", "minimum", "maximum", "multipleOf"])
        }
    }
}

/// Values separated by commas.
fn commas(items: Value, most: usize) -> Value {
    json!({ "type": "array", "minItems": 1, "maxItems": most, "items": items })
}

fn query(name: &str, about: &str, schema: Value) -> Value {
    let mut parameter = json!({ "name": name, "in": "query", "required": false, "description": about });
    if schema["type"] == "array" {
        parameter["style"] = "form".into();
        parameter["explode"] = false.into();
    }
    parameter["schema"] = schema;
    parameter
}
