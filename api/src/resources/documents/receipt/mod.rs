//! `POST /projects/{id}/archive-receipts`: what an archive says of a message of the package comes in, and the document, the report and the
//! project know where they are archived, and as which version; the same receipt again changes nothing.

mod kept;
mod read;
mod told;

use actix_web::HttpResponse;
use chrono::Utc;
use entity::documents::ArchiveEntry;
use entity::projects::ArchiveCase;
use entity::status_reports::ReportState;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use self::read::Receipt;
use self::told::{ArchivedCase, Receipted};
use crate::access::{Caller, Edit};
use crate::domain::archive::{Folder, Said};
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

/// What the caller says of a receipt that the receipt does not.
struct Asked {
    project: Uuid,
    system: String,
    document: Option<Uuid>,
    /// What the message said that this answers, where the address tells it.
    said: Option<Said>,
}

/// Takes a receipt in.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 403 for who neither writes nor archives it; 400; 422.
pub async fn take_in(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let asked = asked(&call, &caller).await?;
    let body = call.optional_body_of(&["application/xml", "text/xml"]).await?;
    let key = call.idempotency_key()?;
    let receipt = read::read(&body)?;
    let write = call.store.write(call.writer(&caller)?).await?;
    // A receipt without content says by its address alone what it is of.
    let whole = [call.request.query_string().as_bytes(), b"\n", &body].concat();
    once(write, call.request.path(), key.as_deref(), &whole, async |write| {
        let document = subject(&asked, &receipt)?;
        let project = find(write.tx(), by_path(PROJECTS)?.facts, &caller, asked.project, write.today()).await?;
        let folder = kept::folder(write, &asked, &project).await?;
        let mut told = match document {
            Some(document) => registered(write, &caller, &asked, &receipt, document, folder).await?,
            None => Receipted { document_id: None, report_id: None, changed: false, archive: None, case: None },
        };
        let (changed, case) = cased(write, &caller, &asked, &receipt, project, folder).await?;
        told.changed |= changed;
        told.case = case.map(ArchivedCase::from);
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
    let said = query.take("said").map(|said| said.parse().map_err(|()| not_said())).transpose()?;
    query.finish(&["documentId", "said", "system"])?;
    let system = system.ok_or_else(|| {
        let why = text!(
            "må si hvilket arkiv kvitteringen er fra (1–100 tegn)",
            "må seie kva arkiv kvitteringa er frå (1–100 teikn)",
            "must say which archive the receipt is from (1–100 characters)"
        );
        invalid("system", &why)
    })?;
    Ok(Asked { project, system, document, said })
}

fn not_said() -> Error {
    let why = text!(
        "må være det som står i receiptTo i manifestet, for eksempel entry.7,description.7,content.1",
        "må vere det som står i receiptTo i manifestet, til dømes entry.7,description.7,content.1",
        "must be what receiptTo of the manifest has, for example entry.7,description.7,content.1"
    );
    invalid("said", &why)
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
    if receipt.confirms && asked.said.is_none() {
        let why = text!(
            "mangler: en kvittering uten innhold sier ikke selv hva den kvitterer for; bruk receiptTo i manifestet",
            "manglar: ei kvittering utan innhald seier ikkje sjølv kva ho kvitterer for; bruk receiptTo i manifestet",
            "is missing: a receipt without content does not say itself what it is of; use receiptTo of the manifest"
        );
        return Err(invalid("said", &why));
    }
    // An error on a message that is about the case folder alone is of no document.
    let of_the_case = asked.said.is_some_and(|said| said.case.is_some() && !said.is_of_a_document());
    let of_a_document = receipt.entry.is_some()
        || (receipt.failure.is_some() && !of_the_case)
        || asked.said.is_some_and(|said| said.is_of_a_document());
    if document.is_none() && of_a_document {
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
const PROJECTS: &str = "projects";
const KEY: &str = "/arkivmeldingKvittering/registreringKvittering/referanseEksternNoekkel/noekkel";

async fn registered(
    write: &Write,
    caller: &Caller,
    asked: &Asked,
    receipt: &Receipt,
    id: Uuid,
    folder: Option<Folder>,
) -> Result<Receipted, Error> {
    let (resource, row) = archivable(write, caller, asked, id).await?;
    let before: Option<ArchiveEntry> = match row.0.get("archive") {
        None | Some(Value::Null) => None,
        Some(entry) => Some(ArchiveEntry::deserialize(entry).map_err(|error| Error::internal("read an entry", error))?),
    };
    let after = kept::entry(write, asked, receipt, before.as_ref(), &row, folder)?;
    let changed = before.as_ref() != Some(&after);
    if changed {
        let edit = Edit::archived(resource.facts, caller, row)?;
        let change = write.change(edit, &fields(json!({ "archive": after }))).await?;
        resource.settle(write, caller, &change).await?;
    }
    let is_report = resource.facts.path == REPORTS;
    let (document_id, report_id) = if is_report { (None, Some(id)) } else { (Some(id), None) };
    Ok(Receipted { document_id, report_id, changed, archive: Some(after.into()), case: None })
}

/// What the project knows of its case folder after a receipt, and whether that is new.
async fn cased(
    write: &Write,
    caller: &Caller,
    asked: &Asked,
    receipt: &Receipt,
    project: Row,
    folder: Option<Folder>,
) -> Result<(bool, Option<ArchiveCase>), Error> {
    let before: Option<ArchiveCase> = match project.0.get("archive") {
        None | Some(Value::Null) => None,
        Some(case) => Some(ArchiveCase::deserialize(case).map_err(|error| Error::internal("read a case", error))?),
    };
    let Some(after) = kept::case(write, asked, receipt, before.as_ref(), &project, folder).await? else {
        return Ok((false, before.filter(|case| case.system == asked.system)));
    };
    if before.as_ref() == Some(&after) {
        return Ok((false, before));
    }
    let resource = by_path(PROJECTS)?;
    let edit = Edit::archived(resource.facts, caller, project)?;
    let change = write.change(edit, &fields(json!({ "archive": after }))).await?;
    resource.settle(write, caller, &change).await?;
    Ok((true, Some(after)))
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

/// `POST /projects/{id}/archive-receipts`.
#[must_use]
pub fn about() -> About {
    let xml = json!({ "type": "string", "minLength": 0, "maxLength": 1_048_576, "description": "An `arkivmeldingKvittering`, a `dokumentobjektOpprettKvittering` or an error message of Fiks Arkiv V1; nothing for a receipt without content." });
    let example = json!({
        "documentId": "015ec5c8-6c00-7020-8000-000000000001",
        "reportId": null,
        "changed": true,
        "archive": {
            "system": "gratangen-arkiv", "caseYear": 2017, "caseSequence": 412, "entryNumber": 3, "state": "archived",
            "archivedAt": "2017-09-29T08:00:00Z", "caseId": "0b1f3f5a-5b1e-4c55-9a0e-5d7f3a1b2c3d",
            "entryId": "6a0e2f4b-1c3d-4e5f-8a9b-0c1d2e3f4a5b",
            "entryVersion": 2, "descriptionVersion": 2, "contentVersion": 1
        },
        "case": {
            "system": "gratangen-arkiv", "caseYear": 2017, "caseSequence": 412, "caseId": "0b1f3f5a-5b1e-4c55-9a0e-5d7f3a1b2c3d",
            "version": 3, "responsibleId": "015ec5c8-6c00-7010-8000-000000000001"
        }
    });
    About::new("takeInArchiveReceipt", "Exchange", "Take in the receipt of an archive")
        .more(
            "What comes back on a message of the archive package, for each of them, at the address that `receiptTo` of the manifest gives: an \
             `arkivmeldingKvittering` or a `dokumentobjektOpprettKvittering` of Fiks Arkiv V1, an error message, or nothing at all where the receipt has no \
             content (`…oppdater.kvittering`). The document, or the published report, then knows where it is archived and as which version (`archive`), and can no \
             longer be deleted; the project knows its case folder. The key that an `arkivmeldingKvittering` gives back says what it is about; where it \
             gives none, `documentId` does. Without `said` a first receipt is taken to be of what is there now. The same receipt again changes nothing. One that tells of an \
             error sets `archive.state` of what is not archived to `failed`; what the message would have changed is in the next package again. Faults point \
             to the element, as a path of names. A machine brings it with the scope `framdrift:archive`, when its organisation reads all of the project.",
        )
        .must_query(
            "system",
            "The archive that the receipt is from, by a name that stays the same.",
            json!({ "type": "string", "minLength": 1, "maxLength": 100 }),
        )
        .query("documentId", "The document or the published report, where the receipt does not say.", json!({ "type": "string", "format": "uuid" }))
        .query(
            "said",
            "What the message said, as `receiptTo` has it: parts with their versions.",
            json!({ "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^(case\\.[1-9][0-9]{0,17}(\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?(,entry\\.[1-9][0-9]{0,17})?(,description\\.[1-9][0-9]{0,17})?(,content\\.[1-9][0-9]{0,17})?|entry\\.[1-9][0-9]{0,17}(,description\\.[1-9][0-9]{0,17})?(,content\\.[1-9][0-9]{0,17})?|description\\.[1-9][0-9]{0,17}(,content\\.[1-9][0-9]{0,17})?|content\\.[1-9][0-9]{0,17})$", "example": "entry.7,description.7,content.1" }),
        )
        .takes_value("application/xml", xml, json!("<arkivmeldingKvittering xmlns=\"…\">…</arkivmeldingKvittering>"))
        .repeatable()
        .reasoned()
        .answers::<Receipted>(200, "What came of it", example)
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}
