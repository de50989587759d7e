//! The problem documents that an operation answers with, from the table of codes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::{Components, header_fields};
use crate::problem::{Code, Fault, Lang, Problem, codes};
use crate::render::Format;
use crate::text;

/// The answers for these codes, by status.
pub fn answers(components: &mut Components, errors: &[&'static Code]) -> BTreeMap<u16, Value> {
    let mut by_status: BTreeMap<u16, Vec<&'static Code>> = BTreeMap::new();
    // In the order of the table, each once, however the operation names them.
    for code in codes::ALL.iter().filter(|code| errors.contains(code)) {
        by_status.entry(code.status).or_default().push(code);
    }
    by_status.into_iter().map(|(status, codes)| (status, answer(components, status, &codes))).collect()
}

fn answer(components: &mut Components, status: u16, codes: &[&'static Code]) -> Value {
    let schema = components.schema("Problem", schema());
    components.schema("Fault", fault());
    let said: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}. {}", code.name, code.title[2], code.remedy)).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.name.to_owned(), json!({ "summary": code.title[2], "value": example(code) })))
        .collect();
    let headers: &[&str] = match status {
        401 | 403 => &["WWW-Authenticate"],
        412 => &["ETag"],
        415 => &["Accept-Patch"],
        416 => &["Content-Range"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    };
    let response = json!({
        "description": said.join("\n\n"),
        "headers": header_fields(headers),
        "content": { "application/problem+json": { "schema": schema, "examples": examples } }
    });
    let name: Vec<String> = codes.iter().map(|code| pascal(code.name)).collect();
    components.response(&name.join("Or"), response)
}

fn pascal(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split(['.', '_']).filter(|word| !word.is_empty()).map(capital).collect()
}

/// A problem as it would be met, in English.
fn example(code: &'static Code) -> Value {
    let at = |pointer: &str, code, message| vec![Fault::at(pointer, code, message)];
    let problem = Problem::new(code);
    let problem = match code.name {
        "request.unknown_parameter" => problem.member("allowed", vec!["limit", "cursor"]),
        "request.invalid_parameter" => problem.member("parameter", "limit"),
        "request.not_acceptable" => problem.member("offered", Format::TABLES.map(Format::media_type).to_vec()),
        "request.too_many" => problem.member("violated-policies", vec!["default"]),
        "record.stale" => problem.member("currentVersion", 4),
        "invalid_request" | "invalid_client" | "invalid_grant" | "invalid_scope" | "unsupported_grant_type" => {
            problem.member("error", code.name).member("error_description", code.title[2])
        }
        "record.invalid" => problem.errors(at(
            "/plannedOn",
            "wrong_format",
            text!("må være en dato ÅÅÅÅ-MM-DD", "må vere ein dato ÅÅÅÅ-MM-DD", "must be a date YYYY-MM-DD"),
        )),
        "record.in_use" => {
            let id = super::examples::id("milestones");
            problem.errors(at(
                "",
                "in_use",
                text!("brukt av milestones/{id}", "brukt av milestones/{id}", "used by milestones/{id}"),
            ))
        }
        _ => problem,
    };
    problem.document(Lang::En, "http://127.0.0.1:8080", "4bf92f3577b34da6a3ce929d0e0e4736")
}

fn schema() -> Value {
    let codes: Vec<String> = codes::ALL.iter().map(|code| format!("`{}`", code.name)).collect();
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457), in the caller's language.",
        "required": ["type", "title", "status", "detail", "code", "errors", "traceId"],
        "properties": {
            "type": {
                "type": "string", "format": "uri", "maxLength": 2048,
                "description": "The address of a page that says what the problem means and what to do.",
                "examples": ["http://127.0.0.1:8080/problems/record.stale"]
            },
            "title": { "type": "string", "maxLength": 200, "description": "The problem in a few words." },
            "status": { "type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status." },
            "detail": { "type": "string", "maxLength": 20000, "description": "What happened this time." },
            "code": {
                "type": "string", "maxLength": 100, "pattern": "^[a-z_.]+$",
                "description": format!("The stable name of the problem, for programs: {}. More may come.", codes.join(", ")),
                "examples": ["record.stale"]
            },
            "errors": {
                "type": "array",
                "description": "Each fault of the request, when there are several parts to it.",
                "items": { "$ref": "#/components/schemas/Fault" }
            },
            "traceId": {
                "type": "string", "pattern": "^[0-9a-f]{32}$",
                "description": "The trace that the request belongs to: that of `traceparent`, or one made here."
            },
            "currentVersion": {
                "type": "integer", "format": "int64", "minimum": 1,
                "description": "The record's version now (`record.stale`)."
            },
            "allowed": {
                "type": "array", "items": { "type": "string", "maxLength": 100 },
                "description": "The parameters that are known here (`request.unknown_parameter`)."
            },
            "offered": {
                "type": "array", "items": { "type": "string", "maxLength": 100 },
                "description": "The media types that there are here (`request.not_acceptable`)."
            },
            "violated-policies": {
                "type": "array", "items": { "type": "string", "maxLength": 100 },
                "description": "The policies under which there were too many (`request.too_many`), as `RateLimit-Policy` names them."
            },
            "parameter": {
                "type": "string", "maxLength": 8192, "description": "The parameter that is wrong (`request.invalid_parameter`)."
            },
            "unmet": {
                "type": "array", "maxItems": 10000, "items": { "$ref": "#/components/schemas/Unmet" },
                "description": "What stands in the way (`decision_point.not_ready`, `report.blocked`)."
            },
            "legalBasis": {
                "type": "array", "maxItems": 10, "items": { "type": "string", "maxLength": 100 },
                "description": "What the law says for keeping what was to go (`person.erasure_restricted`)."
            },
            "records": {
                "type": "object", "additionalProperties": { "type": "integer", "minimum": 1, "maximum": 1_000_000_000 },
                "description": "How many records of each kind name the person and are kept (`person.erasure_restricted`)."
            },
            "operation": {
                "type": "integer", "minimum": 0, "maximum": 499,
                "description": "Which operation of a batch failed, counted from 0 (`POST /batch`)."
            },
            "error": {
                "type": "string", "enum": ["invalid_request", "invalid_client", "invalid_grant", "invalid_scope", "unsupported_grant_type"],
                "description": "The error in the words of RFC 6749 §5.2 (`POST /oauth/token`)."
            },
            "error_description": {
                "type": "string", "maxLength": 1000, "description": "The same in English, for developers (RFC 6749 §5.2)."
            }
        }
    })
}

fn fault() -> Value {
    json!({
        "type": "object",
        "description": "One fault of a request: where, what, and what would be right.",
        "required": ["pointer", "code", "message"],
        "properties": {
            "pointer": {
                "type": "string", "maxLength": 20000,
                "description": "JSON pointer (RFC 6901) into the body; empty for the whole of it.",
                "examples": ["/plannedOn"]
            },
            "code": {
                "type": "string", "maxLength": 100, "pattern": "^[a-z_]+$",
                "description": "The stable name of the fault, for programs.",
                "examples": ["wrong_format"]
            },
            "message": {
                "type": "string", "maxLength": 20000, "description": "What was wrong and what would be right, in the caller's language."
            }
        }
    })
}
