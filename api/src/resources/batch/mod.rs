//! `POST /batch`: many writes in one transaction, all or nothing; later ones may name what earlier ones made.

mod about;
mod names;

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::names::Names;
use crate::access::proof::writes_something;
use crate::access::{Caller, Edit};
use crate::domain::plan_check;
use crate::facts::{Row, Secret};
use crate::http::{Answer, Call, json};
use crate::problem::{Error, Fault, Lang, codes};
use crate::reports::shapes;
use crate::standard::act::given;
use crate::standard::once::{once_shown, secret};
use crate::standard::read::find;
use crate::standard::whole::whole;
use crate::standard::{self, Resource, change, create, delete};
use crate::store::{Write, stale};
use crate::text;

pub use about::about;

/// The largest body, in bytes: 500 records of the longest sort fit.
const LIMIT: usize = 8 * 1024 * 1024;

/// Does every operation, or none.
///
/// # Errors
/// What the first operation that fails fails with, and which one it was; 401, 413.
pub async fn batch(call: Call) -> Result<HttpResponse, Error> {
    let mut caller = call.caller().await?;
    writes_something(&caller)?;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    query.finish(&["dryRun"])?;
    let body = call.body_within(&["application/json"], LIMIT).await?;
    let key = call.idempotency_key()?;
    json::object(&body)?;
    let asked = given(&about::wanted(), &body)?;
    let operations: Vec<Value> = asked.get("operations").and_then(Value::as_array).cloned().unwrap_or_default();
    let write = call.store.write(call.writer(&caller)?).await?;
    let lang = call.lang();
    if dry_run {
        let done = all(&write, &mut caller, &operations).await?;
        let findings = findings(&write, done.touched, lang).await?;
        write.settled().await?;
        // The transaction is dropped here, and nothing of it stays.
        let body = json!({ "results": done.results, "findings": findings });
        return Ok(Answer::ok(body).unkept_if(done.unkept).into_response());
    }
    let show = |answer: &mut Value| with_secrets(answer, &operations, &call.shared.webhook_key);
    once_shown(write, call.request.path(), key.as_deref(), &body, &show, async |write| {
        let done = all(write, &mut caller, &operations).await?;
        Ok(Answer::ok(json!({ "results": done.results })).unkept_if(done.unkept))
    })
    .await
}

/// What all operations have done.
struct Done {
    results: Vec<Value>,
    /// The projects that they wrote in.
    touched: BTreeSet<Uuid>,
    /// Whether one of the answers is one that no cache may keep.
    unkept: bool,
}

/// Puts the secrets that are worked out from records into the answers that made them; they are kept nowhere.
fn with_secrets(answer: &mut Value, operations: &[Value], key: &[u8]) {
    let results = answer["results"].as_array_mut().into_iter().flatten();
    for (operation, result) in operations.iter().zip(results) {
        let made = operation["method"] == "POST";
        if let Some((resource, _)) = operation["path"].as_str().filter(|_| made).and_then(|path| parts(path).ok()) {
            secret(resource.facts, key)(&mut result["body"]);
        }
    }
}

/// Does all operations, each in the transaction as those before it have left it.
async fn all(write: &Write, caller: &mut Caller, operations: &[Value]) -> Result<Done, Error> {
    let mut names = Names::default();
    let mut done = Done { results: Vec::with_capacity(operations.len()), touched: BTreeSet::new(), unkept: false };
    for (index, operation) in operations.iter().enumerate() {
        let (answer, project) =
            one(write, caller, &names, operation).await.map_err(|error| placed(error, index, operations.len()))?;
        done.unkept |= answer.is_unkept();
        let body = answer.body.unwrap_or_default();
        done.touched.extend(project);
        if let Some(name) = operation["as"].as_str() {
            names.learn(name, &body);
        }
        done.results.push(json!({ "status": answer.status, "body": body }));
    }
    Ok(done)
}

/// One operation: the standard method of its collection, in this transaction.
async fn one(
    write: &Write,
    caller: &mut Caller,
    names: &Names,
    operation: &Value,
) -> Result<(Answer, Option<Uuid>), Error> {
    let path = names.in_text(operation["path"].as_str().unwrap_or_default(), "/path")?;
    let (resource, id) = parts(&path)?;
    let facts = resource.facts;
    // A secret that is drawn is shown once, and there is no place for several in the answer that is kept for a key.
    if facts.read_only || facts.path == "users" || matches!(facts.secret, Some(Secret::Drawn)) {
        return Err(no_such(&path));
    }
    let body = names.in_value(&operation["body"], "/body")?;
    let project = |row: &Row| if resource.facts.path == "projects" { Some(row.id()) } else { row.uuid("projectId") };
    match (operation["method"].as_str().unwrap_or_default(), id) {
        ("POST", None) => {
            if !operation["ifMatch"].is_null() {
                return Err(nothing_to_match());
            }
            let answer = create::created(resource, write, caller, object(body)?).await?;
            if matches!(resource.facts.path, "projects" | "assignments" | "project-parties") && !caller.administrator {
                // What was just made may give the caller its rights for what comes next.
                caller.load_roles(write.tx(), write.today()).await?;
            }
            let made = answer.body.clone().and_then(|body| body.as_object().cloned()).map(Row);
            Ok((answer, made.as_ref().and_then(project)))
        }
        (method @ ("PATCH" | "DELETE"), Some(id)) => {
            let row = find(write.tx(), resource.facts, caller, id, write.today()).await?;
            let of = project(&row);
            let edit = Edit::allowed(write.tx(), resource.facts, caller, row).await?;
            fits(&names.in_value(&operation["ifMatch"], "/ifMatch")?, edit.row())?;
            let answer = match method {
                "PATCH" => change::changed(resource, write, caller, edit, object(body)?).await?,
                _ => delete::deleted(resource, write, caller, edit).await?,
            };
            Ok((answer, of))
        }
        _ => Err(no_such(&path)),
    }
}

/// The collection and the identifier of a path, with or without `/api/v1` in front.
fn parts(path: &str) -> Result<(&'static Resource, Option<Uuid>), Error> {
    let inner = path.strip_prefix("/api/v1/").or_else(|| path.strip_prefix('/')).unwrap_or(path);
    let (collection, id) = match inner.split_once('/') {
        None => (inner, None),
        Some((collection, id)) => (collection, Some(id.parse().map_err(|_| no_such(path))?)),
    };
    Ok((standard::by_path(collection).map_err(|_| no_such(path))?, id))
}

fn no_such(path: &str) -> Error {
    let message = text!(
        "{path} er ingen samling (POST) og ingen post (PATCH, DELETE) som en batch når",
        "{path} er inga samling (POST) og ingen post (PATCH, DELETE) som ein batch når",
        "{path} is no collection (POST) and no record (PATCH, DELETE) that a batch reaches"
    );
    Error::invalid(vec![Fault::at("/path", "no_such_path", message)])
}

fn nothing_to_match() -> Error {
    let message = text!(
        "en ny post har ingen versjon; la ifMatch være ute",
        "ein ny post har ingen versjon; la ifMatch vere ute",
        "a new record has no version; leave ifMatch out"
    );
    Error::invalid(vec![Fault::at("/ifMatch", "not_allowed", message)])
}

fn object(body: Value) -> Result<Map<String, Value>, Error> {
    match body {
        Value::Object(members) => Ok(members),
        _ => {
            let message = text!("må være et objekt", "må vere eit objekt", "must be an object");
            Err(Error::invalid(vec![Fault::at("/body", "wrong_type", message)]))
        }
    }
}

/// Whether the version that the operation was made for is the current one.
fn fits(asked: &Value, row: &Row) -> Result<(), Error> {
    let asked = match asked {
        Value::String(tag) => tag.trim_matches('"').to_owned(),
        Value::Number(version) => version.to_string(),
        _ => return Err((&codes::PRECONDITION_REQUIRED).into()),
    };
    if asked == "*" || asked == row.version().to_string() { Ok(()) } else { Err(stale(row.version())) }
}

/// A problem of one operation: it says which, and points into it.
fn placed(error: Error, index: usize, of: usize) -> Error {
    let Error::Problem(problem) = error else { return error };
    let mut problem = *problem;
    for fault in &mut problem.errors {
        let inside = ["/path", "/ifMatch", "/body"].iter().any(|own| fault.pointer.starts_with(own));
        let place = if inside { "" } else { "/body" };
        fault.pointer = format!("/operations/{index}{place}{}", fault.pointer);
    }
    let (number, title) = (index + 1, problem.code.title);
    let said = problem.detail.take();
    let [nb, nn, en] = said.map_or_else(|| title.map(str::to_owned), |text| [text.nb, text.nn, text.en]);
    problem
        .detail(text!(
            "operasjon {number} av {of}: {nb}; ingenting er skrevet",
            "operasjon {number} av {of}: {nn}; ingenting er skrive",
            "operation {number} of {of}: {en}; nothing was written"
        ))
        .member("operation", index)
        .into()
}

/// What the plan check would say of the projects.
async fn findings(write: &Write, touched: BTreeSet<Uuid>, lang: Lang) -> Result<Vec<shapes::Finding>, Error> {
    let mut findings = Vec::new();
    for project in touched {
        let picture = whole(write.tx(), project).await?;
        findings.extend(shapes::findings(&plan_check::check(&picture, write.today()), lang));
    }
    Ok(findings)
}
