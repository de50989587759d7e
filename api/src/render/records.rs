//! The table of a list: the same records that JSON has, what the caller may see of them.

use serde_json::Value;

use super::column::Column;
use super::table::Table;
use super::words;
use crate::facts::Facts;
use crate::problem::Lang;

/// What every record has: it stands behind what the record is about.
const HEADER: [&str; 7] = ["projectId", "id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy"];

/// What of the records is shown.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The fields that were asked for, in their order; all when none were.
    pub fields: Option<Vec<String>>,
    /// The embedded records: the field that refers, and what the record stands under.
    pub embedded: Vec<(&'static str, String)>,
}

impl Shown {
    /// The names of the columns. An embedded record stands behind the field that refers to it.
    fn names(&self, facts: &Facts) -> Vec<String> {
        let mut names = self.fields.clone().unwrap_or_else(|| content_first(facts));
        if !names.iter().any(|name| name == "id") {
            names.push("id".to_owned());
        }
        for (field, name) in &self.embedded {
            let place = names.iter().position(|known| known == field).map_or(names.len(), |place| place + 1);
            names.insert(place, name.clone());
        }
        names
    }
}

fn content_first(facts: &Facts) -> Vec<String> {
    let own = facts.fields.iter().map(|field| field.name.as_str()).filter(|name| !HEADER.contains(name));
    let header = HEADER.into_iter().filter(|name| facts.field(name).is_some());
    own.chain(header).map(str::to_owned).collect()
}

/// The table of a page of records.
#[must_use]
pub fn records(facts: &Facts, shown: &Shown, items: &[Value], lang: Lang) -> Table {
    let names = shown.names(facts);
    let column = |name: &String| {
        let text = || serde_json::json!({ "type": "string" });
        Column::of(facts.path, name, name, facts.field(name).map_or_else(text, |field| field.schema.clone()), lang)
    };
    let cell = |item: &Value, name: &String| match &item[name] {
        record @ Value::Object(_) if facts.field(name).is_none() => called(record).into(),
        value => value.clone(),
    };
    Table {
        title: words::heading("", facts.path, lang).unwrap_or_else(|| facts.path.to_owned()),
        columns: names.iter().map(column).collect(),
        rows: items.iter().map(|item| names.iter().map(|name| cell(item, name)).collect()).collect(),
    }
}

/// What people call a record: its name, its number and title, or else its identifier.
fn called(record: &Value) -> String {
    let said = |names: &[&str]| {
        let parts: Vec<&str> = names.iter().filter_map(|name| record[*name].as_str()).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let names: [&[&str]; 4] = [&["name"], &["givenName", "familyName"], &["number", "title", "theme", "text"], &["id"]];
    names.into_iter().find_map(said).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Shown, called, records};
    use crate::facts;
    use crate::problem::Lang;
    use crate::routes;

    #[test]
    fn the_content_stands_first_and_chosen_fields_in_their_order() {
        let _ = routes::resources();
        let facts = facts::by_path("action-items").expect("a resource");
        let headings = |shown: &Shown| -> Vec<String> {
            records(facts, shown, &[], Lang::Nb).columns.into_iter().map(|column| column.heading).collect()
        };
        let all = headings(&Shown::default());
        assert_eq!(all[..3], ["Møte (id)", "Tekst", "Ansvarlig (id)"]);
        assert_eq!(all[5..7], ["Prosjekt (id)", "Id"]);
        let chosen = Shown {
            fields: Some(vec!["dueOn".to_owned(), "meetingId".to_owned()]),
            embedded: vec![("meetingId", "meeting".to_owned())],
        };
        assert_eq!(headings(&chosen), ["Frist", "Møte (id)", "Møte", "Id"]);
    }

    #[test]
    fn a_record_is_called_by_its_name() {
        assert_eq!(called(&json!({ "id": "1", "name": "Bardu" })), "Bardu");
        assert_eq!(called(&json!({ "id": "1", "givenName": "Kari", "familyName": "Ås" })), "Kari Ås");
        assert_eq!(called(&json!({ "id": "1", "number": "HA 2", "title": "Workshop" })), "HA 2 Workshop");
        assert_eq!(called(&json!({ "id": "1", "kind": "iks" })), "1");
    }
}
