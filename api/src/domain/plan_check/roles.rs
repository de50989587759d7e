//! Rules on who does what: seats that are empty, and people with more than one hat.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use entity::assignments::{AssignmentRole as Role, Entity as Assignment, Model};
use entity::project_parties::{Entity as Party, PartyRole};
use entity::projects::Entity as Project;
use entity::{Decimal2, affiliations};
use uuid::Uuid;

use super::finding::Found;
use super::plan::Plan;
use super::words;
use crate::domain::capacity::holds;
use crate::problem::Text;
use crate::text;

/// A project under way without a project executive, a project manager or a steering group. One that was begun early
/// counts by its first day, one that runs late by today.
pub(super) fn missing(plan: &Plan<'_>) -> Vec<Found> {
    let day = plan.project.starts_on.map_or(plan.today, |first| first.max(plan.today));
    let own = plan.picture.assignments.iter().filter(|one| one.project_id == plan.project.id);
    let roles: HashSet<Role> = own.filter(|one| holds(one.valid_from, one.valid_to, day)).map(|one| one.role).collect();
    let has = |any: &[Role]| any.iter().any(|role| roles.contains(role));
    let mut missing = Vec::new();
    if !has(&[Role::ProjectExecutive]) {
        missing.push(words::called(Role::ProjectExecutive.label()));
    }
    if !has(&[Role::ProjectManager]) {
        missing.push(words::called(Role::ProjectManager.label()));
    }
    if !has(&[Role::SteeringGroupMember, Role::SteeringGroupChair]) {
        missing.push(text!("styringsgruppe", "styringsgruppe", "steering group"));
    }
    if missing.is_empty() {
        return Vec::new();
    }
    let Text { nb, nn, en } = words::listed(&missing);
    let message = text!(
        "Prosjektet pågår, men mangler {nb} ({day}).",
        "Prosjektet er i gang, men manglar {nn} ({day}).",
        "The project is active, but lacks: {en} ({day})."
    );
    vec![Found::at::<Project>(plan.project.id, "", message)]
}

/// One person in roles that should check each other, said of the last of the seats.
pub(super) fn dual(plan: &Plan<'_>) -> Vec<Found> {
    let found = by_person(plan).into_iter().filter_map(|(person, seats)| {
        let roles: BTreeSet<Role> = seats.iter().map(|seat| seat.role).collect();
        let checked = |role: &Role| roles.iter().any(|other| check_each_other(*role, *other));
        let both: Vec<Text> =
            roles.iter().filter(|role| checked(role)).map(|role| words::called(role.label())).collect();
        let last = seats.into_iter().filter(|seat| checked(&seat.role)).max_by_key(|seat| seat.id)?;
        let (name, Text { nb, nn, en }) = (plan.person(person)?, words::listed(&both));
        let message = text!(
            "{name} er både {nb}: roller som skal kontrollere hverandre.",
            "{name} er både {nn}: roller som skal kontrollere kvarandre.",
            "{name} is {en}: roles that should check each other."
        );
        Some(Found::at::<Assignment>(last.id, "/role", message))
    });
    found.collect()
}

/// Whether two roles should check each other: who does the work and who approves it, who decides and who observes.
/// That the project executive chairs the steering group is how PLP has it, and no finding.
const fn check_each_other(one: Role, other: Role) -> bool {
    use Role::{
        Observer, ProjectExecutive, ProjectGroupMember, ProjectManager, SteeringGroupChair, SteeringGroupMember,
    };
    matches!(
        (one, other),
        (ProjectExecutive, ProjectManager | ProjectGroupMember | SteeringGroupMember | Observer)
            | (ProjectManager, ProjectExecutive | SteeringGroupMember | SteeringGroupChair | Observer)
            | (ProjectGroupMember, ProjectExecutive | SteeringGroupMember | SteeringGroupChair)
            | (SteeringGroupMember, ProjectExecutive | ProjectManager | ProjectGroupMember | Observer)
            | (SteeringGroupChair, ProjectManager | ProjectGroupMember | Observer)
            | (Observer, ProjectExecutive | ProjectManager | SteeringGroupMember | SteeringGroupChair)
    )
}

fn by_person<'a>(plan: &Plan<'a>) -> BTreeMap<Uuid, Vec<&'a Model>> {
    let mut persons: BTreeMap<Uuid, Vec<&Model>> = BTreeMap::new();
    for seat in plan.seats.iter().copied() {
        persons.entry(seat.person_id).or_default().push(seat);
    }
    persons
}

/// Somebody with a seat and two employers at a time, one of which is a party, or provides services in the region and
/// may become one; said of the person's first seat.
pub(super) fn double_affiliation(plan: &Plan<'_>) -> Vec<Found> {
    let parties = plan.parties.iter().map(|party| party.organisation_id);
    let providers = plan.picture.service_provisions.iter().filter_map(|provision| provision.provider_id);
    let interested: HashSet<Uuid> = parties.chain(providers).collect();
    let mut employers: BTreeMap<Uuid, Vec<&affiliations::Model>> = BTreeMap::new();
    for one in plan.picture.affiliations.iter().filter(|one| holds(one.valid_from, one.valid_to, plan.day)) {
        let of_person = employers.entry(one.person_id).or_default();
        if !of_person.iter().any(|other| other.organisation_id == one.organisation_id) {
            of_person.push(one);
        }
    }
    let found = by_person(plan).into_iter().filter_map(|(person, seats)| {
        let employers = employers.get(&person).filter(|employers| employers.len() > 1)?;
        if !employers.iter().any(|employer| interested.contains(&employer.organisation_id)) {
            return None;
        }
        let first = seats.into_iter().min_by_key(|seat| seat.id)?;
        let names: Vec<Text> = employers.iter().filter_map(|employer| employer_name(plan, employer)).collect();
        let (name, Text { nb, nn, en }) = (plan.person(person)?, words::listed(&names));
        let message = text!(
            "{name} arbeider for både {nb}; om en av dem er eller blir part i en sak, må habiliteten vurderes.",
            "{name} arbeider for både {nn}; om ein av dei er eller blir part i ei sak, må habiliteten vurderast.",
            "{name} works for {en}; where one of them is or becomes a party, impartiality must be considered."
        );
        Some(Found::at::<Assignment>(first.id, "/organisationId", message))
    });
    found.collect()
}

/// The name of an employer, with the part of a full post where it is known.
fn employer_name(plan: &Plan<'_>, employer: &affiliations::Model) -> Option<Text> {
    let name = &plan.organisation(employer.organisation_id)?.name;
    Some(words::same(match employer.fraction {
        Some(Decimal2(hundredths)) => format!("{name} ({hundredths} %)"),
        None => name.clone(),
    }))
}

/// An observer whose organisation funds the project; said of the person who observes, else of the organisation.
pub(super) fn observer_funds(plan: &Plan<'_>) -> Vec<Found> {
    let funders: HashSet<Uuid> = plan.of_role(PartyRole::Funder).map(|party| party.organisation_id).collect();
    let mut observers: BTreeMap<Uuid, Found> = BTreeMap::new();
    let persons = plan.seats.iter().filter(|seat| seat.role == Role::Observer);
    let persons = persons.filter_map(|seat| Some((seat.organisation_id?, seat.id, Some(seat.person_id))));
    let bodies = plan.of_role(PartyRole::Observer).map(|party| (party.organisation_id, party.id, None));
    for (organisation, record, person) in persons.chain(bodies).filter(|(body, _, _)| funders.contains(body)) {
        let Some(body) = plan.organisation(organisation).map(|body| &body.name) else { continue };
        observers.entry(organisation).or_insert_with(|| match person.and_then(|person| plan.person(person)) {
            Some(name) => Found::at::<Assignment>(
                record,
                "/organisationId",
                text!(
                    "{name} er observatør for {body}, som også står som finansieringskilde.",
                    "{name} er observatør for {body}, som òg står som finansieringskjelde.",
                    "{name} observes for {body}, which is a funder as well."
                ),
            ),
            None => Found::at::<Party>(
                record,
                "/role",
                text!(
                    "{body} er observatør og står også som finansieringskilde.",
                    "{body} er observatør og står òg som finansieringskjelde.",
                    "{body} is an observer and a funder as well."
                ),
            ),
        });
    }
    observers.into_values().collect()
}
