//! What a project is to achieve, at three levels.

use crate::prelude::*;

record! {
    /// What the project is to achieve: what it delivers, what comes of it, and what that leads to.
    Goal "goal" "goals" "goals" of project {
        /// The level of the goal (IATI ResultType).
        #[schema(example = "outcome")]
        kind: GoalKind,
        /// The goal as the plan words it.
        #[schema(min_length = 1, max_length = 10000, example = "Bedre offentlige tjenester for næringsutvikling")]
        text: String,
        /// The goal that it serves.
        parent_id: Option<Uuid>,
    }
}

codes! {
    /// The level of a goal (PLP; IATI ResultType 1–3).
    GoalKind "goalKind" {
        Outcome = "outcome" ("effektmål", "effektmål", "outcome"),
        Output = "output" ("resultatmål", "resultatmål", "output"),
        Impact = "impact" ("samfunnsmål", "samfunnsmål", "impact"),
    }
}
