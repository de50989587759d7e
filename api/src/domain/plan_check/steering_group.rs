//! The rule that the owners weigh alike in the steering group.

use std::collections::{BTreeMap, BTreeSet};

use entity::assignments::AssignmentRole as Role;
use entity::project_parties::{Entity as Party, PartyRole};
use uuid::Uuid;

use super::finding::Found;
use super::plan::Plan;
use super::words;
use crate::problem::Text;
use crate::text;

/// An owner with another number of seats in the steering group than most owners have.
pub(super) fn unequal_seats(plan: &Plan<'_>) -> Vec<Found> {
    let mut owners: BTreeMap<Uuid, (Uuid, BTreeSet<Uuid>)> = BTreeMap::new();
    for party in plan.of_role(PartyRole::Owner) {
        owners.entry(party.organisation_id).or_insert((party.id, BTreeSet::new()));
    }
    // A seat without a vote weighs nothing; one person has one seat, whatever the titles.
    let voting = plan.seats.iter().filter(|seat| {
        matches!(seat.role, Role::SteeringGroupMember | Role::SteeringGroupChair) && seat.votes != Some(0)
    });
    for seat in voting {
        let owner = seat.organisation_id.and_then(|body| owner_of(plan, body, |body| owners.contains_key(&body)));
        if let Some((_, persons)) = owner.and_then(|owner| owners.get_mut(&owner)) {
            persons.insert(seat.person_id);
        }
    }
    let usual = usual(owners.values().map(|(_, persons)| persons.len()));
    let found = owners.into_iter().filter(|(_, (_, persons))| persons.len() != usual).filter_map(
        |(owner, (party, persons))| {
            let name = &plan.organisation(owner)?.name;
            let (own, others) = (words::seats(persons.len()), words::seats(usual));
            let (Text { nb, nn, en }, Text { nb: nb2, nn: nn2, en: en2 }) = (own, others);
            let message = text!(
                "{name} har {nb} i styringsgruppa; det vanlige for eierne er {nb2}.",
                "{name} har {nn} i styringsgruppa; det vanlege for eigarane er {nn2}.",
                "{name} has {en} in the steering group; the owners usually have {en2}."
            );
            Some(Found::at::<Party>(party, "", message))
        },
    );
    found.collect()
}

/// The owner that a body is, or is a part of.
fn owner_of(plan: &Plan<'_>, body: Uuid, owns: impl Fn(Uuid) -> bool) -> Option<Uuid> {
    let mut passed = BTreeSet::new();
    let mut next = Some(body);
    while let Some(body) = next.filter(|body| passed.insert(*body)) {
        if owns(body) {
            return Some(body);
        }
        next = plan.organisation(body).and_then(|organisation| organisation.parent_id);
    }
    None
}

/// The number that most have; of two that as many have, the smaller, but rather a seat than none.
fn usual(counts: impl Iterator<Item = usize>) -> usize {
    let mut frequency: BTreeMap<usize, usize> = BTreeMap::new();
    for count in counts {
        *frequency.entry(count).or_default() += 1;
    }
    let most = frequency.into_iter().max_by_key(|(count, times)| (*times, *count > 0, std::cmp::Reverse(*count)));
    most.map_or(0, |(count, _)| count)
}
