//! The OpenAPI document, built from the table of resources and the table of operations that the server binds.

pub mod about;
mod beside;
mod components;
mod examples;
mod fields;
mod formats;
mod info;
mod problems;
pub mod query;
mod sent;
mod shapes;
mod standard;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use about::About;
use components::Components;
use serde_json::{Map, Value, json};

use crate::access::scope;
use crate::routes;

/// Addresses in alphabetical order; the operations of one in the order in which the table names them.
type Paths = BTreeMap<String, Map<String, Value>>;

/// The document. It is the same for every service of this version: nothing in it comes from the configuration.
#[must_use]
pub fn document() -> Value {
    let (document, _) = built();
    document
}

fn built() -> (Value, Components) {
    let mut components = Components::default();
    let mut paths = Paths::new();
    for resource in routes::resources() {
        standard::add(&mut paths, &mut components, resource.facts);
    }
    for operation in routes::operations() {
        beside::add(&mut paths, &mut components, &operation);
    }
    for (path, operations) in &mut paths {
        for (method, operation) in operations {
            secure(&method.to_ascii_uppercase(), path, operation);
        }
    }
    let sent = sent::section(&mut components);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": info::info(),
        "servers": info::servers(),
        "tags": info::tags(),
        "security": [{ "bearer": [] }],
        "paths": paths,
        "webhooks": sent,
        "components": components.document(),
    });
    fields::sized(&mut document);
    (document, components)
}

/// Names the scopes that a machine needs, from the table that the server goes by.
fn secure(method: &str, path: &str, operation: &mut Value) {
    if operation["security"] == json!([]) {
        return;
    }
    let machine = |scopes: &[&str]| json!({ "machine": scopes });
    let alternatives = match routes::needs().of(method, path) {
        Some(needed) => needed.iter().map(|one| machine(&[scope::code(*one)])).collect(),
        None => vec![machine(&[])],
    };
    operation["security"] = std::iter::once(json!({ "bearer": [] })).chain(alternatives).collect();
}

/// The document as it is committed and served: indented, with a newline at the end.
#[must_use]
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

/// The document's text, made when it is first asked for and kept.
#[must_use]
pub fn served() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(text)
}
