//! Rules on milestones: their dates, their order and what they are tied to.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::activities;
use entity::milestones::{Entity as Milestone, Model};
use serde_json::json;

use super::finding::Found;
use super::plan::{Plan, met};
use super::sequence::{self, Place};
use super::words;
use crate::domain::calendar::day_off;
use crate::domain::numbering::Number;
use crate::problem::Text;
use crate::text;

const PLANNED_ON: &str = "/plannedOn";

/// Planned before the project's start or after its end. Only the plan's own date: a forecast past the end, or a
/// milestone met late, is the truth about the work and no fault of the plan.
pub(super) fn outside_project_period(plan: &Plan<'_>) -> Vec<Found> {
    let outside = |milestone: &&Model| {
        let message = outside(plan, &milestone.number, milestone.planned_on?)?;
        Some(Found::at::<Milestone>(milestone.id, PLANNED_ON, message))
    };
    plan.milestones.iter().filter_map(outside).collect()
}

fn outside(plan: &Plan<'_>, number: &str, date: NaiveDate) -> Option<Text> {
    let days = |from: NaiveDate, to: NaiveDate| words::days(to.signed_duration_since(from).num_days());
    if let Some(start) = plan.project.starts_on.filter(|start| date < *start) {
        let Text { nb, nn, en } = days(date, start);
        return Some(text!(
            "Milepæl {number} er planlagt {date}, {nb} før prosjektet starter {start}.",
            "Milepæl {number} er planlagd {date}, {nn} før prosjektet tek til {start}.",
            "Milestone {number} is planned on {date}, {en} before the project starts on {start}."
        ));
    }
    let end = plan.project.ends_on.filter(|end| *end < date)?;
    let Text { nb, nn, en } = days(end, date);
    Some(text!(
        "Milepæl {number} er planlagt {date}, {nb} etter at prosjektet slutter {end}.",
        "Milepæl {number} er planlagd {date}, {nn} etter at prosjektet sluttar {end}.",
        "Milestone {number} is planned on {date}, {en} after the project ends on {end}."
    ))
}

/// The fewest milestones whose removal puts numbers and dates in the same order.
pub(super) fn out_of_sequence(plan: &Plan<'_>) -> Vec<Found> {
    sequence::series(plan).iter().flat_map(|places| culprits(places)).collect()
}

fn culprits(places: &[Place<'_>]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut before: Option<&Place<'_>> = None;
    let mut after = places.iter().filter(|place| place.kept).peekable();
    for place in places {
        if place.kept {
            before = after.next();
            continue;
        }
        // Were it not past one of its neighbours among those kept, it could be kept, too.
        let passed = match before {
            Some(before) if place.date < before.date => Some(before),
            Some(_) | None => after.peek().copied(),
        };
        found.extend(
            passed.map(|passed| Found::at::<Milestone>(place.milestone.id, PLANNED_ON, out_of_order(place, passed))),
        );
    }
    found
}

fn out_of_order(place: &Place<'_>, passed: &Place<'_>) -> Text {
    let (number, date) = (&place.milestone.number, place.date);
    // Who sees this milestone may not see an internal one.
    if passed.milestone.internal && !place.milestone.internal {
        return text!(
            "Milepæl {number} er planlagt {date}, men numrene rundt den har datoer i en annen rekkefølge.",
            "Milepæl {number} er planlagd {date}, men numra rundt han har datoar i ei anna rekkjefølgje.",
            "Milestone {number} is planned on {date}, but the numbers around it have dates in another order."
        );
    }
    let (other, its) = (&passed.milestone.number, passed.date);
    if date < its {
        return text!(
            "Milepæl {number} er planlagt {date}, før milepæl {other} som er planlagt {its}: numre og datoer går ikke samme vei.",
            "Milepæl {number} er planlagd {date}, før milepæl {other} som er planlagd {its}: nummer og datoar går ikkje same vegen.",
            "Milestone {number} is planned on {date}, before milestone {other} on {its}: numbers and dates do not run the same way."
        );
    }
    text!(
        "Milepæl {number} er planlagt {date}, etter milepæl {other} som er planlagt {its}: numre og datoer går ikke samme vei.",
        "Milepæl {number} er planlagd {date}, etter milepæl {other} som er planlagd {its}: nummer og datoar går ikkje same vegen.",
        "Milestone {number} is planned on {date}, after milestone {other} on {its}: numbers and dates do not run the same way."
    )
}

/// Still to be reached, and expected on a day when nobody works.
pub(super) fn non_working_day(plan: &Plan<'_>) -> Vec<Found> {
    let waiting = plan.milestones.iter().filter(|milestone| !met(plan, milestone));
    let found = waiting.filter_map(|milestone| {
        let pointer = if milestone.forecast_on.is_some() { "/forecastOn" } else { PLANNED_ON };
        let date = milestone.forecast_on.or(milestone.planned_on)?;
        let [nb, nn, en] = day_off(date)?.names();
        let number = &milestone.number;
        let message = text!(
            "Milepæl {number} faller på {date}, som er {nb}.",
            "Milepæl {number} fell på {date}, som er {nn}.",
            "Milestone {number} falls on {date}, which is {en}."
        );
        Some(Found::at::<Milestone>(milestone.id, pointer, message))
    });
    found.collect()
}

/// Still to be reached, and tied to no activity; where its title names one by number, that is the suggestion.
pub(super) fn without_activity(plan: &Plan<'_>) -> Vec<Found> {
    let named = Named::of(plan);
    let untied = plan.milestones.iter().filter(|milestone| milestone.activity_id.is_none() && !met(plan, milestone));
    let found = untied.map(|milestone| {
        let number = &milestone.number;
        let found = |message| Found::at::<Milestone>(milestone.id, "/activityId", message);
        let Some(activity) = named.in_title(&milestone.title) else {
            return found(text!(
                "Milepæl {number} er ikke knyttet til noen aktivitet.",
                "Milepæl {number} er ikkje knytt til nokon aktivitet.",
                "Milestone {number} is not tied to an activity."
            ));
        };
        let named = activity.number.as_deref().unwrap_or_default();
        found(text!(
            "Milepæl {number} nevner {named}, men er ikke knyttet til noen aktivitet.",
            "Milepæl {number} nemner {named}, men er ikkje knytt til nokon aktivitet.",
            "Milestone {number} names {named}, but is not tied to an activity."
        ))
        .suggesting(json!({ "activityId": activity.id }))
    });
    found.collect()
}

/// Activities by their numbers, to be found in a title.
struct Named<'a>(HashMap<Number, Option<&'a activities::Model>>);

impl<'a> Named<'a> {
    fn of(plan: &Plan<'a>) -> Self {
        let mut named = HashMap::new();
        for activity in plan.activities.iter().copied() {
            let number = activity.number.as_deref().map(Number::of);
            // A bare figure in a title may be anything, and so may a bare word; "HA 2" is the activity.
            if let Some(number) = number.filter(|number| !number.series().is_empty() && number.last().is_some()) {
                named.entry(number).and_modify(|one| *one = None).or_insert(Some(activity));
            }
        }
        Self(named)
    }

    /// The one activity whose number stands in a title.
    fn in_title(&self, title: &str) -> Option<&'a activities::Model> {
        let words: Vec<&str> = title.split_whitespace().collect();
        let numbered = |place: &usize| words[*place].contains(|c: char| c.is_ascii_digit());
        let with_the_word_before =
            |place: usize| [words[place..=place].concat(), words[place.max(1) - 1..=place].join(" ")];
        let numbers = (0..words.len()).filter(numbered).flat_map(with_the_word_before);
        let found: Vec<_> = numbers.filter_map(|text| self.0.get(&Number::of(&text)).copied().flatten()).collect();
        let (first, rest) = found.split_first()?;
        rest.iter().all(|other| other.id == first.id).then_some(*first)
    }
}
