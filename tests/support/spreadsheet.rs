//! Spreadsheets as a program reads them: the cells of a CSV, the sheets of a workbook.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use regex::Regex;
use zip::ZipArchive;

use crate::Answer;

/// The lines of a CSV answer, the headings first.
///
/// # Panics
/// When it is no CSV as the service promises: UTF-8 with a byte order mark, semicolons, CRLF.
#[must_use]
pub fn csv(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present", "{answer}");
    let text = std::str::from_utf8(&answer.bytes).expect("CSV is UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("CSV begins with a byte order mark");
    assert!(text.ends_with("\r\n"), "lines end with CRLF: {text:?}");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
    let line = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader.records().map(|record| line(record.expect("every line has as many cells"))).collect()
}

/// One record by heading.
#[must_use]
pub fn by_heading(lines: &[Vec<String>], place: usize) -> BTreeMap<&str, &str> {
    let cells = lines[place].iter().map(String::as_str);
    lines[0].iter().map(String::as_str).zip(cells).collect()
}

/// A sheet of a workbook: its name and its XML.
#[derive(Debug)]
pub struct Sheet {
    /// What stands on its tab.
    pub name: String,
    /// `xl/worksheets/sheetN.xml`.
    pub xml: String,
    strings: Vec<String>,
}

/// The sheets of an XLSX answer.
///
/// # Panics
/// When it is no workbook.
#[must_use]
pub fn sheets(answer: &Answer) -> Vec<Sheet> {
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(answer.header("content-type"), media_type, "{answer}");
    let mut archive = ZipArchive::new(Cursor::new(&answer.bytes)).expect("a workbook is a ZIP");
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).ok()?.read_to_string(&mut text).expect("a part is text");
        Some(text)
    };
    let workbook = part("xl/workbook.xml").expect("a workbook");
    let shared = part("xl/sharedStrings.xml").unwrap_or_default();
    let strings: Vec<String> = all(r"(?s)<si><t[^>]*>(.*?)</t></si>", &shared);
    let names = all(r#"<sheet name="([^"]*)""#, &workbook);
    let mut sheets = Vec::new();
    for (number, name) in (1..).zip(names) {
        let xml = part(&format!("xl/worksheets/sheet{number}.xml")).expect("a sheet");
        sheets.push(Sheet { name, xml, strings: strings.clone() });
    }
    sheets
}

impl Sheet {
    /// The cell at a place ("B2"): whether it is text, and its value; `None` when it is empty.
    #[must_use]
    pub fn cell(&self, place: &str) -> Option<Cell> {
        let pattern = format!(r#"<c r="{place}"([^>]*)><v>([^<]*)</v></c>"#);
        let found = Regex::new(&pattern).expect("a pattern").captures(&self.xml)?;
        if found[1].contains(r#"t="s""#) {
            let index: usize = found[2].parse().expect("an index");
            return Some(Cell::Text(self.strings[index].clone()));
        }
        let style = Regex::new(r#"s="(\d+)""#).expect("a pattern").captures(&found[1]).map(|style| style[1].to_owned());
        Some(Cell::Number(found[2].parse().expect("a number"), style.unwrap_or_default()))
    }

    /// The headings.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        let columns =
            ('A'..='Z').map(|letter| letter.to_string()).chain(('A'..='Z').map(|letter| format!("A{letter}")));
        let cells = columns.map_while(|column| self.cell(&format!("{column}1")));
        cells.map(|cell| if let Cell::Text(text) = cell { text } else { String::new() }).collect()
    }

    /// The cell of a line (the first record is in line 2) under a heading.
    #[must_use]
    pub fn under(&self, heading: &str, line: usize) -> Option<Cell> {
        let place = self.headings().iter().position(|known| known == heading);
        let place = place.unwrap_or_else(|| panic!("no {heading} in {:?}", self.headings()));
        let letter = |number: usize| char::from(b'A' + u8::try_from(number).unwrap_or_default());
        let column = if place < 26 { letter(place).to_string() } else { format!("A{}", letter(place - 26)) };
        self.cell(&format!("{column}{line}"))
    }
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text; as XML has it.
    Text(String),
    /// A number, and the number of its style.
    Number(f64, String),
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Option<Self> {
        Some(Self::Text(text.to_owned()))
    }

    /// The number in it.
    ///
    /// # Panics
    /// When it is text.
    #[must_use]
    pub fn number(&self) -> f64 {
        match self {
            Self::Number(number, _) => *number,
            Self::Text(text) => panic!("{text:?} is text"),
        }
    }
}

fn all(pattern: &str, text: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("a pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}
