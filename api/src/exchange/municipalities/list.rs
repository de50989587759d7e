//! The list as a table: `;` or `,`, with or without a byte order mark, and every fault with its row and column.

use std::str::from_utf8;

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use unicode_normalization::UnicodeNormalization;

use crate::exchange::bring::Place;
use crate::facts::check;
use crate::http::json::forbidden_character;
use crate::problem::Fault;
use crate::text;

/// The columns, in any order.
const COLUMNS: [&str; 6] = ["currentCode", "code", "name", "validFrom", "validTo", "orgNumber"];

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The line that it stands in, as a spreadsheet counts.
    pub line: u64,
    /// The number of today's municipality, or a word for places that have none.
    pub current: String,
    /// The number that the row is about.
    pub code: String,
    /// The name that the municipality had with it.
    pub name: String,
    /// The first day on which the number held, if known.
    pub valid_from: Option<NaiveDate>,
    /// The last day on which the number held; `None` while it holds.
    pub valid_to: Option<NaiveDate>,
    /// The organisation number, in the row of today's number.
    pub org_number: Option<String>,
}

impl Row {
    /// Whether both rows hold on some day.
    pub fn overlaps(&self, other: &Self) -> bool {
        overlap((self.valid_from, self.valid_to), (other.valid_from, other.valid_to))
    }
}

/// A period with inclusive ends, each open when not known.
pub(super) type Period = (Option<NaiveDate>, Option<NaiveDate>);

/// Whether two periods share a day.
pub(super) fn overlap(one: Period, other: Period) -> bool {
    let begins_in_time =
        |from: Option<NaiveDate>, to: Option<NaiveDate>| from.zip(to).is_none_or(|(from, to)| from <= to);
    begins_in_time(one.0, other.1) && begins_in_time(other.0, one.1)
}

/// Reads the table; rows with faults are left out, the faults say which.
pub(super) fn read(table: &[u8], faults: &mut Vec<Fault>) -> Vec<Row> {
    let text = match from_utf8(table.strip_prefix("\u{feff}".as_bytes()).unwrap_or(table)) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + table[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64;
            let message = text!("må være UTF-8", "må vere UTF-8", "must be UTF-8");
            faults.push(Place::Row(line).fault(Fault::at("", "wrong_format", message)));
            return Vec::new();
        }
    };
    // The reader counts a line at its line feed alone.
    let text = text.replace("\r\n", "\n");
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains(';') { b';' } else { b',' };
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records().map_while(Result::ok);
    let Some(columns) = columns(&records.next().unwrap_or_default(), faults) else { return Vec::new() };
    records.filter_map(|record| row(&record, &columns, faults)).collect()
}

/// Where each of the columns stands.
fn columns(head: &StringRecord, faults: &mut Vec<Fault>) -> Option<[usize; COLUMNS.len()]> {
    let known = COLUMNS.join(", ");
    let place = Place::Row(1);
    let before = faults.len();
    for name in head.iter().filter(|name| !COLUMNS.contains(&name.trim())) {
        let message = text!(
            "ukjent kolonne «{name}»; tillatt: {known}",
            "ukjend kolonne «{name}»; tillate: {known}",
            "unknown column “{name}”; allowed: {known}"
        );
        faults.push(place.fault(Fault::at(format!("/{}", check::escape(name)), "unknown_column", message)));
    }
    let found = COLUMNS.map(|name| {
        let places: Vec<usize> =
            head.iter().enumerate().filter(|(_, known)| known.trim() == name).map(|(at, _)| at).collect();
        if places.len() != 1 {
            let message = text!("må stå én gang", "må stå éin gong", "must stand once");
            faults.push(place.fault(Fault::at(format!("/{name}"), "required", message)));
        }
        places.first().copied().unwrap_or_default()
    });
    (faults.len() == before).then_some(found)
}

fn row(record: &StringRecord, columns: &[usize; COLUMNS.len()], faults: &mut Vec<Fault>) -> Option<Row> {
    let line = record.position().map_or(0, csv::Position::line);
    let place = Place::Row(line);
    let before = faults.len();
    if record.len() != columns.len() {
        let (has, should) = (record.len(), columns.len());
        let message = text!(
            "har {has} felt; skal ha {should}",
            "har {has} felt; skal ha {should}",
            "has {has} fields; must have {should}"
        );
        faults.push(place.fault(Fault::at("", "wrong_number_of_fields", message)));
        return None;
    }
    let mut fault =
        |column: &str, code, message| faults.push(place.fault(Fault::at(format!("/{column}"), code, message)));
    let [current, code, name, from, to, number] = columns.map(|at| record.get(at).unwrap_or_default().trim());
    for (column, value) in COLUMNS.into_iter().zip([current, code, name, from, to, number]) {
        if forbidden_character(value).is_some() {
            fault(
                column,
                "wrong_format",
                text!(
                    "har et tegn som ikke vises",
                    "har eit teikn som ikkje syner",
                    "has a character that does not show"
                ),
            );
        }
    }
    if name.is_empty() {
        fault("name", "required", text!("mangler", "manglar", "is missing"));
    }
    if current.is_empty() {
        fault("currentCode", "required", text!("mangler", "manglar", "is missing"));
    }
    let plain = number_of(code);
    if plain.is_none() {
        fault("code", "wrong_format", text!("må ha fire sifre", "må ha fire siffer", "must have four digits"));
    }
    let mut day = |column: &str, text: &str| match text {
        "" => None,
        text if check::date(text) => text.parse::<NaiveDate>().ok(),
        _ => {
            fault(
                column,
                "wrong_format",
                text!("må være en dato ÅÅÅÅ-MM-DD", "må vere ein dato ÅÅÅÅ-MM-DD", "must be a date YYYY-MM-DD"),
            );
            None
        }
    };
    let (valid_from, valid_to) = (day("validFrom", from), day("validTo", to));
    if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
        fault(
            "validTo",
            "out_of_order",
            text!("kan ikke være før validFrom", "kan ikkje vere før validFrom", "cannot be before validFrom"),
        );
    }
    (faults.len() == before).then(|| Row {
        line,
        current: current.to_owned(),
        code: plain.unwrap_or_default().to_owned(),
        name: name.nfc().collect(),
        valid_from,
        valid_to,
        org_number: Some(number.to_owned()).filter(|number| !number.is_empty()),
    })
}

/// The four digits of a number. Statistics Norway marks one that was given to another municipality later with an `u`
/// (utgått); here the time in which it held tells the two apart.
fn number_of(code: &str) -> Option<&str> {
    let plain = code.strip_suffix('u').unwrap_or(code);
    (plain.len() == 4 && plain.bytes().all(|digit| digit.is_ascii_digit())).then_some(plain)
}
