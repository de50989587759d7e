//! What the document says of the content of documents.

use serde_json::{Value, json};

use crate::openapi::About;
use crate::problem::codes;

const TAG: &str = "Documents";
const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Bytes of any media type.
fn bytes() -> Value {
    json!({ "type": "string", "format": "binary", "description": "The bytes, as they are." })
}

fn text(most: u32) -> Value {
    json!({ "type": "string", "maxLength": most })
}

/// Digests by name (RFC 9530 §2), of which `sha-256` is looked at.
fn digests() -> Value {
    json!({ "type": "string", "maxLength": 1000, "pattern": "^[^,=]+=[^,]*(,[^,=]+=[^,]*)*$" })
}

/// `PUT /documents/{id}/content`.
#[must_use]
pub fn put() -> About {
    About::new("putDocumentContent", TAG, "Put the content of a document")
        .more(
            "Takes the body as it is, of any media type, and keeps it as the next version of the content; earlier versions stay \
             readable. `Content-Type` is kept and given back. Nothing is kept of a body that breaks off, is larger than the \
             service takes (`--document-limit`, 256 MiB unless set otherwise), or is not what its digest promised. What is \
             adopted, superseded or archived does not change: 409.",
        )
        .query(
            "fileName",
            "The name of the file. Only a name: of a path the last step is kept. It goes before `Content-Disposition`.",
            text(1000),
        )
        .header("Content-Disposition", "The name of the file: `attachment; filename*=UTF-8''plan.pdf` (RFC 6266).", text(2000))
        .header("Repr-Digest", "What the content must be: `sha-256=:…:` (RFC 9530). Otherwise 422.", digests())
        .header("Content-Digest", "The same of the body, which is the content.", digests())
        .takes_value("*/*", bytes(), json!("%PDF-1.7 …"))
        .answers_record(200, "The document, with its new content", "documents", &["ETag"])
        .with(&["If-Match", "X-Change-Reason"])
        .fails(&[
            &codes::NOT_FOUND,
            &codes::FORBIDDEN,
            &codes::PRECONDITION_REQUIRED,
            &codes::STALE,
            &codes::LOCKED,
            &codes::INVALID,
        ])
}

/// `GET /documents/{id}/content`.
#[must_use]
pub fn get() -> About {
    let about = About::new("getDocumentContent", TAG, "Get the content of a document")
        .more(
            "The newest content, or that of `version`, in the media type that it was put with; never compressed. The `ETag` is \
             its SHA-256. A single `Range` is honoured: a download that broke off goes on where it ended. Who sees only what is \
             published gets the newest content only.",
        )
        .query(
            "version",
            "The version of the content; the newest unless given.",
            json!({ "type": "integer", "format": "int64", "minimum": 1 }),
        )
        .header("Range", "The part that is wanted: `bytes=0-1023`, `bytes=1024-`, `bytes=-500`.", text(1000))
        .header("If-Range", "The part only if the content still has this `ETag`; else all of it.", text(1000))
        .answers_value(200, "The content", "*/*", bytes(), json!("%PDF-1.7 …"))
        .tagged()
        .partial()
        .fails(&[&codes::NOT_FOUND, &codes::NO_CONTENT, &codes::NO_SUCH_RANGE]);
    about.answers_with(&["Accept-Ranges", "Content-Disposition", "Content-Length", "Digest", "Repr-Digest"])
}

/// `GET /documents/{id}/contents`.
#[must_use]
pub fn versions() -> About {
    let example = json!({
        "items": [{
            "version": 1,
            "mediaType": "application/pdf",
            "fileName": "prosjektplan.pdf",
            "sizeBytes": 183_420,
            "sha256": SHA256,
            "createdAt": "2017-09-28T08:00:00Z",
            "createdBy": null
        }],
        "next": null
    });
    About::new("listDocumentContents", TAG, "List the versions of a document's content")
        .more("Newest first. Who sees only what is published sees the newest content only.")
        .query(
            "limit",
            "Most contents on the page, 50 unless given.",
            json!({ "type": "integer", "minimum": 1, "maximum": 200 }),
        )
        .query("cursor", "`next` of the page before.", text(8192))
        .answers_value(200, "A page of contents", "application/json", page(), example)
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::INVALID_CURSOR])
}

fn page() -> Value {
    let content = json!({
        "type": "object",
        "description": "One version of a document's content.",
        "required": ["version", "mediaType", "fileName", "sizeBytes", "sha256", "createdAt", "createdBy"],
        "properties": {
            "version": { "type": "integer", "format": "int64", "minimum": 1, "description": "1 for the first content, one more for each after it." },
            "mediaType": { "type": "string", "maxLength": 200, "description": "The media type." },
            "fileName": { "type": ["string", "null"], "maxLength": 255, "description": "The name of the file, if one was given." },
            "sizeBytes": { "type": "integer", "format": "int64", "minimum": 0, "description": "The size in bytes." },
            "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The SHA-256, in lower-case hexadecimal." },
            "createdAt": { "type": "string", "format": "date-time", "description": "When it was put (UTC)." },
            "createdBy": { "type": ["string", "null"], "format": "uuid", "description": "The user who put it." }
        }
    });
    json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "maxItems": 200, "items": content },
            "next": { "type": ["string", "null"], "maxLength": 8192, "description": "The cursor of the next page; null on the last one." }
        }
    })
}
