//! Clients of the last release get along with this version.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use support::breaking::breaks;

/// The document of the last release: the highest version in `openapi/released`, if there is one.
fn released() -> Option<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/released");
    let files = std::fs::read_dir(&folder).expect("the folder is there").map(|file| file.expect("a file").path());
    let version = |file: &Path| {
        let name = file.file_stem()?.to_str()?;
        name.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<u32>>>()
    };
    let documents = files.filter(|file| file.extension().is_some_and(|end| end == "json"));
    let last = documents.filter(|file| version(file).is_some()).max_by_key(|file| version(file))?;
    let text = std::fs::read_to_string(&last).expect("it can be read");
    Some((last.display().to_string(), serde_json::from_str(&text).expect("it is JSON")))
}

#[test]
fn nothing_is_taken_from_clients_of_the_last_release() {
    let Some((name, released)) = released() else {
        let said = "skipped: nothing is released yet (openapi/released/README.md)\n";
        let _ = std::io::stderr().write_all(said.as_bytes());
        return;
    };
    let found = breaks(&released, support::document::document());
    assert!(found.is_empty(), "{} breaks since {name}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_document_breaks_nothing_for_itself() {
    let document = support::document::document();
    assert_eq!(breaks(document, document), Vec::<String>::new());
}

/// Every sort of break, planted in the document as it is.
#[test]
fn every_break_is_found_and_growth_is_none() {
    let document = &part(support::document::document());
    let schema = |name: &str, rest: &str| format!("/components/schemas/{name}{rest}");
    let code = schema("RiskKind", "/enum");
    let codes = document.pointer(&code).and_then(Value::as_array).expect("codes");
    let fewer = json!(codes[1..]);
    let more = Value::Array(codes.iter().cloned().chain([json!("rumour")]).collect());
    let get = "/paths/~1api~1v1~1milestones~1{id}/get";
    let post = "/paths/~1api~1v1~1risks/post";
    let sent = schema("NewRisk", "/properties/title/maxLength");
    let told = schema("Milestone", "/required");
    let planted: Vec<(&str, String, Value, &str)> = vec![
        ("an operation", get.to_owned(), Value::Null, "get /api/v1/milestones/{id}: is gone"),
        ("its name", format!("{get}/operationId"), json!("readMilestone"), "operationId"),
        ("an answer", format!("{post}/responses/201"), Value::Null, "no longer answers 201"),
        ("a parameter", format!("{post}/parameters"), json!([]), "no longer takes the parameter Idempotency-Key"),
        (
            "a required parameter",
            "/components/parameters/X-Change-Reason/required".to_owned(),
            json!(true),
            "requires the parameter X-Change-Reason",
        ),
        ("a member that is sent", schema("NewRisk", "/properties/title"), Value::Null, "title: is gone"),
        (
            "a required member",
            schema("NewRisk", "/required"),
            json!(["projectId", "kind", "title", "impact"]),
            "impact: is required",
        ),
        ("a code that is sent", code.clone(), fewer, "no longer takes [\"risk\"]"),
        ("a shorter text", sent.clone(), json!(10), "maxLength is 10 now"),
        ("another pattern", schema("NewRisk", "/properties/title/pattern"), json!("^[A-Z]"), "pattern is"),
        (
            "a type that is sent",
            schema("NewRisk", "/properties/title/type"),
            json!("integer"),
            "no longer takes string",
        ),
        ("a member that is told", schema("Milestone", "/properties/plannedOn"), Value::Null, "plannedOn: is gone"),
        ("a member that may be missing", told, json!(["id"]), "version: may be missing"),
        (
            "a null that is told",
            schema("Milestone", "/properties/title/type"),
            json!(["string", "null"]),
            "may be null now",
        ),
        ("a media type", format!("{get}/responses/200/content"), json!({}), "application/json is gone"),
        ("a header field", format!("{get}/responses/200/headers"), json!({}), "no longer has the header field ETag"),
        ("a member of an event", schema("Event", "/properties/reason"), Value::Null, "reason: is gone"),
    ];
    for (what, place, value, said) in planted {
        let found = breaks(document, &with(document, &place, value));
        assert!(found.iter().any(|one| one.contains(said)), "{what}: {said:?} is not among {found:#?}");
    }
    let grown = [
        ("a code", code, more),
        ("a longer text", sent, json!(100_000)),
        ("a member that is told", schema("Milestone", "/properties/colour"), json!({ "type": "string" })),
        ("an optional member", schema("NewRisk", "/properties/colour"), json!({ "type": ["string", "null"] })),
        ("an operation", "/paths/~1api~1v1~1colours".to_owned(), json!({ "get": { "operationId": "listColours" } })),
        ("an answer that goes wrong", format!("{get}/responses/429"), json!({ "description": "Too many" })),
    ];
    for (what, place, value) in grown {
        assert_eq!(breaks(document, &with(document, &place, value)), Vec::<String>::new(), "{what} is growth");
    }
}

/// The document with a few addresses: enough to plant in, and quick to compare.
fn part(document: &Value) -> Value {
    let kept = ["/api/v1/milestones/{id}", "/api/v1/risks", "/api/v1/events"];
    let mut part = document.clone();
    if let Some(paths) = part["paths"].as_object_mut() {
        paths.retain(|path, _| kept.contains(&path.as_str()));
    }
    part
}

/// The document with another value at a place; null takes it away.
fn with(document: &Value, place: &str, value: Value) -> Value {
    let mut changed = document.clone();
    let (parent, name) = place.rsplit_once('/').expect("a pointer");
    let name = name.replace("~1", "/");
    let members =
        changed.pointer_mut(parent).and_then(Value::as_object_mut).unwrap_or_else(|| panic!("{parent} is nowhere"));
    if value.is_null() {
        members.remove(&name).unwrap_or_else(|| panic!("{place} is nowhere"));
    } else {
        members.insert(name, value);
    }
    changed
}
