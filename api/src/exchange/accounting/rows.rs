//! The rows of a file, each read whole or refused with its reasons.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::column::Column;
use super::columns::{Columns, Money, unseen};
use super::faults::{FILE, Faults, Wrong, cell, row, shown};
use super::table::{Row, Table};
use super::{Actuals, Entry, MOST_ROWS, amount, date};
use crate::http::json::forbidden_character;
use crate::problem::Fault;
use crate::text;

/// How many characters a text can have.
const TEXT: usize = 200;

/// How many characters the number of a voucher can have.
const VOUCHER: usize = 50;

/// Reads all rows, or says what is wrong with them.
pub(super) fn read(table: &Table, within: &RangeInclusive<NaiveDate>) -> Result<Actuals, Vec<Fault>> {
    let mut rows = table.rows();
    let head = rows.next().ok_or_else(|| vec![empty()])?;
    let columns = Columns::read(&head)?;
    let mut faults = Faults::default();
    let mut entries = Vec::new();
    for (before, row) in rows.enumerate() {
        if before == MOST_ROWS {
            faults.push(too_many(row.line));
            break;
        }
        let whole = row.unclosed().or_else(|| ragged(&row, &columns, table.delimiter));
        match whole {
            Some(fault) => faults.push(fault),
            None => entries.extend(Cells { row: &row, columns: &columns, faults: &mut faults }.entry(within)),
        }
    }
    faults.unless_any(Actuals { entries, ignored: columns.ignored() })
}

fn empty() -> Fault {
    let message = text!(
        "fila er tom; den må ha en rad med overskrifter og én rad per beløp",
        "fila er tom; ho må ha ei rad med overskrifter og éi rad per beløp",
        "the file is empty; it must have a row of headings and one row per amount"
    );
    Fault::at(FILE, "empty", message)
}

fn too_many(line: u64) -> Fault {
    let message = text!(
        "fila har mer enn {MOST_ROWS} rader; del den i flere",
        "fila har meir enn {MOST_ROWS} rader; del ho i fleire",
        "the file has more than {MOST_ROWS} rows; split it"
    );
    Fault::at(row(line), "too_many", message)
}

fn ragged(line: &Row, columns: &Columns, delimiter: char) -> Option<Fault> {
    let (has, should) = (line.cells.len(), columns.count());
    let sign = if delimiter == '\t' { "TAB".to_owned() } else { delimiter.to_string() };
    (has != should).then(|| {
        let message = text!(
            "har {has} felt, men overskriften har {should}; sett anførselstegn rundt felt som har {sign} i seg",
            "har {has} felt, men overskrifta har {should}; set hermeteikn rundt felt som har {sign} i seg",
            "has {has} fields, but the headings are {should}; put quotation marks around a field that has {sign} in it"
        );
        Fault::at(row(line.line), "wrong_number_of_fields", message)
    })
}

/// The cells of one row, and where to say what is wrong with them.
struct Cells<'a> {
    row: &'a Row,
    columns: &'a Columns,
    faults: &'a mut Faults,
}

impl Cells<'_> {
    fn entry(mut self, within: &RangeInclusive<NaiveDate>) -> Option<Entry> {
        if !self.show() {
            return None;
        }
        let amount_ore = self.amount();
        let incurred_on = self.date(within);
        // A fault in a text is told; that there is any refuses the file.
        Some(Entry {
            line: self.row.line,
            supplier: self.text(Column::Supplier, TEXT),
            voucher: self.text(Column::Voucher, VOUCHER),
            text: self.text(Column::Text, TEXT),
            account: self.text(Column::Account, TEXT),
            function: self.text(Column::Function, TEXT),
            activity: self.text(Column::Activity, TEXT),
            organisation: self.text(Column::Organisation, TEXT).map(plain_number),
            amount_ore: amount_ore?,
            incurred_on: incurred_on?,
        })
    }

    /// Whether every character shows, in the columns that are ignored as well.
    fn show(&mut self) -> bool {
        let mut all = true;
        for (at, cell) in self.row.cells.iter().enumerate() {
            if let Some(c) = forbidden_character(cell) {
                self.told(at, Wrong { code: "wrong_format", message: unseen(c) });
                all = false;
            }
        }
        all
    }

    fn amount(&mut self) -> Option<i64> {
        match self.columns.money {
            Money::Signed(at) => {
                let given = self.needed(at)?;
                self.sound(at, amount::read(given))
            }
            Money::Sides { debit, credit } => {
                if self.cell(credit).is_empty() {
                    self.needed(debit)?;
                }
                let (spent, back) = (self.side(debit), self.side(credit));
                self.sound(debit, amount::within_bounds(spent? - back?, self.cell(debit)))
            }
        }
    }

    /// One side of the accounts; where nothing stands, nothing was moved.
    fn side(&mut self, at: usize) -> Option<i64> {
        match self.cell(at) {
            "" => Some(0),
            given => self.sound(at, amount::read(given)),
        }
    }

    fn date(&mut self, within: &RangeInclusive<NaiveDate>) -> Option<NaiveDate> {
        let given = self.needed(self.columns.date)?;
        self.sound(self.columns.date, date::read(given, within))
    }

    fn text(&mut self, column: Column, most: usize) -> Option<String> {
        let at = self.columns.position(column)?;
        let text: String = self.cell(at).nfc().collect();
        let has = text.chars().count();
        if has > most {
            let value = shown(&text);
            let message = text!(
                "«{value}» har {has} tegn; høyst {most}",
                "«{value}» har {has} teikn; høgst {most}",
                "“{value}” has {has} characters; at most {most}"
            );
            self.told(at, Wrong { code: "too_long", message });
        }
        Some(text).filter(|text| !text.is_empty())
    }
}

impl<'a> Cells<'a> {
    fn cell(&self, at: usize) -> &'a str {
        self.row.cells.get(at).unwrap_or_default().trim()
    }

    fn needed(&mut self, at: usize) -> Option<&'a str> {
        let given = self.cell(at);
        if given.is_empty() {
            let message = text!(
                "mangler; en rad som summerer de andre, skal ikke være med",
                "manglar; ei rad som summerer dei andre, skal ikkje vere med",
                "is missing; a row that sums the others must be left out"
            );
            self.told(at, Wrong { code: "required", message });
        }
        Some(given).filter(|given| !given.is_empty())
    }

    fn sound<T>(&mut self, at: usize, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|wrong| self.told(at, wrong)).ok()
    }

    fn told(&mut self, at: usize, Wrong { code, message }: Wrong) {
        self.faults.push(Fault::at(cell(self.row.line, self.columns.heading(at)), code, message));
    }
}

/// An organisation number without the spaces that people put into it; a name as it is.
fn plain_number(organisation: String) -> String {
    let plain: String = organisation.chars().filter(|c| !c.is_whitespace()).collect();
    let number = plain.len() == 9 && plain.bytes().all(|byte| byte.is_ascii_digit());
    if number { plain } else { organisation }
}
