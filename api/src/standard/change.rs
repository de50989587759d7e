//! `PATCH /{collection}/{id}`: a JSON merge patch (RFC 7396) on the version that the caller read.

use std::cell::Cell;

use actix_web::HttpResponse;
use serde_json::{Map, Value};

use super::Resource;
use super::read::{find, id, look, shown, written};
use crate::access::{Caller, Edit};
use crate::facts::{Facts, Row, check};
use crate::http::{Answer, Call, json};
use crate::problem::Error;
use crate::store::{Write, stale};

/// The media types of a change.
const TYPES: [&str; 2] = ["application/merge-patch+json", "application/json"];

/// Answers a change. What is to be written is worked out before the door opens: nobody waits for it, nor for a client that sends. That
/// the record still is what it was then, the statement that writes it finds.
///
/// # Errors
/// 401, 404, 403, 428, 412, 422, in that order.
pub async fn change(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let facts = resource.facts;
    let (presumed, row) = look(&call, facts).await?;
    let body = call.body(&TYPES).await;
    let edit = Edit::allowed(call.store.first(), facts, &presumed.caller, row).await?;
    call.if_match(edit.row())?;
    call.query()?.finish(&[])?;
    let patch = json::object(&body?)?;
    let worked_out = (patched(facts, edit.row(), patch.clone())?, edit);
    // Who takes it in any version does not lose to whoever changes it meanwhile.
    let first = Cell::new((!call.takes_any_version()?).then_some(worked_out));
    let answer = call.writing(&presumed, async |caller, write| {
        let (content, edit) = match first.take() {
            Some(first) => first,
            // Or who calls is somebody else by now.
            None => {
                let row = find(write.tx(), facts, caller, id(&call)?, write.today()).await?;
                let edit = Edit::allowed(write.tx(), facts, caller, row).await?;
                call.if_match(edit.row())?;
                (patched(facts, edit.row(), patch.clone())?, edit)
            }
        };
        let answer = rewritten(resource, &write, caller, edit, content).await?;
        write.commit().await?;
        Ok(answer)
    });
    Ok(answer.await?.into_response())
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
    let content = patched(resource.facts, edit.row(), patch)?;
    rewritten(resource, write, caller, edit, content).await
}

/// Gives a record this content.
async fn rewritten(
    resource: &'static Resource,
    write: &Write,
    caller: &Caller,
    edit: Edit,
    mut content: Map<String, Value>,
) -> Result<Answer, Error> {
    let (facts, id) = (resource.facts, edit.row().id());
    if content.iter().all(|(name, value)| edit.row().0.get(name) == Some(value)) {
        let now = find(write.tx(), facts, caller, id, write.today()).await?;
        return if now.version() == edit.row().version() {
            shown(write, facts, caller, now).await
        } else {
            Err(stale(now.version()))
        };
    }
    let mut after = edit.row().clone();
    after.0.extend(content.clone());
    edit.becoming(write.tx(), caller, &after).await?;
    content.extend(resource.derived(write, &after).await?);
    let change = write.change(edit, &content).await?;
    resource.settle(write, caller, &change).await?;
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
