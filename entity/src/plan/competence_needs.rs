//! What people must be able to do for the services to work: the product of the workshop on competence.

use crate::prelude::*;

record! {
    /// A competence that the services need, how much of it there is, and how the gap is closed.
    CompetenceNeed "competence_need" "competence-needs" "competence_needs" of project {
        /// What people must be able to do.
        #[schema(min_length = 1, max_length = 500, example = "Finansieringsrådgivning")]
        need: String,
        /// The level that the region has, from 1 (least) to 5 (most).
        #[schema(minimum = 1, maximum = 5, example = 2)]
        current_level: Option<i64>,
        /// The level that the services require, from 1 (least) to 5 (most).
        #[schema(minimum = 1, maximum = 5, example = 4)]
        required_level: Option<i64>,
        /// How the need is to be covered; null when not decided.
        #[schema(example = "shared")]
        coverage: Option<CompetenceCoverage>,
        /// The service that needs it.
        service_id: Option<Uuid>,
    }
}

codes! {
    /// How a need for competence is covered.
    CompetenceCoverage "competenceCoverage" {
        Own = "own" ("egen", "eigen", "own"),
        Shared = "shared" ("delt", "delt", "shared"),
        Purchased = "purchased" ("kjøpt", "kjøpt", "purchased"),
    }
}
