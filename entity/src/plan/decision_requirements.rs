//! The documents that must be there before a decision point is approved.

use super::documents::{DocumentKind, DocumentStatus};
use crate::prelude::*;

record! {
    /// A document that must be there, with a given status, before a decision point is approved.
    DecisionRequirement "decision_requirement" "decision-requirements" "decision_requirements" of project {
        /// The decision point that asks for it.
        decision_point_id: Uuid,
        /// What kind of document is asked for.
        #[schema(example = "project_plan")]
        document_kind: DocumentKind,
        /// The document that answers the requirement; null until there is one.
        document_id: Option<Uuid>,
        /// The status that the document must have.
        #[serde(default = "adopted")]
        #[schema(default = "adopted", example = "adopted")]
        required_status: DocumentStatus,
    }
}

/// PLP asks for an approved plan at the start and an approved report at the end.
const fn adopted() -> DocumentStatus {
    DocumentStatus::Adopted
}
