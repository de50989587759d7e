//! What the document says of the well-known addresses.

use serde_json::{Value, json};

use super::{linkset, protected};
use crate::access::scope;
use crate::openapi::About;
use crate::problem::codes;

const TAG: &str = "Operations";
const BASE: &str = "http://127.0.0.1:8080";

fn address() -> Value {
    json!({ "type": "string", "format": "uri", "maxLength": 2048 })
}

/// `GET /.well-known/security.txt`.
#[must_use]
pub fn security() -> About {
    let example =
        "Contact: mailto:security@framdrift.example\nExpires: 2027-02-25T00:00:00Z\nPreferred-Languages: nb, nn, en\n";
    About::new("getSecurityContacts", TAG, "Read whom to tell of a vulnerability")
        .more("RFC 9116. 404 when the configuration names nobody.")
        .public()
        .answers_value(
            200,
            "The contacts",
            "text/plain",
            json!({ "type": "string", "maxLength": 10000 }),
            json!(example),
        )
        .fails(&[&codes::NO_ROUTE, &codes::UNKNOWN_PARAMETER])
}

/// `GET /.well-known/oauth-protected-resource`.
#[must_use]
pub fn resource() -> About {
    let schema = json!({
        "type": "object",
        "required": ["resource", "authorization_servers", "jwks_uri", "bearer_methods_supported"],
        "properties": {
            "resource": address(),
            "resource_name": { "type": "string", "maxLength": 200 },
            "authorization_servers": { "type": "array", "maxItems": 20, "items": address() },
            "jwks_uri": address(),
            "scopes_supported": { "type": "array", "maxItems": 20, "items": { "type": "string", "enum": scope::ALL.map(scope::code) } },
            "bearer_methods_supported": { "type": "array", "maxItems": 3, "items": { "type": "string", "enum": ["header"] } },
            "resource_documentation": address()
        }
    });
    About::new("getProtectedResource", TAG, "Ask which tokens are taken here")
        .more("RFC 9728. Every challenge for a token (`WWW-Authenticate: Bearer`) names this address.")
        .public()
        .answers_value(200, "The metadata", "application/json", schema, protected(BASE))
        .fails(&[&codes::UNKNOWN_PARAMETER])
}

/// `GET /.well-known/api-catalog`.
#[must_use]
pub fn catalogue() -> About {
    let target = json!({
        "type": "object",
        "required": ["href"],
        "properties": { "href": address(), "type": { "type": "string", "maxLength": 100 } }
    });
    let targets = json!({ "type": "array", "maxItems": 10, "items": target });
    let context = json!({
        "type": "object",
        "required": ["anchor", "service-desc", "service-doc"],
        "properties": { "anchor": address(), "service-desc": targets, "service-doc": targets, "status": targets }
    });
    let schema = json!({
        "type": "object",
        "required": ["linkset"],
        "properties": { "linkset": { "type": "array", "maxItems": 10, "items": context } }
    });
    About::new("getApiCatalogue", TAG, "Ask where the API is described")
        .more("A set of links (RFC 9264) by RFC 9727.")
        .public()
        .answers_value(200, "The links", "application/linkset+json", schema, linkset(BASE))
        .answers_with(&["Link"])
        .fails(&[&codes::UNKNOWN_PARAMETER])
}
