//! `manifest.json`: what is in the package, with the SHA-256 of every file.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::Picture;
use crate::domain::archive::{Entry, Message, Package};
use crate::http::digest::hex;

/// The name of the format, with its version.
pub const FORMAT: &str = "framdrift-archive-package/1";

/// The manifest of a package, as it is written.
#[must_use]
pub fn written(picture: &Picture, package: &Package<'_>, system: Option<&str>) -> Vec<u8> {
    let project = picture.project();
    let messages = package.messages.iter().map(|message| {
        let (document, report) = which(picture, message.document);
        json!({
            "path": message.name,
            "type": message.kind.code(),
            "documentId": document,
            "reportId": report,
            "changes": message.tells,
            "receiptTo": receipt_to(picture.focus, message, system),
            "sizeBytes": message.xml.len(),
            "sha256": hex(digest(&SHA256, message.xml.as_bytes()).as_ref()),
        })
    });
    let left_out = package.left_out.iter().map(|(left, reason)| {
        let (document, report) = which(picture, Some(left.id));
        json!({ "documentId": document, "reportId": report, "title": left.title, "reason": reason.code() })
    });
    let manifest = json!({
        "format": FORMAT,
        "project": project.map(|project| json!({ "id": project.id, "code": project.code, "name": project.name })),
        "archive": system,
        "messages": messages.collect::<Vec<_>>(),
        "files": package.entries.iter().map(|entry| file(picture, entry)).collect::<Vec<_>>(),
        "leftOut": left_out.collect::<Vec<_>>(),
    });
    let mut text = format!("{manifest:#}");
    text.push('\n');
    text.into_bytes()
}

/// The address for what comes back on a message. Who carries the first package adds the name of the archive.
fn receipt_to(project: Uuid, message: &Message, system: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(system) = system {
        query.append_pair("system", system);
    }
    if let Some(document) = message.document {
        query.append_pair("documentId", &document.to_string());
    }
    query.append_pair("said", &message.said.to_string());
    format!("/api/v1/projects/{project}/archive-receipts?{}", query.finish())
}

/// The document, or else the report, of an identifier.
fn which(picture: &Picture, id: Option<Uuid>) -> (Option<Uuid>, Option<Uuid>) {
    let report = id.filter(|id| picture.status_reports.iter().any(|report| report.id == *id));
    (id.filter(|_| report.is_none()), report)
}

fn file(picture: &Picture, entry: &Entry<'_>) -> Value {
    let (document, file) = (entry.document, &entry.file);
    let (document_id, report_id) = which(picture, Some(document.id));
    json!({
        "path": entry.name,
        "documentId": document_id,
        "reportId": report_id,
        "message": entry.message,
        "title": document.title,
        "kind": document.kind,
        "fileName": file.file_name,
        "mediaType": file.media_type,
        "contentVersion": file.version,
        "sizeBytes": file.size_bytes,
        "sha256": file.sha256,
        "access": document.access,
        "exemptionBasis": document.exemption_basis,
        "accessibleAfter": document.accessible_after,
        "retention": document.retention,
        "archive": document.archive,
    })
}
