//! `POST /projects/{id}/archive-receipts`: what an archive says of a message of the package comes in, and the document, or the report,
//! knows where it is archived; the same receipt again changes nothing.

mod read;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use entity::documents::{self, ArchiveEntry, ArchiveState};
use entity::status_reports::{self, ReportState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use self::read::Receipt;
use crate::access::{Caller, Edit};
use crate::db::Typed;
use crate::domain::archive;
use crate::facts::Row;
use crate::http::query::invalid;
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Error, Fault, codes};
use crate::standard::consequence::fields;
use crate::standard::once::once;
use crate::standard::read::{find, id};
use crate::standard::{Resource, by_path};
use crate::store::Write;
use crate::text;

/// What came of a receipt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipted {
    /// The document that it is about; null when it is about a report, or about the case folder alone.
    #[schema(required = true)]
    pub document_id: Option<Uuid>,
    /// The published report that it is about, if it is about one.
    #[schema(required = true)]
    pub report_id: Option<Uuid>,
    /// Whether the document, or the report, was changed by it.
    pub changed: bool,
    /// Where it is archived now, as its own field `archive` says.
    #[schema(required = true)]
    pub archive: Option<Archived>,
}

/// A document's entry in an archive, as a receipt left it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Archived {
    /// The archive.
    #[schema(max_length = 100, example = "gratangen-arkiv")]
    pub system: String,
    /// The year of the case.
    #[schema(required = true, minimum = 1900, maximum = 2200, example = 2017)]
    pub case_year: Option<i64>,
    /// The number of the case in its year.
    #[schema(required = true, minimum = 1, maximum = 999999999, example = 412)]
    pub case_sequence: Option<i64>,
    /// The number of the entry in the case.
    #[schema(required = true, minimum = 1, maximum = 999999999, example = 3)]
    pub entry_number: Option<i64>,
    /// How far the transfer has come.
    pub state: ArchiveState,
    /// When the archive took it in (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub archived_at: Option<DateTime<Utc>>,
    /// The archive's own identifier of the case.
    #[schema(required = true)]
    pub case_id: Option<Uuid>,
    /// The archive's own identifier of the entry.
    #[schema(required = true)]
    pub entry_id: Option<Uuid>,
}

impl From<ArchiveEntry> for Archived {
    fn from(entry: ArchiveEntry) -> Self {
        let ArchiveEntry { system, case_year, case_sequence, entry_number, state, archived_at, case_id, entry_id } =
            entry;
        Self { system, case_year, case_sequence, entry_number, state, archived_at, case_id, entry_id }
    }
}

/// What the caller says of a receipt that the receipt does not.
struct Asked {
    project: Uuid,
    system: String,
    document: Option<Uuid>,
}

/// Takes a receipt in.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 403 for who neither writes nor archives it; 400; 422.
pub async fn take_in(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let asked = asked(&call, &caller).await?;
    let body = call.body(&["application/xml", "text/xml"]).await?;
    let key = call.idempotency_key()?;
    let receipt = read::read(&body)?;
    let write = call.store.write(call.writer(&caller)?).await?;
    once(write, call.request.path(), key.as_deref(), &body, async |write| {
        let told = match subject(&asked, &receipt)? {
            Some(document) => registered(write, &caller, &asked, &receipt, document).await?,
            None => Receipted { document_id: None, report_id: None, changed: false, archive: None },
        };
        Ok(Answer::ok(serde_json::to_value(told).map_err(|error| Error::internal("write a report", error))?))
    })
    .await
}

async fn asked(call: &Call, caller: &Caller) -> Result<Asked, Error> {
    let project = id(call)?;
    let today = Utc::now().date_naive();
    find(&call.store, by_path("projects")?.facts, caller, project, today).await?;
    if !caller.archives(project) {
        return Err((&codes::FORBIDDEN).into());
    }
    let mut query = call.query()?;
    let document = query.take("documentId");
    let not_an_id = || text!("må være en UUID", "må vere ein UUID", "must be a UUID");
    let document = document.map(|id| id.parse().map_err(|_| invalid("documentId", &not_an_id()))).transpose()?;
    let system = query.take("system").filter(|name| (1..=100).contains(&name.chars().count()));
    query.finish(&["documentId", "system"])?;
    let system = system.ok_or_else(|| {
        let why = text!(
            "må si hvilket arkiv kvitteringen er fra (1–100 tegn)",
            "må seie kva arkiv kvitteringa er frå (1–100 teikn)",
            "must say which archive the receipt is from (1–100 characters)"
        );
        invalid("system", &why)
    })?;
    Ok(Asked { project, system, document })
}

/// The document that a receipt is about: the key says it; `documentId` does where the archive gives no key back.
fn subject(asked: &Asked, receipt: &Receipt) -> Result<Option<Uuid>, Error> {
    if let Some(project) = receipt.folder.as_ref().and_then(|folder| folder.project).filter(|id| *id != asked.project) {
        let message = text!(
            "er nøkkelen til et annet prosjekt ({project})",
            "er nøkkelen til eit anna prosjekt ({project})",
            "is the key of another project ({project})"
        );
        let pointer = "/arkivmeldingKvittering/mappeKvittering/referanseEksternNoekkel/noekkel";
        return Err(Error::invalid(vec![Fault::at(pointer, "other_project", message)]));
    }
    let named = receipt.entry.as_ref().and_then(|entry| entry.document);
    if let (Some(named), Some(given)) = (named, asked.document)
        && named != given
    {
        let message = text!(
            "er nøkkelen til et annet dokument enn documentId",
            "er nøkkelen til eit anna dokument enn documentId",
            "is the key of another document than documentId"
        );
        return Err(Error::invalid(vec![Fault::at(KEY, "other_document", message)]));
    }
    let document = named.or(asked.document);
    if document.is_none() && (receipt.entry.is_some() || receipt.failure.is_some()) {
        let message = text!(
            "mangler: uten nøkkelen må documentId si hvilket dokument det er",
            "manglar: utan nøkkelen må documentId seie kva dokument det er",
            "is missing: without the key, documentId must say which document it is"
        );
        return Err(Error::invalid(vec![Fault::at(KEY, "required", message)]));
    }
    Ok(document)
}

const DOCUMENTS: &str = "documents";
const REPORTS: &str = "status-reports";
const KEY: &str = "/arkivmeldingKvittering/registreringKvittering/referanseEksternNoekkel/noekkel";

async fn registered(
    write: &Write,
    caller: &Caller,
    asked: &Asked,
    receipt: &Receipt,
    id: Uuid,
) -> Result<Receipted, Error> {
    let (resource, row) = archivable(write, caller, asked, id).await?;
    let before: Option<ArchiveEntry> = match row.0.get("archive") {
        None | Some(Value::Null) => None,
        Some(entry) => Some(ArchiveEntry::deserialize(entry).map_err(|error| Error::internal("read an entry", error))?),
    };
    let after = entry(write, asked, receipt, before.as_ref()).await?;
    let changed = before.as_ref() != Some(&after);
    if changed {
        let edit = Edit::archived(resource.facts, caller, row)?;
        let change = write.change(edit, &fields(json!({ "archive": after }))).await?;
        resource.settle(write, caller, &change).await?;
    }
    let is_report = resource.facts.path == REPORTS;
    let (document_id, report_id) = if is_report { (None, Some(id)) } else { (Some(id), None) };
    Ok(Receipted { document_id, report_id, changed, archive: Some(after.into()) })
}

/// The document of the project, or its published report, that a receipt is about.
async fn archivable(
    write: &Write,
    caller: &Caller,
    asked: &Asked,
    id: Uuid,
) -> Result<(&'static Resource, Row), Error> {
    for path in [DOCUMENTS, REPORTS] {
        let resource = by_path(path)?;
        let row = match find(write.tx(), resource.facts, caller, id, write.today()).await {
            Ok(row) => row,
            Err(Error::Problem(_)) => continue,
            Err(error) => return Err(error),
        };
        let finished = path == DOCUMENTS || row.text("state") == Some(ReportState::Published.code());
        if finished && row.uuid("projectId") == Some(asked.project) {
            return Ok((resource, row));
        }
    }
    let message = text!(
        "prosjektet har verken noe dokument eller noen publisert rapport med denne id-en",
        "prosjektet har verken noko dokument eller nokon publisert rapport med denne id-en",
        "the project has neither a document nor a published report with this id"
    );
    Err(Error::invalid(vec![Fault::at(KEY, "no_such_record", message)]))
}

/// The entry as it is after the receipt.
async fn entry(
    write: &Write,
    asked: &Asked,
    receipt: &Receipt,
    before: Option<&ArchiveEntry>,
) -> Result<ArchiveEntry, Error> {
    let archived = before.filter(|entry| archive::is_archived(entry));
    if let Some(entry) = archived.filter(|entry| entry.system != asked.system) {
        let system = &entry.system;
        let why = text!(
            "dokumentet er arkivert i {system}",
            "dokumentet er arkivert i {system}",
            "the document is archived in {system}"
        );
        return Err(invalid("system", &why));
    }
    let Some(told) = &receipt.entry else { return Ok(failed(asked, before)) };
    if archived.and_then(|entry| entry.entry_id).is_some_and(|known| known != told.id) {
        let message = text!(
            "dokumentet er arkivert under en annen systemID",
            "dokumentet er arkivert under ein annan systemID",
            "the document is archived under another systemID"
        );
        let pointer = "/arkivmeldingKvittering/registreringKvittering/systemID";
        return Err(Error::invalid(vec![Fault::at(pointer, "other_entry", message)]));
    }
    // A later message names the folder that an earlier one made.
    let others =
        documents::Entity::find().filter(documents::Column::ProjectId.eq(asked.project)).every(write.tx()).await?;
    let reports = status_reports::Entity::find().filter(status_reports::Column::ProjectId.eq(asked.project));
    let reports = reports.every(write.tx()).await?;
    let known = archive::folder(&others, &reports, &asked.system);
    let folder = receipt.folder.as_ref();
    Ok(ArchiveEntry {
        system: asked.system.clone(),
        case_year: folder.and_then(|folder| folder.year).or(known.and_then(|known| known.case_year)),
        case_sequence: folder.and_then(|folder| folder.sequence).or(known.and_then(|known| known.case_sequence)),
        entry_number: told.number.or(archived.and_then(|entry| entry.entry_number)),
        state: ArchiveState::Archived,
        archived_at: told.at.or(archived.and_then(|entry| entry.archived_at)).or(Some(write.now())),
        case_id: folder.map(|folder| folder.id).or(known.and_then(|known| known.case_id)),
        entry_id: Some(told.id),
    })
}

/// What the archive could not take in; what it took in before stays archived.
fn failed(asked: &Asked, before: Option<&ArchiveEntry>) -> ArchiveEntry {
    match before {
        Some(entry) if archive::is_archived(entry) => entry.clone(),
        _ => ArchiveEntry {
            system: asked.system.clone(),
            case_year: None,
            case_sequence: None,
            entry_number: None,
            state: ArchiveState::Failed,
            archived_at: None,
            case_id: None,
            entry_id: None,
        },
    }
}

/// `POST /projects/{id}/archive-receipts`.
#[must_use]
pub fn about() -> About {
    let xml = json!({ "type": "string", "maxLength": 1_048_576, "description": "An `arkivmeldingKvittering` of Fiks Arkiv V1." });
    let example = json!({
        "documentId": "015ec5c8-6c00-7020-8000-000000000001",
        "reportId": null,
        "changed": true,
        "archive": {
            "system": "gratangen-arkiv", "caseYear": 2017, "caseSequence": 412, "entryNumber": 3, "state": "archived",
            "archivedAt": "2017-09-29T08:00:00Z", "caseId": "0b1f3f5a-5b1e-4c55-9a0e-5d7f3a1b2c3d",
            "entryId": "6a0e2f4b-1c3d-4e5f-8a9b-0c1d2e3f4a5b"
        }
    });
    About::new("takeInArchiveReceipt", "Exchange", "Take in the receipt of an archive")
        .more(
            "An `arkivmeldingKvittering` of Fiks Arkiv V1, one for each message of the archive package. The key that it gives back \
             says which document, or which published report, it is about; where it gives none, `documentId` does. The document then knows where it is archived \
             (`archive`), and can no longer be deleted. The same receipt again changes nothing. One that tells of an error \
             (`registreringFeilet`, `mappeFeilet`) sets `archive.state` to `failed`. Faults point to the element, as a path of names. A machine brings it with the \
             scope `framdrift:archive`, when its organisation reads all of the project.",
        )
        .must_query(
            "system",
            "The archive that the receipt is from, by a name that stays the same.",
            json!({ "type": "string", "minLength": 1, "maxLength": 100 }),
        )
        .query("documentId", "The document or the published report, where the receipt does not say.", json!({ "type": "string", "format": "uuid" }))
        .takes_value("application/xml", xml, json!("<arkivmeldingKvittering xmlns=\"…\">…</arkivmeldingKvittering>"))
        .repeatable()
        .reasoned()
        .answers::<Receipted>(200, "What came of it", example)
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::INVALID, &codes::KEY_REUSED])
}
