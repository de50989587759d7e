//! The resource `documents`, and how a document becomes final and adopted.

pub mod about;
mod asked;
pub mod content;
mod page;
pub mod receipt;

use actix_web::HttpResponse;
use entity::RecordRef;
use entity::documents::{self, DocumentAccess, DocumentStatus};
use serde_json::{Map, Value, json};

use super::resolutions;
use crate::access::{Area, Edit};
use crate::facts::{Change, Row};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::act::{Right, act, nothing};
use crate::standard::consequence::{fields, follow};
use crate::standard::rules::moved;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// What an adopted document keeps as it is; where it is kept and who may read it may still change.
const CONTENT: [&str; 8] =
    ["kind", "title", "documentOn", "sender", "recipient", "activityId", "adoptedOn", "supersedesId"];

/// The facts and rules of documents.
pub fn resource() -> Resource {
    Resource::of::<documents::Entity>(Area::Documents)
        .search(&["title", "sender", "recipient"])
        .order("-documentOn,title")
        .refers("activityId", "activities")
        .refers("supersedesId", "documents")
        .acyclic("supersedesId")
        .published("status <> 'draft' AND access = 'public'")
        .carried(&["resolutionId"])
        .approval(adopts)
        .locked(locked)
        .check(exemption_has_a_basis)
        .rule(|_, change| Box::pin(std::future::ready(forward(&change))))
        .then(|write, change| Box::pin(supersede(write, change)))
        .then(|write, change| Box::pin(forget(write, change)))
        .event(event)
        .tells(&["content_added", "archived", "finalised", "adopted", "final_report.adopted", "superseded"])
        .done()
}

/// What is kept from the public is kept by a law (offentleglova § 11 with the paragraph that exempts).
fn exemption_has_a_basis(change: &Change<documents::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    if after.access != DocumentAccess::Public && after.exemption_basis.is_none() {
        let message = text!(
            "mangler: oppgi loven og paragrafen som unntar dokumentet",
            "manglar: oppgi lova og paragrafen som unntek dokumentet",
            "is missing: name the law and the paragraph that exempts the document"
        );
        return vec![Fault::at("/exemptionBasis", "required", message)];
    }
    Vec::new()
}

/// Adopting is an approval, however it is written.
fn adopts(before: Option<&Row>, after: &Row) -> bool {
    let adopted = |row: &Row| row.text("status") == Some("adopted");
    adopted(after) && !before.is_some_and(adopted)
}

/// What is adopted, superseded or archived is not deleted (arkivlova §§ 12, 13).
fn locked(row: &Row) -> bool {
    let archived = row.0.get("archive").is_some_and(|archive| archive["archivedAt"].is_string());
    archived || matches!(row.text("status"), Some("adopted" | "superseded"))
}

const fn place(status: DocumentStatus) -> u8 {
    match status {
        DocumentStatus::Draft => 0,
        DocumentStatus::Final => 1,
        DocumentStatus::Adopted => 2,
        DocumentStatus::Superseded => 3,
    }
}

/// A document goes forward only, and what is adopted does not change: a correction is a new document that
/// supersedes (arkivforskrifta § 11).
fn forward(change: &Change<documents::Model>) -> Result<Faults, Error> {
    let Change::Changed { before, after } = change else { return Ok(Vec::new()) };
    if place(after.status) < place(before.status) {
        let (from, to) = (before.status.code(), after.status.code());
        let message = text!(
            "går ikke tilbake fra {from} til {to}",
            "går ikkje tilbake frå {from} til {to}",
            "does not go back from {from} to {to}"
        );
        return Ok(vec![Fault::at("/status", "backward", message)]);
    }
    match moved(before, after, &CONTENT) {
        Some(field) if place(before.status) >= place(DocumentStatus::Adopted) => Err(Problem::new(&codes::LOCKED)
            .detail(text!(
                "dokumentet er vedtatt: {field} kan ikke endres; lag et nytt dokument med supersedesId",
                "dokumentet er vedteke: {field} kan ikkje endrast; lag eit nytt dokument med supersedesId",
                "the document is adopted: {field} cannot change; make a new document with supersedesId"
            ))
            .into()),
        _ => Ok(Vec::new()),
    }
}

/// A document that is adopted takes the place of the one that it supersedes.
async fn supersede(write: &Write, change: Change<documents::Model>) -> Result<(), Error> {
    let adopted = |model: &&documents::Model| model.status == DocumentStatus::Adopted;
    let Some(after) = change.after().filter(adopted) else { return Ok(()) };
    if change.before().as_ref().is_some_and(adopted) {
        return Ok(());
    }
    match after.supersedes_id {
        Some(old) => follow(write, "documents", old, "superseded", fields(json!({ "status": "superseded" }))).await,
        None => Ok(()),
    }
}

/// A document that is deleted takes its contents with it.
async fn forget(write: &Write, change: Change<documents::Model>) -> Result<(), Error> {
    match change {
        Change::Deleted { before } => write.forget_contents(before.id).await,
        Change::Created { .. } | Change::Changed { .. } => Ok(()),
    }
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some())?;
    if change.touches("contentVersion") {
        return Some("content_added");
    }
    let archived = |row: &Row| row.0.get("archive").is_some_and(|archive| archive["archivedAt"].is_string());
    if archived(after) && !change.before().is_some_and(archived) {
        return Some("archived");
    }
    match after.text("status").filter(|_| change.touches("status"))? {
        "final" => Some("finalised"),
        "adopted" if after.text("kind") == Some("final_report") => Some("final_report.adopted"),
        "adopted" => Some("adopted"),
        "superseded" => Some("superseded"),
        _ => None,
    }
}

/// Makes a draft final: finished, and from then on a document of the case (offentleglova § 4).
///
/// # Errors
/// 409 when it is final already; those of [`act`].
pub async fn finalise(call: Call) -> Result<HttpResponse, Error> {
    act("documents", call, Right::Write, &nothing(), async |write, edit, _| {
        let status: DocumentStatus = standing(&edit)?;
        if status != DocumentStatus::Draft {
            return Err(wrong_state(status));
        }
        write.change(edit, &fields(json!({ "status": "final" }))).await
    })
    .await
}

/// Adopts a document: who approves does it, or who writes records it with the resolution of the steering group.
///
/// # Errors
/// 409 when it is adopted already; 422 for a resolution that does not adopt it; those of [`act`].
pub async fn adopt(call: Call) -> Result<HttpResponse, Error> {
    act("documents", call, Right::Write, &adoption(), async |write, edit, given| {
        let status: DocumentStatus = standing(&edit)?;
        if !matches!(status, DocumentStatus::Draft | DocumentStatus::Final) {
            return Err(wrong_state(status));
        }
        let (edit, on) = by_resolution(write, edit, &given).await?;
        let adopted = json!({ "status": "adopted", "adoptedOn": on, "resolutionId": given.get("resolutionId") });
        write.change(edit, &fields(adopted)).await
    })
    .await
}

/// Looks at the resolution that adopts, if one is given: it stands for the right to approve, and for the date.
async fn by_resolution(
    write: &Write,
    edit: Edit,
    given: &Map<String, Value>,
) -> Result<(Edit, chrono::NaiveDate), Error> {
    let about = RecordRef { kind: "document".to_owned(), id: edit.row().id() };
    let project = edit.row().uuid("projectId").unwrap_or_default();
    match resolutions::named(write.tx(), project, given, &about).await? {
        None => Ok((edit, write.today())),
        Some(named) => {
            let on = named.on.unwrap_or_else(|| write.today());
            Ok((edit.by_resolution(&named.wrote, write.by())?, on))
        }
    }
}

fn standing(edit: &Edit) -> Result<DocumentStatus, Error> {
    Ok(edit.row().typed::<documents::Model>()?.status)
}

fn wrong_state(status: DocumentStatus) -> Error {
    let status = status.code();
    Problem::new(&codes::WRONG_STATE)
        .detail(text!("dokumentet er {status}", "dokumentet er {status}", "the document is {status}"))
        .into()
}

fn adoption() -> Value {
    json!({
        "type": "object",
        "properties": {
            "resolutionId": {
                "type": ["string", "null"],
                "format": "uuid",
                "description": "The resolution of the steering group that adopts the document."
            }
        },
        "additionalProperties": false
    })
}

/// `POST /documents/{id}/finalise`.
#[must_use]
pub fn about_finalise() -> About {
    About::new("finaliseDocument", "Documents", "Make a document final")
        .more("From draft to final: it is finished, and from then on a document of the case (offentleglova § 4).")
        .takes_value("application/json", nothing(), json!({}))
        .changes("documents")
        .fails(&[&codes::WRONG_STATE])
}

/// `POST /documents/{id}/adopt`.
#[must_use]
pub fn about_adopt() -> About {
    About::new("adoptDocument", "Documents", "Adopt a document")
        .more(
            "Who approves in the project adopts; who writes documents records the adoption with the steering group's \
             adopted resolution. The document then no longer changes: a correction is a new document with \
             `supersedesId`, and adopting that one supersedes this one.",
        )
        .takes_value("application/json", adoption(), json!({ "resolutionId": "0190e0a0-0000-7000-8000-000000000007" }))
        .changes("documents")
        .fails(&[&codes::WRONG_STATE])
}
