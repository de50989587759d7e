//! The messages that make something: element by element in the order of the schema.

use chrono::NaiveDate;
use entity::assignments::AssignmentRole::{self, ProjectExecutive, ProjectManager};
use entity::documents::{self, DocumentAccess, DocumentKind};
use entity::projects;
use uuid::Uuid;

use super::said::{Said, SaidCase};
use super::xml::Xml;
use super::{Entry, Folder};
use crate::domain::responsible::answers_for;
use crate::domain::{Picture, SYSTEM};

pub(super) const CREATE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/v1";
pub(super) const CATALOGUE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1";
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Who answers for the case: the first of these that the project has.
pub const RESPONSIBLE: [AssignmentRole; 2] = [ProjectExecutive, ProjectManager];

/// A message that makes the case folder where there is none, and registers a document, if any; with what it says.
pub(super) fn one(
    picture: &Picture,
    project: &projects::Model,
    entry: Option<&Entry<'_>>,
    folder: Option<&Folder>,
    makes_the_folder: bool,
) -> (Said, String) {
    let spaces = [("xmlns", CREATE), ("xmlns:m", CATALOGUE), ("xmlns:xsi", INSTANCE)];
    let mut xml = Xml::rooted("arkivmelding", &spaces);
    let mut said = Said::default();
    xml.leaf("system", SYSTEM);
    xml.leaf("antallFiler", u8::from(entry.is_some()));
    if makes_the_folder {
        let responsible = answers_for(picture, &RESPONSIBLE);
        case_folder(&mut xml, project, responsible.as_ref().map(|(_, name)| name.as_str()));
        said.case = Some(SaidCase { version: project.version, responsible: responsible.map(|(person, _)| person) });
    }
    if let Some(entry) = entry {
        journal_entry(&mut xml, project, entry, folder);
        let version = Some(entry.document.version);
        (said.entry, said.description, said.content) = (version, version, Some(entry.file.version));
    }
    (said, xml.done())
}

/// The project as a case (saksmappe).
fn case_folder(xml: &mut Xml, project: &projects::Model, responsible: Option<&str>) {
    xml.within("mappe", &[("xsi:type", "saksmappe")], |xml| {
        xml.leaf("tittel", case_title(project));
        xml.some("beskrivelse", project.purpose.as_deref().filter(|text| !text.is_empty()));
        key(xml, project.id);
        xml.some("saksdato", project.starts_on);
        if let Some(name) = responsible {
            xml.within("saksansvarlig", &[], |xml| xml.leaf("m:navn", name));
        }
    });
}

/// What the case is called.
pub(super) fn case_title(project: &projects::Model) -> String {
    format!("{} {}", project.code, project.name)
}

/// A document as an entry of the journal (journalpost).
fn journal_entry(xml: &mut Xml, project: &projects::Model, entry: &Entry<'_>, folder: Option<&Folder>) {
    let document = entry.document;
    xml.within("registrering", &[("xsi:type", "journalpost")], |xml| {
        xml.within("referanseForelderMappe", &[], |xml| parent(xml, project.id, folder));
        shielding(xml, document);
        xml.within("dokumentbeskrivelse", &[], |xml| described(xml, entry));
        xml.leaf("tittel", &document.title);
        xml.some("offentligTittel", public_title(document));
        if let Some((former, id)) = entry.replaces {
            xml.within("kryssreferanse", &[], |xml| {
                xml.within("referanseTilRegistrering", &[], |xml| {
                    xml.some("m:systemID", id);
                    xml.within("m:referanseEksternNoekkel", &[], |xml| named(xml, former));
                });
            });
        }
        correspondents(xml, document);
        key(xml, document.id);
        let (code, words) = entry_type(document.kind);
        coded(xml, "journalposttype", code, words);
        coded(xml, "journalstatus", "F", "Ferdigstilt");
        xml.some("dokumentetsDato", document.document_on);
    });
}

/// The folder: by the archive's own names where they are known, and always by the key of this service.
pub(super) fn parent(xml: &mut Xml, project: Uuid, folder: Option<&Folder>) {
    xml.some("m:systemID", folder.and_then(|folder| folder.case_id));
    if let Some((year, sequence)) = folder.and_then(|folder| folder.number) {
        xml.within("m:saksnummer", &[], |xml| {
            xml.leaf("m:saksaar", year);
            xml.leaf("m:sakssekvensnummer", sequence);
        });
    }
    xml.within("m:referanseEksternNoekkel", &[], |xml| named(xml, project));
}

/// The document and its file (dokumentbeskrivelse, dokumentobjekt).
fn described(xml: &mut Xml, entry: &Entry<'_>) {
    let document = entry.document;
    coded(xml, "dokumenttype", document.kind.code(), document.kind.label().nb);
    coded(xml, "dokumentstatus", "F", "Dokumentet er ferdigstilt");
    xml.leaf("tittel", &document.title);
    coded(xml, "tilknyttetRegistreringSom", "H", "Hoveddokument");
    xml.leaf("dokumentnummer", 1);
    shielding(xml, document);
    xml.within("dokumentobjekt", &[], |xml| document_object(xml, "", entry));
    key(xml, document.id);
}

/// A version of the content (dokumentobjekt); the elements are of the schema of creation, whose prefix it is given.
pub(super) fn document_object(xml: &mut Xml, prefix: &str, entry: &Entry<'_>) {
    let file = &entry.file;
    let name = |name: &str| format!("{prefix}{name}");
    xml.some(&name("versjonsnummer"), i32::try_from(file.version).ok());
    coded(xml, &name("variantformat"), "P", "Produksjonsformat");
    xml.leaf(&name("mimeType"), &file.media_type);
    xml.leaf(&name("filnavn"), file.file_name.as_deref().unwrap_or(&entry.name));
    xml.leaf(&name("referanseDokumentfil"), &entry.name);
    xml.leaf(&name("sjekksum"), &file.sha256);
    xml.leaf(&name("sjekksumAlgoritme"), "SHA-256");
    // The schema has 31 bits for it.
    xml.some(&name("filstoerrelse"), i32::try_from(file.size_bytes).ok());
}

/// Why the public may not read it (offentleglova § 3), or not yet (§ 5), and until when.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shield<'a> {
    pub basis: &'a str,
    pub until: Option<NaiveDate>,
}

pub(super) fn shield(document: &documents::Model) -> Option<Shield<'_>> {
    let basis = match document.access {
        DocumentAccess::Public if document.accessible_after.is_none() => return None,
        DocumentAccess::Public => "offentleglova § 5",
        DocumentAccess::PartlyExempt | DocumentAccess::Exempt => {
            document.exemption_basis.as_deref().unwrap_or("offentleglova")
        }
    };
    Some(Shield { basis, until: document.accessible_after })
}

fn shielding(xml: &mut Xml, document: &documents::Model) {
    if let Some(shield) = shield(document) {
        xml.within("skjerming", &[], |xml| kept_from_the_public(xml, &shield));
    }
}

pub(super) fn kept_from_the_public(xml: &mut Xml, shield: &Shield<'_>) {
    coded(xml, "tilgangsrestriksjon", "UO", "Unntatt offentlighet");
    xml.leaf("skjermingshjemmel", shield.basis);
    xml.some("skjermingOpphoererDato", shield.until);
}

/// What the public journal may call a document whose title says what is exempt.
pub(super) fn public_title(document: &documents::Model) -> Option<String> {
    match document.access {
        DocumentAccess::Public => None,
        DocumentAccess::PartlyExempt | DocumentAccess::Exempt => Some(super::shielded_title(document)),
    }
}

fn correspondents(xml: &mut Xml, document: &documents::Model) {
    let parties = [("EA", "Ekstern avsender", &document.sender), ("EM", "Ekstern mottaker", &document.recipient)];
    for (code, words, name) in parties {
        if let Some(name) = name.as_deref().filter(|name| !name.trim().is_empty()) {
            xml.within("korrespondansepart", &[], |xml| {
                coded(xml, "korrespondanseparttype", code, words);
                xml.leaf("korrespondansepartNavn", name);
            });
        }
    }
}

/// What sort of entry a document is in the journal.
pub(super) const fn entry_type(kind: DocumentKind) -> (&'static str, &'static str) {
    match kind {
        DocumentKind::CasePaper => ("S", "Saksframlegg"),
        DocumentKind::Application => ("U", "Utgående dokument"),
        DocumentKind::CommitmentLetter => ("I", "Inngående dokument"),
        DocumentKind::ProjectPlan
        | DocumentKind::FinalReport
        | DocumentKind::StatusReport
        | DocumentKind::Memo
        | DocumentKind::Minutes
        | DocumentKind::Budget
        | DocumentKind::Agreement
        | DocumentKind::Presentation
        | DocumentKind::Other => ("X", "Organinternt dokument uten oppfølging"),
    }
}

/// What this service calls it.
fn key(xml: &mut Xml, id: Uuid) {
    xml.within("referanseEksternNoekkel", &[], |xml| named(xml, id));
}

pub(super) fn named(xml: &mut Xml, id: Uuid) {
    xml.leaf("m:fagsystem", SYSTEM);
    xml.leaf("m:noekkel", id);
}

pub(super) fn coded(xml: &mut Xml, name: &str, code: &str, words: &str) {
    xml.within(name, &[], |xml| {
        xml.leaf("m:kode", code);
        xml.leaf("m:beskrivelse", words);
    });
}
