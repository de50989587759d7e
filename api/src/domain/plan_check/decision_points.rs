//! Rules on decision points: what they ask for, who decides, and whether there is money for what is decided.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::budgets::{self, BudgetStatus};
use entity::decision_points::{Approver, DecisionOutcome, Entity as DecisionPoint, Model};
use entity::documents::{DocumentKind, DocumentStatus};
use entity::milestones::MilestoneType;
use uuid::Uuid;

use super::finding::Found;
use super::plan::{Plan, due};
use crate::problem::Text;
use crate::text;

/// A decision point still to be decided that asks for no document: nothing to show.
pub(super) fn without_requirement(plan: &Plan<'_>) -> Vec<Found> {
    let asking: HashSet<Uuid> =
        plan.picture.decision_requirements.iter().map(|requirement| requirement.decision_point_id).collect();
    let silent = waiting(plan).filter(|point| !asking.contains(&point.id));
    let found = silent.map(|point| {
        let (number, theme) = (&point.number, &point.theme);
        let message = text!(
            "Beslutningspunkt {number} («{theme}») krever ingen dokumentasjon, så det er ingenting å beslutte på.",
            "Avgjerdspunkt {number} («{theme}») krev ingen dokumentasjon, så det er ingenting å avgjere på.",
            "Decision point {number} (“{theme}”) asks for no document, so there is nothing to decide on."
        );
        Found::at::<DecisionPoint>(point.id, "", message)
    });
    found.collect()
}

/// A decision point still to be decided by two with no rule between them, or by nobody in particular.
pub(super) fn ambiguous_approver(plan: &Plan<'_>) -> Vec<Found> {
    let found = waiting(plan).filter_map(|point| {
        let (number, theme) = (&point.number, &point.theme);
        let message = match point.approver {
            Some(Approver::ProjectExecutive | Approver::SteeringGroup | Approver::ProjectOwners) => return None,
            Some(Approver::ProjectExecutiveOrSteeringGroup) => text!(
                "Beslutningspunkt {number} («{theme}») kan godkjennes av prosjektansvarlig eller styringsgruppa; planen sier ikke hvem som avgjør hvis de er uenige.",
                "Avgjerdspunkt {number} («{theme}») kan godkjennast av prosjektansvarleg eller styringsgruppa; planen seier ikkje kven som avgjer viss dei er usamde.",
                "Decision point {number} (“{theme}”) may be approved by the project executive or the steering group; the plan does not say who decides if they disagree."
            ),
            None => text!(
                "Beslutningspunkt {number} («{theme}») sier ikke hvem som beslutter.",
                "Avgjerdspunkt {number} («{theme}») seier ikkje kven som avgjer.",
                "Decision point {number} (“{theme}”) does not say who decides."
            ),
        };
        Some(Found::at::<DecisionPoint>(point.id, "/approver", message))
    });
    found.collect()
}

fn waiting<'a>(plan: &Plan<'a>) -> impl Iterator<Item = &'a Model> {
    let waits = |point: &&Model| point.outcome.is_none_or(|outcome| outcome == DecisionOutcome::Postponed);
    plan.decision_points.clone().into_iter().filter(waits)
}

/// The start is decided, or planned to be, on a day by which no budget binds: neither a budget that is committed nor a
/// budget document that is adopted.
pub(super) fn before_budget(plan: &Plan<'_>) -> Vec<Found> {
    let Some((point, day)) = start(plan) else { return Vec::new() };
    let binds = |budget: &&budgets::Model| budget.status == BudgetStatus::Committed;
    let mut committed = plan.picture.budgets.iter().filter(binds);
    if committed.any(|budget| budget.adopted_on.is_none_or(|adopted| adopted <= day)) {
        return Vec::new();
    }
    let budgets = plan.documents.iter().filter(|document| document.kind == DocumentKind::Budget);
    let mut adopted = budgets.filter(|document| document.status == DocumentStatus::Adopted);
    if adopted.any(|budget| budget.adopted_on.or(budget.document_on).is_none_or(|adopted| adopted <= day)) {
        return Vec::new();
    }
    let pointer = if point.decided_on.is_some() { "/decidedOn" } else { "/plannedOn" };
    vec![Found::at::<DecisionPoint>(point.id, pointer, unfunded(plan, point, day))]
}

/// The decision point that lets the project start, and its day: the one that asks for the project plan, else one that
/// is not after the first day. Of several the last, after which the work begins.
fn start<'a>(plan: &Plan<'a>) -> Option<(&'a Model, NaiveDate)> {
    let plans = plan.picture.decision_requirements.iter();
    let plans = plans.filter(|requirement| requirement.document_kind == DocumentKind::ProjectPlan);
    let on_plan: HashSet<Uuid> = plans.map(|requirement| requirement.decision_point_id).collect();
    let first_day = plan.project.starts_on;
    let lives = plan.decision_points.iter().filter(|point| point.outcome != Some(DecisionOutcome::Rejected));
    let starts = lives.filter_map(|point| {
        let day = point.decided_on.or(point.planned_on)?;
        let asks = on_plan.contains(&point.id);
        // What was planned for the first day is the start also when it was decided late.
        let at_start = first_day.is_some_and(|first| point.planned_on.unwrap_or(day) <= first);
        (asks || at_start).then_some((asks, day, *point))
    });
    starts.max_by_key(|(asks, day, point)| (*asks, *day, point.id)).map(|(_, day, point)| (point, day))
}

fn unfunded(plan: &Plan<'_>, point: &Model, day: NaiveDate) -> Text {
    let (number, theme) = (&point.number, &point.theme);
    let decided = matches!(point.outcome, Some(DecisionOutcome::Approved | DecisionOutcome::ApprovedWithConditions));
    let base = if decided {
        text!(
            "Beslutningspunkt {number} («{theme}») ble godkjent {day}, men prosjektet har ikke noe budsjett som er vedtatt innen den dagen",
            "Avgjerdspunkt {number} («{theme}») blei godkjent {day}, men prosjektet har ikkje noko budsjett som er vedteke innan den dagen",
            "Decision point {number} (“{theme}”) was approved on {day}, but the project has no budget adopted by that day"
        )
    } else {
        text!(
            "Beslutningspunkt {number} («{theme}») er planlagt {day}, men prosjektet har ikke noe budsjett som er vedtatt innen den dagen",
            "Avgjerdspunkt {number} («{theme}») er planlagt {day}, men prosjektet har ikkje noko budsjett som er vedteke innan den dagen",
            "Decision point {number} (“{theme}”) is planned on {day}, but the project has no budget adopted by that day"
        )
    };
    let Text { nb, nn, en } = base;
    match later_financing(plan, day) {
        Some((milestone, on)) => text!(
            "{nb}; milepæl {milestone} om finansiering er først {on}.",
            "{nn}; milepæl {milestone} om finansiering er først {on}.",
            "{en}; milestone {milestone} on financing comes only on {on}."
        ),
        None => text!("{nb}.", "{nn}.", "{en}."),
    }
}

/// The first financing milestone after a day, of those that everybody sees.
fn later_financing<'a>(plan: &Plan<'a>, day: NaiveDate) -> Option<(&'a str, NaiveDate)> {
    let open = plan.milestones.iter().filter(|milestone| !milestone.internal);
    let financing = open.filter(|milestone| milestone.milestone_type == Some(MilestoneType::Financing));
    let later = financing.filter_map(|milestone| Some((milestone.number.as_str(), due(milestone)?)));
    later.filter(|(_, on)| *on > day).min_by_key(|(_, on)| *on)
}
