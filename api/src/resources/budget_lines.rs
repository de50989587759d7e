//! The resource `budget-lines`.

use entity::budget_lines;
use entity::{Decimal2, kostra};
use sea_orm::EntityTrait;
use serde_json::{Map, Value, json};

use super::budgets;
use crate::access::Area;
use crate::db::Typed;
use crate::domain::money;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::consequence::fields;
use crate::standard::rules::moved;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of budget lines.
pub fn resource() -> Resource {
    Resource::of::<budget_lines::Entity>(Area::Economy)
        .search(&["category", "note"])
        .order("year,category")
        .refers("budgetId", "budgets")
        .refers("activityId", "activities")
        .refers("organisationId", "organisations")
        .fixed(&["budgetId"])
        .published("budget_id IN (SELECT id FROM budgets WHERE status = 'committed')")
        .derives(|write, line| Box::pin(worked_out(write, line)))
        .rule(|write, change| Box::pin(as_adopted(write, change)))
        .check(work_is_its_product)
        .check(codes_of_the_year)
        .then(|write, change| Box::pin(totals(write, change)))
        .done()
}

/// Hours and a rate are an amount: where none is given, and where the one that stands was the product so far.
async fn worked_out(write: &Write, line: budget_lines::Model) -> Result<Map<String, Value>, Error> {
    let Some(amount) = product(&line) else { return Ok(Map::new()) };
    let before = budget_lines::Entity::find_by_id(line.id).first(write.tx()).await?;
    let followed = before.is_some_and(|was| was.amount_ore == line.amount_ore && was.amount_ore == product(&was));
    Ok(if line.amount_ore.is_none() || followed { fields(json!({ "amountOre": amount })) } else { Map::new() })
}

/// The lines of a budget that the municipalities adopted stay; what is expected of them may be estimated anew.
async fn as_adopted(write: &Write, change: Change<budget_lines::Model>) -> Result<Faults, Error> {
    let Some(line) = change.after().or(change.before()) else { return Ok(Vec::new()) };
    let field = match &change {
        Change::Changed { before, after } => match moved(before, after, &CONTENT) {
            Some(field) => field,
            None => return Ok(Vec::new()),
        },
        Change::Created { .. } | Change::Deleted { .. } => "budgetId",
    };
    let budget = entity::budgets::Entity::find_by_id(line.budget_id).first(write.tx()).await?;
    // A document brings a budget in with its lines, in one instant.
    let adopted = budget.is_some_and(|budget| budget.adopted_on.is_some() && budget.created_at != write.now());
    if adopted { Err(budgets::adopted(field)) } else { Ok(Vec::new()) }
}

/// What a line says that a budget is made of.
const CONTENT: [&str; 10] = [
    "activityId",
    "organisationId",
    "category",
    "kind",
    "year",
    "amountOre",
    "hours",
    "rateOre",
    "function",
    "accountType",
];

fn product(line: &budget_lines::Model) -> Option<i64> {
    money::worth(line.hours?, line.rate_ore?)
}

fn work_is_its_product(change: &Change<budget_lines::Model>) -> Faults {
    let Some(line) = change.after() else { return Vec::new() };
    let mut faults = Vec::new();
    if let (Some(amount), Some(product)) = (line.amount_ore, product(line))
        && amount != product
    {
        let (hours, rate) = (line.hours.unwrap_or(Decimal2(0)), line.rate_ore.unwrap_or_default());
        let message = text!(
            "må være timer ganger sats: {hours} × {rate} øre = {product}; utelat beløpet (null), så blir det regnet ut",
            "må vere timar gonger sats: {hours} × {rate} øre = {product}; utelat beløpet (null), så blir det rekna ut",
            "must be hours times rate: {hours} × {rate} øre = {product}; leave the amount out (null) to have it worked out"
        );
        faults.push(Fault::at("/amountOre", "not_the_product", message));
    }
    faults
}

/// A code of the accounts is one that is valid in the budget year.
fn codes_of_the_year(change: &Change<budget_lines::Model>) -> Faults {
    let Some(line) = change.after() else { return Vec::new() };
    let year = line.year.and_then(|year| i32::try_from(year).ok());
    let lists = [
        ("/function", &line.function, kostra::FUNCTIONS, "kostraFunction"),
        ("/accountType", &line.account_type, kostra::ACCOUNT_TYPES, "kostraAccountType"),
    ];
    lists
        .into_iter()
        .filter_map(|(pointer, code, list, name)| {
            let code = code.as_deref()?;
            let known = list.iter().find(|known| known.code == code);
            let message = match (known, year) {
                (None, _) => text!(
                    "{code} er ikke i kodelista {name}",
                    "{code} er ikkje i kodelista {name}",
                    "{code} is not in the code list {name}"
                ),
                (Some(known), Some(year)) if !known.valid_in(year) => text!(
                    "{code} gjelder ikke i {year} (kodelista {name})",
                    "{code} gjeld ikkje i {year} (kodelista {name})",
                    "{code} is not valid in {year} (code list {name})"
                ),
                (Some(_), _) => return None,
            };
            Some(Fault::at(pointer, "unknown_code", message))
        })
        .collect()
}

/// The budget's sums follow its lines.
async fn totals(write: &Write, change: Change<budget_lines::Model>) -> Result<(), Error> {
    match change.after().or(change.before()) {
        Some(line) => budgets::total(write, line.budget_id).await,
        None => Ok(()),
    }
}
