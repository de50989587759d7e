//! Dual roles: of the seats, and of an interest in what one is to decide.

use std::collections::{HashMap, HashSet};

use entity::attendances::AttendanceCapacity;
use entity::interest_declarations::Entity as Declaration;
use uuid::Uuid;

use super::finding::Found;
use super::plan::Plan;
use super::roles;
use crate::text;

/// One person in roles that should check each other: by the seats, or by an interest in an item of the agenda that the
/// person took part in (forvaltningsloven ch. II).
pub(super) fn dual(plan: &Plan<'_>) -> Vec<Found> {
    roles::dual(plan).into_iter().chain(not_recused(plan)).collect()
}

/// Somebody who has declared an interest, was there with a vote, and is not known to have stepped aside.
fn not_recused(plan: &Plan<'_>) -> Vec<Found> {
    let items: HashMap<Uuid, _> = plan.picture.agenda_items.iter().map(|item| (item.id, item)).collect();
    let voting: HashSet<(Uuid, Uuid)> = plan
        .picture
        .attendances
        .iter()
        .filter(|one| one.attended == Some(true) && votes(one.capacity))
        .map(|one| (one.meeting_id, one.person_id))
        .collect();
    let open = plan.picture.interest_declarations.iter().filter(|one| one.recused != Some(true));
    let found = open.filter_map(|one| {
        let item = items.get(&one.agenda_item_id).filter(|item| voting.contains(&(item.meeting_id, one.person_id)))?;
        let (name, number, title) = (plan.person(one.person_id)?, &item.number, &item.title);
        let message = match one.recused {
            Some(_) => text!(
                "{name} har meldt en interesse i sak {number} («{title}») og var med på å behandle den.",
                "{name} har meldt ei interesse i sak {number} («{title}») og var med på å handsame ho.",
                "{name} declared an interest in item {number} (“{title}”) and took part in it."
            ),
            None => text!(
                "{name} har meldt en interesse i sak {number} («{title}») og var til stede; det er ikke sagt om {name} fratrådte.",
                "{name} har meldt ei interesse i sak {number} («{title}») og var til stades; det er ikkje sagt om {name} gjekk frå.",
                "{name} declared an interest in item {number} (“{title}”) and was present; it is not said whether {name} stepped aside."
            ),
        };
        Some(Found::at::<Declaration>(one.id, "/recused", message))
    });
    found.collect()
}

const fn votes(capacity: AttendanceCapacity) -> bool {
    match capacity {
        AttendanceCapacity::Member | AttendanceCapacity::Deputy => true,
        AttendanceCapacity::Observer | AttendanceCapacity::Guest => false,
    }
}
