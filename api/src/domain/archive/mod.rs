//! What an archive takes in: the documents of a project as messages of Fiks Arkiv V1 (`arkivmelding.opprett`), one for each
//! document and for each published report, all in the one case folder of the project. Keys of this service tell archive and receipt which is which, so
//! that a message that is sent again means what is there already.

mod message;
mod reports;
pub mod xml;

use entity::documents::{self, ArchiveEntry, DocumentAccess, DocumentStatus};
use entity::status_reports;
use uuid::Uuid;

use super::Picture;

pub use reports::{file, published};

/// The newest content of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its version.
    pub version: i64,
    /// The media type.
    pub media_type: String,
    /// The name, if one was given.
    pub file_name: Option<String>,
    /// The size in bytes.
    pub size_bytes: i64,
    /// The SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// A document that goes to the archive.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The document.
    pub document: &'a documents::Model,
    /// Its content.
    pub file: File,
    /// The name of the file in the package.
    pub name: String,
    /// What the archive has of it already.
    pub known: Option<&'a ArchiveEntry>,
}

/// A message of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The name of the file in the package.
    pub name: String,
    /// The document that it registers; `None` for one that makes the case folder alone.
    pub document: Option<Uuid>,
    /// The XML.
    pub xml: String,
}

/// Why a document stays out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is a draft: not yet a document of the case (offentleglova § 4).
    Draft,
    /// It has no content.
    NoContent,
    /// The archive has it, and only what is new was asked for.
    Archived,
}

impl Reason {
    /// The code on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::NoContent => "no_content",
            Self::Archived => "archived",
        }
    }
}

/// What a package is made of.
#[derive(Clone, Debug)]
pub struct Package<'a> {
    /// The documents that go, in the order of their identifiers.
    pub entries: Vec<Entry<'a>>,
    /// Those that do not, and why.
    pub left_out: Vec<(&'a documents::Model, Reason)>,
    /// The messages; the first one also makes the case folder.
    pub messages: Vec<Message>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// One document only.
    pub document: Option<Uuid>,
    /// Only what the archive does not have.
    pub pending: bool,
    /// The archive, by its name in [`ArchiveEntry`].
    pub system: Option<String>,
}

/// Whether an archive has taken a document in.
#[must_use]
pub const fn is_archived(entry: &ArchiveEntry) -> bool {
    entry.archived_at.is_some()
}

/// The archives that have something of the project, in the order of their names.
#[must_use]
pub fn systems(picture: &Picture) -> Vec<&str> {
    let mut systems: Vec<&str> = known(&picture.documents, &picture.status_reports)
        .filter(|entry| is_archived(entry))
        .map(|entry| entry.system.as_str())
        .collect();
    systems.sort_unstable();
    systems.dedup();
    systems
}

/// What archives have said of documents and reports.
fn known<'a>(
    documents: &'a [documents::Model],
    reports: &'a [status_reports::Model],
) -> impl Iterator<Item = &'a ArchiveEntry> {
    let documents = documents.iter().filter_map(|document| document.archive.as_ref());
    documents.chain(reports.iter().filter_map(|report| report.archive.as_ref()))
}

/// What the archive calls the case folder: as the newest of its entries says.
#[must_use]
pub fn folder<'a>(
    documents: &'a [documents::Model],
    reports: &'a [status_reports::Model],
    system: &str,
) -> Option<&'a ArchiveEntry> {
    let numbered = |entry: &&ArchiveEntry| entry.case_year.is_some() && entry.case_sequence.is_some();
    let entries = known(documents, reports).filter(|entry| entry.system == system && numbered(entry));
    entries.max_by_key(|entry| entry.archived_at)
}

/// The package of a project's documents and of its reports, which are [`published`] as documents; `files` has the newest
/// content of those that have one.
#[must_use]
pub fn package<'a>(
    picture: &'a Picture,
    reports: &'a [documents::Model],
    files: &[(Uuid, File)],
    wanted: &Wanted,
) -> Package<'a> {
    let system = wanted.system.as_deref().unwrap_or_default();
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut left_out = Vec::new();
    let all = picture.documents.iter().chain(reports);
    for document in all.filter(|one| wanted.document.is_none_or(|id| id == one.id)) {
        let known = document.archive.as_ref().filter(|entry| entry.system == system && is_archived(entry));
        let file = files.iter().find(|(id, _)| *id == document.id).map(|(_, file)| file);
        match (document.status, file) {
            (DocumentStatus::Draft, _) => left_out.push((document, Reason::Draft)),
            _ if wanted.pending && known.is_some() => left_out.push((document, Reason::Archived)),
            (_, None) => left_out.push((document, Reason::NoContent)),
            (_, Some(file)) => {
                let name = format!("{}.{}", document.id, ending(file));
                entries.push(Entry { document, file: file.clone(), name, known });
            }
        }
    }
    let messages = message::all(picture, &entries, folder(&picture.documents, &picture.status_reports, system));
    Package { entries, left_out, messages }
}

/// What the public may be told that a document is called: what sort it is, where the title itself may be exempt.
#[must_use]
pub fn shielded_title(document: &documents::Model) -> String {
    match document.access {
        DocumentAccess::Public => document.title.clone(),
        DocumentAccess::PartlyExempt | DocumentAccess::Exempt => {
            let kind = document.kind.label().nb;
            let mut letters = kind.chars();
            let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            format!("{capital}{} (unntatt offentlighet)", letters.as_str())
        }
    }
}

/// The ending of a file: of the name that it came with, else of its media type. Only letters and digits.
fn ending(file: &File) -> String {
    let given =
        file.file_name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_lowercase());
    let plain = |ending: &String| {
        (1..=8).contains(&ending.len()) && ending.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    given.filter(plain).unwrap_or_else(|| {
        let essence = file.media_type.split(';').next().unwrap_or_default().trim();
        match essence {
            "application/pdf" => "pdf",
            "text/plain" => "txt",
            "text/csv" => "csv",
            "text/html" => "html",
            "image/png" => "png",
            "image/jpeg" => "jpg",
            "application/json" => "json",
            "application/xml" | "text/xml" => "xml",
            _ => "bin",
        }
        .to_owned()
    })
}

#[cfg(test)]
mod tests;
