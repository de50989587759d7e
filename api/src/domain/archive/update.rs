//! What has changed since the archive was told: `arkivmelding.oppdater` for the case folder, an entry and its description, and
//! `dokumentobjekt.opprett` for a new version of the content. Only what is known to be there in another form is said anew.

use entity::documents::{self, ArchiveEntry};
use entity::projects;
use uuid::Uuid;

use super::message::{
    CATALOGUE, CREATE, INSTANCE, Shield, case_title, coded, document_object, entry_type, kept_from_the_public, named,
    parent, public_title, shield,
};
use super::said::{Said, SaidCase};
use super::xml::Xml;
use super::{Entry, Folder, Kind};

const UPDATE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/oppdater/v1";
const OBJECT: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/dokumentobjekt/opprett/v1";
/// The spaces of names in an update; `o` is what updates take from the schema of creation.
const SPACES: [(&str, &str); 4] =
    [("xmlns", UPDATE), ("xmlns:o", CREATE), ("xmlns:m", CATALOGUE), ("xmlns:xsi", INSTANCE)];

/// A message that changes what an archive has.
#[derive(Clone, Debug)]
pub(super) struct Update {
    pub kind: Kind,
    pub said: Said,
    /// The fields that it tells of.
    pub tells: Vec<&'static str>,
    pub xml: String,
}

/// The case folder, and who answers for it, as they are and as the archive has them.
pub(super) struct Case<'a> {
    pub project: &'a projects::Model,
    pub before: &'a projects::Model,
    /// The person and the name.
    pub responsible: Option<(Uuid, String)>,
    pub known_responsible: Option<Uuid>,
    pub folder: &'a Folder,
}

/// What an archive is told of an entry.
#[derive(PartialEq)]
struct Told<'a> {
    title: &'a str,
    public_title: Option<String>,
    shield: Option<Shield<'a>>,
    parties: [Option<&'a str>; 2],
    entry_type: &'static str,
    on: Option<chrono::NaiveDate>,
}

impl<'a> Told<'a> {
    fn of(document: &'a documents::Model) -> Self {
        Self {
            title: &document.title,
            public_title: public_title(document),
            shield: shield(document),
            parties: [named_party(document.sender.as_deref()), named_party(document.recipient.as_deref())],
            entry_type: entry_type(document.kind).0,
            on: document.document_on,
        }
    }

    /// The fields in which it differs.
    fn differs(&self, from: &Self) -> Vec<&'static str> {
        let all = [
            ("title", self.title != from.title),
            ("access", self.shield != from.shield || self.public_title != from.public_title),
            ("sender", self.parties[0] != from.parties[0]),
            ("recipient", self.parties[1] != from.parties[1]),
            ("kind", self.entry_type != from.entry_type),
            ("documentOn", self.on != from.on),
        ];
        all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }

    /// What the elements cannot say: a reference to a correspondent needs the archive's own identifier of it, and dates can be set but
    /// not taken away. An archivist reads it as a remark.
    fn remarks(&self, before: &Self) -> Vec<String> {
        let mut remarks = Vec::new();
        for (role, (now, then)) in ["avsender", "mottaker"].into_iter().zip(self.parties.iter().zip(before.parties)) {
            match (then, now) {
                (Some(then), Some(now)) if then != *now => {
                    remarks.push(format!("Ekstern {role} er nå «{now}» i stedet for «{then}»."));
                }
                (Some(then), None) => remarks.push(format!("Ekstern {role} «{then}» er fjernet.")),
                _ => {}
            }
        }
        if let (Some(Shield { until: Some(then), .. }), Some(Shield { until: None, .. })) =
            (&before.shield, &self.shield)
        {
            remarks.push(format!("Skjermingen har ikke lenger noen sluttdato; den var {then}."));
        }
        if let (Some(then), None) = (before.on, self.on) {
            remarks.push(format!("Dokumentet har ikke lenger noen dato; den var {then}."));
        }
        remarks
    }
}

/// The entry (journalpost), when it is no longer as the archive has it.
pub(super) fn entry(document: &documents::Model, before: &documents::Model, known: &ArchiveEntry) -> Option<Update> {
    let (now, then) = (Told::of(document), Told::of(before));
    let tells = now.differs(&then);
    if tells.is_empty() {
        return None;
    }
    let xml = updated("registreringOppdateringer", Some("journalpostOppdatering"), |xml| {
        xml.within("referanseTilRegistrering", &[], |xml| registration(xml, document, known));
        shielding(xml, "skjermingOppdateringer", then.shield.as_ref(), now.shield.as_ref());
        if now.title != then.title {
            xml.leaf("tittel", now.title);
        }
        if now.public_title != then.public_title {
            xml.leaf("offentligTittel", now.public_title.as_deref().unwrap_or(now.title));
        }
        remarked(xml, &now.remarks(&then), now.shield.is_some());
        correspondents(xml, &now, &then);
        if now.entry_type != then.entry_type {
            let (code, words) = entry_type(document.kind);
            coded(xml, "journalposttype", code, words);
        }
        xml.some("dokumentetsDato", now.on.filter(|_| now.on != then.on));
    });
    Some(Update { kind: Kind::Update, said: Said { entry: Some(document.version), ..Said::default() }, tells, xml })
}

/// The entry's description of its document (dokumentbeskrivelse), when it is no longer as the archive has it.
pub(super) fn description(
    document: &documents::Model,
    before: &documents::Model,
    known: &ArchiveEntry,
) -> Option<Update> {
    let (now, then) = (shield(document), shield(before));
    let access = shielding_is_said(then.as_ref(), now.as_ref());
    let all = [("kind", document.kind != before.kind), ("title", document.title != before.title), ("access", access)];
    let tells: Vec<&str> = all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
    if tells.is_empty() {
        return None;
    }
    let xml = updated("dokumentbeskrivelseOppdateringer", None, |xml| {
        xml.within("referanseTilDokumentbeskrivelse", &[], |xml| description_of(xml, document, known));
        if document.kind != before.kind {
            coded(xml, "dokumenttype", document.kind.code(), document.kind.label().nb);
        }
        if document.title != before.title {
            xml.leaf("tittel", &document.title);
        }
        coded(xml, "tilknyttetRegistreringSom", "H", "Hoveddokument");
        shielding(xml, "skjerming", then.as_ref(), now.as_ref());
    });
    Some(Update {
        kind: Kind::Update,
        said: Said { description: Some(document.version), ..Said::default() },
        tells,
        xml,
    })
}

/// A version of the content that the archive does not have.
pub(super) fn content(entry: &Entry<'_>, known: &ArchiveEntry) -> Option<Update> {
    known.content_version.filter(|known| entry.file.version > *known)?;
    let spaces = [("xmlns", OBJECT), ("xmlns:o", CREATE), ("xmlns:m", CATALOGUE)];
    let mut xml = Xml::rooted("dokumentobjektOpprett", &spaces);
    xml.within("referanseTilDokumentbeskrivelse", &[], |xml| description_of(xml, entry.document, known));
    xml.within("dokumentobjekt", &[], |xml| document_object(xml, "o:", entry));
    let said = Said { content: Some(entry.file.version), ..Said::default() };
    Some(Update { kind: Kind::NewContent, said, tells: vec!["content"], xml: xml.done() })
}

/// The case folder (saksmappe), when it is no longer as the archive has it.
pub(super) fn case(case: &Case<'_>) -> Option<Update> {
    let (project, before) = (case.project, case.before);
    let (title, then) = (case_title(project), case_title(before));
    let purpose = |project: &projects::Model| project.purpose.clone().filter(|text| !text.is_empty());
    let (now_for, then_for) = (purpose(project), purpose(before));
    let responsible = case.responsible.as_ref().map(|(person, _)| *person);
    let all = [
        ("title", title != then),
        ("purpose", now_for != then_for),
        ("startsOn", project.starts_on != before.starts_on),
        ("responsible", responsible != case.known_responsible),
    ];
    let tells: Vec<&str> = all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
    if tells.is_empty() {
        return None;
    }
    let mut remarks = Vec::new();
    if let (Some(then), None) = (before.starts_on, project.starts_on) {
        remarks.push(format!("Saken har ikke lenger noen dato; den var {then}."));
    }
    if responsible.is_none() && case.known_responsible.is_some() {
        remarks.push("Ingen er ansvarlig for saken lenger.".to_owned());
    }
    let xml = updated("mappeOppdateringer", Some("saksmappeOppdatering"), |xml| {
        xml.within("referanseTilMappe", &[], |xml| parent(xml, project.id, Some(case.folder)));
        if title != then {
            xml.leaf("tittel", &title);
        }
        if now_for != then_for {
            xml.within("beskrivelse", &[], |xml| match &now_for {
                Some(purpose) => xml.leaf("oppdatering", purpose),
                None => xml.leaf("slett", true),
            });
        }
        remarked(xml, &remarks, false);
        xml.some("saksdato", project.starts_on.filter(|_| project.starts_on != before.starts_on));
        if let Some((_, name)) = case.responsible.as_ref().filter(|_| responsible != case.known_responsible) {
            xml.within("saksansvarlig", &[], |xml| xml.leaf("m:navn", name));
        }
    });
    let said = Said { case: Some(SaidCase { version: project.version, responsible }), ..Said::default() };
    Some(Update { kind: Kind::Update, said, tells, xml })
}

/// A message of one update; its type is said where the element is of a more general one.
fn updated(name: &str, sort: Option<&str>, inner: impl FnOnce(&mut Xml)) -> String {
    let mut xml = Xml::rooted("arkivmeldingOppdatering", &SPACES);
    let sort: Vec<(&str, &str)> = sort.map(|sort| ("xsi:type", sort)).into_iter().collect();
    xml.within(name, &sort, inner);
    xml.done()
}

/// The entry: by the archive's own names where they are known, and always by the key of this service.
fn registration(xml: &mut Xml, document: &documents::Model, known: &ArchiveEntry) {
    xml.some("m:systemID", known.entry_id);
    let number = known.case_year.zip(known.case_sequence).zip(known.entry_number);
    if let Some(((year, sequence), entry)) = number {
        xml.within("m:saksJournalpostnummer", &[], |xml| {
            xml.leaf("m:saksaar", year);
            xml.leaf("m:sakssekvensnummer", sequence);
            xml.leaf("m:journalpostnummer", entry);
        });
    }
    xml.within("m:referanseEksternNoekkel", &[], |xml| named(xml, document.id));
}

/// The description: receipts give no identifier of it, so it is the one with our key, the first of its entry.
fn description_of(xml: &mut Xml, document: &documents::Model, known: &ArchiveEntry) {
    xml.within("m:referanseEksternNoekkel", &[], |xml| named(xml, document.id));
    xml.within("m:journalpostDokumentnummer", &[], |xml| {
        xml.within("m:referanseTilJournalpost", &[], |xml| registration(xml, document, known));
        xml.leaf("m:dokumentnummer", 1);
    });
}

/// Whether an update can say how the shielding differs: that it no longer has an end it cannot.
fn shielding_is_said(then: Option<&Shield<'_>>, now: Option<&Shield<'_>>) -> bool {
    match (then, now) {
        (Some(then), Some(now)) => then.basis != now.basis || (now.until.is_some() && then.until != now.until),
        (then, now) => then.is_some() != now.is_some(),
    }
}

fn shielding(xml: &mut Xml, name: &str, then: Option<&Shield<'_>>, now: Option<&Shield<'_>>) {
    if !shielding_is_said(then, now) {
        return;
    }
    xml.within(name, &[], |xml| match now {
        Some(shield) => xml.within("oppdatering", &[], |xml| kept_from_the_public(xml, shield)),
        None => xml.leaf("slett", true),
    });
}

/// Correspondents that there were none of, or that are others now; those before stay until an archivist takes them away.
fn correspondents(xml: &mut Xml, now: &Told<'_>, then: &Told<'_>) {
    let roles = [("EA", "Ekstern avsender"), ("EM", "Ekstern mottaker")];
    let fresh: Vec<_> = roles
        .into_iter()
        .zip(now.parties.into_iter().zip(then.parties))
        .filter_map(|(role, (now, then))| Some((role, now.filter(|_| now != then)?)))
        .collect();
    if fresh.is_empty() {
        return;
    }
    xml.within("korrespondansepartOppdateringer", &[], |xml| {
        for ((code, words), name) in fresh {
            xml.within("ny", &[], |xml| {
                coded(xml, "o:korrespondanseparttype", code, words);
                xml.leaf("o:korrespondansepartNavn", name);
            });
        }
    });
}

fn remarked(xml: &mut Xml, remarks: &[String], shielded: bool) {
    if remarks.is_empty() {
        return;
    }
    xml.within("merknadOppdateringer", &[], |xml| {
        for remark in remarks {
            xml.within("ny", &[], |xml| {
                xml.leaf("o:merknadstekst", remark);
                xml.some("o:erSkjermet", Some(true).filter(|_| shielded));
            });
        }
    });
}

fn named_party(name: Option<&str>) -> Option<&str> {
    name.filter(|name| !name.trim().is_empty())
}
