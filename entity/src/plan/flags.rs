//! What the plan check finds, as it comes and goes.

use crate::finding_waivers::{FindingRule, FindingSeverity};
use crate::prelude::*;

record! {
    /// A finding of the plan check that stands, or has stood: raised when it was first found, cleared when it was found no longer,
    /// raised again when it came back. What it says in words, and what would fit, is in the findings of the project. Only the
    /// service writes it.
    Flag "flag" "flags" "flags" of project {
        /// The rule of the plan check.
        #[schema(read_only, example = "milestone.outside_project_period")]
        rule: FindingRule,
        /// How much it weighs.
        #[schema(read_only, example = "error")]
        severity: FindingSeverity,
        /// The record that it is about; it may be gone.
        #[schema(read_only)]
        record: RecordRef,
        /// The field that it is about, a JSON pointer (RFC 6901); empty for the whole record.
        #[schema(read_only, max_length = 500, pattern = "^(/.*)?$", example = "/plannedOn")]
        pointer: String,
        /// Whether only those see it who see all of the project: it is about an internal milestone, or about what is agreed with one
        /// party.
        #[schema(read_only)]
        internal: bool,
        /// Whether the project has accepted it (`finding-waivers`): it stands, and blocks nothing.
        #[schema(read_only)]
        waived: bool,
        /// Whether it stands.
        #[schema(read_only, example = "raised")]
        state: FlagState,
        /// When it was found, the last time if it came back (UTC).
        #[schema(read_only, value_type = String, format = DateTime, example = "2017-09-28T08:00:01Z")]
        raised_at: Instant,
        /// When it was found no longer (UTC); null while it stands.
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        cleared_at: Option<Instant>,
    }
}

codes! {
    /// Whether a flag stands.
    FlagState "flagState" {
        Raised = "raised" ("reist", "reist", "raised"),
        Cleared = "cleared" ("falt bort", "fall bort", "cleared"),
    }
}
