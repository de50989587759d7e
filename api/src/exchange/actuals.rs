//! Accounts in: each row becomes a cost entry of the budget line that it fits, once however often the file comes.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::Datelike;
use entity::budget_lines::{self, BudgetLineKind};
use entity::{activities, budgets, cost_entries, organisations};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::accounting::{self, Entry};
use super::bring::{Item, Outcome, Place, bring};
use super::unwatched;
use crate::access::Caller;
use crate::db::{Db, Typed};
use crate::facts::check;
use crate::problem::{Error, Fault, codes};
use crate::standard::by_path;
use crate::store::Write;
use crate::text;

/// Keys looked up in one statement.
const CHUNK: usize = 500;

/// Brings accounts into a budget. Also tells which columns were not read. With faults nothing is to be committed.
///
/// # Errors
/// When the database fails.
pub async fn import(
    write: &Write,
    caller: &Caller,
    budget: &budgets::Model,
    file: &[u8],
) -> Result<(Outcome, Vec<String>), Error> {
    let most_faults = Some(accounting::MOST_FAULTS + 1);
    let mut outcome = Outcome { project: Some(budget.project_id), most_faults, ..Outcome::default() };
    let actuals = match accounting::read(file, &accounting::ANY_DAY) {
        Ok(actuals) => actuals,
        Err(faults) => {
            outcome.errors = faults;
            return Ok((outcome, Vec::new()));
        }
    };
    let keys: Vec<String> =
        accounting::identities(&actuals.entries).iter().map(|identity| fingerprint(identity)).collect();
    let known = known(write, budget.project_id, &keys).await?;
    let plan = Plan::of(write, budget).await?;
    let mut items = Vec::new();
    for (entry, key) in actuals.entries.iter().zip(&keys) {
        if known.contains(key) {
            outcome.unchanged += 1;
            continue;
        }
        match plan.line(entry).and_then(|line| item(budget, line, entry, key)) {
            Ok(item) => items.push(item),
            Err(faults) => outcome.errors.extend(faults),
        }
    }
    if !outcome.errors.is_empty() {
        return Ok((outcome, actuals.ignored));
    }
    let brought = bring(write, caller, Some(budget.project_id), items, &unwatched).await?;
    Ok((Outcome { unchanged: outcome.unchanged, project: outcome.project, most_faults, ..brought }, actuals.ignored))
}

fn fingerprint(identity: &str) -> String {
    digest(&SHA256, identity.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which of these rows are in the project already.
async fn known(write: &Write, project: Uuid, keys: &[String]) -> Result<BTreeSet<String>, Error> {
    let mut known = BTreeSet::new();
    for chunk in keys.chunks(CHUNK) {
        let mut query = Query::select();
        query
            .column(cost_entries::Column::ImportKey)
            .from(cost_entries::Entity)
            .and_where(cost_entries::Column::ProjectId.eq(project))
            .and_where(cost_entries::Column::ImportKey.is_in(chunk));
        for found in write.tx().query_all(&query).await? {
            known.insert(found.try_get("", "import_key")?);
        }
    }
    Ok(known)
}

fn item(budget: &budgets::Model, line: Uuid, entry: &Entry, key: &str) -> Result<Item, Vec<Fault>> {
    let place = Place::Pointer(format!("/rows/{}", entry.line));
    let Ok(resource) = by_path("cost-entries") else {
        let message = text!("ukjent samling", "ukjend samling", "unknown collection");
        return Err(vec![place.fault(Fault::at("", codes::NO_ROUTE.name, message))]);
    };
    let content = json!({
        "projectId": budget.project_id,
        "budgetLineId": line,
        "amountOre": entry.amount_ore,
        "incurredOn": entry.incurred_on,
        "supplier": entry.supplier,
        "voucher": entry.voucher,
        "text": entry.text,
        "importKey": key,
    });
    let members: Map<String, Value> = content.as_object().cloned().unwrap_or_default();
    match check::content(resource.facts, members) {
        Ok(content) => Ok(Item::new(resource, Uuid::now_v7(), content, place)),
        Err(faults) => Err(faults.into_iter().map(|fault| place.fault(fault)).collect()),
    }
}

/// The lines of a budget, as rows of accounts name what they belong to.
struct Plan {
    lines: Vec<budget_lines::Model>,
    activities: BTreeMap<Uuid, String>,
    organisations: BTreeMap<Uuid, Vec<String>>,
}

impl Plan {
    async fn of(write: &Write, budget: &budgets::Model) -> Result<Self, Error> {
        let tx = write.tx();
        let mut lines =
            budget_lines::Entity::find().filter(budget_lines::Column::BudgetId.eq(budget.id)).every(tx).await?;
        lines.retain(|line| line.kind == BudgetLineKind::Cash);
        let ids = lines.iter().filter_map(|line| line.activity_id);
        let found = activities::Entity::find().filter(activities::Column::Id.is_in(ids)).every(tx).await?;
        let activities = found.into_iter().filter_map(|one| Some((one.id, plain(one.number.as_deref()?)))).collect();
        let ids = lines.iter().filter_map(|line| line.organisation_id);
        let found = organisations::Entity::find().filter(organisations::Column::Id.is_in(ids)).every(tx).await?;
        let organisations = found.into_iter().map(|one| (one.id, names(&one))).collect();
        Ok(Self { lines, activities, organisations })
    }

    /// The line that a row fits: nothing that both say differs, and of several the one that says most.
    fn line(&self, entry: &Entry) -> Result<Uuid, Vec<Fault>> {
        let scored: Vec<(usize, &budget_lines::Model)> =
            self.lines.iter().filter_map(|line| Some((self.score(line, entry)?, line))).collect();
        let best = scored.iter().map(|(score, _)| *score).max();
        let fitting: Vec<_> = scored.iter().filter(|(score, _)| Some(*score) == best).collect();
        match fitting.as_slice() {
            [(_, line)] => Ok(line.id),
            [] => Err(self.no_line(entry)),
            several => {
                let count = several.len();
                let message = text!(
                    "passer til {count} linjer i budsjettet: gi art, funksjon, aktivitet eller organisasjon, så bare én passer",
                    "passar til {count} linjer i budsjettet: gje art, funksjon, aktivitet eller organisasjon, så berre éi passar",
                    "fits {count} lines of the budget: give account, function, activity or organisation so that only one fits"
                );
                Err(vec![Fault::at(format!("/rows/{}", entry.line), "ambiguous_line", message)])
            }
        }
    }

    fn no_line(&self, entry: &Entry) -> Vec<Fault> {
        let year = entry.incurred_on.year();
        let said = [&entry.account, &entry.function, &entry.activity, &entry.organisation];
        let said: Vec<&str> = said.into_iter().filter_map(Option::as_deref).collect();
        let said = if said.is_empty() { "–".to_owned() } else { said.join(", ") };
        let message = text!(
            "ingen linje i budsjettet passer til {year}: {said}",
            "inga linje i budsjettet passar til {year}: {said}",
            "no line of the budget fits {year}: {said}"
        );
        vec![Fault::at(format!("/rows/{}", entry.line), "no_line", message)]
    }

    /// How many things a line and a row say alike; `None` when they say one thing differently.
    fn score(&self, line: &budget_lines::Model, entry: &Entry) -> Option<usize> {
        if line.year.is_some_and(|year| year != i64::from(entry.incurred_on.year())) {
            return None;
        }
        let account =
            both(line.account_type.as_deref(), entry.account.as_deref(), |art, account| account.starts_with(art))?;
        let function = both(line.function.as_deref(), entry.function.as_deref(), |one, other| other.starts_with(one))?;
        let activity = line.activity_id.and_then(|id| self.activities.get(&id));
        let activity = both(activity.map(String::as_str), entry.activity.as_deref(), |one, other| one == plain(other))?;
        let organisation = line.organisation_id.and_then(|id| self.organisations.get(&id));
        let organisation =
            both(organisation, entry.organisation.as_deref(), |names, said| names.contains(&plain(said)))?;
        Some(account + function + activity + organisation + usize::from(line.year.is_some()))
    }
}

/// 1 when both are said and alike, 0 when one of them is not said, `None` when they differ.
fn both<A, B>(one: Option<A>, other: Option<B>, alike: impl Fn(A, B) -> bool) -> Option<usize> {
    match (one, other) {
        (Some(one), Some(other)) => alike(one, other).then_some(1),
        (Some(_), None) | (None, Some(_)) | (None, None) => Some(0),
    }
}

fn names(body: &organisations::Model) -> Vec<String> {
    let other = body.alt_names.0.iter().map(|name| plain(&name.name));
    body.org_number.iter().map(|number| plain(number)).chain([plain(&body.name)]).chain(other).collect()
}

/// Without spaces, in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
}
