//! `GET /projects/{id}/status`: one call for the observer, the mayors and every frontend.

mod decision_points;
mod handling;
mod indicators;
mod meetings;
mod milestones;
mod open;
mod people;
mod reports;
mod tables;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::decision_points::DecisionOutcome;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::decisions::{self, Decision};
use super::finance::{EconomyTotals, totals};
use super::shapes::{self, Capacity, Finding, FindingCounts, Party, Phase};
use super::{Asked, findings, schedule};
use crate::access::Area;
use crate::domain::{Picture, plan_check};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Format;
use crate::store::{self, Entry, Source};
use decision_points::DecisionPointStatus;
use handling::MatterStanding;
use indicators::IndicatorStatus;
use meetings::NextMeeting;
use milestones::MilestoneStanding;
pub use milestones::first_planned;
use open::OpenDecision;
use people::PersonRoles;
use reports::{LatestReport, PublishedReport};
use tables::TABLES;

/// How many of the newest decisions the status shows.
const LATEST: usize = 5;

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
    /// What each municipality has said in each matter; `/political-handling` has cases and treatments.
    pub political_handling: Vec<MatterStanding>,
    /// What is still to be decided: decision points, matters that await municipalities, resolutions put off.
    pub open_decisions: Vec<OpenDecision>,
    /// The five newest decisions; `/decisions` has all.
    pub latest_decisions: Vec<Decision>,
    /// Budget and funding in sum; `/finance` has costs, hours and shares.
    pub economy: EconomyTotals,
    /// Meetings to come.
    pub next_meetings: Vec<NextMeeting>,
    /// What the newest published report says, with its status per dimension; null before the first.
    #[schema(required = true)]
    pub latest_report: Option<LatestReport>,
    /// Every published report, the newest first.
    pub reports: Vec<PublishedReport>,
    /// What the plan check finds, errors first.
    pub findings: Vec<Finding>,
    /// How many findings there are of each severity.
    pub finding_counts: FindingCounts,
}

/// Answers the status of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?.in_tables(&call, &TABLES)?;
    if let Some(unchanged) = asked.unchanged(&call)? {
        return Ok(unchanged);
    }
    let picture = asked.picture(&call).await?;
    let journal = asked.stood(journal(&call.store, asked.project).await?);
    let status = of(&asked, &picture, &journal).ok_or(&codes::NOT_FOUND)?;
    if asked.format() == Format::Html {
        // The page has the picture of the schedule in it, as the same caller sees it.
        return asked.answer(&json!({ "status": status, "schedule": schedule::of(&asked, &picture, &journal) })).await;
    }
    asked.answer(&status).await
}

/// The entries of the journal that the status tells of.
///
/// # Errors
/// When the database fails.
pub async fn journal(source: &impl Source, project: Uuid) -> Result<Vec<Entry>, Error> {
    let events: Vec<&str> = decisions::EVENTS.into_iter().chain([milestones::RESCHEDULED]).collect();
    Ok(store::of_events(source, project, &events).await?)
}

/// The status that a picture shows to who asks; `None` when the project is not in it.
#[must_use]
pub fn of(asked: &Asked, picture: &Picture, journal: &[Entry]) -> Option<Status> {
    let checked = plan_check::check(picture, asked.today);
    let found = findings::of_these(asked, picture, &checked);
    let phases = shapes::phases(picture, asked.lang);
    let (latest_report, reports) = reports::of(picture);
    let decision_points = decision_points::of(picture, asked.lang);
    let next = decision_points
        .iter()
        .filter(|point| point.outcome.is_none_or(|outcome| outcome == DecisionOutcome::Postponed));
    Some(Status {
        today: asked.today,
        project: phases.iter().find(|phase| phase.current)?.clone(),
        next_decision_point: next.min_by_key(|point| (point.planned_on.is_none(), point.planned_on)).cloned(),
        decision_points,
        milestones: milestones::of(picture, journal, asked),
        parties: shapes::parties(picture),
        people: people::of(picture, asked.today),
        capacity: capacity(picture, asked.today),
        indicators: picture
            .indicators
            .iter()
            .map(|indicator| indicators::of(picture, indicator, asked.today))
            .collect(),
        political_handling: handling::of(asked, picture),
        open_decisions: open::of(asked, picture, &checked),
        latest_decisions: latest(asked, picture, journal),
        economy: totals(picture, asked.caller.rights(asked.project, Area::Economy).sight, asked.lang),
        next_meetings: meetings::of(asked, picture),
        latest_report,
        reports,
        findings: shapes::findings(&found, asked.lang),
        finding_counts: shapes::counts(&found),
        phases,
    })
}

fn latest(asked: &Asked, picture: &Picture, journal: &[Entry]) -> Vec<Decision> {
    let mut decisions = decisions::of(asked, picture, journal);
    decisions.truncate(LATEST);
    decisions
}

fn capacity(picture: &Picture, today: NaiveDate) -> Option<Capacity> {
    let region = picture.project()?.region_id?;
    let region = picture.regions.iter().find(|known| known.id == region)?;
    Some(shapes::region_capacity(picture.capacity(), region, picture.reference_day(today)))
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectStatus", "Reports", "Ask where a project stands")
        .more(
            "One call for the observer: the phase and its chain, the next decision point and what it still lacks, milestones \
             with planned, forecast and met dates and why they moved, people, capacity, indicators, what the municipalities have said, budget and funding, what is decided \
             and what is still to be decided, the next meetings and the findings of the plan check. Cheap to poll: send the `ETag` back in `If-None-Match`, and an unchanged project answers 304. Observers get \
             the same report without internal milestones.",
        )
        .dated()
        .answers::<Status>(200, "Where the project stands", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}

fn example() -> Value {
    let phase = json!({
        "id": "015ec5c8-6c00-700b-8000-000000000002", "code": "NVR-2017-02",
        "name": "Næringsvennlig region – forprosjekt Sør-Troms", "type": "pre_project", "stage": 1, "status": "pipeline",
        "conditional": false, "startsOn": "2017-11-01", "endsOn": "2018-04-30", "durationMonthsMin": 6, "durationMonthsMax": 6,
        "current": true,
        "awaitingDecisions": { "from": "2018-04-30", "to": null, "matters": [] }
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
        "politicalHandling": [{
            "id": "015ec5c8-6c00-7020-8000-000000000001", "title": "Videreføring i forprosjekt", "subject": "continuation",
            "state": "partially_met",
            "rollUp": { "of": 4, "adopted": 3, "adoptedWithConditions": 0, "rejected": 0, "postponed": 0, "pending": 1 },
            "inWords": "3 av 4 har vedtatt, 1 venter", "metOn": null,
            "municipalities": [{
                "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000001", "name": "Bardu kommune" }, "status": "adopted",
                "outcome": "adopted", "decidedOn": "2017-10-18", "windowFrom": "2017-09-01", "windowTo": "2017-10-31"
            }]
        }],
        "openDecisions": [{
            "record": { "kind": "matter", "id": "015ec5c8-6c00-7020-8000-000000000001" }, "title": "Videreføring i forprosjekt",
            "dueOn": "2017-10-31", "ready": null, "unmet": [],
            "awaits": [{ "id": "015ec5c8-6c00-7001-8000-000000000004", "name": "Salangen kommune" }],
            "inWords": "3 av 4 har vedtatt, 1 venter"
        }],
        "latestDecisions": [],
        "economy": {
            "budget": null, "totalOre": null, "cashOre": null, "inKindOre": null, "linesNotKnown": 0, "committedOre": null,
            "balance": [{
                "state": "possible", "sources": 6, "sourcesNotKnown": 6, "amountOre": null, "securedOre": null, "balanceOre": null
            }],
            "inWords": "Budsjett: ikke kjent ennå. Tilsagn: ikke kjent ennå. Finansiering er kommet lengst til: mulig."
        },
        "nextMeetings": [{
            "id": "015ec5c8-6c00-7023-8000-000000000001", "kind": "steering_group", "title": "Styringsgruppemøte 3",
            "startsAt": "2017-12-07T09:00:00Z", "endsAt": null, "place": "Kommunehuset i Gratangen", "status": "planned"
        }],
        "latestReport": {
            "id": "0190e0a0-0000-7000-8000-000000000040", "kind": "status", "periodFrom": "2017-11-01",
            "periodTo": "2017-12-31", "publishedAt": "2018-01-05T12:00:00Z", "publicSha256": null, "supersededById": null,
            "dimensions": [{ "dimension": "time", "status": "on_plan", "trend": "stable", "comment": null }],
            "achieved": "Milepæl 01 nådd 2017-11-15", "next": null, "decisionsWanted": null
        },
        "reports": [],
        "findings": [],
        "findingCounts": { "errors": 0, "warnings": 0, "infos": 0, "waived": 0 }
    })
}
