//! What an archive takes in: the documents of a project as messages of Fiks Arkiv V1, all in the one case folder of the project. What
//! the archive does not have is created (`arkivmelding.opprett`), one message for each document and each published report; what it has
//! otherwise is updated (`arkivmelding.oppdater`, `dokumentobjekt.opprett`); of what it has as it is nothing is said. Keys of this
//! service tell archive and receipt which is which, so that a message that is sent again means what is there already.

mod message;
mod package;
mod reports;
mod said;
mod update;
pub mod xml;

use entity::documents::{self, ArchiveEntry, DocumentAccess};
use entity::{projects, status_reports};
use uuid::Uuid;

use super::Picture;

pub use message::RESPONSIBLE;
pub use package::{followed, package};
pub use reports::{file, published};
pub use said::{Said, SaidCase};

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

/// A document whose file goes to the archive.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The document.
    pub document: &'a documents::Model,
    /// Its content.
    pub file: File,
    /// The name of the file in the package.
    pub name: String,
    /// The name of the message that it goes with.
    pub message: String,
    /// The document whose place it takes, where the archive has that, with the archive's own identifier of it.
    pub replaces: Option<(Uuid, Option<Uuid>)>,
}

/// What sort of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It registers a document, or makes the case folder.
    Create,
    /// It changes what is there.
    Update,
    /// It adds a version of the content to what is there.
    NewContent,
}

impl Kind {
    /// The type of the message, as Fiks Arkiv calls it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett",
            Self::Update => "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater",
            Self::NewContent => "no.ks.fiks.arkiv.v1.arkivering.dokumentobjekt.opprett",
        }
    }
}

/// A message of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The name of the file in the package.
    pub name: String,
    /// What sort of message it is.
    pub kind: Kind,
    /// The document that it is about; `None` for one that is about the case folder alone.
    pub document: Option<Uuid>,
    /// What it says, for its receipt.
    pub said: Said,
    /// The fields that an update tells of.
    pub tells: Vec<&'static str>,
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
    /// The archive has it as it is, as far as is known.
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
    /// The documents whose files go, in the order of their messages.
    pub entries: Vec<Entry<'a>>,
    /// The documents of which nothing goes, and why.
    pub left_out: Vec<(&'a documents::Model, Reason)>,
    /// The messages, in the order in which they are to be sent; the first one makes the case folder where there is none.
    pub messages: Vec<Message>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// One document only.
    pub document: Option<Uuid>,
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
    let entries = known(&picture.documents, &picture.status_reports).filter(|entry| is_archived(entry));
    let case = picture.project().and_then(|project| project.archive.as_ref()).map(|case| case.system.as_str());
    let mut systems: Vec<&str> = entries.map(|entry| entry.system.as_str()).chain(case).collect();
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

/// What an archive calls the case folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its own identifier.
    pub case_id: Option<Uuid>,
    /// Year and number of the case.
    pub number: Option<(i64, i64)>,
}

/// What the archive calls the case folder: as the project says, or else the newest of its entries.
#[must_use]
pub fn folder(
    project: Option<&projects::Model>,
    documents: &[documents::Model],
    reports: &[status_reports::Model],
    system: &str,
) -> Option<Folder> {
    let case = project.and_then(|project| project.archive.as_ref()).filter(|case| case.system == system);
    let case = case.map(|case| Folder { case_id: case.case_id, number: case.case_year.zip(case.case_sequence) });
    case.or_else(|| {
        let entries = known(documents, reports).filter(|entry| entry.system == system);
        let numbered = entries.filter_map(|entry| Some((entry, entry.case_year.zip(entry.case_sequence)?)));
        let newest = numbered.max_by_key(|(entry, _)| entry.archived_at);
        newest.map(|(entry, number)| Folder { case_id: entry.case_id, number: Some(number) })
    })
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

#[cfg(test)]
mod tests;
