//! The tables of a report, described by paths into its JSON; kinds of cells come from the schema of its answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::column::Column;
use super::format::Format;
use super::table::Table;
use super::view::View;
use super::words;
use crate::facts::field::resolve;
use crate::problem::{Lang, Text};

/// The tables of a report, the main one first.
pub struct Tables {
    /// The report's name, which words for its columns may go by.
    pub name: &'static str,
    title: Text,
    root: Value,
    schemas: BTreeMap<String, Value>,
    tables: Vec<Described>,
    views: Vec<View>,
}

/// One table.
struct Described {
    name: &'static str,
    title: Text,
    /// Where its rows are: `matters/cells` makes one row of each cell of each matter. Blanks separate several places.
    rows: &'static str,
    /// What its columns are, separated by blanks: `organisation.name` of the row, `../title` of what the row is in.
    /// `../title:matter` stands under the words of `matter`.
    columns: String,
}

impl Described {
    /// The columns: the path of each, and whose words stand over it.
    fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = |path: &'_ str| path.rfind("../").map_or(0, |up| up + 3);
        self.columns.split_whitespace().map(move |said| said.split_once(':').unwrap_or((said, &said[own(said)..])))
    }
}

impl Tables {
    /// Begins the tables of a report that answers a `T`.
    #[must_use]
    pub fn of<T: ToSchema>(name: &'static str, title: Text) -> Self {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let json = |schema| serde_json::to_value(schema).unwrap_or_default();
        let schemas = parts.into_iter().map(|(name, schema)| (name, json(schema))).collect();
        Self { name, title, root: json(<T as PartialSchema>::schema()), schemas, tables: Vec::new(), views: Vec::new() }
    }

    /// Adds a table: its name in `table=`, the title of its sheet, where its rows are and what its columns are.
    #[must_use]
    pub fn table(mut self, name: &'static str, title: Text, rows: &'static str, columns: impl Into<String>) -> Self {
        self.tables.push(Described { name, title, rows, columns: columns.into() });
        self
    }

    /// Adds a way to look at the report.
    #[must_use]
    pub fn view(mut self, view: View) -> Self {
        self.views.push(view);
        self
    }

    /// The ways to look at the report.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// The formats that the report has, the default first.
    #[must_use]
    pub fn formats(&self) -> Vec<Format> {
        Format::TABLES.into_iter().chain(self.views.iter().map(|view| view.format)).collect()
    }

    /// The names of the tables, the main one first.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.tables.iter().map(|table| table.name).collect()
    }

    /// What the report is called.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        self.title.in_lang(lang)
    }

    /// Every table of a report, or the one of a name.
    #[must_use]
    pub fn filled(&self, only: Option<&str>, report: &Value, lang: Lang) -> Vec<Table> {
        let wanted = self.tables.iter().filter(|table| only.is_none_or(|only| only == table.name));
        wanted.map(|table| self.fill(table, report, lang)).collect()
    }

    /// Every table of a report, each with its name.
    #[must_use]
    pub fn filled_by_name(&self, report: &Value, lang: Lang) -> Vec<(&'static str, Table)> {
        self.tables.iter().map(|table| (table.name, self.fill(table, report, lang))).collect()
    }

    fn fill(&self, table: &Described, report: &Value, lang: Lang) -> Table {
        let columns: Vec<(&str, &str)> = table.columns().collect();
        let column = |(path, words): &(&str, &str)| {
            let schema = self.schema(table, path).unwrap_or_default();
            Column::of(self.name, path, words, schema, lang)
        };
        let mut places = table.rows.split_whitespace().collect::<Vec<_>>();
        if places.is_empty() {
            places.push("");
        }
        let rows = places.iter().flat_map(|place| chains(report, place));
        Table {
            title: table.title.in_lang(lang).to_owned(),
            columns: columns.iter().map(column).collect(),
            rows: rows.map(|chain| columns.iter().map(|(path, _)| value(&chain, path)).collect()).collect(),
        }
    }

    /// The schema of a column; `None` when the answer has no such member.
    fn schema(&self, table: &Described, path: &str) -> Option<Value> {
        let place = table.rows.split_whitespace().next().unwrap_or_default();
        let mut chain = vec![resolve(&self.root, &self.schemas)];
        for step in place.split('/').filter(|step| !step.is_empty()) {
            chain.push(self.item(self.member(chain.last()?, step)?));
        }
        let (up, path) = upwards(path);
        let mut schema = chain.into_iter().rev().nth(up)?;
        let mut lists = false;
        for step in path.split('.') {
            lists |= schema["type"] == "array";
            schema = self.member(&self.item(schema), step)?;
        }
        Some(if lists { json!({ "type": "array", "items": schema }) } else { schema })
    }

    fn item(&self, schema: Value) -> Value {
        if schema["type"] == "array" { resolve(&schema["items"], &self.schemas) } else { schema }
    }

    fn member(&self, schema: &Value, name: &str) -> Option<Value> {
        let found = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
        if let Some(found) = found.filter(|found| found.is_object()) {
            return Some(resolve(found, &self.schemas));
        }
        // What serde flattens stands beside.
        let parts = schema["allOf"].as_array().into_iter().flatten();
        parts.map(|part| resolve(part, &self.schemas)).find_map(|part| self.member(&part, name))
    }

    /// What is wrong with the description: columns that the answer does not have, or that have no heading; sheets
    /// that no workbook takes. A test keeps it empty for every report.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for table in &self.tables {
            let at = format!("{} {}", self.name, table.name);
            for (path, words) in table.columns() {
                if self.schema(table, path).is_none() {
                    faults.push(format!("{at}: the answer has no {path} in {}", table.rows));
                }
                if words::heading(self.name, words, Lang::Nb).is_none() {
                    faults.push(format!("{at}: render/words has no {words}"));
                }
            }
            let titles = [Lang::Nb, Lang::Nn, Lang::En].map(|lang| table.title.in_lang(lang));
            faults.extend(titles.iter().filter_map(|title| words::sheet_fault(title)));
        }
        faults
    }
}

/// Every row at a place, each with what it stands in: the report first, the row last.
fn chains<'v>(report: &'v Value, place: &str) -> Vec<Vec<&'v Value>> {
    let mut chains = vec![vec![report]];
    for step in place.split('/').filter(|step| !step.is_empty()) {
        let mut deeper = Vec::new();
        for chain in chains {
            let found = chain.last().map_or(&Value::Null, |last| &last[step]);
            let items = match found {
                Value::Array(items) => items.as_slice(),
                Value::Null => &[],
                other => std::slice::from_ref(other),
            };
            deeper.extend(items.iter().map(|item| chain.iter().copied().chain([item]).collect::<Vec<_>>()));
        }
        chains = deeper;
    }
    chains
}

/// How many steps up a path goes, and where it goes from there.
fn upwards(path: &str) -> (usize, &str) {
    let down = path.trim_start_matches("../");
    ((path.len() - down.len()) / 3, down)
}

fn value(chain: &[&Value], path: &str) -> Value {
    let (up, path) = upwards(path);
    let from = chain.iter().rev().nth(up).copied().unwrap_or(&Value::Null);
    path.split('.').fold(from.clone(), |value, step| match value {
        Value::Array(items) => items.iter().map(|item| item[step].clone()).collect(),
        other => other[step].clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::json;
    use utoipa::ToSchema;

    use super::Tables;
    use crate::problem::Lang;
    use crate::render::Kind;
    use crate::text;

    #[derive(Serialize, ToSchema)]
    struct Report {
        matters: Vec<Matter>,
    }

    #[derive(Serialize, ToSchema)]
    struct Matter {
        title: String,
        cells: Vec<Cell>,
    }

    #[derive(Serialize, ToSchema)]
    struct Cell {
        organisation: Named,
        awaits: Vec<Named>,
        votes: Option<i64>,
    }

    #[derive(Serialize, ToSchema)]
    struct Named {
        name: String,
    }

    fn tables() -> Tables {
        let title = || text!("Saker", "Saker", "Matters");
        Tables::of::<Report>("test", title()).table(
            "cells",
            title(),
            "matters/cells",
            "../title organisation.name awaits.name votes",
        )
    }

    #[test]
    fn rows_are_what_a_path_leads_to_with_what_they_stand_in() {
        let report = json!({ "matters": [
            { "title": "A", "cells": [
                { "organisation": { "name": "Bardu" }, "awaits": [{ "name": "x" }, { "name": "y" }], "votes": 1 },
                { "organisation": { "name": "Lavangen" }, "awaits": [], "votes": null }
            ] },
            { "title": "B", "cells": [] }
        ] });
        let filled = tables().filled(None, &report, Lang::Nb);
        let rows = vec![
            vec![json!("A"), json!("Bardu"), json!(["x", "y"]), json!(1)],
            vec![json!("A"), json!("Lavangen"), json!([]), json!(null)],
        ];
        assert_eq!(filled[0].rows, rows);
        let kinds: Vec<Kind> = filled[0].columns.iter().map(|column| column.kind).collect();
        assert!(matches!(kinds[..], [Kind::Text, Kind::Text, Kind::Nested, Kind::Integer]), "{kinds:?}");
    }

    #[test]
    fn a_column_that_the_answer_does_not_have_is_a_fault() {
        assert_eq!(tables().faults(), Vec::<String>::new());
        let wrong = tables().table("wrong", text!("A/B", "A", "A"), "matters", "colour");
        assert_eq!(wrong.faults().len(), 3, "{:?}", wrong.faults());
    }
}
