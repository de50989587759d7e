//! Shapes that several reports answer with.

use chrono::NaiveDate;
use entity::project_parties::PartyRole;
use entity::projects::{self, ProjectStatus, ProjectType};
use entity::{Decimal2, RecordRef, assignments, organisations, people};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::plan_check::{self, FindingRule, FindingSeverity};
use crate::domain::{Picture, capacity};
use crate::problem::Lang;

/// A finding of the plan check.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule that found it.
    #[schema(example = "milestone.out_of_sequence")]
    pub rule: FindingRule,
    /// How much it weighs: an error blocks approval and publication until it is corrected or waived.
    pub severity: FindingSeverity,
    /// The record that it names.
    pub record: RecordRef,
    /// The field of that record, a JSON pointer (RFC 6901); empty for the whole record.
    #[schema(max_length = 500, example = "/plannedOn")]
    pub pointer: String,
    /// What is odd, in the caller's language.
    #[schema(max_length = 2000)]
    pub message: String,
    /// A merge patch of the record that would fit; nothing is corrected by itself.
    #[schema(required = true, value_type = Option<Object>)]
    pub suggestion: Option<Value>,
    /// The waiver that accepts the finding.
    #[schema(required = true)]
    pub waiver: Option<Waiver>,
}

/// The waiver of a finding.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Waiver {
    /// The record of the waiver.
    pub id: Uuid,
    /// Why the finding is accepted.
    #[schema(max_length = 2000)]
    pub reason: String,
}

/// How many findings there are of each severity; waived ones are counted apart.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct FindingCounts {
    /// Errors that are not waived.
    #[schema(minimum = 0)]
    pub errors: usize,
    /// Warnings that are not waived.
    #[schema(minimum = 0)]
    pub warnings: usize,
    /// Infos that are not waived.
    #[schema(minimum = 0)]
    pub infos: usize,
    /// Findings of any severity that are waived.
    #[schema(minimum = 0)]
    pub waived: usize,
}

/// The findings in one language.
#[must_use]
pub fn findings(found: &[plan_check::Finding], lang: Lang) -> Vec<Finding> {
    let one = |finding: &plan_check::Finding| Finding {
        rule: finding.rule,
        severity: finding.severity,
        record: finding.record.clone(),
        pointer: finding.pointer.clone(),
        message: finding.message.in_lang(lang).to_owned(),
        suggestion: finding.suggestion.clone(),
        waiver: finding.waiver.as_ref().map(|(id, reason)| Waiver { id: *id, reason: reason.clone() }),
    };
    found.iter().map(one).collect()
}

/// Counts findings by severity.
#[must_use]
pub fn counts(found: &[plan_check::Finding]) -> FindingCounts {
    found.iter().fold(FindingCounts::default(), |mut counts, finding| {
        match (&finding.waiver, finding.severity) {
            (Some(_), _) => counts.waived += 1,
            (None, FindingSeverity::Error) => counts.errors += 1,
            (None, FindingSeverity::Warning) => counts.warnings += 1,
            (None, FindingSeverity::Info) => counts.infos += 1,
        }
        counts
    })
}

/// An organisation as reports name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationName {
    /// The organisation.
    pub id: Uuid,
    /// Its official name.
    #[schema(max_length = 200, example = "Gratangen kommune")]
    pub name: String,
}

impl OrganisationName {
    /// The name of an organisation.
    #[must_use]
    pub fn of(organisation: &organisations::Model) -> Self {
        Self { id: organisation.id, name: organisation.name.clone() }
    }
}

/// A person as reports name it: no contact details.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonName {
    /// The person.
    pub id: Uuid,
    /// Given and family name.
    #[schema(max_length = 401, example = "Knut Baglo")]
    pub name: String,
}

impl PersonName {
    /// The name of a person.
    #[must_use]
    pub fn of(person: &people::Model) -> Self {
        Self { id: person.id, name: format!("{} {}", person.given_name, person.family_name) }
    }
}

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

/// One phase of a development: a project in the chain of predecessors and successors.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// The project.
    pub id: Uuid,
    /// Its short name.
    #[schema(max_length = 40, example = "NVR-2017-02")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The phase that it is.
    #[serde(rename = "type")]
    pub project_type: ProjectType,
    /// The step in a development by steps.
    #[schema(required = true, example = 1)]
    pub stage: Option<i64>,
    /// Where it stands.
    pub status: ProjectStatus,
    /// Whether it takes place only if an earlier stage leads to it.
    pub conditional: bool,
    /// The first day.
    #[schema(required = true)]
    pub starts_on: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    /// The shortest duration foreseen, in months.
    #[schema(required = true)]
    pub duration_months_min: Option<i64>,
    /// The longest duration foreseen, in months.
    #[schema(required = true)]
    pub duration_months_max: Option<i64>,
    /// Whether it is the project that the report is of.
    pub current: bool,
}

/// The chain of phases, each after the one that it builds on.
#[must_use]
pub fn phases(picture: &Picture) -> Vec<Phase> {
    let mut left: Vec<&projects::Model> = picture.projects.iter().collect();
    let mut chain: Vec<&projects::Model> = Vec::new();
    while !left.is_empty() {
        let ready = left.iter().position(|project| {
            project.predecessor_id.is_none_or(|before| !left.iter().any(|other| other.id == before))
        });
        // Predecessors never go in a circle: there is always one whose predecessor is placed.
        chain.push(left.remove(ready.unwrap_or_default()));
    }
    let phase = |project: &projects::Model| Phase {
        id: project.id,
        code: project.code.clone(),
        name: project.name.clone(),
        project_type: project.project_type,
        stage: project.stage,
        status: project.status,
        conditional: project.conditional,
        starts_on: project.starts_on,
        ends_on: project.ends_on,
        duration_months_min: project.duration_months_min,
        duration_months_max: project.duration_months_max,
        current: project.id == picture.focus,
    };
    chain.into_iter().map(phase).collect()
}

/// The capacity of a region on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// The region.
    pub region_id: Uuid,
    /// What the region is called.
    #[schema(max_length = 200, example = "Sør-Troms")]
    pub name: String,
    /// The day that the figures hold for.
    #[schema(example = "2017-11-01")]
    pub as_of: NaiveDate,
    /// Full-time equivalents for business work in sum; null while nothing is known.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 4.7)]
    pub business_fte: Option<Decimal2>,
    /// Whether an estimate goes into the sum.
    pub approximate: bool,
    /// Whether every member's capacity is known; if not, the sum is a lower bound.
    pub complete: bool,
    /// Members with a business association.
    #[schema(minimum = 0, example = 3)]
    pub business_associations: usize,
    /// Each member of the day.
    pub municipalities: Vec<MunicipalityCapacity>,
}

/// The capacity of a municipality on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityCapacity {
    /// The municipality.
    pub organisation: OrganisationName,
    /// Full-time equivalents for business work; null while nothing is known.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 1.2)]
    pub business_fte: Option<Decimal2>,
    /// Whether an estimate goes into the figure.
    pub approximate: bool,
    /// Whether it has a business association; null when not known.
    #[schema(required = true)]
    pub has_business_association: Option<bool>,
    /// The arrangement in words.
    #[schema(required = true, max_length = 10000)]
    pub description: Option<String>,
    /// What the figure consists of.
    pub provisions: Vec<Provision>,
}

/// One source of capacity.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Provision {
    /// The provision.
    pub id: Uuid,
    /// How it is provided.
    pub arrangement: entity::service_provisions::ServiceArrangement,
    /// What the post or the service is called.
    #[schema(required = true, max_length = 200)]
    pub title: Option<String>,
    /// Who provides it; null for own staff.
    #[schema(required = true)]
    pub provider: Option<OrganisationName>,
    /// Full-time equivalents for business work.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 0.5)]
    pub business_fte: Option<Decimal2>,
    /// Full-time equivalents that the provider has in all; never summed.
    #[schema(required = true, value_type = Option<f64>, minimum = 0, multiple_of = 0.01, example = 3.5)]
    pub provider_fte: Option<Decimal2>,
    /// How many people share the work.
    #[schema(required = true, minimum = 0)]
    pub headcount: Option<i64>,
    /// Whether the figure is an estimate.
    pub approximate: bool,
    /// The last day of the provision; null while it lasts.
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
}

/// The capacity of a region as the wire shows it.
#[must_use]
pub fn region_capacity(rows: capacity::Rows<'_>, region: &entity::regions::Model, as_of: NaiveDate) -> Capacity {
    let all = capacity::of(rows, region.id, as_of);
    let name = |id: Option<Uuid>| {
        id.and_then(|id| rows.organisations.iter().find(|organisation| organisation.id == id)).map(OrganisationName::of)
    };
    let provision = |provision: &&entity::service_provisions::Model| Provision {
        id: provision.id,
        arrangement: provision.arrangement,
        title: provision.title.clone(),
        provider: name(provision.provider_id),
        business_fte: provision.business_fte,
        provider_fte: provision.provider_fte,
        headcount: provision.headcount,
        approximate: provision.approximate,
        valid_to: provision.valid_to,
    };
    let municipality = |one: &capacity::Municipality<'_>| MunicipalityCapacity {
        organisation: OrganisationName::of(one.organisation),
        business_fte: one.business_fte,
        approximate: one.approximate,
        has_business_association: one.profile.and_then(|profile| profile.has_business_association),
        description: one.profile.and_then(|profile| profile.description.clone()),
        provisions: one.provisions.iter().map(provision).collect(),
    };
    let municipalities: Vec<MunicipalityCapacity> = all.iter().map(municipality).collect();
    Capacity {
        region_id: region.id,
        name: region.name.clone(),
        as_of,
        business_fte: capacity::total(&all),
        approximate: all.iter().any(|one| one.approximate),
        complete: all.iter().all(|one| one.business_fte.is_some() && one.unknown == 0),
        business_associations: municipalities.iter().filter(|one| one.has_business_association == Some(true)).count(),
        municipalities,
    }
}
