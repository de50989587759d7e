//! The resource `cost-keys`, and what it makes of an amount.

mod about;
mod shares;

use entity::cost_keys::{self, CostBasis};
use entity::matters;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{budgets, handling};
use crate::access::Area;
use crate::db::Typed;
use crate::domain::cost_key;
use crate::domain::roll_up::Standing;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::consequence::{fields, follow};
use crate::standard::rules::moved;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

pub use about::{about_preview, about_shares};
pub use shares::{preview, shares};

/// The facts and rules of cost keys. An observer sees those that the municipalities have adopted.
pub fn resource() -> Resource {
    Resource::of::<cost_keys::Entity>(Area::Economy)
        .search(&["name", "source"])
        .order("-validFrom,name")
        .refers("adoptedByMatterId", "matters")
        .lists("parties.organisationId", "organisations")
        .dates("validFrom", "validTo")
        .published("adopted_on IS NOT NULL")
        .locked(|row| row.text("adoptedOn").is_some())
        .derives(|write, key| Box::pin(by_its_matter(write, key)))
        .rule(|_, change| Box::pin(std::future::ready(as_adopted(&change))))
        .check(figures_say_where_they_come_from)
        .check(can_share)
        .event(event)
        .tells(&["cost_distribution.changed", "adopted", "reopened"])
        .done()
}

/// Who bears how much, and when, is another thing than what the key is called.
fn event(change: &Change) -> Option<&'static str> {
    let shares = ["components", "parties", "validFrom", "validTo"];
    let changed = matches!(change, Change::Changed { .. }) && shares.iter().any(|field| change.touches(field));
    changed.then_some("cost_distribution.changed")
}

/// What the matter that adopts it says of it.
async fn by_its_matter(write: &Write, key: cost_keys::Model) -> Result<Map<String, Value>, Error> {
    let adopted = match key.adopted_by_matter_id {
        Some(matter) => match matters::Entity::find_by_id(matter).first(write.tx()).await? {
            Some(matter) => handling::standing(write.tx(), &matter).await?.met_on,
            None => None,
        },
        None => None,
    };
    Ok(fields(json!({ "adoptedOn": adopted })))
}

/// What the municipalities adopted stays what they adopted; only its end may be set.
fn as_adopted(change: &Change<cost_keys::Model>) -> Result<Faults, Error> {
    let Change::Changed { before, after } = change else { return Ok(Vec::new()) };
    let content = ["components", "parties", "source", "referenceOn", "validFrom", "adoptedByMatterId"];
    match moved(before, after, &content) {
        Some(field) if before.adopted_on.is_some() => Err(budgets::adopted(field)),
        _ => Ok(Vec::new()),
    }
}

/// Inhabitants are of a day, and of a source: the parties agree on a table, not on a number.
fn figures_say_where_they_come_from(change: &Change<cost_keys::Model>) -> Faults {
    let Some(key) = change.after() else { return Vec::new() };
    let counts =
        key.components.0.iter().any(|component| {
            component.kind == CostBasis::Population && component.weight.is_none_or(|weight| weight.0 > 0)
        });
    let missing = [("/source", key.source.is_none()), ("/referenceOn", key.reference_on.is_none())];
    let fault = |(pointer, _)| {
        let message = text!(
            "mangler: en nøkkel etter folketall sier hvor tallene kommer fra og hvilken dag de gjelder",
            "manglar: ein nøkkel etter folketal seier kvar tala kjem frå og kva dag dei gjeld",
            "is missing: a key by population says where its figures come from and which day they hold for"
        );
        Fault::at(pointer, "required", message)
    };
    missing.into_iter().filter(|(_, missing)| counts && *missing).map(fault).collect()
}

/// A key that can share nothing is none: what is missing is told when it is written, not when the bill comes.
fn can_share(change: &Change<cost_keys::Model>) -> Faults {
    let Some(key) = change.after() else { return Vec::new() };
    let mut faults = components(key);
    let days = key.parties.0.iter().enumerate();
    faults.extend(
        days.filter(|(_, party)| party.valid_to.zip(party.valid_from).is_some_and(|(to, from)| to < from)).map(
            |(at, _)| {
                let message =
                    text!("kan ikke være før validFrom", "kan ikkje vere før validFrom", "cannot be before validFrom");
                Fault::at(format!("/parties/{at}/validTo"), "out_of_order", message)
            },
        ),
    );
    if faults.is_empty() {
        faults.extend(told(cost_key::faults(&key.components, &key.parties)));
    }
    faults
}

/// What is wrong with a key, as problems tell it.
fn told(wrong: Vec<cost_key::Wrong>) -> Faults {
    wrong.into_iter().map(|wrong| Fault::at(wrong.pointer, wrong.code, wrong.message)).collect()
}

/// A fixed amount has an amount and no weight; all else has no amount.
fn components(key: &cost_keys::Model) -> Faults {
    let fault = |(at, component): (usize, &cost_keys::CostComponent)| {
        let fixed = component.kind == CostBasis::FixedAmount;
        match (fixed, component.amount_ore) {
            (true, None) => Some(Fault::at(
                format!("/components/{at}/amountOre"),
                "required",
                text!(
                    "mangler: det faste beløpet som hver deltaker betaler",
                    "manglar: det faste beløpet som kvar deltakar betaler",
                    "is missing: the fixed amount that every party pays"
                ),
            )),
            (false, Some(_)) => Some(Fault::at(
                format!("/components/{at}/amountOre"),
                "not_applicable",
                text!(
                    "hører til fixed_amount, ikke til en andel",
                    "høyrer til fixed_amount, ikkje til ein del",
                    "belongs to fixed_amount, not to a share"
                ),
            )),
            (true, Some(_)) | (false, None) => None,
        }
    };
    key.components.0.iter().enumerate().filter_map(fault).collect()
}

/// Brings the keys that a matter adopts in line with it.
///
/// # Errors
/// When the database fails.
pub async fn settle(write: &Write, matter: Uuid, standing: &Standing) -> Result<(), Error> {
    let verb = if standing.met_on.is_some() { "adopted" } else { "reopened" };
    let of_matter = cost_keys::Entity::find().filter(cost_keys::Column::AdoptedByMatterId.eq(matter));
    for key in of_matter.every(write.tx()).await? {
        follow(write, "cost-keys", key.id, verb, fields(json!({ "adoptedOn": standing.met_on }))).await?;
    }
    Ok(())
}
