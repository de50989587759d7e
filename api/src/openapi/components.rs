//! What operations share: schemas, parameters, headers and answers, each under a name of its own.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::info;
use crate::http::frame;
use crate::http::precondition::TAGS;

/// The shared parts of the document in the making.
#[derive(Default)]
pub struct Components {
    schemas: BTreeMap<String, Value>,
    parameters: BTreeMap<String, Value>,
    responses: BTreeMap<String, Value>,
    /// Names that were given to two different schemas; a test keeps it empty.
    pub clashes: Vec<String>,
}

impl Components {
    /// Adds a schema under a name and gives the reference to it.
    pub fn schema(&mut self, name: &str, schema: Value) -> Value {
        match self.schemas.get(name) {
            None => {
                self.schemas.insert(name.to_owned(), schema);
            }
            Some(known) if *known == schema => {}
            Some(_) => self.clashes.push(name.to_owned()),
        }
        refers("schemas", name)
    }

    /// Adds a parameter under a name and gives the reference to it.
    pub fn parameter(&mut self, name: &str, parameter: Value) -> Value {
        self.parameters.entry(name.to_owned()).or_insert(parameter);
        refers("parameters", name)
    }

    /// Adds an answer under a name and gives the reference to it.
    pub fn response(&mut self, name: &str, response: Value) -> Value {
        self.responses.entry(name.to_owned()).or_insert(response);
        refers("responses", name)
    }

    /// The `components` of the document.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "securitySchemes": info::security_schemes(),
            "parameters": self.parameters,
            "headers": headers(),
            "responses": self.responses,
            "schemas": self.schemas,
        })
    }
}

fn refers(group: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{group}/{name}") })
}

/// The header fields that every answer has, and those named.
#[must_use]
pub fn header_fields(own: &[&str]) -> Value {
    let all = own.iter().chain(&["Content-Language", "RateLimit", "RateLimit-Policy", "X-Request-Id"]);
    all.map(|name| ((*name).to_owned(), refers("headers", name))).collect::<serde_json::Map<_, _>>().into()
}

const DIGEST: &str = "sha-256=n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
const REPR_DIGEST: &str = "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:";

fn headers() -> Value {
    let text = |about: &str, most: u32, example: &str| json!({ "description": about, "schema": { "type": "string", "maxLength": most }, "example": example });
    json!({
        "Accept-Patch": text("The media type that a change is sent as.", 100, "application/merge-patch+json"),
        "Accept-Ranges": text("A single `Range` of bytes is honoured.", 20, "bytes"),
        "Content-Disposition": text(
            "The content is to be saved, under this name.", 1000, "attachment; filename*=UTF-8''prosjektplan.pdf"
        ),
        "Content-Length": {
            "description": "The length of the body in bytes.",
            "schema": { "type": "integer", "format": "int64", "minimum": 0 },
            "example": 183_420
        },
        "Content-Range": text("The part that the answer has, and the size of the whole.", 100, "bytes 0-1023/183420"),
        "Digest": text("The SHA-256 as older clients know it (RFC 3230).", 200, DIGEST),
        "RateLimit": text(
            "How many requests the caller has left and in how many seconds the window ends, by policy \
             (draft-ietf-httpapi-ratelimit-headers); absent where nothing is limited.", 200, "\"default\";r=599;t=60"
        ),
        "RateLimit-Policy": text(
            "How many requests a caller has in a window of how many seconds, by policy.", 200, "\"default\";q=600;w=60"
        ),
        "Repr-Digest": text("The SHA-256 of the whole content (RFC 9530).", 200, REPR_DIGEST),
        "Content-Language": {
            "description": "The language of the words in the answer.",
            "schema": { "type": "string", "enum": ["nb", "nn", "en"] },
            "example": "nb"
        },
        "ETag": text(
            "The entity tag. Of a record it is its version: send it in `If-Match` to change it, in `If-None-Match` to be told \
             whether it has changed. Of a list or a report it is weak.", 100, "\"3\""
        ),
        "Idempotent-Replayed": {
            "description": "`true` when the answer is that of an earlier request with the same `Idempotency-Key`; absent otherwise.",
            "schema": { "type": "string", "const": "true" }
        },
        "Link": text(
            "The address of the next page, `rel=\"next\"`; absent on the last page.", 8192,
            "<http://127.0.0.1:8080/api/v1/milestones?cursor=RWzGXF>; rel=\"next\""
        ),
        "Location": text(
            "The address of the new record.", 200, "/api/v1/milestones/0190e0a0-0000-7000-8000-000000000000"
        ),
        "Retry-After": {
            "description": "Seconds to wait before the next try.",
            "schema": { "type": "integer", "minimum": 0, "maximum": 3600 },
            "example": 1
        },
        "WWW-Authenticate": text(
            "How to authenticate (RFC 6750 §3), and where it is said who issues tokens (RFC 9728 §5.1).", 2500,
            "Bearer resource_metadata=\"http://127.0.0.1:8080/.well-known/oauth-protected-resource\""
        ),
        "X-Total-Count": {
            "description": "How many there are on all pages: of a list as CSV or XLSX with `count=true`.",
            "schema": { "type": "integer", "format": "int64", "minimum": 0 },
            "example": 12
        },
        "X-Request-Id": {
            "description": "The name of this request in the log, made by the service.",
            "schema": { "type": "string", "format": "uuid" },
            "example": "0190e0a0-0000-7000-8000-00000000000a"
        },
    })
}

/// `*`, or entity tags (RFC 9110 §13.1.1).
#[must_use]
pub fn tags(text: &Value) -> Value {
    let mut tags = text.clone();
    tags["pattern"] = TAGS.into();
    tags
}

/// A parameter in a header field that many operations take. Only what must be there has an example: the page for
/// people fills examples in, and a tag, a key or a reason that nobody chose would do harm.
pub fn header_parameter(components: &mut Components, name: &str) -> Value {
    let text = |most: usize| json!({ "type": "string", "maxLength": most });
    let bounded = || text(frame::most(name).unwrap_or(1000));
    let (about, schema) = match name {
        "Accept-Language" => ("The language of titles and messages: nb (the default), nn or en.", bounded()),
        "If-Match" => (
            "The `ETag` of the version that you read, so that nobody's work is overwritten unseen; `*` takes any version.",
            tags(&bounded()),
        ),
        "If-None-Match" => {
            ("The `ETag` of the copy that you have: if it is still true, the answer is 304 and empty.", bounded())
        }
        "Idempotency-Key" => (
            "A key of your choice, for example a UUID, that makes a retry safe: for 24 hours the same key with the same body gets \
             the same answer, and the work is done once.",
            json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
        ),
        _ => ("Why the change is made, for the journal; UTF-8, percent-encoded where it is not ASCII.", text(1000)),
    };
    let required = name == "If-Match";
    let mut parameter = json!({
        "name": name, "in": "header", "required": required, "description": about, "schema": schema
    });
    if required {
        parameter["example"] = "\"1\"".into();
    }
    components.parameter(name, parameter)
}
