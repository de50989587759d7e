//! What the document says of health, keys and problem pages.

use serde_json::{Value, json};

use crate::openapi::About;
use crate::problem::codes;

const TAG: &str = "Operations";

fn status(word: &str) -> Value {
    json!({ "type": "object", "required": ["status"], "properties": { "status": { "type": "string", "const": word } } })
}

/// `GET /healthz`.
#[must_use]
pub fn healthz() -> About {
    About::new("getHealth", TAG, "Ask whether the process answers").public().answers_value(
        200,
        "It does",
        "application/json",
        status("ok"),
        json!({ "status": "ok" }),
    )
}

/// `GET /readyz`.
#[must_use]
pub fn readyz() -> About {
    About::new("getReadiness", TAG, "Ask whether the database answers and its tables are up to date")
        .public()
        .answers_value(200, "It is ready", "application/json", status("ready"), json!({ "status": "ready" }))
        .fails(&[&codes::UNAVAILABLE])
}

/// `GET /.well-known/jwks.json`.
#[must_use]
pub fn jwks() -> About {
    let key = json!({
        "type": "object",
        "required": ["kty", "kid", "alg", "use"],
        "properties": {
            "kty": { "type": "string", "const": "OKP" }, "crv": { "type": "string", "const": "Ed25519" },
            "use": { "type": "string", "const": "sig" }, "alg": { "type": "string", "const": "EdDSA" },
            "kid": { "type": "string", "maxLength": 100 }, "x": { "type": "string", "maxLength": 100 }
        }
    });
    let schema = json!({ "type": "object", "required": ["keys"], "properties": { "keys": { "type": "array", "maxItems": 10, "items": key } } });
    let example = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
    About::new("getKeys", TAG, "Get the public keys of access tokens").more("RFC 7517.").public().answers_value(
        200,
        "The keys",
        "application/json",
        schema,
        example,
    )
}

/// `GET /problems/{code}`.
#[must_use]
pub fn problem_page() -> About {
    About::new("getProblemPage", TAG, "Read what a problem means")
        .more("The page that `type` of a problem document points to.")
        .public()
        .answers_value(
            200,
            "A page for people",
            "text/html",
            json!({ "type": "string", "maxLength": 20000 }),
            json!("<!doctype html>"),
        )
        .fails(&[&codes::NO_ROUTE])
}
