//! `PATCH /{collection}/{id}`: a JSON merge patch (RFC 7396) on the version that the caller read.

use std::cell::Cell;

use actix_web::HttpResponse;
use serde_json::{Map, Value};

use super::Resource;
use super::read::{find, id, look, shown, written};
use crate::access::{Caller, Edit};
use crate::facts::{Facts, Row, check};
use crate::http::{Answer, Call, json};
use crate::problem::{Error, codes};
use crate::store::{Write, stale};

/// The media types of a change.
const TYPES: [&str; 2] = ["application/merge-patch+json", "application/json"];

/// Answers a change. What is to be written is worked out before the door opens: nobody waits for it, nor for a client that sends. That
/// the record still is what it was then, the statement that writes it finds. What fits no version as it is read then, or more than one, is
/// judged inside: there may be a newer one that is not yet to be seen from outside.
///
/// # Errors
/// 401, 404, 403, 428, 412, 422, in that order.
pub async fn change(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let facts = resource.facts;
    let (presumed, row) = look(&call, facts).await?;
    let body = call.body(&TYPES).await;
    let edit = Edit::allowed(call.store.first(), facts, &presumed.caller, row).await?;
    let stale = match call.if_match(edit.row()) {
        Err(error) if is_stale(&error) => Some(error),
        others => {
            others?;
            None
        }
    };
    let fits = stale.is_none() && call.names_one_version()?;
    let asked = call.query().and_then(|query| query.finish(&[])).and_then(|()| json::object(&body?));
    let patch = asked.map_err(|error| stale.unwrap_or(error))?;
    let (_, row) = edit.into_parts();
    let prepared = if fits { Some((patched(facts, &row, patch.clone())?, row)) } else { None };
    let prepared = Cell::new(prepared);
    let answer = call.writing(&presumed, async |caller, write| {
        let (content, edit) = match prepared.take() {
            // What the right to it hangs on may have changed meanwhile.
            Some((content, row)) => (content, Edit::allowed(write.tx(), facts, caller, row).await?),
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

fn is_stale(error: &Error) -> bool {
    matches!(error, Error::Problem(problem) if problem.code.name == codes::STALE.name)
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
        write.leaves_callers();
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
    let patch = Value::Object(patch);
    json::merge(&mut whole, &patch);
    let Value::Object(mut whole) = whole else { return Ok(Map::new()) };
    whole.extend(cleared.into_iter().map(|name| (name, Value::Null)));
    check::changed(facts, whole, |name| patch.get(name).is_some()).map_err(Error::invalid)
}
