//! In: every record of a document is created, changed or left as it is, in one transaction, all or nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::FORMAT;
use crate::access::visible::visible;
use crate::access::{Caller, Create, Edit};
use crate::facts::{Change, Facts, Row, check, row};
use crate::problem::{Error, Fault};
use crate::standard::Resource;
use crate::store::Write;
use crate::text;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait};

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Records made.
    pub created: u64,
    /// Records changed.
    pub updated: u64,
    /// Records that were as the document says.
    pub unchanged: u64,
    /// What keeps the document out.
    pub errors: Vec<Fault>,
    /// The project that the document is about.
    pub project: Uuid,
}

/// Identifiers looked up in one statement.
const CHUNK: usize = 500;

struct Item {
    resource: &'static Resource,
    content: Map<String, Value>,
    id: Uuid,
    pointer: String,
    before: Option<Row>,
}

/// Brings a document in. With faults nothing is to be committed: they are in the outcome, each with its pointer.
///
/// # Errors
/// 403 when the caller may not write a record; 422 when it is no project document.
pub async fn import(
    write: &Write,
    caller: &Caller,
    resources: &'static [Resource],
    document: &Map<String, Value>,
) -> Result<Outcome, Error> {
    let mut outcome = Outcome { project: header(document)?, ..Outcome::default() };
    let mut items = items(resources, document, &mut outcome.errors)?;
    if !outcome.errors.is_empty() {
        return Ok(outcome);
    }
    for resource in resources {
        meet(write, caller, resource, &mut items).await?;
    }
    let mut changes: Vec<(&'static Resource, Change, String)> = Vec::new();
    for item in items {
        match put(write, caller, item).await? {
            Some((resource, change, pointer)) => {
                match change {
                    Change::Created { .. } => outcome.created += 1,
                    Change::Changed { .. } | Change::Deleted { .. } => outcome.updated += 1,
                }
                changes.push((resource, change, pointer));
            }
            None => outcome.unchanged += 1,
        }
    }
    // Records of a document refer to each other in any order: rules see them when all are there.
    for (resource, change, pointer) in &changes {
        match resource.settle(write, caller, change).await {
            Ok(()) => {}
            Err(Error::Problem(problem)) if !problem.errors.is_empty() => {
                outcome.errors.extend(
                    problem
                        .errors
                        .into_iter()
                        .map(|fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault }),
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(outcome)
}

fn header(document: &Map<String, Value>) -> Result<Uuid, Error> {
    let mut faults = Vec::new();
    if document.get("format").and_then(Value::as_str) != Some(FORMAT) {
        faults.push(Fault::at(
            "/format",
            "unknown_format",
            text!("må være {FORMAT}", "må vere {FORMAT}", "must be {FORMAT}"),
        ));
    }
    for name in document.keys().filter(|name| !matches!(name.as_str(), "format" | "projectId" | "records")) {
        let message = text!(
            "ukjent felt; tillatt: format, projectId, records",
            "ukjent felt; tillate: format, projectId, records",
            "unknown field; allowed: format, projectId, records"
        );
        faults.push(Fault::at(format!("/{}", check::escape(name)), "unknown_field", message));
    }
    let project = document.get("projectId").and_then(Value::as_str).and_then(|id| id.parse().ok());
    if project.is_none() {
        faults.push(Fault::at(
            "/projectId",
            "required",
            text!("må være en UUID", "må vere ein UUID", "must be a UUID"),
        ));
    }
    match project {
        Some(project) if faults.is_empty() => Ok(project),
        _ => Err(Error::invalid(faults)),
    }
}

/// The records of a document, each checked by itself.
fn items(
    resources: &'static [Resource],
    document: &Map<String, Value>,
    errors: &mut Vec<Fault>,
) -> Result<Vec<Item>, Error> {
    let Some(records) = document.get("records").and_then(Value::as_object) else {
        let message =
            text!("må være et objekt av lister", "må vere eit objekt av lister", "must be an object of lists");
        return Err(Error::invalid(vec![Fault::at("/records", "required", message)]));
    };
    let importable = |resource: &&Resource| resource.facts.path != "users";
    for path in records
        .keys()
        .filter(|path| !resources.iter().filter(importable).any(|resource| resource.facts.path == path.as_str()))
    {
        let known =
            resources.iter().filter(importable).map(|resource| resource.facts.path).collect::<Vec<_>>().join(", ");
        let message = text!(
            "ukjent samling; tillatt: {known}",
            "ukjend samling; tillate: {known}",
            "unknown collection; allowed: {known}"
        );
        errors.push(Fault::at(format!("/records/{}", check::escape(path)), "unknown_field", message));
    }
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for resource in resources.iter().filter(importable) {
        let list = records.get(resource.facts.path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, record) in list.iter().enumerate() {
            let pointer = format!("/records/{}/{index}", resource.facts.path);
            items.extend(item(resource, record, pointer, &mut seen, errors));
        }
    }
    Ok(items)
}

fn item(
    resource: &'static Resource,
    record: &Value,
    pointer: String,
    seen: &mut BTreeSet<Uuid>,
    errors: &mut Vec<Fault>,
) -> Option<Item> {
    let mut given = record.as_object().cloned().unwrap_or_default();
    let id = given
        .remove("id")
        .and_then(|id| id.as_str().and_then(|id| id.parse::<Uuid>().ok()))
        .filter(|id| seen.insert(*id));
    let Some(id) = id else {
        let message = text!(
            "må være en UUID som står én gang",
            "må vere ein UUID som står éin gong",
            "must be a UUID that stands once"
        );
        errors.push(Fault::at(format!("{pointer}/id"), "required", message));
        return None;
    };
    match check::content(resource.facts, given) {
        Ok(content) => Some(Item { resource, content, id, pointer, before: None }),
        Err(faults) => {
            errors.extend(
                faults.into_iter().map(|fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault }),
            );
            None
        }
    }
}

/// Finds which records of one resource are there already: one statement per 500.
async fn meet(write: &Write, caller: &Caller, resource: &'static Resource, items: &mut [Item]) -> Result<(), Error> {
    let facts: &'static Facts = resource.facts;
    let mut own: Vec<&mut Item> = items.iter_mut().filter(|item| item.resource.facts.path == facts.path).collect();
    for chunk in own.chunks_mut(CHUNK) {
        let mut query = row::select(facts, write.today());
        query.and_where(Expr::col("id").is_in(chunk.iter().map(|item| item.id))).cond_where(visible(facts, caller));
        for found in write.tx().query_all(&query).await? {
            let found = row::read(facts, &found)?;
            if let Some(item) = chunk.iter_mut().find(|item| item.id == found.id()) {
                item.before = Some(found);
            }
        }
    }
    Ok(())
}

async fn put(write: &Write, caller: &Caller, item: Item) -> Result<Option<(&'static Resource, Change, String)>, Error> {
    let facts: &'static Facts = item.resource.facts;
    let change = match item.before {
        Some(before) if item.content.iter().all(|(name, value)| before.0.get(name) == Some(value)) => return Ok(None),
        Some(before) => {
            let proof = Edit::allowed(write.tx(), facts, caller, before).await?;
            write.change(proof, &item.content).await?
        }
        None => {
            let mut content = item.content;
            content.insert("id".to_owned(), item.id.to_string().into());
            let proof = Create::allowed(write.tx(), facts, caller, Row(content)).await?;
            write.create(proof).await?
        }
    };
    Ok(Some((item.resource, change, item.pointer)))
}
