//! `POST /{collection}`: a new record, once however often an `Idempotency-Key` is sent.

use actix_web::HttpResponse;
use serde_json::{Map, Value};

use super::Resource;
use super::once::{once_shown, secret};
use super::read::written;
use crate::access::{Caller, Create};
use crate::facts::Row;
use crate::http::{Answer, Call, json};
use crate::problem::Error;
use crate::store::Write;

/// Answers a creation.
///
/// # Errors
/// 401, 404 for the project, 403, 409, 422.
pub async fn create(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let presumed = call.presumably().await?;
    call.query()?.finish(&[])?;
    let body = call.body(&["application/json"]).await?;
    let key = call.idempotency_key()?;
    let path = call.request.path();
    let show = secret(resource.facts, &call.shared.webhook_key);
    call.writing(&presumed, async |caller, write| {
        let work = async |write: &Write| created(resource, write, caller, json::object(&body)?).await;
        once_shown(write, path, key.as_deref(), &body, &show, work).await
    })
    .await
}

/// Creates a record inside a transaction.
///
/// # Errors
/// As [`create`].
pub async fn created(
    resource: &'static Resource,
    write: &Write,
    caller: &Caller,
    given: Map<String, Value>,
) -> Result<Answer, Error> {
    let facts = resource.facts;
    let proof = Create::allowed(write.tx(), facts, caller, Row(given)).await?;
    let proof = proof.checked()?;
    let derived = resource.derived(write, &write.outline(facts, &proof.row().0)).await?;
    let change = write.create(proof.with(derived)).await?;
    resource.settle(write, caller, &change).await?;
    let id = change.row().id();
    // A new project gives its programme's people rights that they did not have when they called.
    let mut caller = caller.clone();
    if facts.path == "projects" && !caller.administrator {
        caller.load_roles(write.tx(), write.today()).await?;
    }
    let answer = written(write, facts, &caller, id).await?.status(201);
    Ok(answer.header("Location", format!("/api/v1/{}/{id}", facts.path)))
}
