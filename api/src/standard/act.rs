//! A custom method on one record: a state change that is more than a field, told like the standard methods.

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::by_path;
use super::once::{once_shown, secret};
use super::read::{find, id, written};
use crate::access::Edit;
use crate::facts::{Change, check};
use crate::http::{Call, json};
use crate::problem::Error;
use crate::store::Write;

/// What the right to a method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To write the record.
    Write,
    /// To approve in its area.
    Approve,
    /// To approve, to write, or to sit in the steering group: the method asks for a resolution of the body.
    Decide,
}

/// Answers a custom method: the record as it is after `work`, with its secret where it has one.
///
/// # Errors
/// 401, 404, 403, 428, 412, 422, in that order; then what `work` fails with.
pub async fn act<W>(path: &str, call: Call, right: Right, schema: &Value, work: W) -> Result<HttpResponse, Error>
where
    W: AsyncFnOnce(&Write, Edit, Map<String, Value>) -> Result<Change, Error>,
{
    let resource = by_path(path)?;
    let caller = call.caller().await?;
    let id = id(&call)?;
    let body = call.optional_body().await;
    let key = call.idempotency_key()?;
    let facts = resource.facts;
    let write = call.store.write(call.writer(&caller)?).await?;
    // A body that cannot be read claims no key: what is wrong with it is told after who may.
    let key = key.filter(|_| body.is_ok());
    let sent = body.as_deref().unwrap_or_default().to_vec();
    let show = secret(facts, &call.shared.webhook_key);
    once_shown(write, call.request.path(), key.as_deref(), &sent, &show, async |write| {
        let mut row = find(write.tx(), facts, &caller, id, write.today()).await?;
        // What is judged of a whole project, and frozen of it, is of one moment: nobody writes to it from here on.
        if let Some(project) = row.uuid("projectId").filter(|_| facts.of_project) {
            let _there = match right {
                Right::Decide => write.alone_with(project).await?,
                Right::Write | Right::Approve => write.alone_in(project).await?,
            };
            row = find(write.tx(), facts, &caller, id, write.today()).await?;
        }
        let edit = match right {
            Right::Write => Edit::allowed(write.tx(), facts, &caller, row).await?,
            Right::Approve => Edit::approved(facts, &caller, row)?,
            Right::Decide => Edit::for_body(facts, &caller, row)?,
        };
        call.if_match(edit.row())?;
        call.query()?.finish(&[])?;
        let given = given(schema, &body?)?;
        let change = work(write, edit, given).await?;
        resource.settle(write, &caller, &change).await?;
        written(write, facts, &caller, id).await
    })
    .await
}

/// The schema of a body without members.
#[must_use]
pub fn nothing() -> Value {
    json!({ "type": "object", "properties": {}, "additionalProperties": false })
}

/// The body, checked against the schema that the document shows; no body is an empty object.
///
/// # Errors
/// 400 when it is not JSON, 422 with every fault.
pub fn given(schema: &Value, body: &[u8]) -> Result<Map<String, Value>, Error> {
    let given = if body.is_empty() { Map::new() } else { json::object(body)? };
    let mut faults = Vec::new();
    match check::checked(schema, Value::Object(given), "", &mut faults) {
        Value::Object(members) if faults.is_empty() => Ok(members),
        _ => Err(Error::invalid(faults)),
    }
}
