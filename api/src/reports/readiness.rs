//! `GET /decision-points/{id}/readiness`: what a decision point requires, met or not, and why.

use actix_web::HttpResponse;
use chrono::Utc;
use entity::decision_points;
use entity::documents::{DocumentKind, DocumentStatus};
use entity::finding_waivers::FindingRule;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::finance::{EconomyTotals, totals};
use super::{Asked, findings};
use crate::access::Area;
use crate::domain::{Picture, plan_check, readiness as domain};
use crate::facts;
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Error, Lang, codes};
use crate::standard::list::weakly_tagged;
use crate::standard::read;
use crate::standard::whole::whole;

/// Whether a decision point may pass.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether nothing stands in the way.
    pub ready: bool,
    /// The documents that it requires.
    pub requirements: Vec<RequirementStatus>,
    /// What stands in the way, as far as the caller sees it: what a decision would answer as `unmet`.
    pub unmet: Vec<Unmet>,
    /// Budget and funding, which who decides will ask about.
    pub economy: EconomyTotals,
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

/// Something that stands in the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unmet {
    /// The record that is to be brought in order.
    pub record: entity::RecordRef,
    /// The rule of the plan check, for a finding.
    #[schema(required = true)]
    pub rule: Option<FindingRule>,
    /// Why it stands in the way, in the caller's language.
    #[schema(max_length = 2000)]
    pub reason: String,
}

impl Unmet {
    fn of(obstacle: &domain::Obstacle, lang: Lang) -> Self {
        Self { record: obstacle.record.clone(), rule: obstacle.rule, reason: obstacle.reason.in_lang(lang).to_owned() }
    }
}

/// What stands in the way, as a problem tells it in its member `unmet`.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn unmet(obstacles: &[domain::Obstacle], lang: Lang) -> Result<Value, Error> {
    let unmet: Vec<Unmet> = obstacles.iter().map(|obstacle| Unmet::of(obstacle, lang)).collect();
    serde_json::to_value(unmet).map_err(|error| Error::internal("write what is unmet", error))
}

/// The requirements of a decision point in one language.
#[must_use]
pub fn requirements(picture: &Picture, point: &decision_points::Model, lang: Lang) -> Vec<RequirementStatus> {
    let status = |found: domain::Requirement<'_>| RequirementStatus {
        id: found.requirement.id,
        document_kind: found.requirement.document_kind,
        document_id: found.requirement.document_id,
        required_status: found.requirement.required_status,
        met: found.unmet.is_none(),
        reason: found.unmet.as_ref().map(|text| text.in_lang(lang).to_owned()),
    };
    domain::requirements(picture, point).into_iter().map(status).collect()
}

/// Answers the readiness of a decision point.
///
/// # Errors
/// 401; 404 for a decision point that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let id = read::id(&call)?;
    let facts = facts::by_path("decision-points").ok_or(&codes::NO_ROUTE)?;
    let today = Utc::now().date_naive();
    let point: decision_points::Model = read::find(&call.store, facts, &caller, id, today).await?.typed()?;
    call.query()?.finish(&[])?;
    let picture = whole(&call.store.read, point.project_id).await?;
    let findings = plan_check::check(&picture, today);
    let lang = call.lang();
    let resolved = point.resolution_id.is_some();
    let ready = domain::obstacles(&picture, &point, &findings, resolved).is_empty();
    // What stands in the way is told as far as the caller sees it.
    let asked = Asked::frozen(caller.clone(), point.project_id, today);
    let seen = findings::of_these(&asked, &picture, &findings);
    let obstacles = domain::obstacles(&picture, &point, &seen, resolved);
    let unmet: Vec<Unmet> = obstacles.iter().map(|obstacle| Unmet::of(obstacle, lang)).collect();
    let sight = caller.rights(point.project_id, Area::Economy).sight;
    let answer = Readiness {
        ready,
        requirements: requirements(&picture, &point, lang),
        unmet,
        economy: totals(&picture, sight, lang),
    };
    let body = serde_json::to_value(answer).map_err(|error| Error::internal("write a report", error))?;
    weakly_tagged(&call, Answer::ok(body))
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getDecisionPointReadiness", "Decision points", "Ask whether a decision point may pass")
        .more(
            "Each required document, met or not, and why; everything else that would stand in the way; and budget and \
             funding, which who decides will ask about.",
        )
        .answers::<Readiness>(
            200,
            "Whether it may pass",
            json!({
                "ready": false,
                "requirements": [{
                    "id": "015ec5c8-6c00-7015-8000-000000000001", "documentKind": "project_plan", "documentId": null,
                    "requiredStatus": "adopted", "met": false, "reason": "dokumentet mangler"
                }],
                "unmet": [{
                    "record": { "kind": "decision_requirement", "id": "015ec5c8-6c00-7015-8000-000000000001" },
                    "rule": null, "reason": "dokumentet mangler"
                }],
                "economy": {
                    "budget": null, "totalOre": null, "cashOre": null, "inKindOre": null, "linesNotKnown": 0,
                    "committedOre": null, "balance": [],
                    "inWords": "Budsjett: ikke kjent ennå. Tilsagn: ikke kjent ennå. Finansiering er kommet lengst til: mulig."
                }
            }),
        )
        .tagged()
        .fails(&[&codes::NOT_FOUND])
}
