//! `GET /projects/{id}/organisation`: the project organisation and the responsibility chart.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use entity::assignments::AssignmentRole;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::shapes::{self, Party, Seat};
use super::tabled;
use crate::access::{Area, Role, Sight, policy};
use crate::domain::Picture;
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// The organisation of a project on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectOrganisation {
    /// Organisations and their roles.
    pub parties: Vec<Party>,
    /// Prosjektansvarlig (PA).
    pub project_executive: Vec<Seat>,
    /// Prosjektleder (PL).
    pub project_manager: Vec<Seat>,
    /// The steering group: chair first, then members and deputies.
    pub steering_group: Group,
    /// The project group.
    pub project_group: Group,
    /// The reference group.
    pub reference_group: Group,
    /// Observers, who have no vote.
    pub observers: Vec<Seat>,
    /// How many different people hold a seat.
    #[schema(minimum = 0, example = 14)]
    pub people: usize,
    /// Who may do what: role by area, as the access policy has it.
    pub responsibility_chart: Vec<ChartRow>,
}

/// A group with its votes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The seats.
    pub seats: Vec<Seat>,
    /// The sum of votes; null while a seat's votes are not known.
    #[schema(required = true, example = 5)]
    pub votes: Option<i64>,
}

/// What a role may do in an area, the most of it in one word.
const WORDS: [&str; 5] = ["approve", "write", "read", "published", "none"];

/// One role of the responsibility chart.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartRow {
    /// The role.
    #[schema(schema_with = roles)]
    pub role: String,
    /// By area of the project: `read`, `write`, `approve`, `published` (sees what is published) or `none`.
    #[schema(schema_with = areas)]
    pub areas: Map<String, Value>,
}

fn roles() -> Object {
    let roles = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Role::ALL.map(Role::name)));
    roles.description(Some("The role.")).examples([json!(Role::ProjectManager.name())]).build()
}

fn areas() -> Object {
    let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(WORDS));
    let names = Area::PROJECT.iter().map(|area| area.name()).collect::<Vec<_>>().join(", ");
    let about = format!("By area of the project ({names}): `published` is reading what is published.");
    ObjectBuilder::new().description(Some(about)).additional_properties(Some(word)).build()
}

/// The columns of a party.
pub const PARTIES: &str = "organisation.name role note organisation.id";

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let seats = "projectExecutive projectManager steeringGroup/seats projectGroup/seats referenceGroup/seats observers";
    let seat =
        "role person.name organisation.name title votes validFrom validTo assignmentId person.id organisation.id";
    let areas: Vec<String> = Area::PROJECT.iter().map(|area| format!("areas.{}", area.name())).collect();
    Tables::of::<ProjectOrganisation>(
        "organisation",
        text!("Prosjektorganisasjon", "Prosjektorganisasjon", "Project organisation"),
    )
    .table("seats", text!("Roller", "Roller", "Seats"), seats, seat)
    .table("parties", text!("Parter", "Partar", "Parties"), "parties", PARTIES)
    .table(
        "responsibility-chart",
        text!("Ansvarskart", "Ansvarskart", "Responsibility chart"),
        "responsibilityChart",
        format!("role {}", areas.join(" ")),
    )
});

/// Answers the organisation of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, |asked, picture| of(picture, asked.today)).await
}

/// The organisation of a picture on a day.
#[must_use]
pub fn of(picture: &Picture, on: chrono::NaiveDate) -> ProjectOrganisation {
    let seats = shapes::seats(picture, on);
    let with = |roles: &[AssignmentRole]| -> Vec<Seat> {
        // In the order of the roles given, so that the chair comes first.
        roles.iter().flat_map(|role| seats.iter().filter(move |seat| seat.role == *role).cloned()).collect()
    };
    let mut people: Vec<_> = seats.iter().map(|seat| seat.person.id).collect();
    people.sort_unstable();
    people.dedup();
    ProjectOrganisation {
        parties: shapes::parties(picture),
        project_executive: with(&[AssignmentRole::ProjectExecutive]),
        project_manager: with(&[AssignmentRole::ProjectManager]),
        steering_group: group(with(&[
            AssignmentRole::SteeringGroupChair,
            AssignmentRole::SteeringGroupMember,
            AssignmentRole::Deputy,
        ])),
        project_group: group(with(&[AssignmentRole::ProjectGroupMember])),
        reference_group: group(with(&[AssignmentRole::ReferenceGroupMember])),
        observers: with(&[AssignmentRole::Observer]),
        people: people.len(),
        responsibility_chart: chart(),
    }
}

fn group(seats: Vec<Seat>) -> Group {
    let votes = seats.iter().filter(|seat| seat.role != AssignmentRole::Deputy).map(|seat| seat.votes).sum();
    Group { seats, votes }
}

fn chart() -> Vec<ChartRow> {
    let word = |role, area| {
        let rights = policy::rights(role, area);
        match (rights.approve, rights.write, rights.sight) {
            (true, _, _) => "approve",
            (_, true, _) => "write",
            (_, _, Sight::All) => "read",
            (_, _, Sight::Published) => "published",
            (_, _, Sight::Nothing) => "none",
        }
    };
    let row = |role: Role| ChartRow {
        role: role.name().to_owned(),
        areas: Area::PROJECT.iter().map(|area| (area.name().to_owned(), word(role, *area).into())).collect(),
    };
    Role::ALL.into_iter().map(row).collect()
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectOrganisation", "Reports", "Show the project organisation and the responsibility chart")
        .more("Seats that are filled today, groups with their votes, parties with their roles. Names only: contact details are in `/api/v1/people`.")
        .dated()
        .answers::<ProjectOrganisation>(200, "The organisation", json!({
            "parties": [{ "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000002", "name": "Gratangen kommune" }, "role": "owner", "note": null }],
            "projectExecutive": [], "projectManager": [],
            "steeringGroup": { "seats": [], "votes": 0 }, "projectGroup": { "seats": [], "votes": 0 }, "referenceGroup": { "seats": [], "votes": 0 },
            "observers": [], "people": 0,
            "responsibilityChart": [{ "role": "project_manager", "areas": { "milestones": "write" } }]
        }))
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}
