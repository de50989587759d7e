//! What the project tells whom, how and when.

use crate::prelude::*;

record! {
    /// What the project tells whom, by which channel and when.
    CommunicationMeasure "communication_measure" "communication-measures" "communication_measures" of project {
        /// Whom it is for.
        #[schema(min_length = 1, max_length = 500, example = "Kommunestyrene")]
        audience: String,
        /// What they are told; null until it is worded.
        #[schema(max_length = 10000, example = "Hva samarbeidet betyr for næringslivet")]
        message: Option<String>,
        /// How it reaches them.
        #[schema(max_length = 200, example = "Orientering i møte")]
        channel: Option<String>,
        /// The date of the plan; null when not known yet.
        #[schema(example = "2018-02-15")]
        planned_on: Option<NaiveDate>,
        /// The date on which it was done.
        done_on: Option<NaiveDate>,
        /// The person who answers for it.
        responsible_id: Option<Uuid>,
    }
}
