//! Rules on the region: who is a member through the whole project.

use chrono::NaiveDate;
use entity::region_members::{Entity as Membership, Model};

use super::finding::Found;
use super::plan::Plan;
use crate::domain::capacity::holds;
use crate::problem::Text;
use crate::text;

/// A member that leaves, or whose last municipality number ends, between the first day of the project and its last.
pub(super) fn membership_changes(plan: &Plan<'_>) -> Vec<Found> {
    let (Some(region), Some(start)) = (plan.project.region_id, plan.project.starts_on) else { return Vec::new() };
    let end = plan.ends();
    let within = |day: &NaiveDate| start <= *day && end.is_none_or(|end| *day < end);
    let members = plan.picture.region_members.iter().filter(|member| member.region_id == region);
    let found = members.filter_map(|member| {
        let name = &plan.organisation(member.organisation_id)?.name;
        let left = member.valid_to.filter(within).map(|day| (day, leaves(name, day)));
        let (day, message) = left.or_else(|| {
            let day = dissolved(plan, member).filter(within)?;
            Some((day, merges_or_splits(name, day)))
        })?;
        holds(member.valid_from, member.valid_to, day).then(|| Found::at::<Membership>(member.id, "/validTo", message))
    });
    found.collect()
}

fn leaves(name: &str, day: NaiveDate) -> Text {
    text!(
        "{name} går ut av regionen {day}, mens prosjektet pågår.",
        "{name} går ut av regionen {day}, medan prosjektet er i gang.",
        "{name} leaves the region on {day}, while the project runs."
    )
}

fn merges_or_splits(name: &str, day: NaiveDate) -> Text {
    text!(
        "{name} har ikke noe kommunenummer etter {day}, mens prosjektet pågår: kommunen slås sammen eller deles.",
        "{name} har ikkje noko kommunenummer etter {day}, medan prosjektet er i gang: kommunen blir slått saman eller delt.",
        "{name} has no municipality number after {day}, while the project runs: the municipality merges or splits."
    )
}

/// The last day of the last number of a municipality; `None` while one holds, or none is known.
fn dissolved(plan: &Plan<'_>, member: &Model) -> Option<NaiveDate> {
    let codes = plan.picture.municipality_codes.iter().filter(|code| code.organisation_id == member.organisation_id);
    let ends: Option<Vec<NaiveDate>> = codes.map(|code| code.valid_to).collect();
    ends?.into_iter().max()
}
