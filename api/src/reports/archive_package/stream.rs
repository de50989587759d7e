//! A zip as it is made: file by file and chunk by chunk, never whole in memory, the same bytes for the same content.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use actix_web::web::Bytes;
use aws_lc_rs::digest::{Context, SHA256, digest};
use futures_util::{Stream, stream};
use sea_orm::DatabaseConnection;
use uuid::Uuid;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::http::digest::hex;
use crate::http::room::Held;
use crate::problem::Error;
use crate::store;
use crate::store::content::{self, CHUNK};

/// A file of the package.
#[derive(Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub source: Source,
}

/// Where the bytes of a file come from.
#[derive(Debug)]
pub enum Source {
    /// They are here.
    Bytes(Vec<u8>),
    /// They are the content of a document.
    Content {
        /// The content.
        id: Uuid,
        /// Its size in bytes.
        size: u64,
        /// Its SHA-256 in hexadecimal: what is given out is what it says.
        sha256: String,
    },
    /// They are what was frozen in a report, read when its turn comes.
    Report {
        /// The report.
        id: Uuid,
        /// Its size in bytes.
        size: u64,
        /// The SHA-256 that it was published with: what is given out is what it says.
        sha256: String,
    },
}

/// What has been written and not yet given out.
#[derive(Clone, Default)]
struct Out(Rc<RefCell<Vec<u8>>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How far the zip has come.
struct Making {
    db: DatabaseConnection,
    parts: std::vec::IntoIter<Part>,
    zip: Option<ZipWriter<StreamWriter<Out>>>,
    out: Out,
    /// The content that is being written: which chunk comes next, and the hash of those before.
    open: Option<(Source, i64, Context)>,
    _room: Held,
}

/// The most bytes of these files that are in memory at once: those that are here, and the largest piece of the others.
pub fn in_memory(parts: &[Part]) -> usize {
    let (mut here, mut piece) = (0, 0);
    for part in parts {
        match &part.source {
            Source::Bytes(bytes) => here += bytes.len(),
            Source::Content { .. } => piece = piece.max(CHUNK),
            Source::Report { size, .. } => piece = piece.max(usize::try_from(*size).unwrap_or(usize::MAX)),
        }
    }
    here.saturating_add(piece)
}

/// The zip of these files, a piece at a time as the client takes it in. It gives its room back at its end.
pub fn zip(db: DatabaseConnection, parts: Vec<Part>, room: Held) -> impl Stream<Item = Result<Bytes, Error>> {
    let out = Out::default();
    let zip = Some(ZipWriter::new_stream(out.clone()));
    let making = Making { db, parts: parts.into_iter(), zip, out, open: None, _room: room };
    stream::try_unfold(making, |mut making| async move {
        while making.zip.is_some() {
            making.step().await?;
            let written = std::mem::take(&mut *making.out.0.borrow_mut());
            if !written.is_empty() {
                return Ok(Some((Bytes::from(written), making)));
            }
        }
        Ok(None)
    })
}

impl Making {
    /// Writes a chunk, begins a file, or ends the zip.
    async fn step(&mut self) -> Result<(), Error> {
        if let Some(open) = self.open.take() {
            return self.go_on(open).await;
        }
        let Some(part) = self.parts.next() else {
            return match self.zip.take() {
                Some(zip) => zip.finish().map(drop).map_err(broken),
                None => Ok(()),
            };
        };
        let Some(zip) = self.zip.as_mut() else { return Ok(()) };
        let size = match &part.source {
            Source::Bytes(bytes) => bytes.len() as u64,
            Source::Content { size, .. } | Source::Report { size, .. } => *size,
        };
        zip.start_file(part.name, options(size)).map_err(broken)?;
        match part.source {
            Source::Bytes(bytes) => zip.write_all(&bytes).map_err(broken),
            Source::Report { id, sha256, .. } => {
                let whole = store::snapshot(&self.db, id).await?.map(|frozen| frozen.whole).unwrap_or_default();
                if hex(digest(&SHA256, whole.as_bytes()).as_ref()) == sha256 {
                    zip.write_all(whole.as_bytes()).map_err(broken)
                } else {
                    Err(Error::internal("write an archive package", "a report is not what its hash says"))
                }
            }
            content @ Source::Content { .. } => {
                self.open = Some((content, 0, Context::new(&SHA256)));
                Ok(())
            }
        }
    }

    async fn go_on(&mut self, (source, sequence, mut hash): (Source, i64, Context)) -> Result<(), Error> {
        let (Source::Content { id, size, sha256 }, Some(zip)) = (&source, self.zip.as_mut()) else { return Ok(()) };
        let begun = u64::try_from(sequence).unwrap_or_default() * CHUNK as u64;
        if begun < *size {
            let chunk = content::chunk(&self.db, *id, sequence).await?;
            hash.update(&chunk);
            zip.write_all(&chunk).map_err(broken)?;
            self.open = Some((source, sequence + 1, hash));
            return Ok(());
        }
        // The client is left with half a zip, which no reader opens, rather than with one that is not what it says.
        if hex(hash.finish().as_ref()) == *sha256 {
            Ok(())
        } else {
            Err(Error::internal("write an archive package", "a content is not what its digest says"))
        }
    }
}

/// The date of every file is the earliest that a zip knows: when it is made is not part of what it is. Deflated, because
/// readers that stream cannot find the end of what is stored with its length behind it.
fn options(size: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .large_file(size >= u64::from(u32::MAX))
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::internal("write an archive package", error)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{CHUNK, Part, Source, in_memory};

    #[test]
    fn in_memory_is_what_is_here_and_one_piece_of_the_rest() {
        let part = |source| Part { name: String::new(), source };
        let report = |size| part(Source::Report { id: Uuid::nil(), size, sha256: String::new() });
        let bytes = |length| part(Source::Bytes(vec![0; length]));
        let content = || part(Source::Content { id: Uuid::nil(), size: u64::MAX, sha256: String::new() });
        assert_eq!(in_memory(&[bytes(3), bytes(4), report(5), report(6)]), 13);
        assert_eq!(in_memory(&[bytes(3), report(5), content(), content()]), 3 + CHUNK);
        assert_eq!(in_memory(&[bytes(3), report(u64::MAX)]), usize::MAX);
    }
}
