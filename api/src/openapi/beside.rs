//! An operation as the document has it, and those beside the standard methods, from what stands next to their handlers.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Map, Value, json};

use super::about::{About, Content};
use super::components::{Components, header_fields, header_parameter};
use super::fields::tidied;
use super::{Paths, examples, formats, problems};
use crate::problem::{Code, codes};
use crate::routes::Operation;

/// What is told of an operation; what holds for all is added.
#[derive(Default)]
pub struct Told {
    /// `operationId`.
    pub id: String,
    /// Its group.
    pub tag: String,
    /// One line.
    pub summary: String,
    /// What a caller needs to know.
    pub about: String,
    /// Whether it needs no token.
    pub public: bool,
    /// Whether it writes.
    pub writes: bool,
    /// Parameters of its own.
    pub parameters: Vec<Value>,
    /// The body that it takes.
    pub body: Option<Value>,
    /// The status and the answer when all goes well.
    pub answer: (u16, Value),
    /// Another status when all goes well, and its answer.
    pub also: Option<(u16, Value)>,
    /// The answer with a part of the body, where parts may be asked for.
    pub part: Option<Value>,
    /// Whether it answers 304.
    pub tagged: bool,
    /// What can go wrong beside what can go wrong everywhere.
    pub errors: Vec<&'static Code>,
}

/// The operation, with what holds for every one of its kind.
pub fn operation(components: &mut Components, told: Told) -> Value {
    let mut errors = told.errors;
    errors.extend([
        &codes::TOO_LARGE,
        &codes::URI_TOO_LONG,
        &codes::TOO_MANY,
        &codes::HEADERS_TOO_LARGE,
        &codes::INTERNAL,
        &codes::UNAVAILABLE,
    ]);
    if !told.public {
        errors.extend([&codes::BUSY, &codes::MALFORMED, &codes::UNAUTHENTICATED, &codes::INVALID_TOKEN]);
        errors.extend([&codes::INSUFFICIENT_SCOPE, &codes::UNKNOWN_CALLER]);
    }
    if told.writes {
        errors.extend([&codes::CLASH, &codes::STORAGE_FULL]);
    }
    if told.body.is_some() {
        errors.extend([&codes::MALFORMED, &codes::TIMEOUT, &codes::UNSUPPORTED_MEDIA_TYPE]);
    }
    if told.tagged {
        errors.push(&codes::MALFORMED);
    }
    let mut responses: BTreeMap<u16, Value> = problems::answers(components, &errors);
    responses.insert(told.answer.0, told.answer.1);
    responses.extend(told.also);
    if let Some(part) = told.part {
        responses.insert(206, part);
    }
    if told.tagged {
        responses.insert(
            304,
            components.response(
                "NotModified",
                json!({
                    "description": "The copy that you have is still true", "headers": header_fields(&["ETag"])
                }),
            ),
        );
    }
    let mut parameters = told.parameters;
    parameters.push(header_parameter(components, "Accept-Language"));
    let security = if told.public { json!([]) } else { json!([{ "bearer": [] }]) };
    let mut operation = json!({
        "operationId": told.id,
        "tags": [told.tag],
        "summary": told.summary,
        "description": told.about,
        "security": security,
        "parameters": parameters,
    });
    if let Some(body) = told.body {
        operation["requestBody"] = body;
    }
    operation["responses"] =
        responses.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect::<Map<_, _>>().into();
    operation
}

/// Adds an operation of the table.
pub fn add(paths: &mut Paths, components: &mut Components, operation: &Operation) {
    let mut about = (operation.about)();
    for (name, schema) in std::mem::take(&mut about.schemas) {
        let mut schema = serde_json::to_value(schema).unwrap_or_default();
        tidied(&mut schema);
        components.schema(&name, schema);
    }
    let method = operation.method.as_str().to_ascii_lowercase();
    let described = described(components, operation, about);
    paths.entry(operation.path.to_owned()).or_default().insert(method, described);
}

fn described(components: &mut Components, operation: &Operation, about: About) -> Value {
    let path = operation.path;
    let mut parameters = in_path(path);
    parameters.extend(about.parameters);
    parameters.extend(about.headers.iter().map(|name| header_parameter(components, name)));
    let mut errors = about.errors;
    if let Some(tables) = about.tables {
        parameters.extend(formats::of_tables(components, tables));
        errors.push(&codes::NOT_ACCEPTABLE);
    }
    if about.page.is_some() {
        parameters.push(formats::of_page(components));
        errors.push(&codes::NOT_ACCEPTABLE);
    }
    if path.starts_with("/api/") || path.starts_with("/oauth/") {
        errors.push(&codes::UNKNOWN_PARAMETER);
    }
    if parameters.iter().any(|parameter| parameter["in"] == "query") {
        errors.push(&codes::INVALID_PARAMETER);
    }
    let answered = about.answer.unwrap_or_default();
    if answered.tagged {
        parameters.push(header_parameter(components, "If-None-Match"));
    }
    let mut headers = answered.headers.clone();
    if answered.tagged {
        headers.push("ETag");
    }
    if about.tables.is_some() {
        headers.push("Content-Disposition");
    }
    if about.headers.contains(&"Idempotency-Key") {
        headers.push("Idempotent-Replayed");
    }
    let mut answer = json!({ "description": answered.description, "headers": header_fields(&headers) });
    if let Some(content) = answered.content {
        answer["content"] = media(content);
    }
    if let Some(tables) = about.tables {
        formats::of_report(&mut answer["content"], tables);
    }
    for content in answered.also {
        let kind = content.media_type;
        answer["content"][kind] = media(content)[kind].clone();
    }
    if let Some(page) = about.page {
        formats::page(&mut answer["content"], page);
    }
    let part = answered.partial.then(|| {
        let mut part = answer.clone();
        headers.push("Content-Range");
        part["description"] = "The part that was asked for".into();
        part["headers"] = header_fields(&headers);
        part
    });
    let description =
        if about.description.is_empty() { format!("{}.", about.summary) } else { about.description.to_owned() };
    self::operation(
        components,
        Told {
            also: None,
            writes: operation.method != Method::GET,
            id: about.id.to_owned(),
            tag: about.tag.to_owned(),
            summary: about.summary.to_owned(),
            about: description,
            public: about.public,
            parameters,
            body: about.body.map(required_body),
            answer: (answered.status, answer),
            part,
            tagged: answered.tagged,
            errors,
        },
    )
}

/// A body may be left out when nothing in it is required, and a text when it may be empty.
fn required_body(content: Content) -> Value {
    let required = content.schema["required"].is_array()
        || content.schema["$ref"].is_string()
        || (content.schema["type"] == "string" && content.schema["minLength"] != 0);
    json!({ "required": required, "content": media(content) })
}

fn media(content: Content) -> Value {
    let mut schema = content.schema;
    tidied(&mut schema);
    json!({ (content.media_type): { "schema": schema, "example": content.example } })
}

/// The parameters in an address.
fn in_path(path: &str) -> Vec<Value> {
    let parts = path.split('/');
    let mut parameters = Vec::new();
    let mut collection = "";
    for part in parts {
        match part.strip_prefix('{').and_then(|name| name.split_once('}')).map(|(name, _)| name) {
            Some("id") => parameters.push(json!({
                "name": "id", "in": "path", "required": true,
                "description": format!("The identifier of one of `/api/v1/{collection}`."),
                "schema": { "type": "string", "format": "uuid" },
                "example": examples::id(collection),
            })),
            Some("token") => parameters.push(json!({
                "name": "token", "in": "path", "required": true,
                "description": "The secret of a link, as `POST /api/v1/projects/{id}/calendar-links` gave it.",
                "schema": { "type": "string", "minLength": 43, "maxLength": 43, "pattern": "^[A-Za-z0-9_-]{43}$" },
                "example": "qL8R4QIcQ0ZsRzOAbcRfYhmRHhvtN5Wc1b8Txg3f9nE",
            })),
            Some(name) => parameters.push(json!({
                "name": name, "in": "path", "required": true,
                "description": "The `code` of a problem.",
                "schema": { "type": "string", "maxLength": 100 },
                "example": "record.stale",
            })),
            None => collection = part,
        }
    }
    parameters
}
