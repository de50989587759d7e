//! `POST /imports/projects`: a project document comes in, whole or not at all.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};
use uuid::Uuid;

use super::document;
use super::shapes::{self, Finding};
use crate::access::proof::writes_something;
use crate::domain::plan_check;
use crate::exchange::bring::Outcome;
use crate::exchange::{import, unwatched};
use crate::http::{Answer, Call, frame, json as body};
use crate::openapi::About;
use crate::problem::{Error, Fault, Lang, Problem, codes};
use crate::routes;
use crate::standard::once::once;
use crate::standard::whole::whole;
use crate::store::{self, Write};
use crate::text;

/// Largest project document in bytes.
pub const LIMIT: usize = 32 * 1024 * 1024;

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// The project that the document is about; null when it does not say.
    pub project_id: Option<Uuid>,
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
    /// The columns of a table, or the rows of the list of municipalities, that were not read; empty for a document.
    #[schema(schema_with = columns)]
    pub ignored: Vec<String>,
    /// What keeps it out; empty unless it is a dry run.
    #[schema(max_items = 20_001)]
    pub errors: Vec<ImportFault>,
    /// What the plan check says of the project as it is then.
    pub findings: Vec<Finding>,
}

fn columns() -> Array {
    let column = ObjectBuilder::new().schema_type(Type::String).max_length(Some(200));
    let about =
        "The columns of a table, or the rows of the list of municipalities, that were not read; empty for a document.";
    ArrayBuilder::new().items(column).max_items(Some(1000)).description(Some(about)).build()
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
/// 401; 403 when the caller may not write one of the records; 409; 412; 413; 422 with every fault.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    writes_something(&caller)?;
    let mut query = call.query()?;
    let dry_run = query.take_flag("dryRun")?;
    query.finish(&["dryRun"])?;
    let bytes = call.body_within(&["application/json"], LIMIT).await?;
    let key = call.idempotency_key()?;
    let document = body::object(&bytes)?;
    let write = call.store.write(call.writer(&caller)?).await?;
    let project = document.get("projectId").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let asked = Import { path: call.request.path().to_owned(), key, bytes: &bytes, dry_run, lang: call.lang() };
    asked
        .carried_out(write, async |write| {
            still_current(&call, write, project.unwrap_or_default()).await?;
            let outcome = import::import(write, &caller, routes::resources(), &document, &unwatched).await?;
            Ok((outcome, Vec::new()))
        })
        .await
}

/// An import that is asked for.
pub struct Import<'a> {
    /// What an `Idempotency-Key` is bound to.
    pub path: String,
    /// The `Idempotency-Key`.
    pub key: Option<String>,
    /// What was sent.
    pub bytes: &'a [u8],
    /// Whether it is only asked what would happen.
    pub dry_run: bool,
    /// The language of the answer.
    pub lang: Lang,
}

impl Import<'_> {
    /// Brings it in, once and whole, or tells what would happen; `bring` also says which columns were not read.
    ///
    /// # Errors
    /// What `bring` fails with; 403 and 422 with every fault.
    pub async fn carried_out<B>(self, write: Write, bring: B) -> Result<HttpResponse, Error>
    where
        B: AsyncFn(&Write) -> Result<(Outcome, Vec<String>), Error>,
    {
        let Self { path, key, bytes, dry_run, lang } = self;
        let done = async |write: &Write| {
            let (outcome, ignored) = bring(write).await?;
            let outcome = if dry_run { outcome } else { outcome.sound()? };
            let told = Imported { ignored, ..imported(write, outcome, dry_run, lang).await? };
            let told = serde_json::to_value(told);
            Ok(Answer::ok(told.map_err(|error| Error::internal("write a report", error))?))
        };
        if dry_run {
            // The transaction is dropped with this, and nothing of it stays.
            let answer = done(&write).await?;
            write.settled().await?;
            return Ok(answer.into_response());
        }
        once(write, &path, key.as_deref(), bytes, done).await
    }
}

/// A document has no versions of its records: its entity tag, where it is sent, stands for all of them.
async fn still_current(call: &Call, write: &Write, project: Uuid) -> Result<(), Error> {
    let Some(asked) = call.header(&header::IF_MATCH)? else { return Ok(()) };
    let state = store::held(write.tx(), project).await?.state();
    let names = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').starts_with(&format!("{state}."));
    if asked == "*" || asked.split(',').any(names) {
        return Ok(());
    }
    let detail = text!(
        "prosjektet er endret siden dokumentet ble tatt ut",
        "prosjektet er endra sidan dokumentet vart teke ut",
        "the project has changed since the document was taken out"
    );
    Err(Problem::new(&codes::STALE).detail(detail).into())
}

/// What is told of an outcome, with what the plan check says of the project as it then is.
async fn imported(write: &Write, outcome: Outcome, dry_run: bool, lang: Lang) -> Result<Imported, Error> {
    let told = |fault: Fault| ImportFault {
        pointer: fault.pointer,
        code: fault.code.to_owned(),
        message: fault.message.in_lang(lang).to_owned(),
    };
    let errors: Vec<ImportFault> = outcome.faults().into_iter().map(told).collect();
    let found = match outcome.project {
        Some(project) if errors.is_empty() => {
            let picture = whole(write.tx(), project).await?;
            plan_check::check(&picture, write.today())
        }
        _ => Vec::new(),
    };
    Ok(Imported {
        project_id: outcome.project,
        dry_run,
        created: outcome.created,
        updated: outcome.updated,
        unchanged: outcome.unchanged,
        ignored: Vec::new(),
        errors,
        findings: shapes::findings(&found, lang),
    })
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("importProject", "Exchange", "Bring in a project document")
        .more(
            "Every record is created, changed or left as it is, by its identifier, in one transaction: all or nothing. \
             A record is given whole: a field that is left out is cleared, a record that is left out stays as it is. \
             `dryRun=true` answers what would happen, faults and findings included, and writes nothing. What is unchanged needs \
             no right; what is changed needs the same right, and keeps the same rules, as by any other way (moving a planned \
             date needs an `X-Change-Reason`; what was decided is brought in only by who may decide). The last to write wins; \
             `If-Match` with the `ETag` of the document that was taken out refuses with 412 when somebody has written since.",
        )
        .query("dryRun", "Say what would happen, write nothing.", json!({ "type": "boolean", "default": false }))
        .repeatable()
        .reasoned()
        .header(
            "If-Match",
            "The `ETag` of the project document that this one was made from; optional.",
            json!({ "type": "string", "maxLength": frame::most("If-Match") }),
        )
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
                "ignored": [],
                "errors": [],
                "findings": []
            }),
        )
        .fails(&[&codes::FORBIDDEN, &codes::CONFLICT, &codes::STALE, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED, &codes::TOO_LARGE])
}
