//! An organisation's signature of a published report, over its hash.

use crate::prelude::*;

record! {
    /// An organisation's signature of a published report: who signed, when, over which hash.
    ReportSignature "report_signature" "report-signatures" "report_signatures" of project {
        /// The published report.
        report_id: Uuid,
        /// The organisation that signs, a party of the project.
        organisation_id: Uuid,
        /// The person who signs for it; null when the organisation's system signed.
        person_id: Option<Uuid>,
        /// When it was signed (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime, example = "2018-01-08T12:00:00Z")]
        signed_at: Option<Instant>,
        /// The SHA-256 of the report that was signed, in lower-case hexadecimal.
        #[serde(default)]
        #[schema(read_only, max_length = 64)]
        sha256: Option<String>,
    }
}
