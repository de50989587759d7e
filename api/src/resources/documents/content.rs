//! The content of a document: taken in and given out piece by piece, every version kept.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use chrono::Utc;
use entity::documents::{DocumentStatus, Model};
use futures_util::{Stream, stream};
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use super::asked::{Asked, asked};
use super::page;
use super::place;
use crate::access::{Caller, Edit, Sight};
use crate::facts::{self, Row};
use crate::http::range::{Part, part};
use crate::http::room::{Held, piece_of};
use crate::http::{Answer, Call, digest, file_name};
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::consequence::fields;
use crate::standard::cursor::Numbered;
use crate::standard::read::{find, id, written};
use crate::standard::{by_path, list};
use crate::store::Write;
use crate::store::content::{self, Arrived, CHUNK, Content, Upload};
use crate::text;

/// A client that sends steadily has time enough; one that trickles does not hold a connection for ever.
const PATIENCE: Duration = Duration::from_secs(60);
/// The least that must come in a second, in bytes.
const SLOWEST: u64 = 16_384;

/// Takes a new version of the content in.
///
/// # Errors
/// 401, 404, 403, 428, 412, 409 when the document is adopted; then those of the body: 400, 408, 413, 415, 422.
pub async fn put(call: Call) -> Result<HttpResponse, Error> {
    let resource = by_path("documents")?;
    let (caller, document) = (call.caller().await?, id(&call)?);
    // Asked before anything is taken in, on a connection for reading: no lock waits for a client that sends.
    let row = find(&call.store, resource.facts, &caller, document, Utc::now().date_naive()).await?;
    open(&call, &Edit::allowed(&call.store.read, resource.facts, &caller, row).await?)?;
    let asked = asked(&call)?;
    let writer = call.writer(&caller)?;
    let _room = call.shared.room.incoming(CHUNK)?;
    let mut upload = Upload::begin(&call.store, document).await?;
    let arrived = taken(&call, &mut upload, &asked).await?;
    let write = call.store.write(writer).await?;
    let row = find(write.tx(), resource.facts, &caller, document, write.today()).await?;
    let edit = Edit::allowed(write.tx(), resource.facts, &caller, row).await?;
    open(&call, &edit)?;
    let content = content_of(&write, &caller, edit.row(), asked, &arrived);
    let project = edit.row().uuid("projectId").unwrap_or_default();
    write.keep(&upload, project, document, &content).await?;
    let change = write.change(edit, &said(&content)).await?;
    resource.settle(&write, &caller, &change).await?;
    let answer = written(&write, resource.facts, &caller, document).await?;
    write.commit().await?;
    upload.kept();
    Ok(answer.into_response())
}

/// Whether content may be put to the version of the document that the caller read.
fn open(call: &Call, edit: &Edit) -> Result<(), Error> {
    call.if_match(edit.row())?;
    let status = edit.row().typed::<Model>()?.status;
    if place(status) < place(DocumentStatus::Adopted) && !super::locked(edit.row()) {
        return Ok(());
    }
    Err(Problem::new(&codes::LOCKED)
        .detail(text!(
            "innholdet i et vedtatt, erstattet eller arkivert dokument kan ikke endres; lag et nytt dokument med supersedesId",
            "innhaldet i eit vedteke, erstatta eller arkivert dokument kan ikkje endrast; lag eit nytt dokument med supersedesId",
            "the content of an adopted, superseded or archived document cannot change; make a new document with supersedesId"
        ))
        .into())
}

/// Takes the body in, never whole in memory, and holds it against its limit and its digest.
async fn taken(call: &Call, upload: &mut Upload, asked: &Asked) -> Result<Arrived, Error> {
    let (mut body, began) = (call.incoming(), Instant::now());
    while let Some(piece) = body.next().await? {
        upload.take(&piece).await?;
        if upload.size() > call.shared.document_limit {
            return Err(too_large(call));
        }
        if began.elapsed() > PATIENCE + Duration::from_secs(upload.size() / SLOWEST) {
            return Err((&codes::TIMEOUT).into());
        }
    }
    let arrived = upload.end().await?;
    match asked.digests.iter().find(|digest| **digest != arrived.digest) {
        None => Ok(arrived),
        Some(_) => {
            let is = digest::encoded(&arrived.digest);
            let message = text!(
                "er ikke det som ble lovet: SHA-256 av det som kom, er {is}",
                "er ikkje det som vart lova: SHA-256 av det som kom, er {is}",
                "is not what was promised: the SHA-256 of what came is {is}"
            );
            Err(Error::invalid(vec![Fault::at("", "digest_mismatch", message)]))
        }
    }
}

/// The problem of a body that is larger than this service takes.
pub(super) fn too_large(call: &Call) -> Error {
    let limit = call.shared.document_limit;
    Problem::new(&codes::TOO_LARGE)
        .detail(text!(
            "innholdet kan ha høyst {limit} byte",
            "innhaldet kan ha høgst {limit} byte",
            "the content may have at most {limit} bytes"
        ))
        .into()
}

fn content_of(write: &Write, caller: &Caller, row: &Row, asked: Asked, arrived: &Arrived) -> Content {
    let version = row.0.get("contentVersion").and_then(Value::as_i64).unwrap_or_default() + 1;
    Content {
        id: Uuid::nil(),
        version,
        media_type: asked.media_type,
        file_name: asked.file_name,
        size_bytes: arrived.size_bytes,
        sha256: digest::hex(&arrived.digest),
        created_at: write.now(),
        created_by: caller.actor.id,
    }
}

/// What the document says of its newest content.
fn said(content: &Content) -> serde_json::Map<String, Value> {
    fields(json!({
        "contentVersion": content.version,
        "mediaType": content.media_type,
        "fileName": content.file_name,
        "sizeBytes": content.size_bytes,
        "sha256": content.sha256,
    }))
}

/// Gives a content out: the newest, or that of `version`.
///
/// # Errors
/// 401; 404 for a document that the caller does not see, and for a content that is not there; 416.
pub async fn get(call: Call) -> Result<HttpResponse, Error> {
    let (document, newest, sight) = seen(&call).await?;
    let mut query = call.query()?;
    let version = page::version(query.take("version"))?;
    query.finish(&["version"])?;
    // Who sees only what is published is not shown the drafts that came before it.
    let wanted = version.or(newest).filter(|version| sight == Sight::All || Some(*version) == newest);
    let found = match wanted.and_then(|version| version.checked_add(1)) {
        Some(before) => content::contents(&call.store.read, document, before, 1).await?.pop(),
        None => None,
    };
    let content = found.filter(|found| Some(found.version) == wanted).ok_or_else(|| no_content(version))?;
    if call.has(&content.sha256)? {
        let etag = ("ETag", format!("\"{}\"", content.sha256));
        return Ok(Answer { status: 304, headers: vec![etag], body: None }.into_response());
    }
    // Only GET has parts (RFC 9110 §14.2).
    let range =
        call.header(&header::RANGE)?.filter(|_| call.request.method() == Method::GET && unchanged(&call, &content));
    given(&call, &content, &part(range.as_deref(), size(&content)))
}

/// The document that the caller asks about, the version of its newest content, and how much the caller sees.
async fn seen(call: &Call) -> Result<(Uuid, Option<i64>, Sight), Error> {
    let caller = call.caller().await?;
    let facts = facts::by_path("documents").ok_or(&codes::NO_ROUTE)?;
    let row = find(&call.store, facts, &caller, id(call)?, Utc::now().date_naive()).await?;
    let sight = caller.rights(row.uuid("projectId").unwrap_or_default(), facts.area).sight;
    Ok((row.id(), row.0.get("contentVersion").and_then(Value::as_i64), sight))
}

fn no_content(version: Option<i64>) -> Error {
    let detail = match version {
        None => text!(
            "dokumentet har ikke noe innhold ennå",
            "dokumentet har ikkje noko innhald enno",
            "the document has no content yet"
        ),
        Some(version) => text!(
            "dokumentet har ikke noe innhold med versjon {version}",
            "dokumentet har ikkje noko innhald med versjon {version}",
            "the document has no content of version {version}"
        ),
    };
    Problem::new(&codes::NO_CONTENT).detail(detail).into()
}

/// Whether the part that is asked for goes with what the client has (`If-Range`, a strong comparison).
fn unchanged(call: &Call, content: &Content) -> bool {
    let known = call.header(&header::IF_RANGE);
    known.is_ok_and(|known| known.is_none_or(|known| known == format!("\"{}\"", content.sha256)))
}

fn size(content: &Content) -> u64 {
    u64::try_from(content.size_bytes).unwrap_or_default()
}

fn given(call: &Call, content: &Content, part: &Part) -> Result<HttpResponse, Error> {
    let size = size(content);
    let (status, bytes) = match part {
        Part::Whole => (StatusCode::OK, 0..size),
        Part::Bytes(bytes) => (StatusCode::PARTIAL_CONTENT, bytes.clone()),
        Part::Unsatisfiable => {
            return Err(Problem::new(&codes::NO_SUCH_RANGE).header("Content-Range", format!("bytes */{size}")).into());
        }
    };
    let mut response = HttpResponse::build(status);
    for (name, value) in head(content)? {
        response.insert_header((name, value));
    }
    if status == StatusCode::PARTIAL_CONTENT {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1)));
    }
    let length = bytes.end - bytes.start;
    // Nothing is read for HEAD.
    let bytes = if call.request.method() == Method::HEAD { 0..0 } else { bytes };
    // A client that takes it slowly keeps a chunk from others.
    let room = (!bytes.is_empty()).then(|| call.shared.room.outgoing(CHUNK)).transpose()?;
    Ok(response.body(SizedStream::new(length, chunks(call.store.read.clone(), content.id, bytes, room))))
}

/// What is said of a content, whichever part of it is given.
fn head(content: &Content) -> Result<[(HeaderName, String); 9], Error> {
    let digest = digest::unhex(&content.sha256).map(|digest| digest::encoded(&digest));
    let digest = digest.ok_or_else(|| Error::internal("read the digest of a content", "it is no hexadecimal"))?;
    Ok([
        (header::CONTENT_TYPE, content.media_type.clone()),
        (header::CONTENT_DISPOSITION, file_name::attachment(content.file_name.as_deref())),
        (header::ETAG, format!("\"{}\"", content.sha256)),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (HeaderName::from_static("repr-digest"), format!("sha-256=:{digest}:")),
        (HeaderName::from_static("digest"), format!("sha-256={digest}")),
        // The compressor leaves it alone; the frame takes the word away again.
        (header::CONTENT_ENCODING, "identity".to_owned()),
    ])
}

/// The bytes of a range, read a chunk at a time as the client takes them in.
fn chunks(
    db: DatabaseConnection,
    content: Uuid,
    bytes: std::ops::Range<u64>,
    room: Option<Held>,
) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold((db, bytes, Bytes::new(), room), move |(db, bytes, mut left, room)| async move {
        if !left.is_empty() {
            return Ok(Some((piece_of(&mut left), (db, bytes, left, room))));
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let place = |at: u64| i64::try_from(at).map_err(|error| Error::internal("find a chunk", error));
        let chunk = content::chunk(&db, content, place(bytes.start / CHUNK as u64)?).await?;
        let skipped = usize::try_from(bytes.start % CHUNK as u64).unwrap_or(usize::MAX);
        let wanted = usize::try_from(bytes.end - bytes.start).unwrap_or(usize::MAX);
        let end = chunk.len().min(skipped.saturating_add(wanted));
        if end <= skipped {
            return Err(Error::internal("read a chunk", "it is shorter than it was"));
        }
        let mut left = Bytes::from(chunk).slice(skipped..end);
        let next = bytes.start + left.len() as u64;
        Ok(Some((piece_of(&mut left), (db, next..bytes.end, left, room))))
    })
}

/// Lists the versions of the content, newest first.
///
/// # Errors
/// 401, 404; 400 for a parameter.
pub async fn versions(call: Call) -> Result<HttpResponse, Error> {
    let (document, newest, sight) = seen(&call).await?;
    let question = format!("contents {document}");
    let asked = Numbered::asked(&call, &question)?;
    let limit = if sight == Sight::All { asked.limit.saturating_add(1) } else { 1 };
    let from = newest.unwrap_or_default() + 1;
    let found = content::contents(&call.store.read, document, asked.before.unwrap_or(from), limit).await?;
    let hidden = |content: &Content| sight != Sight::All && Some(content.version) != newest;
    let found = found.into_iter().filter(|content| !hidden(content)).collect();
    list::weakly_tagged(&call, asked.page(found, |content| content.version, page::one))
}
