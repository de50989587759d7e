//! The resource `political-steps`.

use entity::political_steps::{self, StepOutcome};
use sea_orm::EntityTrait;

use super::handling;
use crate::access::Area;
use crate::db::Typed;
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of political steps.
pub fn resource() -> Resource {
    Resource::of::<political_steps::Entity>(Area::Handling)
        .search(&["itemNumber", "resolutionText", "conditions"])
        .order("meetingOn,createdAt")
        .refers("caseId", "political-cases")
        .fixed(&["caseId"])
        .published("outcome IS NOT NULL")
        .check(outcome_fits)
        .carried(&["message", "messageKey"])
        .then(|write, change| Box::pin(follow(write, change)))
        .event(event)
        .tells(&["received"])
        .done()
}

/// A step that a message brings is told as such.
fn event(change: &Change) -> Option<&'static str> {
    let brought = change.touches("message") && change.after().is_some_and(|after| after.text("messageKey").is_some());
    brought.then_some("received")
}

/// What closes a case has decided it, on a day; conditions belong to an adoption with conditions.
fn outcome_fits(change: &Change<political_steps::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let mut faults = Vec::new();
    if after.is_final && matches!(after.outcome, None | Some(StepOutcome::Postponed)) {
        let message = text!(
            "et endelig vedtak har et utfall som avgjør saken (ikke utsatt)",
            "eit endeleg vedtak har eit utfall som avgjer saka (ikkje utsett)",
            "a final step has an outcome that decides the case (not postponed)"
        );
        faults.push(Fault::at("/outcome", "not_final", message));
    }
    if after.outcome.is_some() && after.meeting_on.is_none() {
        let message = text!(
            "mangler: det som er vedtatt, er vedtatt en dag",
            "manglar: det som er vedteke, er vedteke ein dag",
            "is missing: what was decided was decided on a day"
        );
        faults.push(Fault::at("/meetingOn", "required", message));
    }
    if after.conditions.is_some() && after.outcome != Some(StepOutcome::AdoptedWithConditions) {
        let message = text!(
            "hører til utfallet adopted_with_conditions",
            "høyrer til utfallet adopted_with_conditions",
            "belongs to the outcome adopted_with_conditions"
        );
        faults.push(Fault::at("/conditions", "not_applicable", message));
    }
    faults
}

async fn follow(write: &Write, change: Change<political_steps::Model>) -> Result<(), Error> {
    let Some(step) = change.after().or(change.before()) else { return Ok(()) };
    let case = entity::political_cases::Entity::find_by_id(step.case_id).first(write.tx()).await?;
    match case {
        Some(case) => handling::settle(write, case.matter_id).await,
        None => Ok(()),
    }
}
