//! `DELETE /{collection}/{id}`: the record leaves every list; its history stays.

use actix_web::HttpResponse;

use super::Resource;
use super::read::hold;
use super::references::unused;
use crate::access::{Caller, Edit};
use crate::http::{Answer, Call};
use crate::problem::{Error, codes};
use crate::store::Write;

/// Answers a deletion.
///
/// # Errors
/// 401, 404, 403, 428, 412, 409.
pub async fn delete(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let (caller, write, row) = hold(&call, resource.facts).await?;
    let edit = Edit::allowed(write.tx(), resource.facts, &caller, row).await?;
    call.if_match(edit.row())?;
    call.query()?.finish(&[])?;
    let answer = deleted(resource, &write, &caller, edit).await?;
    write.commit().await?;
    Ok(answer.into_response())
}

/// Deletes a record inside a transaction.
///
/// # Errors
/// 409 when others refer to it, or it is adopted or archived.
pub async fn deleted(resource: &'static Resource, write: &Write, caller: &Caller, edit: Edit) -> Result<Answer, Error> {
    let row = edit.row();
    if resource.facts.locked.is_some_and(|locked| locked(row)) {
        return Err((&codes::LOCKED).into());
    }
    let change = write.delete(edit).await?;
    // Asked after the deletion, when nobody else can write here before this is committed.
    unused(write.tx(), resource.facts, caller, change.row()).await?;
    resource.settle(write, caller, &change).await?;
    Ok(Answer::no_content())
}
