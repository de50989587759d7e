//! The document is complete, true to itself, and the one that is committed.

mod agreement;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(super::document);
static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    Registry::new()
        .add("urn:framdrift", &*DOCUMENT)
        .and_then(|known| known.prepare())
        .expect("the document is a resource")
});

/// A validator of the schema at a place of the document.
fn validator(place: &str) -> Validator {
    let fragment = place.replace('{', "%7B").replace('}', "%7D");
    let schema = json!({ "$ref": format!("urn:framdrift#{fragment}") });
    let options = jsonschema::draft202012::options().with_registry(&REGISTRY).should_validate_formats(true);
    options.build(&schema).unwrap_or_else(|error| panic!("{place}: {error}"))
}

/// Every operation with its method and address.
fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

/// What a reference points to, or the value itself.
fn followed(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(target) => DOCUMENT.pointer(&target[1..]).unwrap_or_else(|| panic!("{target} is nowhere")),
        None => value,
    }
}

/// Visits every object of the document with the pointer to it.
fn visit(value: &'static Value, place: &str, act: &mut impl FnMut(&str, &'static serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            act(place, members);
            for (name, member) in members {
                visit(member, &format!("{place}/{}", crate::facts::check::escape(name)), act);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| visit(item, &format!("{place}/{index}"), act));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether a place is inside an example, which is data and no schema.
fn in_example(place: &str) -> bool {
    place.split('/').any(|step| matches!(step, "example" | "examples"))
}

#[test]
fn the_committed_document_is_the_one_that_the_code_makes() {
    let made = super::text();
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json"));
    let committed = committed.unwrap_or_default();
    let line = made.lines().zip(committed.lines()).take_while(|(made, committed)| made == committed).count() + 1;
    assert!(
        made == committed,
        "openapi/openapi.json is no longer what the code makes (first difference in line {line}).\n\
         Look at the change with: cargo run -- openapi > openapi/openapi.json && git diff openapi/openapi.json\n\
         and commit it, if it is what you meant."
    );
}

#[test]
fn the_document_is_the_same_every_time() {
    assert_eq!(super::text(), super::text());
}

#[test]
fn no_two_schemas_share_a_name() {
    let (_, components) = super::built();
    assert_eq!(components.clashes, Vec::<String>::new());
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (at, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap_or_default();
        let camel = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric());
        assert!(camel, "{at}: {name:?} is not camelCase");
        assert!(names.insert(name), "{at}: {name} is the name of another operation too");
    }
}

#[test]
fn every_operation_says_what_it_is_and_what_can_go_wrong() {
    let tags: Vec<&str> =
        DOCUMENT["tags"].as_array().into_iter().flatten().filter_map(|tag| tag["name"].as_str()).collect();
    for (at, operation) in operations() {
        for word in ["summary", "description"] {
            assert!(operation[word].as_str().is_some_and(|text| !text.is_empty()), "{at} has no {word}");
        }
        assert!(operation["security"].is_array(), "{at} does not say whether it needs a token");
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        assert!(tags.contains(&tag), "{at}: the tag {tag:?} is not described");
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at} never goes well");
        assert!(responses.contains_key("500"), "{at} never fails");
        assert_eq!(
            operation["security"] == json!([]),
            !responses.contains_key("401") || at.contains("/auth/login") || at.contains("/oauth/token"),
            "{at}: token and 401"
        );
        for (status, response) in responses {
            let content = &followed(response)["content"];
            if status.as_str() >= "400" {
                assert!(content["application/problem+json"].is_object(), "{at}: {status} is no problem document");
            }
        }
    }
}

#[test]
fn every_body_and_every_answer_has_an_example() {
    for (at, operation) in operations() {
        let answers = operation["responses"].as_object().into_iter().flatten().map(|(_, response)| followed(response));
        for part in answers.chain(operation.get("requestBody")) {
            for (kind, media) in part["content"].as_object().into_iter().flatten() {
                assert!(
                    media.get("example").or_else(|| media.get("examples")).is_some(),
                    "{at}: {kind} has no example"
                );
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    visit(&DOCUMENT, "", &mut |place, members| {
        if let Some(Value::String(target)) = members.get("$ref") {
            assert!(DOCUMENT.pointer(&target[1..]).is_some(), "{place} refers to {target}, which is nowhere");
        }
    });
}

#[test]
fn every_component_is_used() {
    let mut used = BTreeSet::new();
    visit(&DOCUMENT, "", &mut |_, members| {
        used.extend(members.get("$ref").and_then(Value::as_str));
    });
    for group in ["parameters", "headers", "responses", "schemas"] {
        for name in DOCUMENT["components"][group].as_object().into_iter().flatten().map(|(name, _)| name) {
            let target = format!("#/components/{group}/{name}");
            assert!(used.contains(target.as_str()), "nothing refers to {target}");
        }
    }
}

#[test]
fn every_text_and_every_number_is_bounded() {
    visit(&DOCUMENT, "", &mut |place, members| {
        if in_example(place) {
            return;
        }
        let is = |name: &str| match members.get("type") {
            Some(Value::String(kind)) => kind == name,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
            _ => false,
        };
        let has = |names: &[&str]| names.iter().any(|name| members.contains_key(*name));
        assert!(
            !is("string") || has(&["maxLength", "enum", "const", "format", "pattern"]),
            "{place}: text without bounds"
        );
        assert!(!is("integer") || has(&["maximum", "format"]), "{place}: a whole number without bounds");
    });
}

#[test]
fn schemas_are_those_of_json_schema() {
    visit(&DOCUMENT, "", &mut |place, members| {
        if in_example(place) {
            return;
        }
        assert_ne!(members.get("nullable"), Some(&Value::Bool(true)), "{place}: null is a type");
        let is = |name: &str| match members.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
            kind => kind.is_some_and(|kind| kind == name),
        };
        assert!(!is("integer") || members.contains_key("format"), "{place}: a whole number without its size");
    });
}

#[test]
fn what_must_be_asked_is_required() {
    let required = |path: &str, method: &str, name: &str| {
        let parameters = DOCUMENT["paths"][path][method]["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().find(|one| one["name"] == name).is_some_and(|one| one["required"] == true)
    };
    assert!(required("/api/v1/cost-keys/{id}/shares", "get", "amountOre"));
    assert!(required("/api/v1/imports/accounting", "post", "budgetId"));
    assert!(required("/api/v1/projects/{id}/changes", "get", "since"));
}

#[test]
fn every_example_fits_its_schema() {
    let mut examples = Vec::new();
    visit(&DOCUMENT, "", &mut |place, members| {
        if in_example(place) {
            return;
        }
        let schema = format!("{place}/schema");
        examples
            .extend(members.get("example").filter(|_| members.contains_key("schema")).map(|one| (schema.clone(), one)));
        match members.get("examples") {
            Some(Value::Array(several)) => examples.extend(several.iter().map(|one| (place.to_owned(), one))),
            Some(Value::Object(named)) => examples.extend(named.values().map(|one| (schema.clone(), &one["value"]))),
            _ => {}
        }
    });
    let mut validators = BTreeMap::new();
    for (place, example) in examples {
        let target = DOCUMENT.pointer(&place).and_then(|schema| schema["$ref"].as_str());
        let schema = target.map_or(place.clone(), |target| target[1..].to_owned());
        let validator = validators.entry(schema).or_insert_with_key(|schema| validator(schema));
        if let Err(error) = validator.validate(example) {
            panic!("the example of {place} does not fit at {}: {error}", error.instance_path());
        }
    }
}
