//! `GET /projects/{id}/findings`: the plan check.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use entity::RecordRef;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::shapes::{self, Finding, FindingCounts};
use super::{Asked, tabled};
use crate::domain::{Picture, plan_check};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::render::Tables;
use crate::text;

/// What the plan check finds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Findings {
    /// Errors first, then warnings, then infos.
    pub items: Vec<Finding>,
    /// How many of each.
    pub counts: FindingCounts,
}

/// The columns of a finding.
pub const COLUMNS: &str = "severity rule message record pointer suggestion waiver.reason";

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let counts = "counts.errors counts.warnings counts.infos counts.waived";
    Tables::of::<Findings>("findings", text!("Funn", "Funn", "Findings"))
        .table("findings", text!("Funn", "Funn", "Findings"), "items", COLUMNS)
        .table("counts", text!("Antall", "Tal", "Counts"), "", counts)
});

/// Answers the findings of a project.
///
/// # Errors
/// 401; 404 for a project that the caller does not see.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    tabled(&call, &TABLES, |asked, picture| {
        let found = seen(asked, picture);
        Findings { items: shapes::findings(&found, asked.lang), counts: shapes::counts(&found) }
    })
    .await
}

/// The findings that the caller may see. The check itself looks at all.
#[must_use]
pub fn seen(asked: &Asked, picture: &Picture) -> Vec<plan_check::Finding> {
    of_these(asked, picture, &plan_check::check(picture, asked.today))
}

/// Those of the findings that are about records that the caller may see.
#[must_use]
pub fn of_these(asked: &Asked, picture: &Picture, all: &[plan_check::Finding]) -> Vec<plan_check::Finding> {
    all.iter().filter(|finding| sees(asked, picture, &finding.record)).cloned().collect()
}

fn sees(asked: &Asked, picture: &Picture, record: &RecordRef) -> bool {
    let id = record.id;
    match record.kind.as_str() {
        "milestone" => picture.milestones.iter().filter(|one| one.id == id).all(|one| asked.sees_milestone(one)),
        // Who has an interest in what is for the project; so is an agreement that nobody has agreed to yet.
        "interest_declaration" => asked.sees_all_of("interest-declarations"),
        "agreement_party" => {
            let party = picture.agreement_parties.iter().find(|party| party.id == id);
            let agreement = party.and_then(|party| picture.agreements.iter().find(|one| one.id == party.agreement_id));
            agreement.is_some_and(|one| one.valid_from.is_some()) || asked.sees_all_of("agreements")
        }
        // Who is told where is for those who may say so.
        "webhook" => asked.sees_all_of("webhooks"),
        _ => true,
    }
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectFindings", "Reports", "Check the plan of a project")
        .more(
            "Every finding names one culprit with its rule, severity, record, field, message and, where there is one, a \
             suggestion as a merge patch. Findings never stop saving; errors block approval and publication until they are \
             corrected or waived with a reason (`/api/v1/finding-waivers`). A webhook that the service has disabled is named to those who see it.",
        )
        .dated()
        .answers::<Findings>(200, "The findings, errors first", json!({
            "items": [{
                "rule": "milestone.outside_project_period",
                "severity": "error",
                "record": { "kind": "milestone", "id": "015ec5c8-6c00-7013-8000-000000000002" },
                "pointer": "/plannedOn",
                "message": "2018-12-15 er etter prosjektets slutt 2018-04-30",
                "suggestion": null,
                "waiver": null
            }],
            "counts": { "errors": 1, "warnings": 0, "infos": 0, "waived": 0 }
        }))
        .tagged()
        .tabled(&TABLES)
        .fails(&[&codes::NOT_FOUND])
}
