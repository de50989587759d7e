//! `POST /status-reports/{id}/submit`, `/approve`, `/publish`: a report moves forward, and at last stands still.

use actix_web::HttpResponse;
use entity::status_reports::{self, ReportState};
use serde_json::json;

use super::frozen;
use crate::access::Edit;
use crate::domain::readiness::Obstacle;
use crate::domain::{Picture, plan_check};
use crate::facts::{Change, row};
use crate::http::Call;
use crate::problem::{Error, Lang, Problem, codes};
use crate::reports::readiness;
use crate::standard::act::{Right, act, nothing};
use crate::standard::consequence::fields;
use crate::standard::whole::whole;
use crate::store::Write;
use crate::text;

/// Submits a draft.
///
/// # Errors
/// 409 when it is no draft; those of [`act`].
pub async fn submit(call: Call) -> Result<HttpResponse, Error> {
    act("status-reports", call, Right::Write, &nothing(), async |write, edit, _| {
        standing(&edit, ReportState::Draft)?;
        let moved = json!({ "state": "submitted", "submittedAt": row::instant(write.now()) });
        write.change(edit, &fields(moved)).await
    })
    .await
}

/// Approves a submitted report.
///
/// # Errors
/// 409 when it is not submitted, or the plan has errors; those of [`act`].
pub async fn approve(call: Call) -> Result<HttpResponse, Error> {
    let lang = call.lang();
    act("status-reports", call, Right::Approve, &nothing(), async |write, edit, _| {
        let report = standing(&edit, ReportState::Submitted)?;
        without_errors(write, &report, lang).await?;
        let moved = json!({ "state": "approved", "approvedAt": row::instant(write.now()) });
        write.change(edit, &fields(moved)).await
    })
    .await
}

/// Publishes an approved report: the whole project stands frozen in it.
///
/// # Errors
/// 409 when it is not approved, or the plan has errors; those of [`act`].
pub async fn publish(call: Call) -> Result<HttpResponse, Error> {
    let lang = call.lang();
    act("status-reports", call, Right::Approve, &nothing(), async |write, edit, _| published(write, edit, lang).await)
        .await
}

async fn published(write: &Write, edit: Edit, lang: Lang) -> Result<Change, Error> {
    let report = standing(&edit, ReportState::Approved)?;
    let picture = without_errors(write, &report, lang).await?;
    let kept = frozen::freeze(write, &picture, edit.row(), &report).await?;
    let moved = json!({
        "state": "published", "publishedAt": row::instant(write.now()),
        "sha256": kept.sha256, "publicSha256": kept.public_sha256,
    });
    write.change(edit, &fields(moved)).await
}

fn standing(edit: &Edit, asked: ReportState) -> Result<status_reports::Model, Error> {
    let report: status_reports::Model = edit.row().typed()?;
    if report.state == asked {
        return Ok(report);
    }
    let (is, asked) = (report.state.code(), asked.code());
    Err(Problem::new(&codes::WRONG_STATE)
        .detail(text!(
            "rapporten er {is}, men må være {asked}",
            "rapporten er {is}, men må vere {asked}",
            "the report is {is}, but must be {asked}"
        ))
        .into())
}

/// Errors of the plan check that nobody has waived keep a report from being approved and published. Answers the project
/// in which there are none.
async fn without_errors(write: &Write, report: &status_reports::Model, lang: Lang) -> Result<Picture, Error> {
    let picture = whole(write.tx(), report.project_id).await?;
    let found = plan_check::check(&picture, write.today());
    let errors: Vec<Obstacle> = plan_check::errors(&found).map(Obstacle::of).collect();
    if errors.is_empty() {
        return Ok(picture);
    }
    let count = errors.len();
    Err(Problem::new(&codes::REPORT_BLOCKED)
        .detail(text!(
            "plankontrollen har {count} feil: rett dem, eller godta dem med en begrunnelse (finding-waivers)",
            "plankontrollen har {count} feil: rett dei, eller godta dei med ei grunngjeving (finding-waivers)",
            "the plan check has {count} errors: correct them, or waive them with a reason (finding-waivers)"
        ))
        .member("unmet", readiness::unmet(&errors, lang)?)
        .into())
}
