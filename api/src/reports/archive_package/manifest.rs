//! `manifest.json`: what is in the package, with the SHA-256 of every file.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::domain::Picture;
use crate::domain::archive::{Entry, Package};
use crate::http::digest::hex;

/// The name of the format, with its version.
pub const FORMAT: &str = "framdrift-archive-package/1";

/// The manifest of a package, as it is written.
#[must_use]
pub fn written(picture: &Picture, package: &Package<'_>, system: Option<&str>) -> Vec<u8> {
    let project = picture.project();
    let messages = package.messages.iter().map(|message| {
        json!({
            "path": message.name,
            "documentId": message.document,
            "sizeBytes": message.xml.len(),
            "sha256": hex(digest(&SHA256, message.xml.as_bytes()).as_ref()),
        })
    });
    let left_out = package.left_out.iter().map(
        |(document, reason)| json!({ "documentId": document.id, "title": document.title, "reason": reason.code() }),
    );
    let manifest = json!({
        "format": FORMAT,
        "project": project.map(|project| json!({ "id": project.id, "code": project.code, "name": project.name })),
        "archive": system,
        "messages": messages.collect::<Vec<_>>(),
        "files": package.entries.iter().zip(&package.messages).map(|(entry, message)| file(entry, &message.name)).collect::<Vec<_>>(),
        "leftOut": left_out.collect::<Vec<_>>(),
    });
    let mut text = format!("{manifest:#}");
    text.push('\n');
    text.into_bytes()
}

fn file(entry: &Entry<'_>, message: &str) -> Value {
    let (document, file) = (entry.document, &entry.file);
    json!({
        "path": entry.name,
        "documentId": document.id,
        "message": message,
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
