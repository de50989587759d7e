//! `PUT /{collection}/by-reference/{system}/{key}`: the record that another system knows by a key, made or brought in
//! line with what that system says; safe to repeat.

use actix_web::HttpResponse;
use actix_web::http::header::IF_MATCH;
use entity::RecordRef;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::change::changed;
use super::create::created;
use super::once::secret;
use super::read::find;
use super::{Resource, by_path};
use crate::access::visible::visible;
use crate::access::{Caller, Edit};
use crate::db::Db;
use crate::facts::check;
use crate::http::{Answer, Call, json as body};
use crate::problem::{Error, Fault, codes};
use crate::store::Write;
use crate::text;

/// The name of a record in another system.
struct Name {
    system: String,
    key: String,
}

/// Answers an upsert.
///
/// # Errors
/// 401; 404 for a record or a project that the caller does not see; 403; 412; 422.
pub async fn upsert(resource: &'static Resource, call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    call.query()?.finish(&[])?;
    let name = name(&call)?;
    let bytes = call.body(&["application/json"]).await?;
    let given = body::object(&bytes)?;
    match attempt(resource, &call, &caller, &name, given.clone()).await {
        // Somebody made it in the same moment: then it is there to be brought in line.
        Err(Error::Problem(problem)) if problem.code == &codes::CONFLICT => {
            attempt(resource, &call, &caller, &name, given).await
        }
        answered => answered,
    }
}

fn name(call: &Call) -> Result<Name, Error> {
    // As references that come in a body are kept.
    let part = |name| call.part(name).nfc().collect::<String>();
    let name = Name { system: part("system"), key: part("key") };
    let wrong = [("system", &name.system, 100), ("key", &name.key, 200)].into_iter().find(|(_, text, most)| {
        text.is_empty()
            || text.chars().count() > *most
            || text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
            || body::forbidden_character(text).is_some()
    });
    match wrong {
        None => Ok(name),
        Some((part, _, most)) => Err(Error::invalid(vec![Fault::at(
            "",
            "wrong_format",
            text!(
                "{part} i adressen må ha 1–{most} tegn i UTF-8, ingen av dem kontrolltegn",
                "{part} i adressa må ha 1–{most} teikn i UTF-8, ingen av dei kontrollteikn",
                "{part} in the address must have 1–{most} characters in UTF-8, none of them a control character"
            ),
        )])),
    }
}

async fn attempt(
    resource: &'static Resource,
    call: &Call,
    caller: &Caller,
    name: &Name,
    given: Map<String, Value>,
) -> Result<HttpResponse, Error> {
    let write = call.store.write(call.writer(caller)?).await?;
    let answer = match known(&write, resource, caller, name, &given).await? {
        Some(id) => brought_in_line(resource, call, &write, caller, id, given).await?,
        None => {
            call.if_match_nothing()?;
            made(resource, &write, caller, name, given).await?
        }
    };
    let drawn = write.shown();
    write.commit().await?;
    Ok(shown(resource, call, answer, drawn).into_response())
}

/// A record that was made is answered with its secret, if it has one.
fn shown(resource: &Resource, call: &Call, mut answer: Answer, drawn: Option<String>) -> Answer {
    if let Some(body) = answer.body.as_mut().filter(|_| answer.status == 201) {
        secret(resource.facts, &call.shared.webhook_key)(body);
        if let Some(drawn) = drawn {
            body["secret"] = drawn.into();
        }
    }
    answer
}

/// The record that has this name, if one has: in the project that the body names; of projects, one that the caller
/// sees; else in the directory. What another project calls so is neither found nor in the way.
async fn known(
    write: &Write,
    resource: &Resource,
    caller: &Caller,
    name: &Name,
    given: &Map<String, Value>,
) -> Result<Option<Uuid>, Error> {
    let facts = resource.facts;
    let project = given.get("projectId").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    let scope = match (facts.of_project, project) {
        (true, Some(project)) => Expr::col("project_id").eq(project),
        (true, None) => return Ok(None),
        (false, _) if facts.path == "projects" => {
            let mut seen = Query::select();
            seen.column("id").from(facts.table).cond_where(visible(facts, caller));
            Expr::col("project_id").in_subquery(seen)
        }
        (false, _) => Expr::col("project_id").is_null(),
    };
    let mut query = Query::select();
    query
        .column("record")
        .from("external_references")
        .and_where(Expr::col("system").eq(name.system.clone()))
        .and_where(Expr::col("key").eq(name.key.clone()))
        .and_where(Expr::col("kind").eq(facts.kind))
        .and_where(scope)
        .order_by("created_at", Order::Asc)
        .limit(1);
    let Some(row) = write.tx().query_one(&query).await? else { return Ok(None) };
    let stored: String = row.try_get("", "record")?;
    let Some(id) = RecordRef::from_stored(&stored).map(|record| record.id) else { return Ok(None) };
    // What the caller does not see has no name for it.
    let mut seen = Query::select();
    seen.column("id").from(facts.table).and_where(Expr::col("id").eq(id)).cond_where(visible(facts, caller));
    Ok(write.tx().query_one(&seen).await?.map(|_| id))
}

/// The whole content is what was sent: a field that is left out is cleared, as `PUT` says (RFC 9110 § 9.3.4).
async fn brought_in_line(
    resource: &'static Resource,
    call: &Call,
    write: &Write,
    caller: &Caller,
    id: Uuid,
    given: Map<String, Value>,
) -> Result<Answer, Error> {
    let row = find(write.tx(), resource.facts, caller, id, write.today()).await?;
    let edit = Edit::allowed(write.tx(), resource.facts, caller, row).await?;
    match call.header(&IF_MATCH)? {
        Some(_) => call.if_match(edit.row())?,
        None => call.if_none_match(edit.row())?,
    }
    let whole = check::content(resource.facts, given).map_err(Error::invalid)?;
    changed(resource, write, caller, edit, whole).await
}

async fn made(
    resource: &'static Resource,
    write: &Write,
    caller: &Caller,
    name: &Name,
    given: Map<String, Value>,
) -> Result<Answer, Error> {
    let answer = created(resource, write, caller, given).await?;
    let id = answer.body.as_ref().map(|body| body["id"].clone()).unwrap_or_default();
    let reference = json!({
        "system": name.system, "key": name.key, "record": { "kind": resource.facts.kind, "id": id },
    });
    let Value::Object(reference) = reference else { return Ok(answer) };
    // Who may make the record may say what another system calls it.
    created(by_path("external-references")?, write, caller, reference).await?;
    Ok(answer)
}
