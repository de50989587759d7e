//! What another system calls a record.

use crate::prelude::*;

record! {
    /// What another system calls a record: the system, its key there, and where it can be looked at.
    ExternalReference "external_reference" "external-references" "external_references" {
        /// The system, a name that stays the same: `elements`, `visma`, `websak-bardu`.
        #[schema(min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9._~-]+$", example = "elements")]
        system: String,
        /// The key in that system; one record of a kind has it.
        #[schema(min_length = 1, max_length = 200, example = "2017/412")]
        key: String,
        /// Where it can be looked at there.
        #[schema(max_length = 2000, pattern = "^https?://", example = "https://sak.example/2017/412")]
        url: Option<String>,
        /// The record here.
        record: RecordRef,
        /// The kind of that record.
        #[serde(default)]
        #[schema(read_only, max_length = 40, default = "", example = "political_case")]
        kind: String,
        /// The project of that record, if it is of one.
        #[serde(default)]
        #[schema(read_only)]
        project_id: Option<Uuid>,
    }
}
