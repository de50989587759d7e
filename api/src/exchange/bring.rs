//! Brings records in through the one door: rights first, then the writes, then rules on all of them together.

use indexmap::IndexMap;
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Progress, carried, clash};
use crate::access::visible::visible;
use crate::access::{Area, Caller, Create, Edit, Sight};
use crate::facts::{Change, Facts, Row, row};
use crate::problem::{Error, Fault};
use crate::standard::Resource;
use crate::standard::references::Known;
use crate::store::{self, Source, Write};
use crate::text;

/// Identifiers looked up in one statement.
const CHUNK: usize = 500;

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Records made.
    pub created: u64,
    /// Records changed.
    pub updated: u64,
    /// Records that were as they are to be.
    pub unchanged: u64,
    /// What is not valid.
    pub errors: Vec<Fault>,
    /// What the caller may not write.
    pub refused: Vec<Fault>,
    /// The project that a document is about, where it says so.
    pub project: Option<Uuid>,
    /// How many faults are told, where it is not as many as of a document.
    pub most_faults: Option<usize>,
}

/// Where a record stands in what is brought in: its faults are told there.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a document, by JSON pointer.
    Pointer(String),
    /// In a table, by the number of its row: `/rows/2/validFrom`.
    Row(u64),
}

impl Place {
    /// The place of a member of the record, given its pointer in the record.
    #[must_use]
    pub fn at(&self, pointer: &str) -> String {
        match (self, pointer.split('/').nth(1)) {
            (Self::Pointer(record), _) => format!("{record}{pointer}"),
            (Self::Row(row), Some(column)) => format!("/rows/{row}/{column}"),
            (Self::Row(row), None) => format!("/rows/{row}"),
        }
    }

    /// A fault of the record, told at its place.
    #[must_use]
    pub fn fault(&self, fault: Fault) -> Fault {
        Fault { pointer: self.at(&fault.pointer), ..fault }
    }
}

/// A record to be brought in.
pub struct Item {
    /// Its resource.
    pub resource: &'static Resource,
    /// Its identifier.
    pub id: Uuid,
    /// Its content, complete and checked.
    pub content: Map<String, Value>,
    /// Where it stands.
    pub place: Place,
    before: Option<Row>,
}

impl Item {
    /// A record with this content.
    #[must_use]
    pub const fn new(resource: &'static Resource, id: Uuid, content: Map<String, Value>, place: Place) -> Self {
        Self { resource, id, content, place, before: None }
    }

    fn unchanged(&self) -> bool {
        self.before.as_ref().is_some_and(|row| self.content.iter().all(|(name, value)| row.0.get(name) == Some(value)))
    }
}

/// A write that is allowed and waits.
pub(super) struct Pending {
    pub id: Uuid,
    pub place: Place,
    pub act: Act,
    /// The values that must be unique, before and after.
    pub was: Option<clash::Key>,
    pub will_be: Option<clash::Key>,
}

/// What is to be written, with its proof.
pub(super) enum Act {
    Create(Create),
    Change(Edit, Map<String, Value>),
}

/// A write that was done and waits for its judgement.
struct Written {
    resource: &'static Resource,
    change: Change,
    place: Place,
}

/// Brings records in, those of one collection after another in the order given. `focus` is the project that they are
/// about: whoever sees all of it has been shown the records of the projects before and after it.
///
/// # Errors
/// When the database fails, or somebody else changes a record at the same time.
pub async fn bring(
    write: &Write,
    caller: &Caller,
    focus: Option<Uuid>,
    items: Vec<Item>,
    progress: Progress<'_>,
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let mut caller = caller.clone();
    let mut written = Vec::new();
    // Each record is counted when it is written and when it is judged.
    let (mut done, of) = (0, items.len() * 2);
    for (_, mut group) in by_collection(items) {
        let (resource, length) = (group[0].resource, group.len());
        meet(write, &caller, focus, resource.facts, &mut group).await?;
        let pending = allowed(write, &caller, group, &mut outcome).await?;
        let pending = clash::settled(write, resource.facts, pending, &mut outcome.errors).await?;
        written.extend(put(write, resource, pending, &mut outcome).await?);
        if resource.facts.path == "projects" && !caller.administrator {
            // Whoever manages a programme has rights in the projects that now are in it.
            caller.load_roles(write.tx(), write.today()).await?;
        }
        done += length;
        progress(done, of);
    }
    if outcome.errors.is_empty() && outcome.refused.is_empty() {
        judge(write, &caller, &written, &mut outcome.errors, &|judged| {
            progress(done + (of - done) * judged / written.len().max(1), of);
        })
        .await?;
    }
    progress(of, of);
    Ok(outcome)
}

fn by_collection(items: Vec<Item>) -> IndexMap<&'static str, Vec<Item>> {
    let mut groups: IndexMap<&'static str, Vec<Item>> = IndexMap::new();
    for item in items {
        groups.entry(item.resource.facts.path).or_default().push(item);
    }
    groups
}

/// Finds which records are there already: one statement per 500. What the caller does not see is as if it were not
/// there, except the projects beside its own, which documents show.
async fn meet(
    write: &Write,
    caller: &Caller,
    focus: Option<Uuid>,
    facts: &Facts,
    items: &mut [Item],
) -> Result<(), Error> {
    let mut seen = visible(facts, caller);
    if let (Some(focus), "projects", false) = (focus, facts.path, caller.administrator)
        && caller.rights(focus, Area::Project).sight == Sight::All
    {
        let beside = store::phases(write.tx(), focus).await?;
        seen = Condition::any().add(seen).add(Expr::col("id").is_in(beside));
    }
    for chunk in items.chunks_mut(CHUNK) {
        let mut query = row::select(facts, write.today());
        query.and_where(Expr::col("id").is_in(chunk.iter().map(|item| item.id))).cond_where(seen.clone());
        let found = write.tx().rows(facts, &query).await?;
        let mut found: IndexMap<Uuid, Row> = found.into_iter().map(|row| (row.id(), row)).collect();
        for item in chunk {
            item.before = found.swap_remove(&item.id);
        }
    }
    Ok(())
}

/// Sorts out what is unchanged and what may not be written; the rest comes with its proof.
async fn allowed(
    write: &Write,
    caller: &Caller,
    items: Vec<Item>,
    outcome: &mut Outcome,
) -> Result<Vec<Pending>, Error> {
    let mut pending = Vec::new();
    for item in items {
        if item.unchanged() {
            outcome.unchanged += 1;
            continue;
        }
        if let Some(fault) = moved(&item) {
            outcome.errors.push(item.place.fault(fault));
            continue;
        }
        let faults = decided_by_others(caller, &item);
        if !faults.is_empty() {
            outcome.refused.extend(faults.into_iter().map(|fault| item.place.fault(fault)));
            continue;
        }
        let place = item.place.clone();
        match proven(write, caller, item).await {
            Ok(proven) => pending.push(proven),
            Err(Error::Problem(problem)) if matches!(problem.code.name, "access.forbidden" | "record.not_found") => {
                outcome.refused.push(place.fault(refusal("")));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(pending)
}

/// A record stays in its project.
fn moved(item: &Item) -> Option<Fault> {
    let before = item.before.as_ref()?.0.get("projectId").filter(|_| item.resource.facts.of_project)?;
    (item.content.get("projectId") != Some(before)).then(|| {
        let message = text!(
            "kan ikke flyttes til et annet prosjekt",
            "kan ikkje flyttast til eit anna prosjekt",
            "cannot be moved to another project"
        );
        Fault::at("/projectId", "fixed", message)
    })
}

/// What was decided is brought in by those who may decide it.
fn decided_by_others(caller: &Caller, item: &Item) -> Vec<Fault> {
    let facts = item.resource.facts;
    let project = item.content.get("projectId").and_then(Value::as_str).and_then(|id| id.parse().ok());
    if caller.rights(project.unwrap_or_default(), facts.area).approve {
        return Vec::new();
    }
    let before = |name: &str| item.before.as_ref().and_then(|row| row.0.get(name)).unwrap_or(&Value::Null);
    carried(facts)
        .filter(|field| field.read_only)
        .filter(|field| item.content.get(&field.name).is_some_and(|value| value != before(&field.name)))
        .map(|field| refusal(&format!("/{}", field.name)))
        .collect()
}

fn refusal(pointer: &str) -> Fault {
    let message = text!(
        "rollen din gir ikke rett til å skrive dette",
        "rolla di gir ikkje rett til å skrive dette",
        "your role does not let you write this"
    );
    Fault::at(pointer, "forbidden", message)
}

async fn proven(write: &Write, caller: &Caller, item: Item) -> Result<Pending, Error> {
    let facts: &'static Facts = item.resource.facts;
    let will_be = clash::key(facts, &item.content);
    let Item { resource, id, place, mut content, before } = item;
    let was = before.as_ref().and_then(|row| clash::key(facts, &row.0));
    let act = match before {
        Some(before) => {
            let mut after = before.clone();
            after.0.extend(content.clone());
            let edit = Edit::allowed(write.tx(), facts, caller, before).await?;
            edit.becoming(write.tx(), caller, &after).await?;
            content.extend(resource.derived(write, &after).await?);
            Act::Change(edit, content)
        }
        None => {
            let outline = write.outline(facts, &content);
            content.insert("id".to_owned(), id.to_string().into());
            let proof = Create::allowed(write.tx(), facts, caller, Row(content)).await?;
            Act::Create(proof.with(resource.derived(write, &outline).await?))
        }
    };
    Ok(Pending { id, place, act, was, will_be })
}

/// Writes what is pending: changes one by one, new records many in a statement.
async fn put(
    write: &Write,
    resource: &'static Resource,
    pending: Vec<Pending>,
    outcome: &mut Outcome,
) -> Result<Vec<Written>, Error> {
    let mut written = Vec::new();
    let (mut proofs, mut places) = (Vec::new(), Vec::new());
    for Pending { place, act, .. } in pending {
        match act {
            Act::Change(edit, content) => {
                let change = write.change(edit, &content).await?;
                written.push(Written { resource, change, place });
            }
            Act::Create(proof) => {
                proofs.push(proof);
                places.push(place);
            }
        }
    }
    outcome.updated += written.len() as u64;
    outcome.created += proofs.len() as u64;
    let created = write.create_all(proofs).await?.into_iter().zip(places);
    written.extend(created.map(|(change, place)| Written { resource, change, place }));
    Ok(written)
}

/// Records refer to each other in any order: rules see them when all are there. What passes goes into the
/// journal, and then what follows from it is done.
async fn judge<'w>(
    write: &Write,
    caller: &Caller,
    written: &'w [Written],
    errors: &mut Vec<Fault>,
    progress: &dyn Fn(usize),
) -> Result<(), Error> {
    let changes = written.iter().map(|one| (one.resource.facts, &one.change));
    let known = Known::of(write, caller, changes).await?;
    for (judged, one) in written.iter().enumerate() {
        let faults = one.resource.faults(write, &known, &one.change).await?;
        errors.extend(faults.into_iter().map(|fault| one.place.fault(fault)));
        progress(judged);
    }
    if errors.is_empty() {
        let entry = |one: &'w Written| (one.resource.facts, &one.change, one.resource.event(&one.change));
        let entries: Vec<(&Facts, &Change, String)> = written.iter().map(entry).collect();
        write.record_all(&entries).await?;
        for one in written {
            one.resource.follow(write, &one.change).await?;
        }
    }
    Ok(())
}
