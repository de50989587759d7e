//! Where a fault of a file stands, how its values are shown, and how many faults are told.

use super::MOST_FAULTS;
use crate::facts::check::escape;
use crate::problem::{Fault, Text};
use crate::text;

/// The pointer to all of the file.
pub(super) const FILE: &str = "/rows";

/// How much of a value is shown.
const SHOWN: usize = 40;

/// Why a cell cannot be read.
#[derive(Debug)]
pub(super) struct Wrong {
    /// The code of the fault.
    pub code: &'static str,
    /// What stands there and what would be right.
    pub message: Text,
}

/// The pointer to a row.
pub(super) fn row(line: u64) -> String {
    format!("{FILE}/{line}")
}

/// The pointer to a cell, or to a column in the line of the headings.
pub(super) fn cell(line: u64, column: &str) -> String {
    format!("{FILE}/{line}/{}", escape(column))
}

/// A value as a message shows it: in one line, and not at length.
pub(super) fn shown(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// Faults as they are found: the first of them are kept, the others counted.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    more: usize,
}

impl Faults {
    /// Keeps a fault, or counts it.
    pub fn push(&mut self, fault: Fault) {
        if self.kept.len() < MOST_FAULTS {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// Keeps or counts each of them.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }

    /// What was read, if nothing was wrong with it.
    pub fn unless_any<T>(self, read: T) -> Result<T, Vec<Fault>> {
        let (mut faults, more) = (self.kept, self.more);
        if faults.is_empty() {
            return Ok(read);
        }
        if more > 0 {
            let message = text!(
                "{more} feil til er ikke vist; rett disse først",
                "{more} feil til er ikkje viste; rett desse først",
                "{more} more faults are not shown; correct these first"
            );
            faults.push(Fault::at(FILE, "more", message));
        }
        Err(faults)
    }
}
