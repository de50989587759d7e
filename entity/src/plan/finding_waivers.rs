//! A finding of the plan check that the project has accepted, with the reason.

use crate::prelude::*;

record! {
    /// A finding of the plan check that the project has accepted, with the reason; it no longer blocks approval.
    FindingWaiver "finding_waiver" "finding-waivers" "finding_waivers" of project {
        /// The rule of the plan check.
        #[schema(min_length = 3, max_length = 100, pattern = "^[a-z_]+\\.[a-z_]+$", example = "milestone.out_of_sequence")]
        rule: String,
        /// The record that the finding names; null for every record of the project.
        record: Option<RecordRef>,
        /// The field that the finding names, a JSON pointer (RFC 6901); null for every field.
        #[schema(max_length = 500, example = "/plannedOn")]
        pointer: Option<String>,
        /// Why the finding is accepted.
        #[schema(min_length = 1, max_length = 2000, example = "Datoen er vedtatt av styringsgruppa")]
        reason: String,
    }
}
