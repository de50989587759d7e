//! The project document: a whole project out, and in again, with nothing lost. And the list of municipalities in.

pub mod accounting;
pub mod actuals;
pub mod bring;
mod clash;
pub mod erasure;
pub mod export;
pub mod import;
pub mod municipalities;
pub mod personal;
mod reading;
pub mod retention;

use crate::facts::{Facts, Field};

/// What a project document calls itself.
pub const FORMAT: &str = "framdrift.project/1";

/// What every record carries beside its content: it belongs to one database, so a document leaves it out.
const HEADER: [&str; 6] = ["id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy"];

/// Whether a document carries records of a collection: who logs in where is not part of a project.
#[must_use]
pub fn is_carried(facts: &Facts) -> bool {
    facts.path != "users" && !facts.stays
}

/// The fields that a document carries of a record: what callers write, and what custom methods have decided; not the
/// header, and not what follows from other records.
fn carried(facts: &Facts) -> impl Iterator<Item = &Field> {
    facts.fields.iter().filter(|field| !field.read_only || field.carried)
}

/// Told how far long work has come: parts done, of how many.
pub type Progress<'a> = &'a dyn Fn(usize, usize);

/// Progress that nobody watches.
pub const fn unwatched(_done: usize, _of: usize) {}
