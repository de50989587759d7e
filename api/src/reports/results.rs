//! `GET /projects/{id}/results`: goals, what shows that they are reached, and how far it has come.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use entity::goals::{self, GoalKind};
use entity::indicators::{self, IndicatorDirection, IndicatorMeasure};
use entity::measurements::Certainty;
use entity::{Decimal2, Decimal4};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::OrganisationName;
use super::{Asked, tabled};
use crate::domain::{Picture, results};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// What a project has reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct Results {
    /// The day of the report.
    pub today: NaiveDate,
    /// The goals, each with its indicators.
    pub goals: Vec<GoalResults>,
    /// Jobs, the expected apart from the confirmed.
    pub jobs: JobResults,
}

/// A goal, and what shows that it is reached.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoalResults {
    /// The goal.
    pub id: Uuid,
    /// Its level.
    pub kind: GoalKind,
    /// The goal in words.
    #[schema(max_length = 10_000)]
    pub text: String,
    /// The goal that it serves.
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
    /// Its indicators.
    pub indicators: Vec<IndicatorResults>,
}

/// How far an indicator has come. Values are in its unit, null while not known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorResults {
    /// The indicator.
    pub id: Uuid,
    /// What is measured.
    #[schema(max_length = 200)]
    pub name: String,
    /// The unit.
    #[schema(max_length = 40)]
    pub unit: String,
    /// What it counts, where programmes sum it.
    #[schema(required = true)]
    pub measures: Option<IndicatorMeasure>,
    /// The way in which it is to move.
    #[schema(required = true)]
    pub direction: Option<IndicatorDirection>,
    /// The value before the project.
    #[schema(required = true)]
    pub baseline: Option<Decimal4>,
    /// The day of the baseline.
    #[schema(required = true)]
    pub baseline_on: Option<NaiveDate>,
    /// The target in force.
    #[schema(required = true)]
    pub target: Option<Decimal4>,
    /// The day by which it is to be reached.
    #[schema(required = true)]
    pub target_by: Option<NaiveDate>,
    /// Every target, in the order in which they were set.
    #[schema(max_items = 100)]
    pub targets: Vec<TargetSet>,
    /// What is confirmed: the newest value of each organisation, summed.
    #[schema(required = true)]
    pub actual: Option<Decimal4>,
    /// The newest day that it rests on.
    #[schema(required = true)]
    pub measured_on: Option<NaiveDate>,
    /// What is expected, apart from what is confirmed.
    #[schema(required = true)]
    pub expected: Option<Decimal4>,
    /// How much of the way from the baseline to the target is confirmed, in per cent.
    #[schema(required = true)]
    pub progress_percent: Option<Decimal2>,
    /// The newest values of each organisation.
    pub by_organisation: Vec<OrganisationResult>,
}

/// A target, and when and why it was set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetSet {
    /// The value to be reached.
    pub value: Decimal4,
    /// By when.
    #[schema(required = true)]
    pub by: Option<NaiveDate>,
    /// When it was set.
    #[schema(required = true)]
    pub set_on: Option<NaiveDate>,
    /// Why.
    #[schema(required = true, max_length = 2000)]
    pub reason: Option<String>,
}

impl TargetSet {
    fn of(target: &indicators::IndicatorTarget) -> Self {
        Self { value: target.value, by: target.by, set_on: target.set_on, reason: target.reason.clone() }
    }
}

/// The newest values of an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationResult {
    /// The organisation; null for the whole project.
    #[schema(required = true)]
    pub organisation: Option<OrganisationName>,
    /// What is confirmed.
    #[schema(required = true)]
    pub actual: Option<Decimal4>,
    /// The day of that.
    #[schema(required = true)]
    pub measured_on: Option<NaiveDate>,
    /// What is expected.
    #[schema(required = true)]
    pub expected: Option<Decimal4>,
}

/// Jobs, created and secured.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobResults {
    /// New jobs.
    pub created: JobCount,
    /// Jobs that would have been lost.
    pub secured: JobCount,
}

/// Jobs; null while nothing is measured.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobCount {
    /// Confirmed.
    #[schema(required = true)]
    pub confirmed: Option<Decimal4>,
    /// Expected, apart from the confirmed.
    #[schema(required = true)]
    pub expected: Option<Decimal4>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let indicators = "../text:goal name unit measures baseline baselineOn target targetBy actual measuredOn expected progressPercent id";
    let each = "../name organisation.name:organisation actual measuredOn expected";
    Tables::of::<Results>("results", text!("Resultater", "Resultat", "Results"))
        .table("indicators", text!("Indikatorer", "Indikatorar", "Indicators"), "goals/indicators", indicators)
        .table(
            "organisations",
            text!("Organisasjoner", "Organisasjonar", "Organisations"),
            "goals/indicators/byOrganisation",
            each,
        )
});

/// Answers what a project has reached.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, of).await
}

/// What a picture shows to have been reached.
#[must_use]
pub fn of(asked: &Asked, picture: &Picture) -> Results {
    let count = |measure| JobCount {
        confirmed: results::summed(picture, measure, Certainty::Confirmed),
        expected: results::summed(picture, measure, Certainty::Expected),
    };
    Results {
        today: asked.today,
        goals: picture.goals.iter().map(|goal| self::goal(asked, picture, goal)).collect(),
        jobs: JobResults {
            created: count(IndicatorMeasure::JobsCreated),
            secured: count(IndicatorMeasure::JobsSecured),
        },
    }
}

fn goal(asked: &Asked, picture: &Picture, goal: &goals::Model) -> GoalResults {
    let own = picture.indicators.iter().filter(|indicator| indicator.goal_id == goal.id);
    GoalResults {
        id: goal.id,
        kind: goal.kind,
        text: goal.text.clone(),
        parent_id: goal.parent_id,
        indicators: own.map(|one| indicator(asked, picture, one)).collect(),
    }
}

fn indicator(asked: &Asked, picture: &Picture, indicator: &indicators::Model) -> IndicatorResults {
    let target = results::target(indicator, asked.today);
    let confirmed = results::reached(picture, indicator.id, Certainty::Confirmed);
    let expected = results::reached(picture, indicator.id, Certainty::Expected);
    let value = target.map(|target| target.value);
    IndicatorResults {
        id: indicator.id,
        name: indicator.name.clone(),
        unit: indicator.unit.clone(),
        measures: indicator.measures,
        direction: indicator.direction,
        baseline: indicator.baseline,
        baseline_on: indicator.baseline_on,
        target: value,
        target_by: target.and_then(|target| target.by),
        targets: indicator.targets.0.iter().map(TargetSet::of).collect(),
        actual: confirmed.map(|reached| reached.value),
        measured_on: confirmed.map(|reached| reached.on),
        expected: expected.map(|reached| reached.value),
        progress_percent: results::progress(indicator.baseline, value, confirmed.map(|reached| reached.value)),
        by_organisation: by_organisation(picture, indicator),
    }
}

fn by_organisation(picture: &Picture, indicator: &indicators::Model) -> Vec<OrganisationResult> {
    let confirmed = results::newest(picture, indicator.id, Certainty::Confirmed);
    let expected = results::newest(picture, indicator.id, Certainty::Expected);
    let mut all: Vec<Option<Uuid>> = confirmed.keys().chain(expected.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    let result = |id: Option<Uuid>| OrganisationResult {
        organisation: id.and_then(|id| picture.organisation(id)).map(OrganisationName::of),
        actual: confirmed.get(&id).map(|reached| reached.value),
        measured_on: confirmed.get(&id).map(|reached| reached.on),
        expected: expected.get(&id).map(|reached| reached.value),
    };
    let mut results: Vec<OrganisationResult> = all.into_iter().map(result).collect();
    results.sort_by_key(|one| one.organisation.as_ref().map(|body| body.name.clone()));
    results
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectResults", "Reports", "Ask what a project has reached")
        .more(
            "Goals with their indicators: baseline, every target and the one in force, what is confirmed and what is expected, \
             in sum and by organisation, and how much of the way is gone. Jobs created and secured are summed apart, and the \
             expected never into the confirmed.",
        )
        .dated()
        .answers::<Results>(200, "What is reached", example())
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}

fn example() -> Value {
    json!({
        "today": "2015-12-31",
        "goals": [{
            "id": "015ec5c8-6c00-700e-8000-000000000001", "kind": "outcome", "text": "Flere arbeidsplasser", "parentId": null,
            "indicators": [{
                "id": "015ec5c8-6c00-700f-8000-000000000001", "name": "Nye arbeidsplasser", "unit": "arbeidsplasser",
                "measures": "jobs_created", "direction": "increase", "baseline": 0, "baselineOn": "2013-01-01",
                "target": 80, "targetBy": "2018-12-31",
                "targets": [
                    { "value": 25, "by": "2018-12-31", "setOn": "2013-01-01", "reason": null },
                    { "value": 80, "by": "2018-12-31", "setOn": "2015-12-01", "reason": "Målet var nådd" }
                ],
                "actual": 35, "measuredOn": "2015-11-30", "expected": 12, "progressPercent": 43.75,
                "byOrganisation": [{
                    "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000002", "name": "Gratangen kommune" },
                    "actual": 35, "measuredOn": "2015-11-30", "expected": 12
                }]
            }]
        }],
        "jobs": { "created": { "confirmed": 35, "expected": 12 }, "secured": { "confirmed": null, "expected": null } }
    })
}
