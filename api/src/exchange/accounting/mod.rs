//! Accounting actuals (regnskapstall) from a table that a Norwegian accounting system has exported.
//!
//! All of a table is read, or none of it: a fault in one row refuses the file, and says where and what would be right.
//! Amounts and dates are taken only when they can be read in one way. A row that sums the others is not guessed at.

mod amount;
mod column;
mod columns;
mod date;
mod decode;
mod faults;
mod identity;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::problem::Fault;

pub use identity::{identities, identity};

/// How many rows a file may have.
pub const MOST_ROWS: usize = 100_000;

/// How many faults are told one by one; one more says how many others there are.
pub const MOST_FAULTS: usize = 20_000;

/// Every day that the service knows: what to read within when nothing narrower holds.
pub const ANY_DAY: RangeInclusive<NaiveDate> =
    NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date")..=NaiveDate::from_ymd_opt(2200, 12, 31).expect("a date");

/// One row of the accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line that the row begins in, as a text editor counts.
    pub line: u64,
    /// What it cost; negative for a credit.
    pub amount_ore: i64,
    /// The day that the accounts give it.
    pub incurred_on: NaiveDate,
    /// Who was paid.
    pub supplier: Option<String>,
    /// The number of the voucher (bilag).
    pub voucher: Option<String>,
    /// What it was for.
    pub text: Option<String>,
    /// The account, or in KOSTRA the art.
    pub account: Option<String>,
    /// The function of KOSTRA.
    pub function: Option<String>,
    /// The activity, such as `HA 2`.
    pub activity: Option<String>,
    /// Whose accounts it is in: nine digits, or a name.
    pub organisation: Option<String>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actuals {
    /// Its rows, in their order.
    pub entries: Vec<Entry>,
    /// The columns that were not read, as the file calls them.
    pub ignored: Vec<String>,
}

/// Reads a file; `within` are the days that its rows may have.
///
/// # Errors
/// Every fault of the file, at most [`MOST_FAULTS`] of them and one that says how many more there are.
pub fn read(file: &[u8], within: &RangeInclusive<NaiveDate>) -> Result<Actuals, Vec<Fault>> {
    let table = table::Table::of(decode::decode(file).map_err(|fault| vec![fault])?);
    rows::read(&table, within)
}
