//! `GET /projects/{id}/document`: the whole project as one document, which `POST /imports/projects` takes back.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::json;

use super::Asked;
use crate::access::Sight;
use crate::exchange::{FORMAT, export, is_carried};
use crate::facts;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};

/// Answers the document of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 403 for who sees only what is published.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let mut query = call.query()?;
    let asked = Asked::of(&call).await?.past(&mut query)?;
    if asked.sight != Sight::All {
        return Err((&codes::FORBIDDEN).into());
    }
    query.finish(&["asOf"])?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unkept(unchanged));
    }
    let picture = asked.rows(&call).await?;
    let document = export::document(asked.project, &picture);
    call.shows(&asked.caller, export::told_of(&document));
    Ok(unkept(asked.answer(&document).await?))
}

/// People's contact details are in it: no cache keeps it.
fn unkept(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectDocument", "Exchange", "Take out the whole project as one document")
        .more(
            "Every record of the project, the projects that it comes from and leads to (only their own records), and the \
             directory around them, by collection, with identifiers and without headers. It is whole: what a record in it \
             refers to is in it too. `POST /api/v1/imports/projects` takes the same document: what was taken out and brought \
             in again, here or elsewhere, is byte for byte the same. The files of its documents are not in it: \
             `GET /api/v1/documents/{id}/content` has each. Its `ETag` in the `If-Match` of that request makes sure \
             that nobody's change is overwritten.",
        )
        .dated()
        .answers_value(200, "The project document", "application/json", schema(), example())
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN])
}

/// The schema of a project document.
#[must_use]
pub fn schema() -> serde_json::Value {
    let collections: Vec<&str> =
        facts::all().iter().filter(|facts| is_carried(facts)).map(|facts| facts.path).collect();
    json!({
        "type": "object",
        "required": ["format", "projectId", "records"],
        "properties": {
            "format": { "type": "string", "const": FORMAT },
            "projectId": { "type": "string", "format": "uuid" },
            "records": {
                "type": "object",
                "description": "Records by collection, each with its identifier and its content. A field that is left out is cleared; a record that is left out stays as it is.",
                "propertyNames": { "enum": collections },
                "additionalProperties": {
                    "type": "array",
                    "maxItems": 100_000,
                    "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string", "format": "uuid" } }, "additionalProperties": true }
                }
            }
        },
        "additionalProperties": false
    })
}

/// A small document.
#[must_use]
pub fn example() -> serde_json::Value {
    json!({
        "format": FORMAT,
        "projectId": "015ec5c8-6c00-700b-8000-000000000002",
        "records": {
            "projects": [{
                "id": "015ec5c8-6c00-700b-8000-000000000002",
                "code": "NVR-2017-02",
                "name": "Næringsvennlig region – forprosjekt Sør-Troms",
                "type": "pre_project"
            }]
        }
    })
}
