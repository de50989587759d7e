//! The plan check: what a reader of the plan would point at, each with its rule, its culprit and what would fit.

use chrono::NaiveDate;
use entity::RecordRef;
use uuid::Uuid;

use super::Picture;
use crate::problem::Text;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Blocks approval and publication until it is corrected or waived.
    Error,
    /// Somebody should look at it.
    Warning,
    /// Good to know.
    Info,
}

/// One finding, about one record.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule, for example `milestone.out_of_sequence`.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The record that it names.
    pub record: RecordRef,
    /// The field, a JSON pointer (RFC 6901) into the record; empty for the whole record.
    pub pointer: String,
    /// What is odd, in words.
    pub message: Text,
    /// What would fit, as a merge patch of the record; a suggestion only, nothing is corrected by itself.
    pub suggestion: Option<serde_json::Value>,
    /// The waiver that accepts it, and its reason.
    pub waiver: Option<(Uuid, String)>,
}

/// Every finding of a project as it is on a day: errors first, then by rule and record; waived ones say so.
#[must_use]
pub fn check(picture: &Picture, today: NaiveDate) -> Vec<Finding> {
    let _ = (picture, today);
    Vec::new()
}
