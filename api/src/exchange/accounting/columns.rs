//! Where the columns of a file stand, and what is wrong with its headings.

use super::column::{Column, known};
use super::faults::{Faults, cell};
use super::table::Row;
use crate::http::json::forbidden_character;
use crate::problem::{Fault, Text};
use crate::text;

/// How much of a heading is kept.
const LONGEST: usize = 100;

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    headings: Headings,
    /// Where the amounts stand.
    pub money: Money,
    /// Where the dates stand.
    pub date: usize,
}

/// Where the amounts of a file stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Money {
    /// In one column, with their sign.
    Signed(usize),
    /// In two columns: what was spent, and what came back.
    Sides {
        /// What was spent.
        debit: usize,
        /// What came back.
        credit: usize,
    },
}

impl Columns {
    /// Reads the headings, or says all that is wrong with them.
    pub fn read(head: &Row) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        faults.extend(head.unclosed());
        let headings = Headings::of(head);
        headings.check_characters(&mut faults);
        headings.check_twice(&mut faults);
        let (money, date) = (headings.money(&mut faults), headings.needed(Column::Date, &mut faults));
        let columns = money.zip(date).map(|(money, date)| Self { headings, money, date });
        // A column that is missing is a fault, so there are columns where there is none.
        faults.unless_any(columns).and_then(|columns| columns.ok_or_else(Vec::new))
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.headings.names.len()
    }

    /// What the file calls a column.
    pub fn heading(&self, at: usize) -> &str {
        &self.headings.names[at]
    }

    /// Where a column stands that a file may have.
    pub fn position(&self, column: Column) -> Option<usize> {
        self.headings.positions(column).next()
    }

    /// What the file calls the columns that are not known.
    pub fn ignored(&self) -> Vec<String> {
        let Headings { names, known, .. } = &self.headings;
        let unknown = names.iter().zip(known).filter(|(name, known)| known.is_none() && !name.is_empty());
        unknown.map(|(name, _)| name.clone()).collect()
    }
}

/// The headings of a file, and what each is known as.
#[derive(Debug)]
struct Headings {
    line: u64,
    names: Vec<String>,
    known: Vec<Option<Column>>,
}

impl Headings {
    fn of(head: &Row) -> Self {
        let cells = || head.cells.iter();
        Self { line: head.line, names: cells().map(in_one_line).collect(), known: cells().map(known).collect() }
    }

    fn positions(&self, column: Column) -> impl Iterator<Item = usize> {
        self.known.iter().enumerate().filter(move |(_, known)| **known == Some(column)).map(|(at, _)| at)
    }

    fn fault(&self, column: &str, code: &'static str, message: Text) -> Fault {
        Fault::at(cell(self.line, column), code, message)
    }

    fn check_characters(&self, faults: &mut Faults) {
        for (name, c) in self.names.iter().filter_map(|name| Some((name, forbidden_character(name)?))) {
            faults.push(self.fault(name, "wrong_format", unseen(c)));
        }
    }

    fn check_twice(&self, faults: &mut Faults) {
        for column in Column::ALL {
            let mut positions = self.positions(column).map(|at| &self.names[at]);
            let Some(first) = positions.next() else { continue };
            for second in positions {
                let message = text!(
                    "«{first}» og «{second}» sier det samme; ta bort den ene, eller gi den et annet navn",
                    "«{first}» og «{second}» seier det same; ta bort den eine, eller gi han eit anna namn",
                    "“{first}” and “{second}” say the same; remove one of them, or give it another name"
                );
                faults.push(self.fault(second, "duplicate", message));
            }
        }
    }

    fn money(&self, faults: &mut Faults) -> Option<Money> {
        let [amount, debit, credit] =
            [Column::Amount, Column::Debit, Column::Credit].map(|column| self.positions(column).next());
        match (amount, debit.or(credit)) {
            (Some(_), Some(side)) => {
                let message = text!(
                    "et beløp står i én kolonne, eller i debet og kredit; ta bort den ene eller de to",
                    "eit beløp står i éi kolonne, eller i debet og kredit; ta bort den eine eller dei to",
                    "an amount stands in one column, or in debit and credit; remove the one or the two"
                );
                faults.push(self.fault(&self.names[side], "duplicate", message));
                None
            }
            (Some(amount), None) => Some(Money::Signed(amount)),
            (None, Some(_)) => {
                let (debit, credit) = (self.needed(Column::Debit, faults), self.needed(Column::Credit, faults));
                debit.zip(credit).map(|(debit, credit)| Money::Sides { debit, credit })
            }
            (None, None) => {
                let names = Column::Amount.names().join(", ");
                let message = text!(
                    "mangler; kolonnen kan hete {names}, eller beløpet kan stå i to kolonner, debet og kredit",
                    "manglar; kolonna kan heite {names}, eller beløpet kan stå i to kolonner, debet og kredit",
                    "is missing; the column can be called {names}, or the amount can stand in two, debit and credit"
                );
                faults.push(self.fault(Column::Amount.names()[0], "required", message));
                None
            }
        }
    }

    fn needed(&self, column: Column, faults: &mut Faults) -> Option<usize> {
        let position = self.positions(column).next();
        if position.is_none() {
            let names = column.names().join(", ");
            let message = text!(
                "mangler; kolonnen kan hete {names}",
                "manglar; kolonna kan heite {names}",
                "is missing; the column can be called {names}"
            );
            faults.push(self.fault(column.names()[0], "required", message));
        }
        position
    }
}

/// What is said of a character that nobody sees.
pub(super) fn unseen(c: char) -> Text {
    let code = format!("U+{:04X}", u32::from(c));
    text!(
        "har et tegn som ikke vises ({code}); ta det bort, eller eksporter som UTF-8 eller Windows-1252",
        "har eit teikn som ikkje syner ({code}); ta det bort, eller eksporter som UTF-8 eller Windows-1252",
        "has a character that does not show ({code}); remove it, or export as UTF-8 or Windows-1252"
    )
}

/// A heading can have line breaks, and a faulty file can have all of itself in one.
fn in_one_line(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}
