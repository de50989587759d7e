//! What operators and machines ask: health, readiness, keys, the page of a problem.

pub mod about;

use actix_web::HttpResponse;
use serde_json::json;

use super::{Answer, Call};
use crate::problem::{Code, Error, codes};

/// Whether the process answers.
///
/// # Errors
/// 400 for a parameter.
pub async fn healthz(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    Ok(Answer::ok(json!({ "status": "ok" })).unkept().into_response())
}

/// Whether the database answers, its tables are those of this binary, and the service is not about to end.
///
/// # Errors
/// 503 when not.
pub async fn readyz(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    let ready = !call.store.news.is_closed()
        && call.store.ready().await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "The database does not answer");
            false
        });
    if ready {
        Ok(Answer::ok(json!({ "status": "ready" })).unkept().into_response())
    } else {
        Err(crate::problem::Problem::new(&codes::UNAVAILABLE).header("Retry-After", "1").into())
    }
}

/// The public keys of our access tokens (RFC 7517).
///
/// # Errors
/// 400 for a parameter.
pub async fn jwks(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    Ok(Answer::ok(call.shared.issuer.jwks()).header("Cache-Control", "public, max-age=300").into_response())
}

/// The page of a problem: what it means and what a caller can do about it.
///
/// # Errors
/// 404 for a code that is not known.
pub async fn problem_page(call: Call) -> Result<HttpResponse, Error> {
    let name = call.part("code");
    let code: &&Code = codes::ALL.iter().find(|code| code.name == name).ok_or(&codes::NO_ROUTE)?;
    call.query()?.finish(&[])?;
    let page = format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>\
         <p><code>{name}</code>, HTTP {status}</p><p lang=\"en\">{remedy}</p></html>",
        lang = call.lang().tag(),
        title = code.title(call.lang()),
        status = code.status,
        remedy = code.remedy,
    );
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=3600"))
        .content_type("text/html; charset=utf-8")
        .body(page))
}
