//! The resource `budgets`: sums that follow from lines, and a status that follows from the councils.

use entity::budget_lines::{self, BudgetLineKind};
use entity::budgets::{self, BudgetStatus};
use entity::matters::{self, MatterState};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::handling;
use crate::access::Area;
use crate::db::{Db, Typed};
use crate::domain::finance;
use crate::domain::roll_up::Standing;
use crate::facts::Change;
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::consequence::{fields, follow};
use crate::standard::rules::moved;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of budgets.
pub fn resource() -> Resource {
    Resource::of::<budgets::Entity>(Area::Economy)
        .search(&["name"])
        .order("number,createdAt")
        .refers("matterId", "matters")
        .published("status = 'committed'")
        .locked(|row| row.text("adoptedOn").is_some())
        .derives(|write, budget| Box::pin(by_its_matter(write, budget)))
        .rule(|_, change| Box::pin(std::future::ready(as_adopted(&change))))
        .rule(|write, change| Box::pin(committed_by_its_matter(write, change)))
        .event(event)
        .tells(&["approved", "reopened", "totalled"])
        .done()
}

/// What the matter that adopts it says of it.
async fn by_its_matter(write: &Write, budget: budgets::Model) -> Result<Map<String, Value>, Error> {
    let Some(matter) = budget.matter_id else { return Ok(fields(json!({ "adoptedOn": null }))) };
    let Some(matter) = matters::Entity::find_by_id(matter).first(write.tx()).await? else { return Ok(Map::new()) };
    let standing = handling::standing(write.tx(), &matter).await?;
    let mut derived = json!({ "adoptedOn": standing.met_on });
    if standing.state == MatterState::Met {
        derived["status"] = json!(BudgetStatus::Committed);
    }
    Ok(fields(derived))
}

/// A budget that is put to the municipalities binds when they have adopted it, not before.
async fn committed_by_its_matter(write: &Write, change: Change<budgets::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let (Some(matter), BudgetStatus::Committed) = (after.matter_id, after.status) else { return Ok(Vec::new()) };
    let Some(matter) = matters::Entity::find_by_id(matter).first(write.tx()).await? else { return Ok(Vec::new()) };
    if handling::standing(write.tx(), &matter).await?.state == MatterState::Met {
        return Ok(Vec::new());
    }
    let id = matter.id;
    let message = text!(
        "er ikke vedtatt ennå: matters/{id} gjør budsjettet bindende når kommunene har vedtatt det",
        "er ikkje vedteke enno: matters/{id} gjer budsjettet bindande når kommunane har vedteke det",
        "is not adopted yet: matters/{id} makes the budget binding when the municipalities have adopted it"
    );
    Ok(vec![Fault::at("/status", "derived", message)])
}

/// What the municipalities adopted stays what they adopted.
fn as_adopted(change: &Change<budgets::Model>) -> Result<Faults, Error> {
    let Change::Changed { before, after } = change else { return Ok(Vec::new()) };
    match moved(before, after, &["number", "kind", "matterId", "status"]) {
        Some(field) if before.adopted_on.is_some() => Err(adopted(field)),
        _ => Ok(Vec::new()),
    }
}

/// The problem of a change to what the municipalities have adopted.
#[must_use]
pub fn adopted(field: &str) -> Error {
    Problem::new(&codes::LOCKED)
        .detail(text!(
            "kommunene har vedtatt dette: {field} kan ikke endres; lag et revidert budsjett eller en ny nøkkel",
            "kommunane har vedteke dette: {field} kan ikkje endrast; lag eit revidert budsjett eller ein ny nøkkel",
            "the municipalities have adopted this: {field} cannot change; make a revised budget or a new key"
        ))
        .into()
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("status"))?;
    (after.text("status") == Some("committed")).then_some("approved")
}

/// Brings the budgets that a matter adopts in line with it.
///
/// # Errors
/// When the database fails.
pub async fn settle(write: &Write, matter: Uuid, standing: &Standing) -> Result<(), Error> {
    let (status, verb) = match standing.state {
        MatterState::Met => (BudgetStatus::Committed, "approved"),
        MatterState::Pending | MatterState::PartiallyMet | MatterState::NotMet => {
            (BudgetStatus::Indicative, "reopened")
        }
    };
    let of_matter = budgets::Entity::find().filter(budgets::Column::MatterId.eq(matter));
    for budget in of_matter.every(write.tx()).await? {
        let derived = json!({ "adoptedOn": standing.met_on, "status": status });
        follow(write, "budgets", budget.id, verb, fields(derived)).await?;
    }
    Ok(())
}

/// Brings the sums of a budget in line with its lines.
///
/// # Errors
/// When the database fails.
pub async fn total(write: &Write, budget: Uuid) -> Result<(), Error> {
    let mut query = Query::select();
    let cash = BudgetLineKind::Cash.code();
    query
        .expr_as(sum(&format!("CASE WHEN kind = '{cash}' THEN amount_ore END")), "cash")
        .expr_as(sum(&format!("CASE WHEN kind <> '{cash}' THEN amount_ore END")), "in_kind")
        .expr_as(sum("CASE WHEN amount_ore IS NULL THEN 1 ELSE 0 END"), "not_known")
        .from(budget_lines::Entity)
        .and_where(budget_lines::Column::BudgetId.eq(budget));
    let Some(row) = write.tx().query_one(&query).await? else { return Ok(()) };
    let column = |name: &str| row.try_get::<Option<i64>>("", name);
    let (cash, in_kind) = (column("cash")?, column("in_kind")?);
    let sums = json!({
        "cashOre": cash, "inKindOre": in_kind, "totalOre": finance::added(cash, in_kind),
        "linesNotKnown": column("not_known")?.unwrap_or_default(),
    });
    follow(write, "budgets", budget, "totalled", fields(sums)).await
}

/// The sum as a whole number of 64 bits on both engines.
fn sum(what: &str) -> sea_orm::sea_query::Expr {
    sea_orm::sea_query::Expr::cust(format!("CAST(SUM({what}) AS bigint)"))
}
