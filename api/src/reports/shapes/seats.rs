//! Who has a part in a project: people in roles, organisations as parties.

use chrono::NaiveDate;
use entity::assignments;
use entity::project_parties::PartyRole;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::{OrganisationName, PersonName};
use crate::domain::{Picture, capacity};

/// A person's role in the project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seat {
    /// The assignment.
    pub assignment_id: Uuid,
    /// The role.
    pub role: assignments::AssignmentRole,
    /// The person.
    pub person: PersonName,
    /// The organisation whom the person represents.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// The title in the role or at home.
    #[schema(required = true, max_length = 200, example = "Ordfører")]
    pub title: Option<String>,
    /// The votes of the seat; null when the plan does not say.
    #[schema(required = true, example = 1)]
    pub votes: Option<i64>,
    /// The first day in the role.
    #[schema(required = true)]
    pub valid_from: Option<NaiveDate>,
    /// The last day in the role, inclusive.
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
}

/// The seats that are filled on a day.
#[must_use]
pub fn seats(picture: &Picture, on: NaiveDate) -> Vec<Seat> {
    let valid =
        picture.assignments.iter().filter(|assignment| capacity::holds(assignment.valid_from, assignment.valid_to, on));
    valid
        .filter_map(|assignment| {
            Some(Seat {
                assignment_id: assignment.id,
                role: assignment.role,
                person: PersonName::of(picture.person(assignment.person_id)?),
                organisation: assignment
                    .organisation_id
                    .and_then(|id| picture.organisation(id))
                    .map(OrganisationName::of),
                title: assignment.title.clone(),
                votes: assignment.votes,
                valid_from: assignment.valid_from,
                valid_to: assignment.valid_to,
            })
        })
        .collect()
}

/// An organisation's role in the project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The organisation.
    pub organisation: OrganisationName,
    /// The role.
    pub role: PartyRole,
    /// What else there is to say of the role.
    #[schema(required = true, max_length = 10000)]
    pub note: Option<String>,
}

/// The parties of the project.
#[must_use]
pub fn parties(picture: &Picture) -> Vec<Party> {
    let own = picture.parties.iter().filter(|party| party.project_id == picture.focus);
    own.filter_map(|party| {
        let organisation = OrganisationName::of(picture.organisation(party.organisation_id)?);
        Some(Party { organisation, role: party.role, note: party.note.clone() })
    })
    .collect()
}
