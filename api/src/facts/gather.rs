//! What the rows of a question become: records, or right away the text of an answer.

use sea_orm::DbErr;

use super::cells::Cells;
use super::datum::Datum;
use super::{Facts, Row, row};

/// What rows are gathered in as they are found.
pub trait Gather {
    /// Begins anew: the question is put again elsewhere.
    fn clear(&mut self);

    /// Takes a row of a [`row::select`].
    ///
    /// # Errors
    /// When a column does not hold what its field says.
    fn add(&mut self, facts: &Facts, row: &impl Cells) -> Result<(), DbErr>;
}

impl Gather for Vec<Row> {
    fn clear(&mut self) {
        Self::clear(self);
    }

    fn add(&mut self, facts: &Facts, found: &impl Cells) -> Result<(), DbErr> {
        self.push(row::read(facts, found)?);
        Ok(())
    }
}

/// Writes a row as the JSON that its record has.
///
/// # Errors
/// When a column does not hold what its field says.
pub fn write(facts: &Facts, row: &impl Cells, json: &mut Vec<u8>) -> Result<(), DbErr> {
    for (place, field) in facts.fields.iter().enumerate() {
        json.extend_from_slice(if place == 0 { b"{\"" } else { b",\"" });
        // The name of a field is letters and digits.
        json.extend_from_slice(field.name.as_bytes());
        json.extend_from_slice(b"\":");
        Datum::read(field, place, row)?.write(json);
    }
    json.push(b'}');
    Ok(())
}

/// A page of a list as text: its records, and whether there are more than it holds.
#[derive(Debug)]
pub struct Page {
    json: Vec<u8>,
    most: u64,
    count: u64,
    last: usize,
}

/// What stands before the records.
const HEAD: &[u8] = b"{\"items\":[";

impl Page {
    /// A page of so many records at most.
    #[must_use]
    pub fn of(most: u64) -> Self {
        Self { json: HEAD.to_vec(), most, count: 0, last: HEAD.len() }
    }

    /// The last record of the page, where more follow.
    #[must_use]
    pub fn last_of_more(&self) -> Option<Row> {
        let last = || serde_json::from_slice(&self.json[self.last..]).ok().map(Row);
        if self.count > self.most { last() } else { None }
    }

    /// The whole page, with the cursor of the next one and how many there are on all.
    #[must_use]
    pub fn ended(mut self, next: Option<&str>, total: Option<i64>) -> Vec<u8> {
        self.json.extend_from_slice(b"],\"next\":");
        next.map_or(Datum::Null, |next| Datum::Text(next.into())).write(&mut self.json);
        if let Some(total) = total {
            self.json.extend_from_slice(b",\"total\":");
            Datum::Integer(total).write(&mut self.json);
        }
        self.json.push(b'}');
        self.json
    }
}

impl Gather for Page {
    fn clear(&mut self) {
        *self = Self::of(self.most);
    }

    fn add(&mut self, facts: &Facts, row: &impl Cells) -> Result<(), DbErr> {
        self.count += 1;
        if self.count > self.most {
            return Ok(());
        }
        if self.count > 1 {
            self.json.push(b',');
        }
        self.last = self.json.len();
        write(facts, row, &mut self.json)
    }
}
