//! `GET /projects/{id}/archive-package`: the documents of a project as an archive takes them, in one zip.

mod manifest;
mod stream;

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use aws_lc_rs::digest::{SHA256, digest};
use futures_util::stream as streams;
use serde_json::json;
use uuid::Uuid;

use self::stream::{Part, Source};
use super::Asked;
use crate::domain::Picture;
use crate::domain::archive::{self, File, Package, Wanted};
use crate::http::digest::hex;
use crate::http::query::invalid;
use crate::http::{Answer, Call, Query, file_name};
use crate::openapi::About;
use crate::problem::{Error, Problem, codes};
use crate::standard::whole::typed;
use crate::store;
use crate::store::content::{self, Content};
use crate::text;

/// Answers the package.
///
/// # Errors
/// 401; 404 for a project that the caller does not see; 403 for who does not write it; 400 for a parameter.
pub async fn answer(call: Call) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&call).await?;
    if !asked.caller.archives(asked.project) {
        return Err((&codes::FORBIDDEN).into());
    }
    let mut query = call.query()?;
    let mut wanted = wanted(&mut query)?;
    query.finish(&["documentId", "pending", "system"])?;
    let picture = asked.picture(&call).await?;
    known(&picture, &mut wanted)?;
    let contents = content::newest(&call.store.read, asked.project).await?;
    let reports = archive::published(&picture);
    let mut files: Vec<(Uuid, File)> = contents.iter().map(|(id, content)| (*id, file(content))).collect();
    for (id, size) in store::snapshot_sizes(&call.store.read, asked.project).await? {
        let report = picture.status_reports.iter().find(|report| report.id == id);
        files.extend(report.map(|report| (id, archive::file(report, size))));
    }
    let former = store::versions(&call.store.read, &archive::followed(&picture, &wanted)).await?;
    let package = archive::package(&picture, &reports, &files, &typed(asked.project, former)?, &wanted);
    let manifest = manifest::written(&picture, &package, wanted.system.as_deref());
    // Everything in the package is named in its manifest by its hash.
    let tag = hex(&digest(&SHA256, &manifest).as_ref()[..16]);
    if call.has(&tag)? {
        let etag = ("ETag", format!("\"{tag}\""));
        return Ok(Answer { status: 304, headers: vec![etag], body: None }.into_response());
    }
    let name = picture.project().map(|project| file_name::cleaned(&format!("{}-arkivpakke.zip", project.code)));
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/zip")
        .insert_header((header::ETAG, format!("\"{tag}\"")))
        .insert_header((header::CONTENT_DISPOSITION, file_name::attachment(name.flatten().as_deref())))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // The compressor leaves it alone; the frame takes the word away again.
        .insert_header((header::CONTENT_ENCODING, "identity"));
    if call.request.method() == Method::HEAD {
        return Ok(response.streaming(streams::empty::<Result<_, Error>>()));
    }
    let parts = parts(package, manifest, &contents);
    // A client that takes it slowly keeps it from others.
    let room = call.shared.room.outgoing(stream::in_memory(&parts))?;
    Ok(response.streaming(Box::pin(stream::zip(call.store.read.clone(), parts, room))))
}

fn wanted(query: &mut Query) -> Result<Wanted, Error> {
    let not_an_id = || text!("må være en UUID", "må vere ein UUID", "must be a UUID");
    let document = query.take("documentId");
    let document = document.map(|id| id.parse().map_err(|_| invalid("documentId", &not_an_id()))).transpose()?;
    let system = query.take("system");
    if system.as_ref().is_some_and(|name| !(1..=100).contains(&name.chars().count())) {
        let why = text!("må ha 1 til 100 tegn", "må ha 1 til 100 teikn", "must have 1 to 100 characters");
        return Err(invalid("system", &why));
    }
    // What the archive has as it is, is in no package.
    query.take_flag("pending")?;
    Ok(Wanted { document, system })
}

/// A document that is asked for is one of the project; the archive is the one that has something of it, unless it is named.
fn known(picture: &Picture, wanted: &mut Wanted) -> Result<(), Error> {
    if let Some(id) = wanted.document
        && !picture.documents.iter().any(|document| document.id == id)
        && !archive::published(picture).iter().any(|report| report.id == id)
    {
        let why = text!(
            "«documentId» er verken et dokument eller en publisert rapport i prosjektet",
            "«documentId» er verken eit dokument eller ein publisert rapport i prosjektet",
            "«documentId» is neither a document nor a published report of the project"
        );
        return Err(Problem::new(&codes::NOT_FOUND).detail(why).into());
    }
    if wanted.system.is_none() {
        wanted.system = match archive::systems(picture).as_slice() {
            [] => None,
            [only] => Some((*only).to_owned()),
            several => {
                let names = several.join(", ");
                let why = text!(
                    "må si hvilket arkiv pakken er til; prosjektet har dokumenter i {names}",
                    "må seie kva arkiv pakka er til; prosjektet har dokument i {names}",
                    "must say which archive the package is for; the project has documents in {names}"
                );
                return Err(invalid("system", &why));
            }
        };
    }
    Ok(())
}

fn file(content: &Content) -> File {
    File {
        version: content.version,
        media_type: content.media_type.clone(),
        file_name: content.file_name.clone(),
        size_bytes: content.size_bytes,
        sha256: content.sha256.clone(),
    }
}

/// The files of the package: messages first, then the manifest, then what is large.
fn parts(package: Package<'_>, manifest: Vec<u8>, contents: &[(Uuid, Content)]) -> Vec<Part> {
    let messages = package.messages.into_iter();
    let mut parts: Vec<Part> =
        messages.map(|message| Part { name: message.name, source: Source::Bytes(message.xml.into_bytes()) }).collect();
    parts.push(Part { name: "manifest.json".to_owned(), source: Source::Bytes(manifest) });
    for entry in package.entries {
        let size = u64::try_from(entry.file.size_bytes).unwrap_or_default();
        let source = match contents.iter().find(|(id, _)| *id == entry.document.id) {
            Some((_, content)) => Source::Content { id: content.id, size, sha256: content.sha256.clone() },
            None => Source::Report { id: entry.document.id, size, sha256: entry.file.sha256 },
        };
        parts.push(Part { name: entry.name, source });
    }
    parts
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let bytes = json!({ "type": "string", "format": "binary", "description": "The zip." });
    About::new("getArchivePackage", "Exchange", "Take out the documents of a project as an archive takes them")
        .more(
            "A zip with messages of Fiks Arkiv V1, the files that go with them, and `manifest.json`, with what each message is (`type`), where its \
             receipt goes (`receiptTo`), and the SHA-256 of every file. What the archive does not have is created \
             (`arkivmelding.xml`, `arkivmelding-002.xml` and so on, `…arkivmelding.opprett`): one message for each finished document, with its newest content, and each \
             published report, with what was frozen in it (`…/snapshot`, all of it, under its SHA-256), in the case folder of the project, which \
             the first message makes where there is none. What has changed since a receipt is updated (`oppdatering-001.xml`, \
             `…arkivmelding.oppdater`): the case folder, an entry, its description, each with what differs and nothing else; new content comes as \
             `dokumentobjekt-001.xml` (`…dokumentobjekt.opprett`) with its file. What the elements cannot say, as another sender in place of one, comes as a \
             remark (`merknad`) for the archivist. Of what the archive has as it is there is nothing; the manifest names it in `leftOut`, as it does drafts and \
             documents without content. What an archive has is known from receipts (`archive` of documents, reports and the project): of what somebody entered by hand \
             without versions, no change is told. What is exempt from public access is marked with `skjerming` and its legal basis. Keys of this service \
             (`referanseEksternNoekkel`: `Framdrift` and the identifier) tell archive and receipt what is which. The same state is \
             the same bytes. Receipts come in at `POST …/archive-receipts`. A machine fetches it with the scope `framdrift:archive`, when its \
             organisation reads all of the project.",
        )
        .query("documentId", "This document, or this published report, only.", json!({ "type": "string", "format": "uuid" }))
        .query("pending", "Only what the archive does not have, or has in another form. That is so without it, too.", json!({ "type": "boolean", "default": false }))
        .query(
            "system",
            "The archive, by the name that `archive.system` of documents has; needed when several have documents of the project. Another archive gets \
             everything from the beginning.",
            json!({ "type": "string", "minLength": 1, "maxLength": 100 }),
        )
        .answers_value(200, "The package", "application/zip", bytes, json!("PK …"))
        .tagged()
        .answers_with(&["Content-Disposition"])
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN])
}
