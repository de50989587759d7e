//! The resource `matters`: one question to several municipalities.

use entity::matters::{self, MatterRule};
use entity::milestones;
use sea_orm::EntityTrait;
use serde_json::{Map, Value, json};

use super::handling;
use crate::access::Area;
use crate::db::Typed;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::consequence::fields;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of matters.
pub fn resource() -> Resource {
    Resource::of::<matters::Entity>(Area::Handling)
        .search(&["title"])
        .order("createdAt")
        .refers("documentId", "documents")
        .refers("milestoneId", "milestones")
        .published("1 = 1")
        .derives(|write, matter| Box::pin(rolled_up(write, matter)))
        .check(names_fit_the_rule)
        .rule(|write, change| Box::pin(one_matter_per_milestone(write, change)))
        .then(|write, change| Box::pin(follow(write, change)))
        .tells(&["rolled_up"])
        .done()
}

/// Where the matter stands by the steps of its cases.
async fn rolled_up(write: &Write, matter: matters::Model) -> Result<Map<String, Value>, Error> {
    let standing = handling::standing(write.tx(), &matter).await?;
    let rolled = json!({ "state": standing.state, "rollUp": standing.roll_up, "metOn": standing.met_on });
    Ok(fields(rolled))
}

/// The rule `named` names somebody, and the others name nobody.
fn names_fit_the_rule(change: &Change<matters::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let message = match (after.rule, after.named.0.is_empty()) {
        (MatterRule::Named, true) => text!(
            "mangler: regelen named krever minst én kommune",
            "manglar: regelen named krev minst éin kommune",
            "is missing: the rule named takes at least one municipality"
        ),
        (MatterRule::All | MatterRule::Majority, false) => {
            text!("hører til regelen named", "høyrer til regelen named", "belongs to the rule named")
        }
        _ => return Vec::new(),
    };
    vec![Fault::at("/named", "not_applicable", message)]
}

/// A milestone becomes true by one matter.
async fn one_matter_per_milestone(write: &Write, change: Change<matters::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let Some(milestone) = after.milestone_id else { return Ok(Vec::new()) };
    let found = milestones::Entity::find_by_id(milestone).first(write.tx()).await?;
    let other = found.and_then(|milestone| milestone.matter_id).filter(|matter| *matter != after.id);
    Ok(other.map(|other| taken("/milestoneId", other)).into_iter().collect())
}

/// The fault of a milestone that is tied to another matter.
#[must_use]
pub fn taken(pointer: &str, other: uuid::Uuid) -> Fault {
    let message = text!(
        "er alt knyttet til matters/{other}",
        "er alt knytt til matters/{other}",
        "is tied to matters/{other} already"
    );
    Fault::at(pointer, "taken", message)
}

async fn follow(write: &Write, change: Change<matters::Model>) -> Result<(), Error> {
    let before = change.before().and_then(|matter| Some((matter.milestone_id?, matter.id)));
    let after = change.after();
    if let Some((milestone, matter)) = before
        && after.and_then(|matter| matter.milestone_id) != Some(milestone)
    {
        handling::untie(write, milestone, matter).await?;
    }
    match after {
        Some(matter) => handling::settle(write, matter.id).await,
        None => Ok(()),
    }
}
