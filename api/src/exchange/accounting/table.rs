//! The rows of a file with the lines that they begin in, whatever stands between their cells.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{column, faults};
use crate::problem::Fault;
use crate::text;

/// Stands alone in the last line: a quotation mark that is never closed swallows it. No sound cell has it.
const END: &str = "\n\u{3}";

/// What may stand between cells, the most likely first.
const DELIMITERS: [char; 3] = [';', '\t', ','];

/// A file as a table.
pub(super) struct Table {
    text: String,
    /// What stands between its cells.
    pub delimiter: char,
}

/// A row that has something in it.
pub(super) struct Row {
    /// The line that it begins in.
    pub line: u64,
    /// Its cells.
    pub cells: StringRecord,
}

impl Row {
    /// The fault of a quotation mark that is never closed: the rest of the file lies in its cell.
    pub fn unclosed(&self) -> Option<Fault> {
        let swallowed = self.cells.iter().next_back().is_some_and(|last| last.ends_with(END));
        swallowed.then(|| {
            let message = text!(
                "har et anførselstegn som aldri lukkes; skriv det dobbelt der det hører til teksten",
                "har eit hermeteikn som aldri blir lukka; skriv det dobbelt der det høyrer til teksten",
                "has a quotation mark that is never closed; write it twice where it belongs to the text"
            );
            Fault::at(faults::row(self.line), "unclosed_quote", message)
        })
    }
}

impl Table {
    /// The table that a text is: its delimiter is the one by which most headings are known.
    pub fn of(mut text: String) -> Self {
        text.push_str(END);
        let known = |delimiter: &char| {
            rows(&text, *delimiter).next().map_or(0, |head| head.cells.iter().filter_map(column::known).count())
        };
        // Of equals, the last is taken.
        let delimiter = DELIMITERS.into_iter().rev().max_by_key(known).unwrap_or(';');
        Self { text, delimiter }
    }

    /// The rows that have something in them, the headings first.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        rows(&self.text, self.delimiter)
    }
}

fn rows(text: &str, delimiter: char) -> Rows<'_> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter as u8).has_headers(false).flexible(true);
    Rows { text, reader: builder.from_reader(text.as_bytes()), counted: 0, line: 1 }
}

struct Rows<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// How far the lines have been counted.
    counted: usize,
    line: u64,
}

impl Rows<'_> {
    /// Where a row begins. The reader stands before the empty lines that it skips.
    fn begin(&mut self, before: usize) -> usize {
        let bytes = self.text.as_bytes();
        let begin = before + bytes[before..].iter().take_while(|byte| **byte == b'\n').count();
        self.line += bytes[self.counted..begin].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = begin;
        begin
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            let before = usize::try_from(self.reader.position().byte()).ok()?;
            let mut cells = StringRecord::new();
            if !self.reader.read_record(&mut cells).unwrap_or(false) {
                return None;
            }
            let begin = self.begin(before);
            if begin + 1 == self.text.len() {
                return None;
            }
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(Row { line: self.line, cells });
            }
        }
    }
}
