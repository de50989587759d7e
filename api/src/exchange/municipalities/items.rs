//! Municipalities as records: met by organisation number, then by a number that they have or had; else made.
//!
//! The list completes what is here and takes nothing away: names, and dates that it does not know, stay. A number that
//! another organisation has at the same time stays with it: here a split may be known that the list does not show.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::bodies::{Body, parts};
use super::list::{Period, Row, overlap};
use crate::exchange::bring::{Item, Place};
use crate::facts::{Facts, Row as Record, check, row};
use crate::problem::{Error, Fault, codes};
use crate::standard::Resource;
use crate::store::{Source, Write};
use crate::text;

/// The organisations and numbers that are here already.
struct Here {
    organisations: BTreeMap<Uuid, Record>,
    codes: Vec<Record>,
}

/// The records of the list: organisations first, then their numbers.
///
/// # Errors
/// When the database fails.
pub(super) async fn items(
    write: &Write,
    resources: &'static [Resource],
    bodies: &[Body<'_>],
    faults: &mut Vec<Fault>,
) -> Result<Vec<Item>, Error> {
    let organisations = resource(resources, "organisations")?;
    let codes = resource(resources, "municipality-codes")?;
    let here = here(write, organisations.facts, codes.facts, bodies).await?;
    let (mut owners, mut numbers) = (Vec::new(), Vec::new());
    let mut given: BTreeSet<Uuid> = BTreeSet::new();
    // Should two be one organisation here, the one that is today speaks for it.
    let mut today_first: Vec<&Body<'_>> = bodies.iter().collect();
    today_first.sort_by_key(|body| body.current().is_none());
    for body in today_first {
        let met = match here.met(body) {
            Ok(met) => met,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let id = met.map_or_else(Uuid::now_v7, Record::id);
        let content = organisation(organisations.facts, body, met);
        if given.insert(id) {
            owners.extend(item(organisations, id, content, body.last(), faults));
        }
        for row in &body.rows {
            let (id, content) = here.number(codes.facts, id, row);
            if given.insert(id) {
                numbers.extend(item(codes, id, content, row, faults));
            }
        }
    }
    owners.extend(numbers);
    Ok(owners)
}

fn resource(resources: &'static [Resource], path: &str) -> Result<&'static Resource, Error> {
    resources.iter().find(|resource| resource.facts.path == path).ok_or_else(|| (&codes::NO_ROUTE).into())
}

fn item(
    resource: &'static Resource,
    id: Uuid,
    content: Map<String, Value>,
    row: &Row,
    faults: &mut Vec<Fault>,
) -> Option<Item> {
    let place = Place::Row(row.line);
    match check::content(resource.facts, content) {
        Ok(content) => Some(Item::new(resource, id, content, place)),
        Err(found) => {
            faults.extend(found.into_iter().map(|fault| place.fault(fault)));
            None
        }
    }
}

async fn here(write: &Write, organisations: &Facts, codes: &Facts, bodies: &[Body<'_>]) -> Result<Here, Error> {
    let mut owners = Query::select();
    owners.column("organisation_id").from(codes.table);
    let numbers = bodies.iter().filter_map(|body| body.org_number()).map(|(number, _)| number);
    let mut query = row::select(organisations, write.today());
    query.cond_where(
        Condition::any().add(Expr::col("org_number").is_in(numbers)).add(Expr::col("id").in_subquery(owners)),
    );
    let found = write.tx().rows(organisations, &query).await?;
    Ok(Here {
        organisations: found.into_iter().map(|found| (found.id(), found)).collect(),
        codes: write.tx().rows(codes, &row::select(codes, write.today())).await?,
    })
}

impl Here {
    /// The organisation that a municipality of the list is.
    fn met(&self, body: &Body<'_>) -> Result<Option<&Record>, Fault> {
        let number = body.org_number();
        let has = |record: &&Record, number: &str| record.text("orgNumber") == Some(number);
        if let Some((number, _)) = number
            && let Some(met) = self.organisations.values().find(|record| has(record, number))
        {
            return Ok(Some(met));
        }
        let owner = |row: &Row| self.holder(row).and_then(|code| code.uuid("organisationId"));
        for row in body.rows.iter().rev() {
            let Some(owner) = owner(row).and_then(|id| self.organisations.get(&id)) else { continue };
            match (owner.text("orgNumber"), number) {
                (Some(theirs), Some((_, at))) if body.current() == Some(row) => {
                    let (name, code) = (owner.text("name").unwrap_or_default(), &row.code);
                    let message = text!(
                        "{code} er her nummeret til {name} med organisasjonsnummer {theirs}",
                        "{code} er her nummeret til {name} med organisasjonsnummer {theirs}",
                        "{code} is here the number of {name} with organisation number {theirs}"
                    );
                    return Err(Place::Row(at.line).fault(Fault::at("/orgNumber", "taken", message)));
                }
                // A body of the same name before it was founded anew, known here as one of its own.
                (Some(_), Some(_)) => {}
                (None, _) | (_, None) => return Ok(Some(owner)),
            }
        }
        Ok(None)
    }

    /// The record of a number that holds at the same time as the row.
    fn holder(&self, row: &Row) -> Option<&Record> {
        let same = |code: &&Record| code.text("code") == Some(&row.code);
        self.codes.iter().find(|code| same(code) && overlap(period(code), (row.valid_from, row.valid_to)))
    }

    /// The record of a number: the one that is here, completed, or a new one.
    fn number(&self, facts: &Facts, organisation: Uuid, row: &Row) -> (Uuid, Map<String, Value>) {
        let stated = [("validFrom", row.valid_from), ("validTo", row.valid_to)];
        match self.holder(row) {
            Some(held) => {
                let mut content = content(facts, held);
                if held.uuid("organisationId") == Some(organisation) {
                    for (name, day) in stated {
                        content.extend(day.map(|day| (name.to_owned(), json!(day))));
                    }
                }
                (held.id(), content)
            }
            None => {
                let mut content = Map::new();
                content.insert("organisationId".to_owned(), json!(organisation));
                content.insert("code".to_owned(), json!(row.code));
                content.extend(stated.map(|(name, day)| (name.to_owned(), json!(day))));
                (Uuid::now_v7(), content)
            }
        }
    }
}

fn period(code: &Record) -> Period {
    let day = |field: &str| code.text(field).and_then(|text| text.parse().ok());
    (day("validFrom"), day("validTo"))
}

/// What anybody may write of a record, as it is.
fn content(facts: &Facts, record: &Record) -> Map<String, Value> {
    facts.writable().filter_map(|field| Some((field.name.clone(), record.0.get(&field.name)?.clone()))).collect()
}

/// The organisation of a municipality: the one that is here, completed, or a new one.
fn organisation(facts: &Facts, body: &Body<'_>, met: Option<&Record>) -> Map<String, Value> {
    let mut whole = met.map(|met| content(facts, met)).unwrap_or_default();
    if met.is_none() {
        whole.insert("name".to_owned(), format!("{} kommune", parts(&body.last().name).join(" - ")).into());
        whole.insert("altNames".to_owned(), names(body));
        whole.insert("kind".to_owned(), "municipality".into());
    }
    if let Some((number, _)) = body.org_number() {
        whole.insert("kind".to_owned(), "municipality".into());
        whole.insert("orgNumber".to_owned(), number.into());
    }
    if met.is_some() && body.current().is_some() {
        complete_names(&mut whole, &body.last().name);
    }
    whole
}

/// The names of a new municipality: as the list has it, in each of its languages, and as it was before.
fn names(body: &Body<'_>) -> Value {
    let name = &body.last().name;
    let mut all: Vec<(String, &str)> = vec![(name.clone(), "short")];
    let mut add = |name: String, kind: &'static str| {
        if !all.iter().any(|(known, _)| *known == name) {
            all.push((name, kind));
        }
    };
    parts(name).into_iter().for_each(|part| add(part, if name.contains(" - ") { "official" } else { "short" }));
    body.rows.iter().rev().for_each(|row| add(row.name.clone(), "alias"));
    all.into_iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect()
}

/// Adds the names that the list has and the organisation does not have yet.
fn complete_names(whole: &mut Map<String, Value>, name: &str) {
    let bare = |name: &str| {
        let name = name.to_lowercase();
        name.strip_suffix(" kommune").unwrap_or(&name).to_owned()
    };
    let mut known: Vec<String> =
        whole.get("name").and_then(Value::as_str).into_iter().flat_map(parts).map(|name| bare(&name)).collect();
    let Some(Value::Array(others)) = whole.get_mut("altNames") else { return };
    known.extend(others.iter().filter_map(|other| other["name"].as_str()).map(bare));
    let missing = parts(name).into_iter().filter(|part| !known.contains(&bare(part)));
    others.extend(missing.map(|part| json!({ "name": part, "kind": "official" })));
}
