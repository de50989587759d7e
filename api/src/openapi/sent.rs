//! What the service sends to others: the `webhooks` of the document.

use serde_json::{Map, Value, json};

use super::About;
use super::components::Components;
use super::fields::tidied;
use crate::routes;

/// The messages, by name.
pub fn section(components: &mut Components) -> Value {
    let message = |(name, about): (&str, About)| (name.to_owned(), json!({ "post": request(components, about) }));
    routes::sent().into_iter().map(message).collect::<Map<_, _>>().into()
}

/// The request as its receiver gets it, and what its answers mean.
fn request(components: &mut Components, mut about: About) -> Value {
    for (name, schema) in std::mem::take(&mut about.schemas) {
        let mut schema = serde_json::to_value(schema).unwrap_or_default();
        tidied(&mut schema);
        components.schema(&name, schema);
    }
    let mut request = json!({
        "operationId": about.id,
        "tags": [about.tag],
        "summary": about.summary,
        "description": about.description,
        "security": [],
        "parameters": about.parameters,
        "responses": {
            "2XX": { "description": "You have it; do the work afterwards, and answer within 15 seconds" },
            "410": { "description": "You want no more: the webhook is disabled" },
            "default": { "description": "You do not have it, a redirect included: it is sent again, after `Retry-After` if there is one" }
        }
    });
    if let Some(body) = about.body {
        request["requestBody"] = json!({
            "required": true,
            "content": { (body.media_type): { "schema": body.schema, "example": body.example } }
        });
    }
    request
}
