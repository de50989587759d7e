//! Dates that are most likely slips of the pen, and what was most likely meant.

use chrono::{Datelike, NaiveDate};
use entity::milestones::Entity as Milestone;
use serde_json::json;

use super::finding::Found;
use super::plan::Plan;
use super::sequence::{self, Place};
use crate::domain::calendar::day_off;
use crate::problem::Text;
use crate::text;

/// How a date may have been miswritten, the likeliest first: the old year is written on into the new one, and the
/// other way round, far more often than a month or a day is mistaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// One digit of the year.
    Year,
    /// Day and month have changed places.
    Swapped,
    /// One digit of the month.
    Month,
    /// One digit of the day.
    Day,
}

/// A milestone outside the period or out of sequence whose date would fit both with one slip undone. Where several
/// dates would, it is a working day rather than another, then the likeliest slip, then the nearest date, then the first.
pub(super) fn likely_typo(plan: &Plan<'_>) -> Vec<Found> {
    sequence::series(plan).iter().flat_map(|places| slipped(plan, places)).collect()
}

fn slipped(plan: &Plan<'_>, places: &[Place<'_>]) -> Vec<Found> {
    let sound = |place: &Place<'_>| place.in_period && place.kept;
    let mut latest = plan.project.ends_on;
    let mut until: Vec<Option<NaiveDate>> = places
        .iter()
        .rev()
        .map(|place| {
            let bound = latest;
            if sound(place) {
                latest = Some(place.date);
            }
            bound
        })
        .collect();
    until.reverse();
    let mut earliest = plan.project.starts_on;
    let mut found = Vec::new();
    for (place, until) in places.iter().zip(until) {
        if sound(place) {
            earliest = Some(place.date);
        } else if let Some((slip, meant)) = likeliest(place.date, earliest, until) {
            let pointer = "/plannedOn";
            let message = message(&place.milestone.number, place.date, slip, meant);
            let typo = Found::at::<Milestone>(place.milestone.id, pointer, message);
            found.push(typo.suggesting(json!({ "plannedOn": meant })));
        }
    }
    found
}

/// The date most likely meant between two days; `None` when the date itself lies between them, or nothing near it does.
pub(super) fn likeliest(
    date: NaiveDate,
    earliest: Option<NaiveDate>,
    latest: Option<NaiveDate>,
) -> Option<(Slip, NaiveDate)> {
    let fits = |day: &NaiveDate| {
        earliest.is_none_or(|earliest| earliest <= *day) && latest.is_none_or(|latest| *day <= latest)
    };
    if fits(&date) {
        return None;
    }
    let distance = |day: NaiveDate| day.signed_duration_since(date).num_days().abs();
    let candidates = candidates(date).filter(|(_, day)| fits(day));
    candidates.min_by_key(|(slip, day)| (day_off(*day).is_some(), *slip, distance(*day), *day))
}

/// Every date that one slip could have turned into this one.
fn candidates(date: NaiveDate) -> impl Iterator<Item = (Slip, NaiveDate)> {
    let (year, month, day) = (date.year().unsigned_abs(), date.month(), date.day());
    let at = move |slip, year: u32, month, day| {
        let year = i32::try_from(year).ok()?;
        NaiveDate::from_ymd_opt(year, month, day).filter(|other| *other != date).map(|other| (slip, other))
    };
    let years = one_digit_changed(year, 4).filter_map(move |year| at(Slip::Year, year, month, day));
    let months = one_digit_changed(month, 2).filter_map(move |month| at(Slip::Month, year, month, day));
    let days = one_digit_changed(day, 2).filter_map(move |day| at(Slip::Day, year, month, day));
    years.chain(at(Slip::Swapped, year, day, month)).chain(months).chain(days)
}

/// The numbers that differ from a number of so many digits in one digit at most.
fn one_digit_changed(number: u32, digits: u32) -> impl Iterator<Item = u32> {
    let changed = move |place: u32| {
        let unit = 10_u32.pow(place);
        let without = number - number / unit % 10 * unit;
        (0..10).map(move |digit| without + digit * unit)
    };
    (0..digits).flat_map(changed)
}

fn message(number: &str, date: NaiveDate, slip: Slip, meant: NaiveDate) -> Text {
    match slip {
        Slip::Swapped => text!(
            "Milepæl {number} er planlagt {date}; med dag og måned byttet om, {meant}, ville den passe i prosjektperioden og rekkefølgen.",
            "Milepæl {number} er planlagd {date}; med dag og månad bytte om, {meant}, ville han passe i prosjektperioden og rekkjefølgja.",
            "Milestone {number} is planned on {date}; with day and month swapped, {meant}, it would fit the project's period and the sequence."
        ),
        Slip::Year | Slip::Month | Slip::Day => text!(
            "Milepæl {number} er planlagt {date}; med ett annet siffer, {meant}, ville den passe i prosjektperioden og rekkefølgen.",
            "Milepæl {number} er planlagd {date}; med eitt anna siffer, {meant}, ville han passe i prosjektperioden og rekkjefølgja.",
            "Milestone {number} is planned on {date}; with one digit changed, {meant}, it would fit the project's period and the sequence."
        ),
    }
}
