//! `GET /projects/{id}/status`: one call for the observer, the mayors and every frontend.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use entity::decision_points::{Approver, DecisionOutcome};
use entity::documents::{DocumentKind, DocumentStatus};
use entity::milestones::{MilestoneStatus, MilestoneType};
use entity::{Decimal4, decision_points, indicators, milestones};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{self, Capacity, Finding, FindingCounts, Party, PersonName, Phase};
use super::{Asked, findings};
use crate::domain::{Picture, readiness, schedule};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, Lang, codes};
use crate::store::{self, Entry};

/// Where a project stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The day of the report.
    pub today: NaiveDate,
    /// The project.
    pub project: Phase,
    /// The chain of phases that it stands in, this one included.
    pub phases: Vec<Phase>,
    /// The first decision point that is not decided; null when all are.
    #[schema(required = true)]
    pub next_decision_point: Option<DecisionPointStatus>,
    /// Every decision point with what it requires.
    pub decision_points: Vec<DecisionPointStatus>,
    /// Every milestone: planned, forecast and met, and when and why its dates were moved.
    pub milestones: Vec<MilestoneStanding>,
    /// Organisations in the project.
    pub parties: Vec<Party>,
    /// Everybody who holds a seat, each person once.
    pub people: Vec<PersonRoles>,
    /// Capacity for business work in the project's region, on the day of the project's period nearest to today;
    /// null when the project has no region.
    #[schema(required = true)]
    pub capacity: Option<Capacity>,
    /// Indicators with baseline, target in force and newest measurement.
    pub indicators: Vec<IndicatorStatus>,
    /// What the plan check finds, errors first.
    pub findings: Vec<Finding>,
    /// How many findings there are of each severity.
    pub finding_counts: FindingCounts,
}

/// Where a milestone stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneStanding {
    /// The milestone.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "01")]
    pub number: String,
    /// The state reached.
    #[schema(max_length = 500)]
    pub title: String,
    /// What sort of state it is.
    #[serde(rename = "type")]
    #[schema(required = true)]
    pub milestone_type: Option<MilestoneType>,
    /// The activity that leads to it.
    #[schema(required = true)]
    pub activity_id: Option<Uuid>,
    /// The date of the plan.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// The date of the plan before it was first moved; null while it stands as first planned.
    #[schema(required = true)]
    pub first_planned_on: Option<NaiveDate>,
    /// The date now expected.
    #[schema(required = true)]
    pub forecast_on: Option<NaiveDate>,
    /// The date on which it was met.
    #[schema(required = true)]
    pub met_on: Option<NaiveDate>,
    /// Where it stands today.
    pub status: MilestoneStatus,
    /// Each time its dates were moved, oldest first.
    pub moves: Vec<Move>,
}

/// A date that was moved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Move {
    /// The field: `plannedOn` or `forecastOn`.
    #[schema(max_length = 40, example = "plannedOn")]
    pub field: String,
    /// The date before.
    #[schema(required = true)]
    pub from: Option<NaiveDate>,
    /// The date after.
    #[schema(required = true)]
    pub to: Option<NaiveDate>,
    /// When it was moved (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTime<Utc>,
    /// Why.
    #[schema(required = true, max_length = 1000)]
    pub reason: Option<String>,
}

/// Where a decision point stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionPointStatus {
    /// The decision point.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "1")]
    pub number: String,
    /// What is decided.
    #[schema(max_length = 500, example = "Prosjektstart")]
    pub theme: String,
    /// The date of the plan.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// Who decides.
    #[schema(required = true)]
    pub approver: Option<Approver>,
    /// The date of the decision.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// What was decided.
    #[schema(required = true)]
    pub outcome: Option<DecisionOutcome>,
    /// The conditions of the approval.
    #[schema(required = true, max_length = 10000)]
    pub conditions: Option<String>,
    /// Whether every requirement is met.
    pub ready: bool,
    /// What it requires.
    pub requirements: Vec<RequirementStatus>,
}

/// Whether a requirement is met.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementStatus {
    /// The requirement.
    pub id: Uuid,
    /// The kind of document that is asked for.
    pub document_kind: DocumentKind,
    /// The document that answers it; null while there is none.
    #[schema(required = true)]
    pub document_id: Option<Uuid>,
    /// The status that the document must have.
    pub required_status: DocumentStatus,
    /// Whether it has it.
    pub met: bool,
    /// Why not, in the caller's language; null when it is met.
    #[schema(required = true, max_length = 2000)]
    pub reason: Option<String>,
}

/// A person and all that the person is in the project.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonRoles {
    /// The person.
    pub id: Uuid,
    /// Given and family name.
    #[schema(max_length = 401, example = "Knut Baglo")]
    pub name: String,
    /// The roles of today.
    pub roles: Vec<entity::assignments::AssignmentRole>,
}

/// Where an indicator stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorStatus {
    /// The indicator.
    pub id: Uuid,
    /// The goal that it measures.
    pub goal_id: Uuid,
    /// What is measured.
    #[schema(max_length = 200)]
    pub name: String,
    /// The unit of the values.
    #[schema(max_length = 40)]
    pub unit: String,
    /// The value before the project.
    #[schema(required = true)]
    pub baseline: Option<Decimal4>,
    /// The target in force.
    #[schema(required = true)]
    pub target: Option<Decimal4>,
    /// The date by which it is to be reached.
    #[schema(required = true)]
    pub target_by: Option<NaiveDate>,
    /// The newest measured value, summed over organisations measured on that day; null before the first.
    #[schema(required = true)]
    pub actual: Option<Decimal4>,
    /// The day of that measurement.
    #[schema(required = true)]
    pub measured_on: Option<NaiveDate>,
}

/// Answers the status of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?;
    call.query()?.finish(&[])?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(&call).await?;
    let moved = store::of_event(&call.store.read, asked.project, "milestone.rescheduled").await?;
    let status = of(&asked, &picture, &moved).ok_or(&codes::NOT_FOUND)?;
    asked.answer(&status)
}

fn of(asked: &Asked, picture: &Picture, moved: &[Entry]) -> Option<Status> {
    let found = findings::seen(asked, picture);
    let phases = shapes::phases(picture);
    let decision_points = decision_points(picture, asked.lang);
    let next = decision_points
        .iter()
        .filter(|point| point.outcome.is_none_or(|outcome| outcome == DecisionOutcome::Postponed));
    Some(Status {
        today: asked.today,
        project: phases.iter().find(|phase| phase.current)?.clone(),
        next_decision_point: next.min_by_key(|point| (point.planned_on.is_none(), point.planned_on)).cloned(),
        decision_points,
        milestones: milestones(picture, moved, asked),
        parties: shapes::parties(picture),
        people: people(picture, asked.today),
        capacity: capacity(picture, asked.today),
        indicators: picture.indicators.iter().map(|indicator| indicator_status(picture, indicator)).collect(),
        findings: shapes::findings(&found, asked.lang),
        finding_counts: shapes::counts(&found),
        phases,
    })
}

fn milestones(picture: &Picture, moved: &[Entry], asked: &Asked) -> Vec<MilestoneStanding> {
    let mut moves: BTreeMap<Uuid, Vec<Move>> = BTreeMap::new();
    for entry in moved {
        moves.entry(entry.record).or_default().extend(moves_of(entry));
    }
    let internal = asked.sees_all_of("milestones");
    let mut own: Vec<&milestones::Model> =
        picture.milestones.iter().filter(|milestone| internal || !milestone.internal).collect();
    own.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    let standing = |milestone: &milestones::Model| {
        let moves = moves.remove(&milestone.id).unwrap_or_default();
        MilestoneStanding {
            id: milestone.id,
            number: milestone.number.clone(),
            title: milestone.title.clone(),
            milestone_type: milestone.milestone_type,
            activity_id: milestone.activity_id,
            planned_on: milestone.planned_on,
            first_planned_on: moves.iter().filter(|one| one.field == "plannedOn").find_map(|one| one.from),
            forecast_on: milestone.forecast_on,
            met_on: milestone.met_on,
            status: schedule::milestone_status(milestone, asked.today),
            moves,
        }
    };
    own.into_iter().map(standing).collect()
}

fn moves_of(entry: &Entry) -> Vec<Move> {
    let date = |side: &Option<Value>, field: &str| {
        side.as_ref().and_then(|row| row[field].as_str()).and_then(|text| text.parse().ok())
    };
    let fields = ["plannedOn", "forecastOn"].into_iter().filter_map(|field| {
        let (from, to) = (date(&entry.before, field), date(&entry.after, field));
        (from != to).then(|| Move { field: field.to_owned(), from, to, at: entry.at, reason: entry.reason.clone() })
    });
    fields.collect()
}

fn decision_points(picture: &Picture, lang: Lang) -> Vec<DecisionPointStatus> {
    let mut points: Vec<&decision_points::Model> = picture.decision_points.iter().collect();
    points.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    let status = |point: &decision_points::Model| {
        let requirements: Vec<RequirementStatus> = readiness::requirements(picture, point)
            .into_iter()
            .map(|requirement| requirement_status(&requirement, lang))
            .collect();
        DecisionPointStatus {
            id: point.id,
            number: point.number.clone(),
            theme: point.theme.clone(),
            planned_on: point.planned_on,
            approver: point.approver,
            decided_on: point.decided_on,
            outcome: point.outcome,
            conditions: point.conditions.clone(),
            ready: requirements.iter().all(|requirement| requirement.met),
            requirements,
        }
    };
    points.into_iter().map(status).collect()
}

fn requirement_status(found: &readiness::Requirement<'_>, lang: Lang) -> RequirementStatus {
    RequirementStatus {
        id: found.requirement.id,
        document_kind: found.requirement.document_kind,
        document_id: found.requirement.document_id,
        required_status: found.requirement.required_status,
        met: found.unmet.is_none(),
        reason: found.unmet.as_ref().map(|text| text.in_lang(lang).to_owned()),
    }
}

fn people(picture: &Picture, on: NaiveDate) -> Vec<PersonRoles> {
    let mut people: Vec<PersonRoles> = Vec::new();
    for seat in shapes::seats(picture, on) {
        let PersonName { id, name } = seat.person;
        match people.iter_mut().find(|person| person.id == id) {
            Some(person) => person.roles.push(seat.role),
            None => people.push(PersonRoles { id, name, roles: vec![seat.role] }),
        }
    }
    people
}

fn capacity(picture: &Picture, today: NaiveDate) -> Option<Capacity> {
    let region = picture.project()?.region_id?;
    let region = picture.regions.iter().find(|known| known.id == region)?;
    Some(shapes::region_capacity(picture.capacity(), region, picture.reference_day(today)))
}

fn indicator_status(picture: &Picture, indicator: &indicators::Model) -> IndicatorStatus {
    let target = indicator.targets.0.last();
    let own = || picture.measurements.iter().filter(|measurement| measurement.indicator_id == indicator.id);
    let measured_on = own().map(|measurement| measurement.measured_on).max();
    let actual = measured_on.map(|day| {
        own().filter(|measurement| measurement.measured_on == day).map(|measurement| measurement.value).sum()
    });
    IndicatorStatus {
        id: indicator.id,
        goal_id: indicator.goal_id,
        name: indicator.name.clone(),
        unit: indicator.unit.clone(),
        baseline: indicator.baseline,
        target: target.map(|target| target.value),
        target_by: target.and_then(|target| target.by),
        actual,
        measured_on,
    }
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectStatus", "Reports", "Ask where a project stands")
        .more(
            "One call for the observer: the phase and its chain, the next decision point and what it still lacks, milestones \
             with planned, forecast and met dates and why they moved, people, capacity, indicators and the findings of the plan \
             check. Cheap to poll: send the `ETag` back in `If-None-Match`, and an unchanged project answers 304. Observers get \
             the same report without internal milestones.",
        )
        .answers::<Status>(200, "Where the project stands", example())
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}

fn example() -> Value {
    let phase = json!({
        "id": "015ec5c8-6c00-700b-8000-000000000002", "code": "NVR-2017-02",
        "name": "Næringsvennlig region – forprosjekt Sør-Troms", "type": "pre_project", "stage": 1, "status": "pipeline",
        "conditional": false, "startsOn": "2017-11-01", "endsOn": "2018-04-30", "durationMonthsMin": 6, "durationMonthsMax": 6,
        "current": true
    });
    json!({
        "today": "2017-11-20",
        "project": phase,
        "phases": [phase],
        "nextDecisionPoint": null,
        "decisionPoints": [],
        "milestones": [{
            "id": "015ec5c8-6c00-7013-8000-000000000002", "number": "02",
            "title": "Gjennomført workshop HA 3 – kompetansebehov", "type": "engagement", "activityId": null,
            "plannedOn": "2017-12-15", "firstPlannedOn": "2018-12-15", "forecastOn": null, "metOn": null, "status": "scheduled",
            "moves": [{ "field": "plannedOn", "from": "2018-12-15", "to": "2017-12-15", "at": "2017-11-20T09:30:00Z", "reason": "Skrivefeil i planen" }]
        }],
        "parties": [],
        "people": [{ "id": "015ec5c8-6c00-7003-8000-000000000002", "name": "Knut Baglo", "roles": ["project_manager"] }],
        "capacity": null,
        "indicators": [],
        "findings": [],
        "findingCounts": { "errors": 0, "warnings": 0, "infos": 0, "waived": 0 }
    })
}
