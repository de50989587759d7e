//! Holds every answer against the OpenAPI document: the operation, its status, media type, header fields and schema.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::Answer;

/// The committed document, which a test holds against what the code makes: to read it takes a tenth of the time of making it.
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi/openapi.json")).expect("the document is JSON"));
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The document that the server serves.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// Every operation of the document: method and address.
#[must_use]
pub fn operations() -> Vec<(String, String)> {
    let paths = DOCUMENT["paths"].as_object().into_iter().flatten();
    let of_path = |(path, item): (&String, &'static Value)| {
        let methods =
            item.as_object().into_iter().flatten().filter(|(_, operation)| operation["responses"].is_object());
        methods.map(|(method, _)| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

/// Whether the document says that the server may answer so.
///
/// # Errors
/// With what the document says in its place.
pub fn check(answer: &Answer) -> Result<(), String> {
    let method = answer.method.as_str();
    let Some((template, item)) = item(answer.path.split('?').next().unwrap_or_default()) else {
        return undescribed(answer, &[404]);
    };
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    if method == "options" {
        return if answer.status == 204 { Ok(()) } else { undescribed(answer, &[]) };
    }
    let Some(operation) = item.get(&method) else {
        return undescribed(answer, &[405]);
    };
    let responses = &operation["responses"];
    let (key, response) = response(responses, answer.status)
        .ok_or_else(|| format!("{method} {template} declares no {}, but {}", answer.status, names(responses)))?;
    headers(answer, response)?;
    body(answer, response, &format!("{method} {template} {key}"))
}

/// An answer to what the document does not describe is a problem.
fn undescribed(answer: &Answer, allowed: &[u16]) -> Result<(), String> {
    // The page of the documentation is for people, and the document does not describe itself.
    if answer.path.starts_with("/docs") || answer.path.starts_with("/openapi") {
        return Ok(());
    }
    if !allowed.contains(&answer.status) && !(400..500).contains(&answer.status) {
        return Err(format!("the document has no such operation, so {allowed:?} was expected"));
    }
    if answer.bytes.is_empty() {
        return Ok(());
    }
    valid("problem", &json!({ "$ref": "#/components/schemas/Problem" }), &answer.json)
}

/// The path of the document that an address is of: the one with the fewest parameters.
fn item(path: &str) -> Option<(&'static str, &'static Map<String, Value>)> {
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == segments.len()
            && parts.iter().zip(&segments).all(|(part, given)| part == given || part.starts_with('{'))
    };
    let found = DOCUMENT["paths"].as_object()?.iter().filter(|(template, _)| fits(template));
    let (template, item) = found.min_by_key(|(template, _)| template.matches('{').count())?;
    Some((template, item.as_object()?))
}

fn response(responses: &'static Value, status: u16) -> Option<(String, &'static Value)> {
    let exact = status.to_string();
    [exact, format!("{}XX", status / 100), "default".to_owned()].into_iter().find_map(|key| {
        let response = resolved(responses.get(&key)?);
        Some((key, response))
    })
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap_or(value),
        None => value,
    }
}

fn headers(answer: &Answer, response: &'static Value) -> Result<(), String> {
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        if resolved(header)["required"] == true && !answer.headers.contains_key(name.as_str()) {
            return Err(format!("the header field {name} is missing"));
        }
    }
    Ok(())
}

fn body(answer: &Answer, response: &'static Value, place: &str) -> Result<(), String> {
    if answer.method == "HEAD" {
        return if answer.bytes.is_empty() { Ok(()) } else { Err("an answer to HEAD has a body".to_owned()) };
    }
    let Some(content) = response["content"].as_object() else {
        return if answer.bytes.is_empty() { Ok(()) } else { Err(format!("{place} has no body")) };
    };
    let media_type = answer.header("content-type").split(';').next().unwrap_or_default().trim();
    let Some(content) = content.get(media_type).or_else(|| content.get("*/*")) else {
        return Err(format!("{place} is {}, not {media_type:?}", names(&response["content"])));
    };
    // A compressed body is looked at by the tests that ask for one.
    if !media_type.ends_with("json") || answer.headers.contains_key("content-encoding") {
        return Ok(());
    }
    let value = serde_json::from_slice(&answer.bytes).map_err(|error| format!("{place}: {error}"))?;
    if media_type == "application/problem+json" {
        told(&value)?;
    }
    valid(&format!("{place} {media_type}"), &content["schema"], &value)
}

/// Whether the document tells of every member of a problem: types that are made of it know no others.
fn told(problem: &Value) -> Result<(), String> {
    let known = &DOCUMENT["components"]["schemas"]["Problem"]["properties"];
    let unknown =
        problem.as_object().into_iter().flatten().map(|(name, _)| name).find(|name| known[name.as_str()].is_null());
    unknown.map_or(Ok(()), |name| Err(format!("the schema of problems does not tell of {name}")))
}

/// Whether a value is valid against a schema of the document; each schema is compiled once, when it is first asked for.
fn valid(place: &str, schema: &Value, value: &Value) -> Result<(), String> {
    let validator = validator(place, schema)?;
    let faults: Vec<String> =
        validator.iter_errors(value).take(5).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    if faults.is_empty() { Ok(()) } else { Err(format!("{place}: {}", faults.join("; "))) }
}

fn validator(place: &str, schema: &Value) -> Result<Arc<Validator>, String> {
    let mut known = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = known.get(place) {
        return Ok(Arc::clone(validator));
    }
    let mut named = Map::new();
    gather(schema, &mut named);
    let mut whole = schema.as_object().cloned().unwrap_or_default();
    whole.insert("components".to_owned(), json!({ "schemas": named }));
    let built = jsonschema::draft202012::options().should_validate_formats(true).build(&whole.into());
    let validator = Arc::new(built.map_err(|error| format!("the schema of {place} is not one: {error}"))?);
    known.insert(place.to_owned(), Arc::clone(&validator));
    Ok(validator)
}

/// The schemas that a schema names, and those that they name: a validator of the whole document would take a second to build.
fn gather(schema: &Value, named: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            if let Some(name) =
                members.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"))
                && !named.contains_key(name)
            {
                let found = &DOCUMENT["components"]["schemas"][name];
                named.insert(name.to_owned(), found.clone());
                gather(found, named);
            }
            members.values().for_each(|member| gather(member, named));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, named)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn names(members: &Value) -> String {
    members.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default()
}
