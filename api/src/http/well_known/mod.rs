//! What others look for at addresses that are the same everywhere (RFC 8615): whom to tell of a vulnerability, who issues
//! the tokens that are taken here, and where the API is described.

pub mod about;

use actix_web::HttpResponse;
use chrono::{NaiveTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Answer, Call};
use crate::access::scope;
use crate::problem::{Error, codes};

/// How long what `security.txt` says may be relied on. It is worked out anew with every answer, since the contacts hold
/// for as long as somebody runs the service with them.
const HOLDS: TimeDelta = TimeDelta::days(90);
/// Where the metadata of the service as a resource stands (RFC 9728 §3).
pub const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
const CATALOGUE: &str = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";

/// Whom to tell of a vulnerability (RFC 9116).
///
/// # Errors
/// 404 when nobody is named in the configuration.
pub async fn security(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    if call.shared.contacts.is_empty() {
        return Err((&codes::NO_ROUTE).into());
    }
    let mut text = String::new();
    for contact in &call.shared.contacts {
        text.push_str(&format!("Contact: {}\n", contact.as_str()));
    }
    let until = (Utc::now() + HOLDS).date_naive().and_time(NaiveTime::MIN).and_utc();
    text.push_str(&format!("Expires: {}\n", until.to_rfc3339_opts(SecondsFormat::Secs, true)));
    text.push_str("Preferred-Languages: nb, nn, en\n");
    text.push_str(&format!("Canonical: {}/.well-known/security.txt\n", call.shared.public_url));
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=3600"))
        .content_type("text/plain; charset=utf-8")
        .body(text))
}

/// Which tokens are taken here (RFC 9728).
///
/// # Errors
/// 400 for a parameter.
pub async fn resource(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    Ok(public(Answer::ok(protected(&call.shared.public_url))))
}

/// Where the API is described (RFC 9727).
///
/// # Errors
/// 400 for a parameter.
pub async fn catalogue(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    let base = &call.shared.public_url;
    let link = format!("<{base}/.well-known/api-catalog>; rel=\"api-catalog\"");
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=3600"))
        .insert_header(("Link", link))
        .content_type(CATALOGUE)
        .body(linkset(base).to_string()))
}

fn public(answer: Answer) -> HttpResponse {
    answer.header("Cache-Control", "public, max-age=3600").into_response()
}

fn protected(base: &str) -> Value {
    json!({
        "resource": base,
        "resource_name": "Framdrift",
        "authorization_servers": [base],
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "scopes_supported": scope::ALL.map(scope::code),
        "bearer_methods_supported": ["header"],
        "resource_documentation": format!("{base}/docs/"),
    })
}

fn linkset(base: &str) -> Value {
    json!({
        "linkset": [{
            "anchor": format!("{base}/api/v1"),
            "service-desc": [{ "href": format!("{base}/openapi.json"), "type": "application/json" }],
            "service-doc": [{ "href": format!("{base}/docs/"), "type": "text/html" }],
            "status": [{ "href": format!("{base}/readyz"), "type": "application/json" }],
        }]
    })
}
