//! `POST /imports/projects`: a project document comes in, whole or not at all.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{self, Finding};
use super::{document, typed};
use crate::domain::plan_check;
use crate::exchange::import;
use crate::http::answer::replayed;
use crate::http::{Answer, Call, json as body};
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::routes;
use crate::store::{self, Replay};

/// Largest project document in bytes.
pub const LIMIT: usize = 32 * 1024 * 1024;

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// The project that the document is about.
    pub project_id: Uuid,
    /// Whether nothing was written because it was only asked what would happen.
    pub dry_run: bool,
    /// Records made.
    #[schema(minimum = 0)]
    pub created: u64,
    /// Records changed.
    #[schema(minimum = 0)]
    pub updated: u64,
    /// Records that were as the document says.
    #[schema(minimum = 0)]
    pub unchanged: u64,
    /// What keeps the document out; empty unless it is a dry run.
    pub errors: Vec<ImportFault>,
    /// What the plan check says of the project as it is then.
    pub findings: Vec<Finding>,
}

/// A fault of a record in the document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFault {
    /// JSON pointer into the document.
    #[schema(max_length = 1000, example = "/records/milestones/1/plannedOn")]
    pub pointer: String,
    /// Stable code of the fault.
    #[schema(max_length = 100, example = "wrong_format")]
    pub code: String,
    /// What was wrong and what would be right.
    #[schema(max_length = 2000)]
    pub message: String,
}

/// Brings a project document in.
///
/// # Errors
/// 401; 403 when the caller may not write one of the records; 409; 413; 422 with every fault.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    query.finish(&["dryRun"])?;
    let bytes = call.body_within(&["application/json"], LIMIT).await?;
    let key = call.idempotency_key()?;
    let document = body::object(&bytes)?;
    let write = call.store.write(call.writer(&caller)?).await?;
    let claim = match &key {
        Some(key) if !dry_run => match write.claim(call.request.path(), key, &bytes).await? {
            Replay::Again(stored) => return Ok(replayed(stored)),
            Replay::First(id) => Some(id),
        },
        _ => None,
    };
    let outcome = import::import(&write, &caller, routes::resources(), &document).await?;
    if !outcome.errors.is_empty() && !dry_run {
        return Err(Error::invalid(outcome.errors));
    }
    let lang = call.lang();
    let found = if outcome.errors.is_empty() {
        let picture = typed(outcome.project, store::picture(write.tx(), outcome.project).await?)?;
        plan_check::check(&picture, write.today())
    } else {
        Vec::new()
    };
    let fault = |fault: crate::problem::Fault| ImportFault {
        pointer: fault.pointer,
        code: fault.code.to_owned(),
        message: fault.message.in_lang(lang).to_owned(),
    };
    let imported = Imported {
        project_id: outcome.project,
        dry_run,
        created: outcome.created,
        updated: outcome.updated,
        unchanged: outcome.unchanged,
        errors: outcome.errors.into_iter().map(fault).collect(),
        findings: shapes::findings(&found, lang),
    };
    let answer = Answer::ok(serde_json::to_value(imported).map_err(|error| Error::internal("write a report", error))?);
    if !dry_run {
        if let Some(id) = claim {
            write.remember(id, &answer.stored()).await?;
        }
        write.commit().await?;
    }
    Ok(answer.into_response())
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("importProject", "Exchange", "Bring in a project document")
        .more(
            "Every record is created, changed or left as it is, by its identifier, in one transaction: all or nothing. \
             `dryRun=true` answers what would happen, faults and findings included, and writes nothing.",
        )
        .query("dryRun", "Say what would happen, write nothing.", json!({ "type": "boolean", "default": false }))
        .repeatable()
        .reasoned()
        .takes_value("application/json", document::schema(), document::example())
        .answers::<Imported>(
            200,
            "What was done, or would be",
            json!({
                "projectId": "015ec5c8-6c00-700b-8000-000000000002",
                "dryRun": true,
                "created": 1,
                "updated": 0,
                "unchanged": 0,
                "errors": [],
                "findings": []
            }),
        )
        .fails(&[&codes::FORBIDDEN, &codes::CONFLICT, &codes::INVALID, &codes::KEY_REUSED, &codes::TOO_LARGE])
}
