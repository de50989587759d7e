//! The resource `retention-rules`, and `POST /retention/run`, which does what they say.

use actix_web::HttpResponse;
use chrono::{DateTime, SubsecRound, Utc};
use entity::retention_rules::{self, DataClass, RetentionAction};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Area;
use crate::exchange::retention::{RetentionEffect, due, run};
use crate::facts::{Change, row};
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Error, Fault, codes};
use crate::resources::journal::administrator;
use crate::standard::once::{before, once};
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of rules.
pub fn resource() -> Resource {
    Resource::of::<retention_rules::Entity>(Area::Users)
        .search(&["basis"])
        .order("dataClass")
        .check(fitting)
        .stays()
        .done()
}

/// A person is erased, with all that hangs on it; rows that tell of nobody else are deleted.
fn fitting(change: &Change<retention_rules::Model>) -> Faults {
    let Some(rule) = change.after() else { return Vec::new() };
    let fitting = match rule.data_class {
        DataClass::ContactDetails => RetentionAction::Erase,
        DataClass::Sessions | DataClass::AccessLog => RetentionAction::Delete,
    };
    let name = fitting.code();
    let message = || {
        text!("må være {name} for denne klassen", "må vere {name} for denne klassen", "must be {name} for this class")
    };
    (rule.action != fitting).then(|| Fault::at("/action", "not_fitting", message())).into_iter().collect()
}

/// What the rules of retention reach.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionRun {
    /// Whether it is only told.
    pub dry_run: bool,
    /// When (UTC).
    #[schema(max_length = 40, format = DateTime, example = "2026-11-27T12:00:00Z")]
    pub ran_at: String,
    /// Each rule with what it reaches.
    #[schema(max_items = 100)]
    pub items: Vec<RetentionEffect>,
}

/// Does what the rules say now, or only tells it.
///
/// # Errors
/// 401, 403; 400.
pub async fn run_now(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    administrator(&caller)?;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    query.finish(&["dryRun"])?;
    let key = call.idempotency_key()?;
    let now = Utc::now().trunc_subsecs(3);
    if dry_run {
        return Ok(told(true, now, due(&call.store.read, now).await?)?.into_response());
    }
    let (path, writer) = (call.request.path(), call.writer(&caller)?);
    // Who repeats a request that is still at work waits for its answer: by itself it would find nothing left.
    let _turn = call.shared.retaining.lock().await;
    if let Some(answer) = before(&call.store, writer.clone(), path, key.as_deref(), &[]).await? {
        return Ok(answer);
    }
    let items = run(&call.store, now, call.shared.erasure_log.as_deref()).await?;
    once(call.store.write(writer).await?, path, key.as_deref(), &[], async |_| told(false, now, items)).await
}

fn told(dry_run: bool, now: DateTime<Utc>, items: Vec<RetentionEffect>) -> Result<Answer, Error> {
    let told = RetentionRun { dry_run, ran_at: row::instant(now), items };
    let body = serde_json::to_value(told).map_err(|error| Error::internal("write what retention did", error))?;
    Ok(Answer::ok(body).unkept())
}

/// `POST /retention/run`.
#[must_use]
pub fn about_run() -> About {
    let example = json!({
        "dryRun": true, "ranAt": "2026-11-27T12:00:00Z",
        "items": [{
            "dataClass": "contact_details", "action": "erase", "months": 24, "before": "2024-11-27T12:00:00Z", "records": 1,
            "personIds": ["015ec5c8-6c00-7010-8000-000000000001"]
        }]
    });
    About::new("runRetention", "Retention rules", "Do what the rules of retention say")
        .more(
            "Erases the contact details of people who take part in nothing since as many months as the rule says (their roles have \
             ended, or their projects have; their users are disabled), as `POST /people/{id}/erase` does; deletes sessions that have \
             ended and entries of the log of access. `dryRun=true` answers what it would do, and does nothing. The service does the \
             same by itself once a day. Doing it again finds nothing left. For administrators.",
        )
        .query("dryRun", "Say what would happen, do nothing.", json!({ "type": "boolean", "default": false }))
        .with(&["Idempotency-Key"])
        .answers::<RetentionRun>(200, "What was done, or would be", example)
        .fails(&[&codes::FORBIDDEN, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}
