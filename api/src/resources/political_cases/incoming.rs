//! `POST /political-cases/{id}/incoming-resolutions`: what a body of the municipality decided comes in from its own
//! system, as a step of the case; the same message again changes nothing.

use actix_web::HttpResponse;
use chrono::Utc;
use entity::political_cases::Model as Case;
use sea_orm::sea_query::{Cond, Expr, ExprTrait};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::message::{self, Message};
use crate::access::{Caller, Create, Edit};
use crate::facts::{Facts, Row, row};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, codes};
use crate::standard::act::given;
use crate::standard::consequence::{fields, follow};
use crate::standard::once::once;
use crate::standard::read::{find, id, written};
use crate::standard::{Resource, by_path};
use crate::store::{self, Source, Write};

/// Takes a resolution in; answers the step.
///
/// # Errors
/// 401; 404 for a case that the caller does not see; 403; 422 with every fault of the message.
pub async fn take_in(call: Call) -> Result<HttpResponse, Error> {
    let (caller, case) = (call.caller().await?, id(&call)?);
    // Who may is asked before what was sent is looked at, and before a lock is held.
    let today = Utc::now().date_naive();
    let row = find(&call.store, by_path("political-cases")?.facts, &caller, case, today).await?;
    Create::allowed(&call.store.read, by_path("political-steps")?.facts, &caller, of_case(&row)).await?;
    call.query()?.finish(&[])?;
    let body = call.body(&["application/json"]).await?;
    match attempt(&call, &caller, case, &body).await {
        // The same message came in at the same moment: then its step is there.
        Err(Error::Problem(problem)) if problem.code == &codes::CONFLICT => attempt(&call, &caller, case, &body).await,
        answered => answered,
    }
}

async fn attempt(call: &Call, caller: &Caller, case: Uuid, body: &[u8]) -> Result<HttpResponse, Error> {
    let (cases, steps) = (by_path("political-cases")?, by_path("political-steps")?);
    let key = call.idempotency_key()?;
    let write = call.store.write(call.writer(caller)?).await?;
    once(write, call.request.path(), key.as_deref(), body, async |write| {
        let row = find(write.tx(), cases.facts, caller, case, write.today()).await?;
        let known: Case = row.typed()?;
        let message = Message::read(given(&message::schema(), body)?, &known, write.today())?;
        numbered(write, &known, &message).await?;
        let step = match standing(write, steps.facts, case, &message).await? {
            Some(step) if told(write, steps.facts, &step, &message).await? => step.id(),
            Some(step) => corrected(steps, write, caller, step, &message).await?,
            None => added(steps, write, caller, &row, &message).await?,
        };
        written(write, steps.facts, caller, step).await
    })
    .await
}

/// A step of the case, before it says anything.
fn of_case(case: &Row) -> Row {
    Row(fields(json!({ "projectId": case.0.get("projectId"), "caseId": case.id() })))
}

/// A case that has no number yet gets the one that the archive gave it.
async fn numbered(write: &Write, case: &Case, message: &Message) -> Result<(), Error> {
    match message.number().filter(|_| case.case_year.is_none() && case.case_sequence.is_none()) {
        Some((year, sequence)) => {
            let number = fields(json!({ "caseYear": year, "caseSequence": sequence }));
            follow(write, "political-cases", case.id, "changed", number).await
        }
        None => Ok(()),
    }
}

/// The step that the message is about: the one that it, or an earlier form of it, made; else the one that was planned
/// for this body, on this day or on none.
async fn standing(write: &Write, facts: &Facts, case: Uuid, message: &Message) -> Result<Option<Row>, Error> {
    let content = message.content();
    let text = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let day: Option<chrono::NaiveDate> = text("meetingOn").parse().ok();
    let planned = Expr::col("outcome")
        .is_null()
        .and(Expr::col("message_key").is_null())
        .and(Expr::col("body").eq(text("body")))
        .and(Expr::col("meeting_on").is_null().or(Expr::col("meeting_on").eq(day)));
    let mut query = row::select(facts, write.today());
    query
        .and_where(Expr::col("case_id").eq(case))
        .cond_where(Cond::any().add(Expr::col("message_key").eq(message.key.clone())).add(planned));
    let mut found = write.tx().rows(facts, &query).await?;
    found.sort_by_key(|step| (step.text("messageKey").is_none(), step.text("meetingOn").is_none(), step.id()));
    Ok(found.into_iter().next())
}

/// Most versions of a step that are looked through for a message.
const VERSIONS: u64 = 200;

/// Whether the message was taken into the step before. What people have added to it since stays, and so does a correction that came
/// in meanwhile: who sends over a line that may send twice sends old messages again, too.
async fn told(write: &Write, facts: &Facts, step: &Row, message: &Message) -> Result<bool, Error> {
    let same = |told: &Value| told["sha256"] == message.sha256.as_str();
    if step.text("messageKey").is_none() {
        return Ok(false);
    }
    if step.0.get("message").is_some_and(same) {
        return Ok(true);
    }
    let versions = store::history(write.tx(), facts.kind, step.id(), None, VERSIONS).await?;
    Ok(versions.iter().filter_map(|entry| entry.after.as_ref()?.get("message")).any(same))
}

async fn corrected(
    steps: &'static Resource,
    write: &Write,
    caller: &Caller,
    step: Row,
    message: &Message,
) -> Result<Uuid, Error> {
    let id = step.id();
    let mut content = said(message);
    if content.get("outcome").and_then(Value::as_str) != Some("adopted_with_conditions") {
        content.insert("conditions".to_owned(), Value::Null);
    }
    let edit = Edit::allowed(write.tx(), steps.facts, caller, step).await?;
    let change = write.change(edit, &content).await?;
    steps.settle(write, caller, &change).await?;
    Ok(id)
}

async fn added(
    steps: &'static Resource,
    write: &Write,
    caller: &Caller,
    case: &Row,
    message: &Message,
) -> Result<Uuid, Error> {
    let mut row = of_case(case);
    row.0.extend(message.content());
    let proof = Create::allowed(write.tx(), steps.facts, caller, row).await?.checked()?;
    let change = write.create(proof.with(message.origin())).await?;
    steps.settle(write, caller, &change).await?;
    Ok(change.row().id())
}

fn said(message: &Message) -> Map<String, Value> {
    let mut said = message.content();
    said.extend(message.origin());
    said
}

/// `POST /political-cases/{id}/incoming-resolutions`.
#[must_use]
pub fn about() -> About {
    About::new("takeInResolution", "Political cases", "Take in a resolution from a committee system")
        .more(
            "A `vedtakFraUtvalg` of Fiks Politisk Behandling V1 becomes a step of the case, or fills in the one that was planned for \
             that body. A case takes several of them (executive board, then council); only one with `erEndeligVedtak` closes it. The \
             same message is the same step: sent again, it changes nothing, not even what people have added since, nor what another \
             message has corrected; with other content under the same key it is a correction. A step can be changed like any record. What was decided is read from `status`, never guessed. What is exempt from public \
             access there (`skjerming`) is not kept: the legal basis stands in place of the text.",
        )
        .takes_value("application/json", message::schema(), message::example())
        .repeatable()
        .reasoned()
        .answers_record(200, "The step, as it is now", "political-steps", &["ETag"])
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}
