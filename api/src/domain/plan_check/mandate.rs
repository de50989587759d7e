//! The rule on what the whole project rests on: the decision to continue.

use chrono::NaiveDate;
use entity::matters::{MatterState, MatterSubject, Model as Matter};
use entity::projects::Entity as Project;
use entity::recommendations::{self, RecommendationStatus};
use serde_json::json;

use super::finding::Found;
use super::plan::Plan;
use super::words;
use crate::domain::councils;
use crate::problem::Text;
use crate::text;

/// A project that has a start before it is decided to continue. The municipalities decide, by the matters of the
/// project that it follows. Where none is put to them, what can be shown is that no recommendation that leads to the
/// project is adopted, or, where none is known, that it starts before the project that it follows has ended.
pub(super) fn before_mandate(plan: &Plan<'_>) -> Vec<Found> {
    let Some(start) = plan.project.starts_on else { return Vec::new() };
    if let Some(matters) = continuation(plan) {
        return undecided(plan, start, &matters).into_iter().collect();
    }
    let leads_here = |one: &&recommendations::Model| one.leads_to_project_id == Some(plan.project.id);
    let leading: Vec<&recommendations::Model> = plan.picture.recommendations.iter().filter(leads_here).collect();
    if leading.iter().any(|one| one.status == RecommendationStatus::Adopted) {
        return Vec::new();
    }
    let message = match leading.first() {
        Some(recommendation) => {
            let number = &recommendation.number;
            let Text { nb, nn, en } = words::called(recommendation.status.label());
            text!(
                "Prosjektet starter {start}, men anbefaling {number} som fører til det, er ikke vedtatt (status: {nb}).",
                "Prosjektet tek til {start}, men tilråding {number} som fører til det, er ikkje vedteken (status: {nn}).",
                "The project starts on {start}, but recommendation {number} that leads to it is not adopted (status: {en})."
            )
        }
        None => match overlapped(plan) {
            Some(message) => message,
            None => return Vec::new(),
        },
    };
    vec![Found::at::<Project>(plan.project.id, "/startsOn", message)]
}

/// The matters that decide whether to go on from the project before: on continuation, else on its final report;
/// `None` when neither was put to the municipalities.
fn continuation<'a>(plan: &Plan<'a>) -> Option<Vec<&'a Matter>> {
    let before = plan.project.predecessor_id?;
    [MatterSubject::Continuation, MatterSubject::FinalReport].into_iter().find_map(|subject| {
        let of_subject = |matter: &&Matter| matter.project_id == before && matter.subject == subject;
        let found: Vec<&Matter> = plan.picture.matters.iter().filter(of_subject).collect();
        (!found.is_empty()).then_some(found)
    })
}

/// What is odd unless one of the matters was met by the start: the first that was met too late, else the newest.
fn undecided(plan: &Plan<'_>, start: NaiveDate, matters: &[&Matter]) -> Option<Found> {
    let met = matters.iter().filter(|matter| matter.state == MatterState::Met);
    let first = met.min_by_key(|matter| (matter.met_on, matter.id));
    if first.is_some_and(|matter| matter.met_on.is_none_or(|on| on <= start)) {
        return None;
    }
    let late = first.and_then(|matter| Some((matter, matter.met_on?)));
    if let Some((matter, on)) = late {
        let title = &matter.title;
        let message = text!(
            "Prosjektet starter {start}, men «{title}» ble ikke vedtatt av kommunene før {on}.",
            "Prosjektet tek til {start}, men «{title}» blei ikkje vedteken av kommunane før {on}.",
            "The project starts on {start}, but “{title}” was not adopted by the municipalities until {on}."
        );
        let one = Found::at::<Project>(plan.project.id, "/startsOn", message);
        let fits = plan.project.ends_on.is_none_or(|end| on <= end);
        return Some(if fits { one.suggesting(json!({ "startsOn": on })) } else { one });
    }
    let matter = matters.iter().max_by_key(|matter| matter.id)?;
    let (title, Text { nb, nn, en }) = (&matter.title, councils::in_words(matter));
    let message = text!(
        "Prosjektet starter {start}, men kommunene har ikke vedtatt «{title}»: {nb}.",
        "Prosjektet tek til {start}, men kommunane har ikkje vedteke «{title}»: {nn}.",
        "The project starts on {start}, but the municipalities have not adopted “{title}”: {en}."
    );
    Some(Found::at::<Project>(plan.project.id, "/startsOn", message))
}

fn overlapped(plan: &Plan<'_>) -> Option<Text> {
    let start = plan.project.starts_on?;
    let before = plan.picture.projects.iter().find(|one| Some(one.id) == plan.project.predecessor_id)?;
    let end = before.ends_on.filter(|end| start <= *end)?;
    let code = &before.code;
    Some(text!(
        "Prosjektet starter {start}, før prosjektet som det bygger på ({code}) slutter {end}.",
        "Prosjektet tek til {start}, før prosjektet som det byggjer på ({code}) sluttar {end}.",
        "The project starts on {start}, before the project that it builds on ({code}) ends on {end}."
    ))
}
