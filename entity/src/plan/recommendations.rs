//! What a project's final report recommends, and what became of it.

use crate::prelude::*;

record! {
    /// What the project recommends in its final report, who adopted it, and the project that it leads to.
    Recommendation "recommendation" "recommendations" "recommendations" of project {
        /// The number as the report writes it.
        #[schema(min_length = 1, max_length = 20, example = "1")]
        number: String,
        /// The recommendation as the report words it.
        #[schema(min_length = 1, max_length = 10000, example = "Utvikling og implementering av desentralisert løsning")]
        text: String,
        /// The step in a development by steps that it describes, from 1.
        #[schema(minimum = 1, maximum = 20, example = 1)]
        stage: Option<i64>,
        /// The matter or the meeting that adopted it.
        adopted_by_id: Option<Uuid>,
        /// What became of it.
        #[serde(default)]
        #[schema(default = "proposed", example = "adopted")]
        status: RecommendationStatus,
        /// The project that it leads to; set when the project is continued.
        leads_to_project_id: Option<Uuid>,
    }
}

codes! {
    /// What became of a recommendation.
    RecommendationStatus "recommendationStatus" default Proposed {
        Proposed = "proposed" ("foreslått", "foreslått", "proposed"),
        Adopted = "adopted" ("vedtatt", "vedteken", "adopted"),
        Deferred = "deferred" ("utsatt", "utsett", "deferred"),
        Rejected = "rejected" ("forkastet", "forkasta", "rejected"),
    }
}
