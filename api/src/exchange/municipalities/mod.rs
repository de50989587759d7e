//! The list of municipalities: every number that a municipality has or had, in a table of one row each.
//!
//! A row names the number that holds today for the place (`currentCode`), the number of the row, its name and the
//! time in which it held. The organisation number stands in the row of today's number. Rows of one `currentCode` are
//! one municipality as far as they share a name: what was merged into another under its own name is a body of its
//! own, since a merger is not a change of number.

mod bodies;
mod items;
mod list;

use super::Progress;
use super::bring::{Outcome, bring};
use crate::access::Caller;
use crate::problem::Error;
use crate::standard::Resource;
use crate::store::Write;

/// Brings the list in: municipalities and their numbers are made, completed or left as they are. Also tells which
/// rows name no municipality and are passed over. With faults nothing is to be committed.
///
/// # Errors
/// When the database fails.
pub async fn import(
    write: &Write,
    caller: &Caller,
    resources: &'static [Resource],
    table: &[u8],
    progress: Progress<'_>,
) -> Result<(Outcome, Vec<String>), Error> {
    let mut faults = Vec::new();
    let rows = list::read(table, &mut faults);
    let (bodies, outside) = bodies::bodies(&rows);
    bodies::faults(&bodies, &mut faults);
    if !faults.is_empty() {
        return Ok((Outcome { errors: faults, ..Outcome::default() }, Vec::new()));
    }
    let items = items::items(write, resources, &bodies, &mut faults).await?;
    let mut outcome =
        if faults.is_empty() { bring(write, caller, None, items, progress).await? } else { Outcome::default() };
    outcome.errors.extend(faults);
    let passed_over =
        |row: &&list::Row| format!("row {}: {} {} is no municipality and is passed over", row.line, row.code, row.name);
    Ok((outcome, outside.iter().map(passed_over).collect()))
}
