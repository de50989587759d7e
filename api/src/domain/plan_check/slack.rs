//! The rule that a decision has time after the municipalities' decisions that it waits for.

use chrono::{Days, NaiveDate};
use entity::decision_points::{DecisionOutcome, Entity as DecisionPoint, Model};
use entity::documents::DocumentKind;
use entity::matters::{MatterSubject, Model as Matter};
use serde_json::json;

use super::finding::Found;
use super::plan::{Plan, due};
use super::words;
use crate::domain::readiness;
use crate::problem::Text;
use crate::text;

/// The fewest days between the last day of a political window and the decision that waits for it: minutes are written,
/// sent and read, and complaints come in.
const SLACK: i64 = 14;

/// A decision point still to be decided, planned too close after (or before) the end of a window in which municipalities
/// are still to decide what it waits for.
pub(super) fn no_slack(plan: &Plan<'_>) -> Vec<Found> {
    let waits = |point: &&&Model| point.outcome.is_none_or(|outcome| outcome == DecisionOutcome::Postponed);
    let found = plan.decision_points.iter().filter(waits).filter_map(|point| {
        let day = point.planned_on?;
        let windows =
            plan.picture.matters.iter().filter(|matter| waits_for(plan, point, matter)).filter_map(|matter| {
                let open = plan
                    .picture
                    .political_cases
                    .iter()
                    .filter(|case| case.matter_id == matter.id && case.outcome.is_none());
                Some((open.filter_map(|case| case.window_to).max()?, matter))
            });
        let (end, matter) = windows.max_by_key(|(end, matter)| (*end, matter.id))?;
        let slack = (day - end).num_days();
        (slack < SLACK).then(|| found(plan, point, matter, day, end))
    });
    found.collect()
}

fn found(plan: &Plan<'_>, point: &Model, matter: &Matter, day: NaiveDate, end: NaiveDate) -> Found {
    let (number, theme, title) = (&point.number, &point.theme, &matter.title);
    let slack = (day - end).num_days();
    let Text { nb, nn, en } = match slack {
        0 => text!("samme dag som", "same dagen som", "on the same day as"),
        1.. => {
            let Text { nb, nn, en } = words::days(slack);
            text!("bare {nb} etter at", "berre {nn} etter at", "only {en} after")
        }
        _ => text!("før", "før", "before"),
    };
    let message = text!(
        "Beslutningspunkt {number} («{theme}») er planlagt {day}, {nb} fristen for kommunenes vedtak om «{title}» går ut {end}.",
        "Avgjerdspunkt {number} («{theme}») er planlagt {day}, {nn} fristen for vedtaka til kommunane om «{title}» går ut {end}.",
        "Decision point {number} (“{theme}”) is planned on {day}, {en} the window for the municipalities' decisions on “{title}” ends on {end}."
    );
    let one = Found::at::<DecisionPoint>(point.id, "/plannedOn", message);
    let later = end.checked_add_days(Days::new(SLACK.unsigned_abs())).filter(|later| plan.in_period(*later));
    match later {
        Some(later) => one.suggesting(json!({ "plannedOn": later })),
        None => one,
    }
}

/// Whether a decision point waits for a matter: it asks for the document that the matter puts to the councils, or for
/// a budget or an agreement that they are asked to adopt; the matter's milestone comes before it, and after the
/// decision point before; or it starts the project, and the matter is whether to go on from the project before.
fn waits_for(plan: &Plan<'_>, point: &Model, matter: &Matter) -> bool {
    if matter.project_id != plan.project.id {
        let decides = matches!(matter.subject, MatterSubject::Continuation | MatterSubject::FinalReport);
        return decides
            && Some(matter.project_id) == plan.project.predecessor_id
            && readiness::starts(plan.picture, point);
    }
    let required = plan.picture.decision_requirements.iter().filter(|one| one.decision_point_id == point.id);
    let mut by_document = required.map(|one| {
        let same = one.document_id.is_some() && one.document_id == matter.document_id;
        same || matches!(
            (one.document_kind, matter.subject),
            (DocumentKind::Budget, MatterSubject::Budget) | (DocumentKind::Agreement, MatterSubject::Agreement)
        )
    });
    by_document.any(|tied| tied) || next_after_milestone(plan, matter).is_some_and(|next| next.id == point.id)
}

/// The first decision point planned on or after the day of the matter's milestone.
fn next_after_milestone<'a>(plan: &Plan<'a>, matter: &Matter) -> Option<&'a Model> {
    let milestone = plan.milestones.iter().find(|milestone| Some(milestone.id) == matter.milestone_id)?;
    let day = due(milestone)?;
    let after = plan.decision_points.iter().filter(|point| point.planned_on.is_some_and(|planned| planned >= day));
    after.min_by_key(|point| (point.planned_on, point.id)).copied()
}
