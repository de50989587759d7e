//! What is kept of a receipt: where a record is archived, and as which version.

use entity::documents::{self, ArchiveEntry, ArchiveState};
use entity::projects::{self, ArchiveCase};
use entity::{assignments, status_reports};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::read::Receipt;
use super::{Asked, not_said};
use crate::db::Typed;
use crate::domain::archive::{self, Folder, RESPONSIBLE, Said, SaidCase};
use crate::domain::responsible::first_of;
use crate::facts::Row;
use crate::http::query::invalid;
use crate::problem::{Error, Fault};
use crate::store::Write;
use crate::text;

/// What the archive calls the case folder, as an earlier receipt said: a later message names the folder that an earlier one made.
pub async fn folder(write: &Write, asked: &Asked, project: &Row) -> Result<Option<Folder>, Error> {
    let project: projects::Model = project.typed()?;
    let documents = documents::Entity::find().filter(documents::Column::ProjectId.eq(asked.project));
    let documents = documents.every(write.tx()).await?;
    let reports = status_reports::Entity::find().filter(status_reports::Column::ProjectId.eq(asked.project));
    let reports = reports.every(write.tx()).await?;
    Ok(archive::folder(Some(&project), &documents, &reports, &asked.system))
}

/// The entry of a document, or a report, as it is after the receipt.
pub fn entry(
    write: &Write,
    asked: &Asked,
    receipt: &Receipt,
    before: Option<&ArchiveEntry>,
    row: &Row,
    known: Option<Folder>,
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
    if receipt.confirms {
        let archived = archived.ok_or_else(not_there)?;
        return told(archived.clone(), asked, row);
    }
    let Some(entry) = &receipt.entry else { return Ok(failed(asked, before)) };
    if archived.and_then(|entry| entry.entry_id).is_some_and(|known| known != entry.id) {
        let message = text!(
            "dokumentet er arkivert under en annen systemID",
            "dokumentet er arkivert under ein annan systemID",
            "the document is archived under another systemID"
        );
        let pointer = "/arkivmeldingKvittering/registreringKvittering/systemID";
        return Err(Error::invalid(vec![Fault::at(pointer, "other_entry", message)]));
    }
    let folder = receipt.folder.as_ref();
    // What a first receipt is of, where its address does not say: what is there now.
    let now = |version: Option<i64>| version.filter(|_| archived.is_none() && asked.said.is_none());
    let version = now(Some(row.version()));
    let content = now(row.0.get("contentVersion").and_then(serde_json::Value::as_i64));
    let after = ArchiveEntry {
        system: asked.system.clone(),
        case_year: folder.and_then(|folder| folder.year).or(known.and_then(|known| Some(known.number?.0))),
        case_sequence: folder.and_then(|folder| folder.sequence).or(known.and_then(|known| Some(known.number?.1))),
        entry_number: entry.number.or(archived.and_then(|entry| entry.entry_number)),
        state: ArchiveState::Archived,
        archived_at: entry.at.or(archived.and_then(|entry| entry.archived_at)).or(Some(write.now())),
        case_id: folder.map(|folder| folder.id).or(known.and_then(|known| known.case_id)),
        entry_id: Some(entry.id),
        entry_version: archived.and_then(|entry| entry.entry_version).or(version),
        description_version: archived.and_then(|entry| entry.description_version).or(version),
        content_version: archived.and_then(|entry| entry.content_version).or(content),
    };
    told(after, asked, row)
}

/// The entry with the versions that the message said: forward only, and none that there is not.
fn told(entry: ArchiveEntry, asked: &Asked, row: &Row) -> Result<ArchiveEntry, Error> {
    let Said { entry: version, description, content, .. } = asked.said.unwrap_or_default();
    let newest = row.0.get("contentVersion").and_then(serde_json::Value::as_i64).unwrap_or(1);
    if version.max(description) > Some(row.version()) || content > Some(newest) {
        return Err(not_said());
    }
    Ok(ArchiveEntry {
        entry_version: entry.entry_version.max(version),
        description_version: entry.description_version.max(description),
        content_version: entry.content_version.max(content),
        ..entry
    })
}

fn not_there() -> Error {
    let why = text!(
        "dokumentet er ikke arkivert ennå: kvitteringen for at det ble opprettet, har innhold",
        "dokumentet er ikkje arkivert enno: kvitteringa for at det vart oppretta, har innhald",
        "the document is not archived yet: the receipt for its creation has content"
    );
    invalid("documentId", &why)
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
            entry_version: None,
            description_version: None,
            content_version: None,
        },
    }
}

/// The case folder as it is after the receipt; `None` when that says nothing of it, or the folder of another archive is the one that is
/// followed.
pub async fn case(
    write: &Write,
    asked: &Asked,
    receipt: &Receipt,
    before: Option<&ArchiveCase>,
    project: &Row,
    known: Option<Folder>,
) -> Result<Option<ArchiveCase>, Error> {
    if before.is_some_and(|case| case.system != asked.system) {
        return Ok(None);
    }
    let made = receipt.folder.as_ref();
    let done = made.is_some() || receipt.confirms || (receipt.entry.is_some() && receipt.failure.is_none());
    let said = match asked.said {
        Some(said) => said.case.filter(|_| done),
        None if made.is_some() && before.is_none() => Some(as_it_is(write, project).await?),
        None => None,
    };
    let Some(said) = said else { return Ok(None) };
    if said.version > project.version() {
        return Err(not_said());
    }
    let newer = before.and_then(|case| case.version).is_none_or(|version| version <= said.version);
    let (known_id, known_number) = (known.and_then(|known| known.case_id), known.and_then(|known| known.number));
    Ok(Some(ArchiveCase {
        system: asked.system.clone(),
        case_year: made.and_then(|folder| folder.year).or(known_number.map(|(year, _)| year)),
        case_sequence: made.and_then(|folder| folder.sequence).or(known_number.map(|(_, sequence)| sequence)),
        case_id: made.map(|folder| folder.id).or(known_id),
        version: before.and_then(|case| case.version).max(Some(said.version)),
        responsible_id: if newer { said.responsible } else { before.and_then(|case| case.responsible_id) },
    }))
}

async fn as_it_is(write: &Write, project: &Row) -> Result<SaidCase, Error> {
    let held = assignments::Entity::find().filter(assignments::Column::ProjectId.eq(project.id()));
    let held = held.every(write.tx()).await?;
    Ok(SaidCase { version: project.version(), responsible: first_of(&held, project.id(), &RESPONSIBLE) })
}
