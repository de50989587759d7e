//! What the project can learn from: cases, research contacts and hosts of study visits.

use crate::prelude::*;

record! {
    /// What the project can learn from: a case elsewhere, a research contact, the host of a study visit.
    ReferenceCase "reference_case" "reference-cases" "reference_cases" of project {
        /// What sort of source it is.
        #[schema(example = "study_visit_host")]
        kind: ReferenceCaseKind,
        /// What the case, the contact or the host is called.
        #[schema(min_length = 1, max_length = 200, example = "Fosen Regionråd")]
        name: String,
        /// Where it is.
        #[schema(max_length = 200, example = "Fosen")]
        place: Option<String>,
        /// What was done there.
        #[schema(max_length = 10000, example = "Felles førstelinje for sju kommuner")]
        summary: Option<String>,
        /// What the project can use of it.
        #[schema(max_length = 10000)]
        relevance: Option<String>,
        /// Where to read more.
        #[schema(max_length = 2048, format = "uri", example = "https://www.region.example")]
        url: Option<String>,
    }
}

codes! {
    /// What sort of source a reference case is.
    ReferenceCaseKind "referenceCaseKind" {
        Case = "case" ("eksempel", "døme", "case"),
        ResearchContact = "research_contact" ("kontakt i FoU", "kontakt i FoU", "research contact"),
        StudyVisitHost = "study_visit_host" ("vert for studiebesøk", "vert for studiebesøk", "study visit host"),
    }
}
