//! The resource `milestones`.

use chrono::NaiveDate;
use entity::matters;
use entity::milestones::{self, MilestoneStatus};
use entity::{CodeList, Record, RecordRef};
use sea_orm::EntityTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use serde_json::{Map, Value, json};

use super::{flags, handling};
use crate::access::Area;
use crate::db::Typed;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::consequence::{fields, follow};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of milestones.
pub fn resource() -> Resource {
    Resource::of::<milestones::Entity>(Area::Milestones)
        .search(&["number", "title"])
        .order("number")
        .refers("activityId", "activities")
        .refers("matterId", "matters")
        .unique(&["number"])
        .published("internal = FALSE")
        .computed(
            "status",
            MilestoneStatus::LABELS,
            "Where it stands today: computed from its dates and from the matter that it is tied to.",
            status,
        )
        .derives(|write, milestone| Box::pin(by_its_matter(write, milestone)))
        .rule(|write, change| Box::pin(std::future::ready(Ok(moved_with_reason(write, &change)))))
        .rule(|write, change| Box::pin(true_by_its_matter(write, change)))
        .then(|write, change| Box::pin(tie(write, change)))
        .then(|write, change| Box::pin(hide(write, change)))
        .event(event)
        .tells(&["met", "rescheduled", "rolled_up"])
        .done()
}

/// The status as SQL: what was decided first, then what is true today.
fn status(today: NaiveDate) -> Expr {
    Expr::case(Expr::col("cancelled_on").is_not_null(), Expr::val("cancelled"))
        .case(Expr::col("matter_state").eq("not_met"), Expr::val("not_met"))
        .case(Expr::col("matter_state").eq("partially_met"), Expr::val("partially_met"))
        .case(Expr::col("matter_state").eq("met").or(Expr::col("met_on").is_not_null()), Expr::val("met"))
        .case(Func::coalesce([Expr::col("forecast_on"), Expr::col("planned_on")]).lt(today), Expr::val("overdue"))
        .finally(Expr::val("scheduled"))
        .into()
}

/// A date of the plan is moved with a reason, which the plan's readers will ask for.
fn moved_with_reason(write: &Write, change: &Change<milestones::Model>) -> Faults {
    let Change::Changed { before, after } = change else { return Vec::new() };
    if before.planned_on.is_none() || before.planned_on == after.planned_on || write.reason().is_some() {
        return Vec::new();
    }
    vec![Fault::at(
        "/plannedOn",
        "reason_required",
        text!(
            "å flytte en planlagt dato krever en begrunnelse i X-Change-Reason",
            "å flytte ein planlagd dato krev ei grunngjeving i X-Change-Reason",
            "moving a planned date needs a reason in X-Change-Reason"
        ),
    )]
}

/// What the matter that it is tied to says of it. A date of its own that somebody wrote is left for the rule to refuse.
async fn by_its_matter(write: &Write, milestone: milestones::Model) -> Result<Map<String, Value>, Error> {
    let Some(matter) = milestone.matter_id else { return Ok(fields(json!({ "matterState": null }))) };
    let Some(matter) = matters::Entity::find_by_id(matter).first(write.tx()).await? else { return Ok(Map::new()) };
    let standing = handling::standing(write.tx(), &matter).await?;
    let mut derived = json!({ "matterState": standing.state });
    if milestone.met_on.is_none() {
        derived["metOn"] = json!(standing.met_on);
    }
    Ok(fields(derived))
}

/// What a matter makes true is not written by hand; and a matter makes one milestone true.
async fn true_by_its_matter(write: &Write, change: Change<milestones::Model>) -> Result<Faults, Error> {
    let Some(after) = change.after() else { return Ok(Vec::new()) };
    let Some(matter) = after.matter_id else { return Ok(Vec::new()) };
    let Some(matter) = matters::Entity::find_by_id(matter).first(write.tx()).await? else { return Ok(Vec::new()) };
    let mut faults = Vec::new();
    if let Some(other) = matter.milestone_id.filter(|milestone| *milestone != after.id) {
        let message = text!(
            "er alt knyttet til milestones/{other}",
            "er alt knytt til milestones/{other}",
            "is tied to milestones/{other} already"
        );
        faults.push(Fault::at("/matterId", "taken", message));
    }
    let written = change.before().and_then(|before| before.met_on) != after.met_on;
    if written && after.met_on != handling::standing(write.tx(), &matter).await?.met_on {
        let id = matter.id;
        let message = text!(
            "følger av vedtakene i kommunene (matters/{id}) og skrives ikke for hånd",
            "følgjer av vedtaka i kommunane (matters/{id}) og blir ikkje skrive for hand",
            "follows from what the municipalities decide (matters/{id}) and is not written by hand"
        );
        faults.push(Fault::at("/metOn", "derived", message));
    }
    Ok(faults)
}

/// Both ends of the tie between a milestone and its matter say the same.
async fn tie(write: &Write, change: Change<milestones::Model>) -> Result<(), Error> {
    let was = change.before().and_then(|milestone| milestone.matter_id);
    let (is, id) = match change.after().or(change.before()) {
        Some(milestone) => (change.after().and_then(|after| after.matter_id), milestone.id),
        None => return Ok(()),
    };
    if was == is {
        return Ok(());
    }
    if let Some(matter) = was
        && let Some(matter) = matters::Entity::find_by_id(matter).first(write.tx()).await?
        && matter.milestone_id == Some(id)
    {
        follow(write, "matters", matter.id, "changed", fields(json!({ "milestoneId": null }))).await?;
        if change.after().is_some() {
            follow(write, "milestones", id, "changed", fields(json!({ "matterState": null }))).await?;
        }
    }
    if let Some(matter) = is {
        follow(write, "matters", matter, "changed", fields(json!({ "milestoneId": id }))).await?;
        handling::settle(write, matter).await?;
    }
    Ok(())
}

/// What is said of a milestone that is internal now is told to nobody who does not see it.
async fn hide(write: &Write, change: Change<milestones::Model>) -> Result<(), Error> {
    let Change::Changed { before, after } = change else { return Ok(()) };
    if before.internal || !after.internal {
        return Ok(());
    }
    flags::hide(write, &RecordRef { kind: milestones::Entity::KIND.to_owned(), id: after.id }).await
}

fn event(change: &Change) -> Option<&'static str> {
    let Change::Changed { before, after } = change else { return None };
    let moved = |field: &str| before.0.get(field) != after.0.get(field);
    if moved("metOn") && after.text("metOn").is_some() {
        Some("met")
    } else if moved("plannedOn") || moved("forecastOn") {
        Some("rescheduled")
    } else {
        None
    }
}
