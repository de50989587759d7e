//! What stood when a report was published: kept as canonical JSON (RFC 8785), and proved by its SHA-256.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use entity::report_signatures;
use entity::status_reports::{self, ReportState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::page::parsed;
use crate::access::{Area, Caller, Sight};
use crate::db::{Db, Typed};
use crate::domain::Picture;
use crate::exchange::export;
use crate::facts::{self, Row, row};
use crate::http::digest::{encoded, hex};
use crate::http::formats::{self, VARY};
use crate::http::{Answer, Call};
use crate::problem::{Error, Problem, codes};
use crate::reports::{self, Asked, page, schedule, status};
use crate::standard::list::weakly_tagged;
use crate::standard::read;
use crate::standard::tabular::viewed;
use crate::store::{self, Snapshot, Write};
use crate::text;

/// The format of what is frozen, and its version.
const FORMAT: &str = "framdrift.report/1";

/// The hashes of what was frozen.
pub(super) struct Kept {
    pub sha256: String,
    pub public_sha256: String,
}

/// Freezes the project inside a report: all of it without contact details, and apart the part that observers see.
///
/// # Errors
/// When the database fails.
pub(super) async fn freeze(
    write: &Write,
    picture: &Picture,
    row: &Row,
    report: &status_reports::Model,
) -> Result<Kept, Error> {
    let head = |extra: Value| {
        let mut whole = json!({
            "format": FORMAT,
            "reportId": report.id,
            "projectId": report.project_id,
            "publishedAt": row::instant(write.now()),
            "report": said(row),
        });
        if let (Value::Object(whole), Value::Object(extra)) = (&mut whole, extra) {
            whole.extend(extra);
        }
        whole
    };
    let project = report.project_id;
    let journal = status::journal(write.tx(), project).await?;
    let seen_by = |caller: Caller, picture: &Picture| -> Result<Value, Error> {
        let asked = Asked::frozen(caller, project, write.today());
        let status = status::of(&asked, picture, &journal).ok_or(&codes::NOT_FOUND)?;
        Ok(json!({ "status": status, "schedule": schedule::of(&asked, picture, &journal) }))
    };
    let observer = Caller::observer(project);
    let part = reports::seen(write.tx(), &observer, project).await?;
    let public = canonical(&head(seen_by(observer, &part)?))?;
    let public_sha256 = sha256(&public);
    let mut all = seen_by(Caller::operator(), picture)?;
    let document = export::document(project, &store::whole(write.tx(), project).await?);
    let document = export::without_contacts(document);
    all["document"] = json!(document);
    all["publicSha256"] = json!(public_sha256);
    let whole = canonical(&head(all))?;
    let sha256 = sha256(&whole);
    write.keep_snapshot(report.id, &Snapshot { whole, public }).await?;
    Ok(Kept { sha256, public_sha256 })
}

/// What the report says, without where it stands.
fn said(row: &Row) -> Value {
    let said = super::CONTENT.iter().map(|field| ((*field).to_owned(), row.0.get(*field).cloned().unwrap_or_default()));
    Value::Object(said.collect::<Map<String, Value>>())
}

fn canonical(value: &Value) -> Result<String, Error> {
    serde_json_canonicalizer::to_string(value).map_err(|error| Error::internal("write canonical JSON", error))
}

fn sha256(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

/// A published report that the caller sees, and what stood in it.
async fn kept(call: &Call) -> Result<(status_reports::Model, Snapshot, Caller), Error> {
    let caller = call.caller().await?;
    let id = read::id(call)?;
    let db = &call.store.read;
    let facts = facts::by_path("status-reports").ok_or(&codes::NO_ROUTE)?;
    let report: status_reports::Model = read::find(db, facts, &caller, id, Utc::now().date_naive()).await?.typed()?;
    if report.state != ReportState::Published {
        let state = report.state.code();
        let detail = text!(
            "rapporten er {state}: ingenting er fryst før den er publisert",
            "rapporten er {state}: ingenting er fryst før han er publisert",
            "the report is {state}: nothing is frozen until it is published"
        );
        return Err(Problem::new(&codes::WRONG_STATE).detail(detail).into());
    }
    let snapshot = store::snapshot(db, id).await?.ok_or(&codes::NOT_FOUND)?;
    Ok((report, snapshot, caller))
}

/// The part of what was frozen that the caller sees, and its hash.
pub(super) fn part_for(caller: &Caller, report: status_reports::Model, snapshot: Snapshot) -> (String, String) {
    let (text, hash) = match caller.rights(report.project_id, Area::Reports).sight {
        Sight::All => (snapshot.whole, report.sha256),
        Sight::Published | Sight::Nothing => (snapshot.public, report.public_sha256),
    };
    (text, hash.unwrap_or_default())
}

/// Answers the frozen JSON, byte for byte as it was hashed; or the page of it.
///
/// # Errors
/// 401; 404 for a report that the caller does not see; 409 when it is not published.
pub async fn snapshot(call: Call) -> Result<HttpResponse, Error> {
    let (report, snapshot, caller) = kept(&call).await?;
    let mut query = call.query()?;
    let as_page = formats::takes_page(&call, &mut query)?;
    query.finish(&["format"])?;
    let (text, tag) = part_for(&caller, report, snapshot);
    if as_page {
        let drawn = page::published(&parsed(&text)?, &tag, call.lang());
        return viewed(&call, Answer::no_content().status(200).header(VARY.0, VARY.1), drawn);
    }
    let proof = encoded(digest(&SHA256, text.as_bytes()).as_ref());
    let known = call.has(&tag)?;
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, format!("\"{tag}\"")))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header(VARY)
        .insert_header(("Repr-Digest", format!("sha-256=:{proof}:")));
    if known { Ok(answer.finish()) } else { Ok(answer.content_type("application/json").body(text)) }
}

/// Whether a published report still is what was published.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Whether everything that is frozen has the hash that it was published with, and every signature is over that hash.
    pub valid: bool,
    /// The SHA-256 that it was published with.
    #[schema(max_length = 64)]
    pub sha256: String,
    /// The SHA-256 of what is kept, worked out now.
    #[schema(max_length = 64)]
    pub computed_sha256: String,
    /// The SHA-256 of the part that observers read, as published.
    #[schema(max_length = 64)]
    pub public_sha256: String,
    /// When it was published (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub published_at: Option<DateTime<Utc>>,
    /// Who put its name to it.
    pub signatures: Vec<VerifiedSignature>,
}

/// A signature, and whether it is over this report.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedSignature {
    /// The organisation that signed.
    pub organisation_id: Uuid,
    /// The person who signed for it.
    #[schema(required = true)]
    pub person_id: Option<Uuid>,
    /// When (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<DateTime<Utc>>,
    /// The hash that was signed.
    #[schema(required = true, max_length = 64)]
    pub sha256: Option<String>,
    /// Whether that is the hash of this report.
    pub valid: bool,
}

/// Works the hashes out anew, and answers whether they are those that were published and signed.
///
/// # Errors
/// 401; 404 for a report that the caller does not see; 409 when it is not published.
pub async fn verification(call: Call) -> Result<HttpResponse, Error> {
    let (report, snapshot, _) = kept(&call).await?;
    call.query()?.finish(&[])?;
    let signed = signatures(&call.store.read, report.id).await?;
    let answer = verified(&report, &snapshot, signed)?;
    let body = serde_json::to_value(answer).map_err(|error| Error::internal("write a report", error))?;
    weakly_tagged(&call, Answer::ok(body))
}

async fn signatures(db: &impl Db, report: Uuid) -> Result<Vec<report_signatures::Model>, Error> {
    report_signatures::Entity::find().filter(report_signatures::Column::ReportId.eq(report)).every(db).await
}

fn verified(
    report: &status_reports::Model,
    snapshot: &Snapshot,
    signed: Vec<report_signatures::Model>,
) -> Result<Verification, Error> {
    let again = |text: &str| -> Result<String, Error> {
        let value: Value = serde_json::from_str(text).map_err(|error| Error::internal("read a snapshot", error))?;
        Ok(sha256(&canonical(&value)?))
    };
    let computed = sha256(&snapshot.whole);
    let as_published = |hash: &str, said: &Option<String>| said.as_deref() == Some(hash);
    let whole = as_published(&computed, &report.sha256) && again(&snapshot.whole)? == computed;
    let public = as_published(&sha256(&snapshot.public), &report.public_sha256);
    let signatures: Vec<VerifiedSignature> = signed
        .into_iter()
        .map(|one| VerifiedSignature {
            organisation_id: one.organisation_id,
            person_id: one.person_id,
            signed_at: one.signed_at,
            valid: as_published(&computed, &one.sha256),
            sha256: one.sha256,
        })
        .collect();
    Ok(Verification {
        valid: whole && public && signatures.iter().all(|one| one.valid),
        sha256: report.sha256.clone().unwrap_or_default(),
        computed_sha256: computed,
        public_sha256: report.public_sha256.clone().unwrap_or_default(),
        published_at: report.published_at,
        signatures,
    })
}
