//! Out: a project, those before and after it, and the directory around it, without headers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{FORMAT, carried};
use crate::facts::{self, Facts, Row};

/// The project document of a picture. The same records give the same bytes, whichever database they come from.
#[must_use]
pub fn document(project: Uuid, picture: &[(&'static Facts, Row)]) -> Value {
    let mut records: Map<String, Value> = Map::new();
    // What the projects before put to the municipalities is theirs to carry; what they recommended is this one's mandate.
    let own = |facts: &Facts, row: &Row| {
        !facts.stays && (!facts.of_project || facts.path == "recommendations" || row.uuid("projectId") == Some(project))
    };
    for (facts, row) in picture.iter().filter(|(facts, row)| own(facts, row)) {
        let list = records.entry(facts.path).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(content(facts, row));
        }
    }
    json!({ "format": FORMAT, "projectId": project, "records": records })
}

fn content(facts: &Facts, row: &Row) -> Value {
    let mut members = Map::new();
    members.insert("id".to_owned(), row.id().to_string().into());
    for field in carried(facts) {
        members.insert(field.name.clone(), row.0.get(&field.name).cloned().unwrap_or_default());
    }
    Value::Object(members)
}

/// The people whose contact details a project document holds.
#[must_use]
pub fn told_of(document: &Value) -> BTreeSet<Uuid> {
    let mut people = BTreeSet::new();
    for (path, list) in document["records"].as_object().into_iter().flatten() {
        let Some(facts) = facts::by_path(path) else { continue };
        let records = list.as_array().into_iter().flatten();
        let told = records.filter(|record| facts.contact().any(|field| record[field].is_string()));
        people.extend(told.filter_map(|record| record["id"].as_str()?.parse::<Uuid>().ok()));
    }
    people
}

/// A project document without people's contact details.
#[must_use]
pub fn without_contacts(mut document: Value) -> Value {
    for (path, list) in document["records"].as_object_mut().into_iter().flatten() {
        let Some(facts) = facts::by_path(path) else { continue };
        for field in facts.fields.iter().filter(|field| field.contact) {
            for record in list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                record.remove(&field.name);
            }
        }
    }
    document
}
