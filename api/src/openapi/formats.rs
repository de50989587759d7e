//! What the document says of lists and reports as CSV and XLSX.

use serde_json::{Value, json};

use super::components::Components;
use super::examples;
use crate::facts::Facts;
use crate::problem::Lang;
use crate::render::{self, Format, Shown, Table, Tables, Wish};

/// Header fields of an answer that may be a file.
pub const HEADERS: [&str; 2] = ["Content-Disposition", "X-Total-Count"];

/// `format` of a list.
pub fn parameter(components: &mut Components) -> Value {
    let parameter = of_formats(&Format::TABLES);
    components.parameter("format", parameter)
}

/// `format`, `table` and, of a picture, `width`: what a report takes.
#[must_use]
pub fn of_tables(components: &mut Components, tables: &Tables) -> Vec<Value> {
    let format = if tables.views().is_empty() { parameter(components) } else { of_formats(&tables.formats()) };
    let mut parameters = vec![format, table(tables)];
    if tables.views().iter().any(|view| view.format == Format::Svg) {
        parameters.push(width());
    }
    parameters
}

/// `format` of what is JSON and a page for people.
pub fn of_page(components: &mut Components) -> Value {
    components.parameter("formatOrPage", of_formats(&[Format::Json, Format::Html]))
}

/// Adds the page for people to the content of an answer.
pub fn page(content: &mut Value, about: &str) {
    content[Format::Html.media_type()] = json!({
        "schema": { "type": "string", "maxLength": 67_108_864, "description": about },
        "example": "<!DOCTYPE html>…",
    });
}

fn width() -> Value {
    let about =
        "The width of the picture in pixels, for SVG only; where there is little room, names stand above their rows.";
    let (least, most) = (Wish::WIDTHS.start(), Wish::WIDTHS.end());
    query("width", about, json!({ "type": "integer", "minimum": least, "maximum": most, "default": Wish::WIDTH }))
}

fn of_formats(formats: &[Format]) -> Value {
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    let about = "The format of the answer; it goes before `Accept`. What `Accept` names decides without it, and JSON is \
                 what all others get.";
    query("format", about, json!({ "type": "string", "enum": names }))
}

fn table(tables: &Tables) -> Value {
    let names = tables.names();
    let main = names.first().copied().unwrap_or_default();
    let about = format!(
        "The table that is wanted, for CSV and XLSX only. Without it CSV has `{main}`, and XLSX has a sheet for every table."
    );
    query("table", &about, json!({ "type": "string", "enum": names }))
}

fn query(name: &str, about: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema })
}

/// Adds the media types of a list to the content of its answer.
pub fn of_list(content: &mut Value, facts: &Facts) {
    let table = render::records(facts, &Shown::default(), &[examples::record(facts)], Lang::Nb);
    add(content, "The same page as a table: one line per record.", &table);
}

/// Adds the media types of a report to the content of its answer; what stands there is an example of it.
pub fn of_report(content: &mut Value, tables: &Tables) {
    let report = content["application/json"]["example"].clone();
    let names = tables.names().join("`, `");
    let about = format!("One table of the report: the first of `{names}`, or the one of `table`.");
    for table in tables.filled(tables.names().first().copied(), &report, Lang::Nb) {
        add(content, &about, &table);
    }
    for view in tables.views() {
        content[view.format.media_type()] = json!({
            "schema": { "type": "string", "maxLength": 67_108_864, "description": view.about },
            "example": if view.format == Format::Svg { "<svg …>…</svg>" } else { "<!DOCTYPE html>…" },
        });
    }
}

fn add(content: &mut Value, about: &str, table: &Table) {
    let example = render::csv(table, Lang::Nb).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let about = format!(
        "{about} Separated by semicolons, UTF-8 with a byte order mark, lines end with CRLF; headings in the caller's language. \
         Codes as they are, dates ISO, amounts in kroner and decimals with a comma, what is nested as compact JSON, what is \
         not known as nothing. Text that a spreadsheet would run as a formula has an apostrophe before it."
    );
    content[Format::Csv.media_type()] = json!({
        "schema": { "type": "string", "maxLength": 67_108_864, "description": about },
        "example": example.unwrap_or_default(),
    });
    content[Format::Xlsx.media_type()] = json!({
        "schema": {
            "type": "string",
            "format": "binary",
            "description": "A workbook for people: numbers, amounts (kroner) and dates as such, codes by their labels, what is \
                            nested as readable text. No cell is a formula."
        },
        "example": "PK…",
    });
}
