//! `GET /projects/{id}/findings`: the plan check.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Asked;
use super::shapes::{self, Finding, FindingCounts};
use crate::domain::{Picture, plan_check};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};

/// What the plan check finds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Findings {
    /// Errors first, then warnings, then infos.
    pub items: Vec<Finding>,
    /// How many of each.
    pub counts: FindingCounts,
}

/// Answers the findings of a project.
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
    let found = seen(&asked, &picture);
    asked.answer(&Findings { items: shapes::findings(&found, asked.lang), counts: shapes::counts(&found) })
}

/// The findings that the caller may see: those about records that it may see. The check itself looks at all.
#[must_use]
pub fn seen(asked: &Asked, picture: &Picture) -> Vec<plan_check::Finding> {
    let mut found = plan_check::check(picture, asked.today);
    if !asked.sees_all_of("milestones") {
        let internal = |id| picture.milestones.iter().any(|milestone| milestone.id == id && milestone.internal);
        found.retain(|finding| !(finding.record.kind == "milestone" && internal(finding.record.id)));
    }
    found
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectFindings", "Reports", "Check the plan of a project")
        .more(
            "Every finding names one culprit with its rule, severity, record, field, message and, where there is one, a \
             suggestion as a merge patch. Findings never stop saving; errors block approval and publication until they are \
             corrected or waived with a reason (`/api/v1/finding-waivers`).",
        )
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
        .fails(&[&codes::NOT_FOUND])
}
