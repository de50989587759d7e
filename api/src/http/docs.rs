//! The document and the page that shows it: Swagger UI from inside the binary, so that it works with no internet.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;
use utoipa_swagger_ui::Config;

use super::Call;
use super::digest::tag;
use super::room::Pieces;
use crate::openapi::{self, About};
use crate::problem::{Error, codes};

const INDEX: &str = include_str!("docs/index.html");
const START: &str = include_str!("docs/start.js");

/// What the page may load: its own files and the answers of this service. Pictures in its style sheet are data.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Answers the OpenAPI document.
///
/// # Errors
/// 400 for a parameter.
pub async fn document(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    // The first to ask has it made, which takes some hundredths of a second: not on a worker that serves others.
    let text = web::block(openapi::served).await.map_err(|error| Error::internal("make the document", error))?;
    static TAG: OnceLock<String> = OnceLock::new();
    fresh(&call, "application/json", text.as_bytes(), TAG.get_or_init(|| tag(text.as_bytes())))
}

/// Sends a reader of `/docs` to `/docs/`, where the page's own files are.
///
/// # Errors
/// None.
pub async fn beside(_: Call) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "docs/")).finish())
}

/// Answers the page or one of its files.
///
/// # Errors
/// 404 for a file that the page does not have.
pub async fn page(call: Call) -> Result<HttpResponse, Error> {
    match call.part("file").as_str() {
        "" => fresh(&call, "text/html; charset=utf-8", INDEX.as_bytes(), &tag(INDEX.as_bytes())),
        "start.js" => fresh(&call, "text/javascript; charset=utf-8", START.as_bytes(), &tag(START.as_bytes())),
        file @ ("swagger-ui.css" | "swagger-ui-bundle.js" | "favicon-32x32.png") => {
            let found = utoipa_swagger_ui::serve(file, Arc::new(Config::from("../openapi.json")));
            let found = found.map_err(|error| Error::internal("read a file of the page", error.to_string()))?;
            let found = found.ok_or(&codes::NO_ROUTE)?;
            match found.bytes {
                Cow::Borrowed(bytes) => fresh(&call, &found.content_type, bytes, &tag(bytes)),
                // Never with the files that are in the binary.
                Cow::Owned(_) => Err((&codes::NO_ROUTE).into()),
            }
        }
        _ => Err((&codes::NO_ROUTE).into()),
    }
}

/// A file that is public and the same for all until the next version; 304 to a reader that has it.
/// Nothing of it is copied for a reader, who may be slow to take it.
fn fresh(call: &Call, kind: &str, bytes: &'static [u8], tag: &str) -> Result<HttpResponse, Error> {
    let known = call.has(tag)?;
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, format!("\"{tag}\"")))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::CONTENT_LANGUAGE, "en"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type(kind).body(BoxBody::new(Pieces::of_all(bytes))))
}

/// What the document says of itself.
#[must_use]
pub fn about() -> About {
    let schema = json!({
        "type": "object",
        "required": ["openapi", "info", "paths", "components"],
        "properties": {
            "openapi": { "type": "string", "const": "3.1.0" },
            "info": { "type": "object", "additionalProperties": true },
            "paths": { "type": "object", "additionalProperties": true },
            "components": { "type": "object", "additionalProperties": true }
        }
    });
    let example = json!({
        "openapi": "3.1.0", "info": { "title": "Framdrift", "version": "0.1.0" }, "paths": {}, "components": {}
    });
    About::new("getOpenapi", "Operations", "Get this document")
        .more("OpenAPI 3.1.0. `/docs/` shows it to people.")
        .public()
        .answers_value(200, "The document", "application/json", schema, example)
        .tagged()
        .fails(&[&codes::UNKNOWN_PARAMETER])
}
