//! The messages themselves: element by element in the order of the schema.

use entity::assignments::AssignmentRole::{ProjectExecutive, ProjectManager};
use entity::documents::{self, ArchiveEntry, DocumentAccess, DocumentKind};
use entity::projects;
use uuid::Uuid;

use super::xml::Xml;
use super::{Entry, Message};
use crate::domain::responsible::answers_for;
use crate::domain::{Picture, SYSTEM};

const CREATE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/v1";
const CATALOGUE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The messages of a package: the first makes the case folder (or names the one that is there) and registers the first
/// document; each further document has one of its own.
pub(super) fn all(picture: &Picture, entries: &[Entry<'_>], folder: Option<&ArchiveEntry>) -> Vec<Message> {
    let Some(project) = picture.project() else { return Vec::new() };
    if entries.is_empty() {
        return vec![one(picture, project, None, folder, 1)];
    }
    entries.iter().zip(1..).map(|(entry, number)| one(picture, project, Some(entry), folder, number)).collect()
}

fn one(
    picture: &Picture,
    project: &projects::Model,
    entry: Option<&Entry<'_>>,
    folder: Option<&ArchiveEntry>,
    number: u32,
) -> Message {
    let spaces = [("xmlns", CREATE), ("xmlns:m", CATALOGUE), ("xmlns:xsi", INSTANCE)];
    let mut xml = Xml::rooted("arkivmelding", &spaces);
    xml.leaf("system", SYSTEM);
    xml.leaf("antallFiler", u8::from(entry.is_some()));
    if number == 1 {
        case_folder(&mut xml, picture, project, folder);
    }
    if let Some(entry) = entry {
        journal_entry(&mut xml, project, entry, folder);
    }
    let name = if number == 1 { "arkivmelding.xml".to_owned() } else { format!("arkivmelding-{number:03}.xml") };
    Message { name, document: entry.map(|entry| entry.document.id), xml: xml.done() }
}

/// The project as a case (saksmappe).
fn case_folder(xml: &mut Xml, picture: &Picture, project: &projects::Model, folder: Option<&ArchiveEntry>) {
    xml.within("mappe", &[("xsi:type", "saksmappe")], |xml| {
        xml.some("systemID", folder.and_then(|folder| folder.case_id));
        xml.leaf("tittel", format!("{} {}", project.code, project.name));
        xml.some("beskrivelse", project.purpose.as_deref().filter(|text| !text.is_empty()));
        key(xml, project.id);
        xml.some("saksaar", folder.and_then(|folder| folder.case_year));
        xml.some("sakssekvensnummer", folder.and_then(|folder| folder.case_sequence));
        xml.some("saksdato", project.starts_on);
        if let Some(name) = answers_for(picture, &[ProjectExecutive, ProjectManager]) {
            xml.within("saksansvarlig", &[], |xml| xml.leaf("m:navn", name));
        }
    });
}

/// A document as an entry of the journal (journalpost).
fn journal_entry(xml: &mut Xml, project: &projects::Model, entry: &Entry<'_>, folder: Option<&ArchiveEntry>) {
    let document = entry.document;
    xml.within("registrering", &[("xsi:type", "journalpost")], |xml| {
        xml.some("systemID", entry.known.and_then(|known| known.entry_id));
        xml.within("referanseForelderMappe", &[], |xml| parent(xml, project.id, folder));
        shielding(xml, document);
        xml.within("dokumentbeskrivelse", &[], |xml| described(xml, entry));
        xml.leaf("tittel", &document.title);
        xml.some("offentligTittel", public_title(document));
        correspondents(xml, document);
        key(xml, document.id);
        xml.some("journalpostnummer", entry.known.and_then(|known| known.entry_number));
        let (code, words) = entry_type(document.kind);
        coded(xml, "journalposttype", code, words);
        if entry.known.is_none() {
            coded(xml, "journalstatus", "F", "Ferdigstilt");
        }
        xml.some("dokumentetsDato", document.document_on);
    });
}

/// The folder: by the archive's own names where they are known, and always by the key of this service.
fn parent(xml: &mut Xml, project: Uuid, folder: Option<&ArchiveEntry>) {
    xml.some("m:systemID", folder.and_then(|folder| folder.case_id));
    if let Some((year, sequence)) = folder.and_then(|folder| folder.case_year.zip(folder.case_sequence)) {
        xml.within("m:saksnummer", &[], |xml| {
            xml.leaf("m:saksaar", year);
            xml.leaf("m:sakssekvensnummer", sequence);
        });
    }
    xml.within("m:referanseEksternNoekkel", &[], |xml| named(xml, project));
}

/// The document and its file (dokumentbeskrivelse, dokumentobjekt).
fn described(xml: &mut Xml, entry: &Entry<'_>) {
    let (document, file) = (entry.document, &entry.file);
    coded(xml, "dokumenttype", document.kind.code(), document.kind.label().nb);
    coded(xml, "dokumentstatus", "F", "Dokumentet er ferdigstilt");
    xml.leaf("tittel", &document.title);
    coded(xml, "tilknyttetRegistreringSom", "H", "Hoveddokument");
    xml.leaf("dokumentnummer", 1);
    shielding(xml, document);
    xml.within("dokumentobjekt", &[], |xml| {
        xml.some("versjonsnummer", i32::try_from(file.version).ok());
        coded(xml, "variantformat", "P", "Produksjonsformat");
        xml.leaf("mimeType", &file.media_type);
        xml.leaf("filnavn", file.file_name.as_deref().unwrap_or(&entry.name));
        xml.leaf("referanseDokumentfil", &entry.name);
        xml.leaf("sjekksum", &file.sha256);
        xml.leaf("sjekksumAlgoritme", "SHA-256");
        // The schema has 31 bits for it.
        xml.some("filstoerrelse", i32::try_from(file.size_bytes).ok());
    });
    key(xml, document.id);
}

/// Why the public may not read it (offentleglova § 3), or not yet (§ 5).
fn shielding(xml: &mut Xml, document: &documents::Model) {
    let basis = match document.access {
        DocumentAccess::Public if document.accessible_after.is_none() => return,
        DocumentAccess::Public => "offentleglova § 5",
        DocumentAccess::PartlyExempt | DocumentAccess::Exempt => {
            document.exemption_basis.as_deref().unwrap_or("offentleglova")
        }
    };
    xml.within("skjerming", &[], |xml| {
        coded(xml, "tilgangsrestriksjon", "UO", "Unntatt offentlighet");
        xml.leaf("skjermingshjemmel", basis);
        xml.some("skjermingOpphoererDato", document.accessible_after);
    });
}

/// What the public journal may call a document whose title says what is exempt.
fn public_title(document: &documents::Model) -> Option<String> {
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
const fn entry_type(kind: DocumentKind) -> (&'static str, &'static str) {
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

fn named(xml: &mut Xml, id: Uuid) {
    xml.leaf("m:fagsystem", SYSTEM);
    xml.leaf("m:noekkel", id);
}

fn coded(xml: &mut Xml, name: &str, code: &str, words: &str) {
    xml.within(name, &[], |xml| {
        xml.leaf("m:kode", code);
        xml.leaf("m:beskrivelse", words);
    });
}
