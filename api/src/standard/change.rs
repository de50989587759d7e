//! `PATCH /{collection}/{id}`: a JSON merge patch (RFC 7396) on the version that the caller read.

use actix_web::HttpResponse;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use super::Resource;
use super::read::{hold, written};
use crate::access::{Caller, Edit};
use crate::facts::{Facts, Row, check};
use crate::http::{Answer, Call, json};
use crate::problem::Error;
use crate::store::Write;

/// The media types of a change.
const TYPES: [&str; 2] = ["application/merge-patch+json", "application/json"];

/// Answers a change.
///
/// # Errors
/// 401, 404, 403, 428, 412, 422, in that order.
pub async fn change(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    // The body is read before the door opens: no lock is held while a client sends. And once, however often it opens.
    let sent = OnceCell::new();
    let read = async || {
        sent.get_or_init(|| call.body(&TYPES)).await;
    };
    let (caller, write, row) = hold(&call, resource.facts, read).await?;
    let edit = Edit::allowed(write.tx(), resource.facts, &caller, row).await?;
    call.if_match(edit.row())?;
    call.query()?.finish(&[])?;
    let body = sent.into_inner().ok_or_else(|| Error::internal("read a body", "nobody has read it"))??;
    let answer = changed(resource, &write, &caller, edit, json::object(&body)?).await?;
    write.commit().await?;
    Ok(answer.into_response())
}

/// Changes a record inside a transaction; a patch that changes nothing makes no version.
///
/// # Errors
/// 412, 422.
pub async fn changed(
    resource: &'static Resource,
    write: &Write,
    caller: &Caller,
    edit: Edit,
    patch: Map<String, Value>,
) -> Result<Answer, Error> {
    let facts = resource.facts;
    let id = edit.row().id();
    let mut content = patched(facts, edit.row(), patch)?;
    if content.iter().any(|(name, value)| edit.row().0.get(name) != Some(value)) {
        let mut after = edit.row().clone();
        after.0.extend(content.clone());
        edit.becoming(write.tx(), caller, &after).await?;
        content.extend(resource.derived(write, &after).await?);
        let change = write.change(edit, &content).await?;
        resource.settle(write, caller, &change).await?;
    }
    written(write, facts, caller, id).await
}

/// The whole content after a patch: absent stays, null clears, a value replaces.
fn patched(facts: &Facts, row: &Row, patch: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let mut whole = Value::Object(
        facts.writable().filter_map(|field| Some((field.name.clone(), row.0.get(&field.name)?.clone()))).collect(),
    );
    // Clearing what nobody can write is a fault, too: the merge would pass over it.
    let cleared =
        patch.iter().filter(|(name, value)| value.is_null() && facts.writable().all(|one| one.name != **name));
    let cleared: Vec<String> = cleared.map(|(name, _)| name.clone()).collect();
    json::merge(&mut whole, &Value::Object(patch));
    let Value::Object(mut whole) = whole else { return Ok(Map::new()) };
    whole.extend(cleared.into_iter().map(|name| (name, Value::Null)));
    check::content(facts, whole).map_err(Error::invalid)
}
