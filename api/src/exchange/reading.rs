//! A project document read: its records, each checked by itself, and every fault with its pointer.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::bring::{Item, Place};
use super::{FORMAT, HEADER, carried, is_carried};
use crate::facts::{Facts, check};
use crate::problem::{Fault, Text};
use crate::standard::Resource;
use crate::text;

/// Most records of one collection in a document.
pub const MOST_RECORDS: usize = 100_000;

/// The members of a document.
const MEMBERS: [&str; 3] = ["format", "projectId", "records"];

/// Reads a document: the project that it is about, and its records in the order of the resources.
pub fn read(
    resources: &'static [Resource],
    document: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> (Option<Uuid>, Vec<Item>) {
    let project = header(document, faults);
    let mut reading = Reading { faults, seen: BTreeMap::new(), items: Vec::new() };
    match document.get("records") {
        Some(Value::Object(records)) => reading.records(resources, records),
        Some(_) => reading.fault("/records", "wrong_type", an_object_of_lists()),
        None => reading.fault("/records", "required", an_object_of_lists()),
    }
    (project, reading.items)
}

fn an_object_of_lists() -> Text {
    text!("må være et objekt av lister", "må vere eit objekt av lister", "must be an object of lists")
}

fn header(document: &Map<String, Value>, faults: &mut Vec<Fault>) -> Option<Uuid> {
    if document.get("format").and_then(Value::as_str) != Some(FORMAT) {
        let message = text!("må være {FORMAT}", "må vere {FORMAT}", "must be {FORMAT}");
        faults.push(Fault::at("/format", "unknown_format", message));
    }
    for name in document.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
        let known = MEMBERS.join(", ");
        let message =
            text!("ukjent felt; tillatt: {known}", "ukjent felt; tillate: {known}", "unknown field; allowed: {known}");
        faults.push(Fault::at(format!("/{}", check::escape(name)), "unknown_field", message));
    }
    let project = uuid(document.get("projectId"));
    if project.is_none() {
        faults.push(no_uuid("/projectId", document.get("projectId")));
    }
    project
}

fn uuid(value: Option<&Value>) -> Option<Uuid> {
    value.and_then(Value::as_str).filter(|text| text.len() == 36).and_then(|text| text.parse().ok())
}

fn no_uuid(pointer: &str, value: Option<&Value>) -> Fault {
    let code = if value.is_some() { "wrong_format" } else { "required" };
    Fault::at(pointer, code, text!("må være en UUID", "må vere ein UUID", "must be a UUID"))
}

struct Reading<'a> {
    faults: &'a mut Vec<Fault>,
    /// Where each identifier stands.
    seen: BTreeMap<Uuid, String>,
    items: Vec<Item>,
}

impl Reading<'_> {
    fn fault(&mut self, pointer: &str, code: &'static str, message: Text) {
        self.faults.push(Fault::at(pointer, code, message));
    }

    fn records(&mut self, resources: &'static [Resource], records: &Map<String, Value>) {
        let carried = || resources.iter().filter(|resource| is_carried(resource.facts));
        for path in records.keys().filter(|path| !carried().any(|resource| resource.facts.path == path.as_str())) {
            let known = carried().map(|resource| resource.facts.path).collect::<Vec<_>>().join(", ");
            let message = text!(
                "ukjent samling; tillatt: {known}",
                "ukjend samling; tillate: {known}",
                "unknown collection; allowed: {known}"
            );
            self.fault(&format!("/records/{}", check::escape(path)), "unknown_field", message);
        }
        for resource in carried() {
            let pointer = format!("/records/{}", resource.facts.path);
            match records.get(resource.facts.path) {
                Some(Value::Array(list)) if list.len() > MOST_RECORDS => {
                    let message = text!(
                        "kan ha høyst {MOST_RECORDS} poster",
                        "kan ha høgst {MOST_RECORDS} postar",
                        "may have at most {MOST_RECORDS} records"
                    );
                    self.fault(&pointer, "too_many", message);
                }
                Some(Value::Array(list)) => {
                    for (index, record) in list.iter().enumerate() {
                        self.record(resource, record, format!("{pointer}/{index}"));
                    }
                }
                Some(_) => {
                    let message =
                        text!("må være en liste av poster", "må vere ei liste av postar", "must be a list of records");
                    self.fault(&pointer, "wrong_type", message);
                }
                None => {}
            }
        }
    }

    fn record(&mut self, resource: &'static Resource, record: &Value, pointer: String) {
        let Value::Object(record) = record else {
            let message = text!("må være et objekt", "må vere eit objekt", "must be an object");
            return self.fault(&pointer, "wrong_type", message);
        };
        let mut given = record.clone();
        let stated = given.shift_remove("id");
        let id = uuid(stated.as_ref());
        match id {
            None => self.faults.push(no_uuid(&format!("{pointer}/id"), stated.as_ref())),
            Some(id) => self.once(id, &pointer),
        }
        match content(resource.facts, given) {
            Ok(content) => {
                self.items.extend(id.map(|id| Item::new(resource, id, content, Place::Pointer(pointer))));
            }
            Err(faults) => {
                let placed = |fault: Fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault };
                self.faults.extend(faults.into_iter().map(placed));
            }
        }
    }

    /// An identifier stands once in a document.
    fn once(&mut self, id: Uuid, pointer: &str) {
        match self.seen.get(&id) {
            Some(first) => {
                let message = text!("står også i {first}", "står òg i {first}", "stands also at {first}");
                self.faults.push(Fault::at(format!("{pointer}/id"), "duplicate", message));
            }
            None => {
                self.seen.insert(id, pointer.to_owned());
            }
        }
    }
}

/// The content of a record: the fields that anybody writes, complete, and what was decided, where it is given.
fn content(facts: &Facts, mut given: Map<String, Value>) -> Result<Map<String, Value>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut decided = Map::new();
    for field in carried(facts).filter(|field| field.read_only) {
        match given.shift_remove(&field.name) {
            Some(Value::Null) if field.nullable => {
                decided.insert(field.name.clone(), Value::Null);
            }
            Some(value) => {
                let value = check::checked(&field.schema, value, &format!("/{}", field.name), &mut faults);
                decided.insert(field.name.clone(), value);
            }
            None => {}
        }
    }
    // A record that was copied from an answer has a header: it says where the record was, not what it is.
    for name in HEADER {
        if let Some(field) = facts.field(name).filter(|_| given.contains_key(name)) {
            let message = text!(
                "hører til svaret, ikke til dokumentet: utelat feltet",
                "høyrer til svaret, ikkje til dokumentet: utelat feltet",
                "belongs to an answer, not to a document: leave the field out"
            );
            faults.push(Fault::at(format!("/{}", field.name), "read_only", message));
            given.shift_remove(name);
        }
    }
    match check::content(facts, given) {
        Ok(mut content) if faults.is_empty() => {
            content.extend(decided);
            Ok(content)
        }
        Ok(_) => Err(faults),
        Err(more) => {
            faults.extend(more);
            Err(faults)
        }
    }
}
