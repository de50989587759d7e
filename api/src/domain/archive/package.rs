//! What goes into a package: what is new, then what has changed.

use entity::documents::{self, ArchiveEntry, DocumentStatus};
use uuid::Uuid;

use super::message;
use super::update::{self, Update};
use super::{Entry, File, Folder, Kind, Message, Package, RESPONSIBLE, Reason, Wanted, folder, is_archived};
use crate::domain::Picture;
use crate::domain::responsible::answers_for;

/// The versions of the project and of its documents that an archive has: what they are held against to see what has changed.
#[must_use]
pub fn followed(picture: &Picture, wanted: &Wanted) -> Vec<(Uuid, i64)> {
    let system = wanted.system.as_deref().unwrap_or_default();
    let asked = picture.documents.iter().filter(|document| wanted.document.is_none_or(|id| id == document.id));
    let entries = asked.filter_map(|document| Some((document.id, known(document, system)?)));
    let versions = entries
        .flat_map(|(id, entry)| [entry.entry_version, entry.description_version].map(|version| Some((id, version?))));
    let project = picture.project();
    let case = project.and_then(|project| project.archive.as_ref()).filter(|case| case.system == system);
    let case = project.zip(case).and_then(|(project, case)| Some((project.id, case.version?)));
    let mut all: Vec<(Uuid, i64)> = versions.flatten().chain(case).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The package of a project's documents and of its reports, which are [`super::published`] as documents. `files` has the newest
/// content of those that have one, `former` what is [`followed`], as it was.
#[must_use]
pub fn package<'a>(
    picture: &'a Picture,
    reports: &'a [documents::Model],
    files: &[(Uuid, File)],
    former: &Picture,
    wanted: &Wanted,
) -> Package<'a> {
    let system = wanted.system.as_deref().unwrap_or_default();
    let folder = folder(picture.project(), &picture.documents, &picture.status_reports, system);
    let mut making = Making {
        picture,
        former,
        system,
        folder,
        created: Vec::new(),
        changed: Vec::new(),
        left_out: Vec::new(),
        knows_some: false,
    };
    let all = picture.documents.iter().chain(reports);
    for document in all.filter(|one| wanted.document.is_none_or(|id| id == one.id)) {
        let file = files.iter().find(|(id, _)| *id == document.id).map(|(_, file)| file);
        making.document(document, known(document, system), file);
    }
    let case = making.case(system).filter(|_| wanted.document.is_none());
    making.done(case, wanted)
}

/// What the archive has of a document.
fn known<'a>(document: &'a documents::Model, system: &str) -> Option<&'a ArchiveEntry> {
    document.archive.as_ref().filter(|entry| entry.system == system && is_archived(entry))
}

struct Making<'a, 'b> {
    picture: &'a Picture,
    former: &'b Picture,
    system: &'b str,
    folder: Option<Folder>,
    created: Vec<Entry<'a>>,
    /// What is updated: the document, the updates, and the file of a new content.
    changed: Vec<(&'a documents::Model, Vec<Update>, Option<Entry<'a>>)>,
    left_out: Vec<(&'a documents::Model, Reason)>,
    knows_some: bool,
}

impl<'a> Making<'a, '_> {
    fn document(&mut self, document: &'a documents::Model, known: Option<&ArchiveEntry>, file: Option<&File>) {
        self.knows_some |= known.is_some();
        let entry = file.map(|file| {
            let name = format!("{}.{}", document.id, ending(file));
            Entry { document, file: file.clone(), name, message: String::new(), replaces: self.replaced(document) }
        });
        match (document.status, known, entry) {
            (DocumentStatus::Draft, ..) => self.left_out.push((document, Reason::Draft)),
            (_, Some(known), entry) => self.known(document, known, entry),
            (_, None, Some(entry)) => self.created.push(entry),
            (_, None, None) => self.left_out.push((document, Reason::NoContent)),
        }
    }

    /// The document that another takes the place of, if the archive has it.
    fn replaced(&self, document: &documents::Model) -> Option<(Uuid, Option<Uuid>)> {
        let former = document.supersedes_id?;
        let former = self.picture.documents.iter().find(|one| one.id == former)?;
        Some((former.id, known(former, self.system)?.entry_id))
    }

    fn known(&mut self, document: &'a documents::Model, known: &ArchiveEntry, entry: Option<Entry<'a>>) {
        let before = |version: Option<i64>| {
            let version = version?;
            self.former.documents.iter().find(|one| one.id == document.id && one.version == version)
        };
        let told = before(known.entry_version).and_then(|before| update::entry(document, before, known));
        let described =
            before(known.description_version).and_then(|before| update::description(document, before, known));
        let content = entry.as_ref().and_then(|entry| update::content(entry, known));
        let entry = entry.filter(|_| content.is_some());
        let updates: Vec<Update> = [told, described, content].into_iter().flatten().collect();
        if updates.is_empty() {
            self.left_out.push((document, Reason::Archived));
        } else {
            self.changed.push((document, updates, entry));
        }
    }

    /// The update of the case folder, where it is followed.
    fn case(&self, system: &str) -> Option<Update> {
        let project = self.picture.project()?;
        let case = project.archive.as_ref().filter(|case| case.system == system)?;
        let before =
            self.former.projects.iter().find(|one| one.id == project.id && Some(one.version) == case.version)?;
        let responsible = answers_for(self.picture, &RESPONSIBLE);
        let folder = self.folder.as_ref()?;
        update::case(&update::Case { project, before, responsible, known_responsible: case.responsible_id, folder })
    }

    fn done(self, case: Option<Update>, wanted: &Wanted) -> Package<'a> {
        let Self { picture, folder, created, changed, left_out, knows_some, .. } = self;
        let mut numbered = Numbered::default();
        let mut package = Package { entries: Vec::new(), left_out, messages: Vec::new() };
        let Some(project) = picture.project() else { return package };
        let alone = created.is_empty() && folder.is_none() && !knows_some && wanted.document.is_none();
        for entry in created.into_iter().map(Some).chain(alone.then_some(None)) {
            let first = package.messages.is_empty() && folder.is_none();
            let (said, xml) = message::one(picture, project, entry.as_ref(), folder.as_ref(), first);
            let document = entry.as_ref().map(|entry| entry.document.id);
            let name = numbered.next(Kind::Create);
            package.entries.extend(entry.map(|entry| Entry { message: name.clone(), ..entry }));
            package.messages.push(Message { name, kind: Kind::Create, document, said, tells: Vec::new(), xml });
        }
        let changes = case.map(|update| (None, vec![update], None)).into_iter();
        for (document, updates, mut entry) in
            changes.chain(changed.into_iter().map(|(one, updates, entry)| (Some(one), updates, entry)))
        {
            for Update { kind, said, tells, xml } in updates {
                let name = numbered.next(kind);
                if kind == Kind::NewContent {
                    package.entries.extend(entry.take().map(|entry| Entry { message: name.clone(), ..entry }));
                }
                package.messages.push(Message { name, kind, document: document.map(|one| one.id), said, tells, xml });
            }
        }
        package
    }
}

/// The names of the messages: of each sort by its number.
#[derive(Default)]
struct Numbered {
    created: u32,
    updated: u32,
    contents: u32,
}

impl Numbered {
    fn next(&mut self, kind: Kind) -> String {
        let count = match kind {
            Kind::Create => &mut self.created,
            Kind::Update => &mut self.updated,
            Kind::NewContent => &mut self.contents,
        };
        *count += 1;
        match (kind, *count) {
            (Kind::Create, 1) => "arkivmelding.xml".to_owned(),
            (Kind::Create, number) => format!("arkivmelding-{number:03}.xml"),
            (Kind::Update, number) => format!("oppdatering-{number:03}.xml"),
            (Kind::NewContent, number) => format!("dokumentobjekt-{number:03}.xml"),
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
