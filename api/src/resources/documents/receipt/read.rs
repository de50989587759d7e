//! What an archive answers by Fiks Arkiv V1, read with care: what comes in is another system's word. A message that creates is answered by an
//! `arkivmeldingKvittering`, one that adds content by a `dokumentobjektOpprettKvittering`, one that updates by a receipt without content,
//! and each of them by an error message.

use chrono::{DateTime, NaiveDateTime, Utc};
use roxmltree::{Document, Node, ParsingOptions};
use uuid::Uuid;

use crate::domain::SYSTEM;
use crate::problem::{Error, Fault, Problem, codes};
use crate::standard::Faults;
use crate::text;

const RECEIPT: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/kvittering/v1";
const CONTENT: &str =
    "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/dokumentobjekt/opprett/kvittering/v1";
/// The error messages, each with the root of its name in a space of its own.
const ERRORS: [&str; 3] = ["ugyldigforespoersel", "ikkefunnet", "serverfeil"];
const ERROR_SPACE: &str = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/feil";
/// Most nodes in a receipt; one of a document has some dozens.
const NODES: u32 = 20_000;

/// What a receipt says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The case folder.
    pub folder: Option<Folder>,
    /// The entry.
    pub entry: Option<Entry>,
    /// What the archive says when it could not do what the message says.
    pub failure: Option<String>,
    /// The archive has done what the message says, and says no more: only the message tells what that was.
    pub confirms: bool,
}

/// The case folder in the archive.
#[derive(Debug, PartialEq, Eq)]
pub struct Folder {
    /// What the archive calls it.
    pub id: Uuid,
    /// The project that it is of, as the archive gives the key back.
    pub project: Option<Uuid>,
    /// The year of the case.
    pub year: Option<i64>,
    /// Its number in that year.
    pub sequence: Option<i64>,
}

/// An entry in the archive.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the archive calls it.
    pub id: Uuid,
    /// The document that it is, as the archive gives the key back.
    pub document: Option<Uuid>,
    /// The number of the entry in the case.
    pub number: Option<i64>,
    /// When it was archived, or else made.
    pub at: Option<DateTime<Utc>>,
}

/// Reads a receipt.
///
/// # Errors
/// 400 when it is no XML; 422 with every fault, each at the path of its element.
pub fn read(body: &[u8]) -> Result<Receipt, Error> {
    if body.is_empty() {
        return Ok(Receipt { confirms: true, ..Receipt::default() });
    }
    let text = std::str::from_utf8(body).map_err(|error| malformed(&error.to_string()))?;
    // No document type declaration is taken: what it could define is not needed, and can be made to explode.
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| malformed(&error.to_string()))?;
    let root = document.root_element();
    if root.has_tag_name((CONTENT, "dokumentobjektOpprettKvittering")) {
        return Ok(Receipt { confirms: true, ..Receipt::default() });
    }
    if ERRORS.iter().any(|name| root.has_tag_name((format!("{ERROR_SPACE}/{name}/v1").as_str(), *name))) {
        return Ok(Receipt { failure: Some(words(root)), ..Receipt::default() });
    }
    if !root.has_tag_name((RECEIPT, "arkivmeldingKvittering")) {
        let message = text!(
            "må være arkivmeldingKvittering i navnerommet {RECEIPT}, dokumentobjektOpprettKvittering eller en feilmelding",
            "må vere arkivmeldingKvittering i namnerommet {RECEIPT}, dokumentobjektOpprettKvittering eller ei feilmelding",
            "must be arkivmeldingKvittering in the namespace {RECEIPT}, dokumentobjektOpprettKvittering or an error message"
        );
        return Err(Error::invalid(vec![Fault::at("", "wrong_element", message)]));
    }
    let mut reading = Reading { faults: Vec::new() };
    let receipt = reading.receipt(root);
    if reading.faults.is_empty() { Ok(receipt) } else { Err(Error::invalid(reading.faults)) }
}

fn malformed(said: &str) -> Error {
    Problem::new(&codes::MALFORMED)
        .detail(text!("ikke gyldig XML: {said}", "ikkje gyldig XML: {said}", "not valid XML: {said}"))
        .into()
}

struct Reading {
    faults: Faults,
}

impl Reading {
    fn receipt(&mut self, root: Node<'_, '_>) -> Receipt {
        let folder = child(root, "mappeKvittering").map(|node| self.folder(node));
        let entry = child(root, "registreringKvittering").map(|node| self.entry(node));
        let failed = ["mappeFeilet", "registreringFeilet"].into_iter().find_map(|name| child(root, name));
        let failure = failed.map(words);
        if folder.is_none() && entry.is_none() && failure.is_none() {
            let message = text!(
                "har verken mappeKvittering, registreringKvittering eller en feil",
                "har verken mappeKvittering, registreringKvittering eller ein feil",
                "has neither mappeKvittering, registreringKvittering nor an error"
            );
            self.faults.push(Fault::at("", "required", message));
        }
        Receipt { folder: folder.flatten(), entry: entry.flatten(), failure, confirms: false }
    }

    fn folder(&mut self, node: Node<'_, '_>) -> Option<Folder> {
        let id = self.id(node)?;
        let project = self.key(node);
        let (year, sequence) =
            (self.number(node, "saksaar", 1900..=2200), self.number(node, "sakssekvensnummer", 1..=999_999_999));
        Some(Folder { id, project, year, sequence })
    }

    fn entry(&mut self, node: Node<'_, '_>) -> Option<Entry> {
        let id = self.id(node)?;
        let document = self.key(node);
        let number = self.number(node, "journalpostnummer", 1..=999_999_999);
        let at = self.instant(node, "arkivertDato").or_else(|| self.instant(node, "opprettetDato"));
        Some(Entry { id, document, number, at })
    }

    /// What the archive calls it; required.
    fn id(&mut self, node: Node<'_, '_>) -> Option<Uuid> {
        let Some(text) = value(node, "systemID") else {
            self.fault(node, "systemID", "required", text!("mangler", "manglar", "is missing"));
            return None;
        };
        let id = text.parse().ok().filter(|_| text.len() == 36);
        if id.is_none() {
            self.fault(
                node,
                "systemID",
                "wrong_format",
                text!("må være en UUID", "må vere ein UUID", "must be a UUID"),
            );
        }
        id
    }

    /// The identifier of the record here that the key names, if the archive gives the key back.
    fn key(&mut self, node: Node<'_, '_>) -> Option<Uuid> {
        let key = child(node, "referanseEksternNoekkel")?;
        if value(key, "fagsystem").is_none_or(|system| system != SYSTEM) {
            let message = text!(
                "må være {SYSTEM}: nøkkelen som pakken ga",
                "må vere {SYSTEM}: nøkkelen som pakka gav",
                "must be {SYSTEM}: the key that the package gave"
            );
            self.fault(key, "fagsystem", "other_system", message);
            return None;
        }
        let id = value(key, "noekkel").and_then(|text| text.parse().ok());
        if id.is_none() {
            self.fault(key, "noekkel", "wrong_format", text!("må være en UUID", "må vere ein UUID", "must be a UUID"));
        }
        id
    }

    fn number(&mut self, node: Node<'_, '_>, name: &str, within: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = value(node, name)?;
        let number = text.parse().ok().filter(|number| within.contains(number));
        if number.is_none() {
            let (least, most) = (within.start(), within.end());
            let message = text!(
                "må være et heltall fra {least} til {most}",
                "må vere eit heiltal frå {least} til {most}",
                "must be a whole number from {least} to {most}"
            );
            self.fault(node, name, "wrong_format", message);
        }
        number
    }

    /// An instant of XML Schema; one without a time zone is taken as UTC.
    fn instant(&mut self, node: Node<'_, '_>, name: &str) -> Option<DateTime<Utc>> {
        let text = value(node, name)?;
        let zoned = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
        let at = zoned.or_else(|| text.parse::<NaiveDateTime>().ok().map(|at| at.and_utc()));
        let at = at.and_then(|at| DateTime::from_timestamp_millis(at.timestamp_millis()));
        if at.is_none() {
            let message = text!("må være et tidspunkt", "må vere eit tidspunkt", "must be an instant");
            self.fault(node, name, "wrong_format", message);
        }
        at
    }

    fn fault(&mut self, node: Node<'_, '_>, name: &str, code: &'static str, message: crate::problem::Text) {
        self.faults.push(Fault::at(format!("{}/{name}", path(node)), code, message));
    }
}

/// The words of an error, which has elements of a schema of its own: they are what is kept of it.
fn words(node: Node<'_, '_>) -> String {
    let words = node.descendants().filter(Node::is_text).filter_map(|node| node.text());
    let words = words.map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
    words.chars().filter(|letter| !letter.is_control()).take(1000).collect()
}

fn child<'a, 'b>(node: Node<'a, 'b>, name: &str) -> Option<Node<'a, 'b>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).and_then(|child| child.text()).map(str::trim).filter(|text| !text.is_empty())
}

/// Where an element stands: `/arkivmeldingKvittering/registreringKvittering`.
fn path(node: Node<'_, '_>) -> String {
    let mut names: Vec<&str> =
        node.ancestors().filter(Node::is_element).map(|element| element.tag_name().name()).collect();
    names.reverse();
    format!("/{}", names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{RECEIPT, read};
    use crate::problem::Error;

    #[test]
    fn what_is_no_receipt_is_told_where() {
        assert!(read(b"").expect("no body confirms").confirms);
        for wrong in [" ", "<a", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"] {
            assert!(
                matches!(read(wrong.as_bytes()), Err(Error::Problem(problem)) if problem.code.status == 400),
                "{wrong}"
            );
        }
        let inner = "<registreringKvittering><systemID>x</systemID></registreringKvittering>";
        let receipt = format!("<arkivmeldingKvittering xmlns='{RECEIPT}'>{inner}</arkivmeldingKvittering>");
        let Err(Error::Problem(problem)) = read(receipt.as_bytes()) else { panic!("it is refused") };
        assert_eq!(problem.errors[0].pointer, "/arkivmeldingKvittering/registreringKvittering/systemID");
    }

    #[test]
    fn an_error_is_kept_in_its_words() {
        let inner = "<registreringFeilet><errorId>7</errorId><feilmelding>Mappen er avsluttet</feilmelding></registreringFeilet>";
        let receipt = format!("<arkivmeldingKvittering xmlns='{RECEIPT}'>{inner}</arkivmeldingKvittering>");
        let read = read(receipt.as_bytes()).expect("a receipt");
        assert_eq!((read.failure.as_deref(), read.entry), (Some("7; Mappen er avsluttet"), None));
    }
}
