//! The resource `milestones`.

use chrono::NaiveDate;
use entity::CodeList;
use entity::milestones::{self, MilestoneStatus};
use sea_orm::sea_query::{Expr, ExprTrait, Func};

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of milestones.
pub fn resource() -> Resource {
    Resource::of::<milestones::Entity>(Area::Milestones)
        .search(&["number", "title"])
        .order("number")
        .refers("activityId", "activities")
        .unique(&["number"])
        .published("internal = FALSE")
        .computed(
            "status",
            MilestoneStatus::LABELS,
            "Where it stands today: computed from its dates and from the matter that it is tied to.",
            status,
        )
        .rule(|write, change| Box::pin(std::future::ready(Ok(moved_with_reason(write, &change)))))
        .event(event)
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
