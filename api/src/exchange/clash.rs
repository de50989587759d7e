//! Values that must be unique, and identifiers that are taken: told with their place before the database refuses.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::bring::{Act, Pending};
use crate::db::Db;
use crate::facts::{Facts, row};
use crate::problem::{Error, Fault, Text};
use crate::store::{Source, Write};
use crate::text;

/// Values looked up in one statement.
const CHUNK: usize = 500;

/// The values of a record that must be unique together: its project, if it is of one, then the fields.
pub(super) type Key = Vec<String>;

/// The key of a record; `None` when one of its values is null, or nothing must be unique.
pub(super) fn key(facts: &Facts, content: &Map<String, Value>) -> Option<Key> {
    let project = facts.of_project.then_some("projectId");
    let fields = project.into_iter().chain(facts.unique.iter().copied());
    let values: Option<Key> =
        fields.map(|field| content.get(field).and_then(Value::as_str).map(str::to_owned)).collect();
    values.filter(|_| !facts.unique.is_empty())
}

/// The writes without those that clash, in an order in which a value is given up before another record takes it;
/// new records come last.
///
/// # Errors
/// When the database fails.
pub(super) async fn settled(
    write: &Write,
    facts: &Facts,
    pending: Vec<Pending>,
    errors: &mut Vec<Fault>,
) -> Result<Vec<Pending>, Error> {
    let ids = taken_ids(write, facts, &pending).await?;
    let holders = holders(write, facts, &pending).await?;
    let leaving: BTreeSet<Uuid> = pending.iter().filter(|one| one.was != one.will_be).map(|one| one.id).collect();
    let mut claimed: BTreeMap<Key, String> = BTreeMap::new();
    let mut waits_for: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    let mut kept = Vec::new();
    for one in pending {
        if ids.contains(&one.id) {
            errors.push(one.place.fault(Fault::at("/id", "taken", used_elsewhere())));
            continue;
        }
        if let Some(key) = one.will_be.clone().filter(|_| one.will_be != one.was) {
            let pointer = one.place.at(&format!("/{}", facts.unique[0]));
            if let Some(first) = claimed.get(&key) {
                let message = text!("står også i {first}", "står òg i {first}", "stands also at {first}");
                errors.push(Fault::at(pointer, "duplicate", message));
                continue;
            }
            match holders.get(&key) {
                Some(holder) if leaving.contains(holder) => {
                    waits_for.insert(one.id, *holder);
                }
                Some(_) => {
                    errors.push(Fault::at(pointer, "taken", used_elsewhere()));
                    continue;
                }
                None => {}
            }
            claimed.insert(key, pointer);
        }
        kept.push(one);
    }
    Ok(in_turn(facts, kept, &waits_for, errors))
}

fn used_elsewhere() -> Text {
    text!("er brukt av en annen post", "er brukt av ein annan post", "is used by another record")
}

/// Records that give up a value go before those that take it. A circle of exchanges has no such order.
fn in_turn(
    facts: &Facts,
    pending: Vec<Pending>,
    waits_for: &BTreeMap<Uuid, Uuid>,
    errors: &mut Vec<Fault>,
) -> Vec<Pending> {
    let turn = |id: Uuid| {
        let chain = std::iter::successors(Some(id), |id| waits_for.get(id).copied());
        let steps = chain.take(waits_for.len() + 2).count();
        (steps < waits_for.len() + 2).then_some(steps)
    };
    let mut placed: Vec<(bool, usize, Pending)> = Vec::new();
    for one in pending {
        match turn(one.id) {
            Some(turn) => placed.push((matches!(one.act, Act::Create(_)), turn, one)),
            None => {
                let message = text!(
                    "bytter verdi med en annen post: gi den ene en ledig verdi først",
                    "byter verdi med ein annan post: gi den eine ein ledig verdi først",
                    "exchanges its value with another record: give one of them a free value first"
                );
                errors.push(one.place.fault(Fault::at(format!("/{}", facts.unique[0]), "exchanged", message)));
            }
        }
    }
    placed.sort_by_key(|(new, turn, _)| (*new, *turn));
    placed.into_iter().map(|(_, _, one)| one).collect()
}

/// The identifiers of new records that are taken by records which the caller does not see.
async fn taken_ids(write: &Write, facts: &Facts, pending: &[Pending]) -> Result<BTreeSet<Uuid>, Error> {
    let new = pending.iter().filter(|one| matches!(one.act, Act::Create(_)));
    let ids: Vec<Uuid> = new.map(|one| one.id).collect();
    let mut taken = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = Query::select();
        query.column("id").from(facts.table).and_where(Expr::col("id").is_in(chunk.iter().copied()));
        for row in write.tx().query_all(&query).await? {
            taken.insert(row.try_get("", "id")?);
        }
    }
    Ok(taken)
}

/// Which records now have the keys that these writes ask for.
async fn holders(write: &Write, facts: &Facts, pending: &[Pending]) -> Result<BTreeMap<Key, Uuid>, Error> {
    let Some(field) = facts.unique.first().and_then(|field| facts.field(field)) else { return Ok(BTreeMap::new()) };
    let asked: Vec<&Key> =
        pending.iter().filter(|one| one.will_be != one.was).filter_map(|one| one.will_be.as_ref()).collect();
    let projects: BTreeSet<Uuid> =
        asked.iter().filter(|_| facts.of_project).filter_map(|key| key[0].parse().ok()).collect();
    let mut holders = BTreeMap::new();
    for chunk in asked.chunks(CHUNK) {
        let values = chunk.iter().map(|key| row::sql(field, &key[usize::from(facts.of_project)].as_str().into()));
        let mut query = row::select(facts, write.today());
        query.and_where(Expr::col(field.column.clone()).is_in(values));
        if facts.of_project {
            query.and_where(Expr::col("project_id").is_in(projects.iter().copied()));
        }
        for found in write.tx().rows(facts, &query).await? {
            holders.extend(key(facts, &found.0).map(|key| (key, found.id())));
        }
    }
    Ok(holders)
}
