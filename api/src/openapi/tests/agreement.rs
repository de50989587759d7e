//! What the document says is accepted is accepted, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{DOCUMENT, followed, validator};
use crate::facts::{Facts, check};
use crate::http::json::merge;
use crate::openapi::examples;
use crate::routes;
use crate::standard::filter;

fn resources() -> impl Iterator<Item = &'static Facts> {
    routes::resources().iter().map(|resource| resource.facts)
}

/// Those that callers write.
fn written() -> impl Iterator<Item = &'static Facts> {
    resources().filter(|facts| !facts.read_only)
}

#[test]
fn the_example_of_a_new_record_is_one_that_the_check_takes() {
    for facts in written() {
        let Value::Object(new) = examples::new(facts) else { panic!("{}: no object", facts.path) };
        if let Err(faults) = check::content(facts, new) {
            panic!("{}: {faults:?}", facts.path);
        }
    }
}

#[test]
fn a_list_takes_the_parameters_that_the_document_names() {
    for facts in resources() {
        let parameters = DOCUMENT["paths"][format!("/api/v1/{}", facts.path)]["get"]["parameters"].as_array();
        let parameters = parameters.into_iter().flatten().map(followed);
        let said: BTreeSet<&str> =
            parameters.filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str()).collect();
        let own: Vec<&str> = facts.filters.iter().map(|filter| filter.name).collect();
        let known = filter::allowed(facts, &own);
        let mut known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        // Known everywhere, but where there is nothing to embed it has no value to take.
        if facts.references.is_empty() {
            known.remove("expand");
        }
        assert_eq!(said, known, "{}", facts.path);
    }
}

/// Values that tell bounds apart: each is tried in every field.
fn probes() -> Vec<Value> {
    let long = |length: usize| "x".repeat(length);
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(346.0),
        json!(1.5),
        json!(0.123_45),
        json!(2200),
        json!(1_000_000_000_000_000_i64),
        json!(1e19),
        json!(""),
        json!("  "),
        json!("x"),
        json!("1922"),
        json!("959469881"),
        json!("nb"),
        json!("null"),
        json!("2017-11-01"),
        json!("1899-12-31"),
        json!("2200-12-31"),
        json!("2201-01-01"),
        json!("2017-02-30"),
        json!("2017-11-01T08:00:00Z"),
        json!("yesterday"),
        json!("0190e0a0-0000-7000-8000-000000000000"),
        json!("0190e0a000007000800000000000000"),
        json!("someone@example.org"),
        json!("https://example.org/"),
        json!("ftp://example.org/"),
        json!("active"),
        json!("approved"),
        json!("milestone.out_of_sequence"),
        json!("+47 00 00 00 00"),
        json!(long(41)),
        json!(long(201)),
        json!(long(501)),
        json!(long(2001)),
        json!(long(10_001)),
        json!([]),
        json!(["x"]),
        json!(["0190e0a0-0000-7000-8000-000000000000"]),
        json!([{ "name": "Loabák", "kind": "official" }]),
        json!([{ "name": "Loabák" }]),
        json!([{ "value": 5, "by": null }]),
        json!(vec![json!({ "value": 5 }); 101]),
        json!({}),
        json!({ "kind": "milestone", "id": "0190e0a0-0000-7000-8000-000000000000" }),
        json!({ "kind": "milestone", "id": "0190e0a0-0000-7000-8000-000000000000", "more": 1 }),
        json!({ "system": "x", "state": "queued" }),
        json!({ "system": "x", "state": "queued", "caseYear": 1899 }),
        json!({ "state": "queued" }),
    ]
}

#[test]
fn the_schema_that_is_shown_is_the_schema_that_is_enforced() {
    let mut parted = Vec::new();
    for facts in written() {
        let schema = validator(&format!("/components/schemas/New{}", facts.schema_name));
        let Value::Object(example) = examples::new(facts) else { continue };
        for name in names(facts) {
            for probe in probes() {
                let mut body = example.clone();
                body.insert(name.to_owned(), probe.clone());
                let what = format!("{} {name} = {probe:.60}", facts.path);
                parted.extend(difference(facts, &schema, &body.clone().into(), body, &what));
            }
            let mut body = example.clone();
            body.remove(name);
            let what = format!("{} without {name}", facts.path);
            parted.extend(difference(facts, &schema, &body.clone().into(), body, &what));
        }
    }
    assert!(parted.is_empty(), "{} differences:\n{}", parted.len(), parted.join("\n"));
}

#[test]
fn the_schema_of_a_change_is_the_one_that_is_enforced() {
    let mut parted = Vec::new();
    for facts in written() {
        let schema = validator(&format!("/components/schemas/{}Changes", facts.schema_name));
        let Value::Object(new) = examples::new(facts) else { continue };
        let before = check::content(facts, new).expect("the example is right");
        for name in names(facts) {
            for probe in probes() {
                // Part of an object is enough where there is one before, and only then: no schema can say that.
                if probe.is_object() && before.get(name).is_some_and(Value::is_null) {
                    continue;
                }
                let patch = json!({ name: probe });
                let mut after = Value::Object(before.clone());
                merge(&mut after, &patch);
                let Value::Object(after) = after else { continue };
                let what = format!("{} {name} = {probe:.60}", facts.path);
                parted.extend(difference(facts, &schema, &patch, after, &what));
            }
        }
    }
    assert!(parted.is_empty(), "{} differences:\n{}", parted.len(), parted.join("\n"));
}

/// The fields of a resource, and one that no resource has.
fn names(facts: &Facts) -> impl Iterator<Item = &str> {
    facts.fields.iter().map(|field| field.name.as_str()).chain(["nonsense"])
}

/// Where the schema and the check part: on what is sent, and on the content that it makes.
fn difference(
    facts: &Facts,
    schema: &jsonschema::Validator,
    sent: &Value,
    content: Map<String, Value>,
    what: &str,
) -> Option<String> {
    let enforced = check::content(facts, content).map_err(|faults| faults.into_iter().next());
    match (schema.is_valid(sent), enforced) {
        (true, Err(fault)) => Some(format!("{what}: shown as right, refused with {fault:?}")),
        (false, Ok(_)) => Some(format!("{what}: shown as wrong, accepted")),
        (true, Ok(_)) | (false, Err(_)) => None,
    }
}

#[test]
fn a_change_may_hold_what_a_new_record_may_hold_and_nothing_else() {
    for facts in written() {
        let schemas = &DOCUMENT["components"]["schemas"];
        let names = |schema: &Value| -> Vec<String> {
            schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
        };
        let new = names(&schemas[format!("New{}", facts.schema_name)]);
        let changes = &schemas[format!("{}Changes", facts.schema_name)];
        let record = names(&schemas[&facts.schema_name]);
        assert_eq!(new, names(changes), "{}", facts.path);
        assert!(changes.get("required").is_none(), "{}: a change requires nothing", facts.path);
        assert!(facts.fields.iter().all(|field| record.contains(&field.name)), "{}: a field is not shown", facts.path);
    }
}
