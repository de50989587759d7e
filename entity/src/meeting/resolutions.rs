//! What a meeting resolved.

use crate::prelude::*;

record! {
    /// What a meeting resolved: the words, the votes and what it is about.
    Resolution "resolution" "resolutions" "resolutions" of project {
        /// The meeting.
        meeting_id: Uuid,
        /// The item of the agenda.
        agenda_item_id: Option<Uuid>,
        /// The number in the minutes.
        #[schema(min_length = 1, max_length = 20, example = "4/17")]
        number: Option<String>,
        /// The resolution as the minutes word it.
        #[schema(min_length = 1, max_length = 10000, example = "Prosjektplanen godkjennes.")]
        text: String,
        /// What became of the proposal.
        #[schema(example = "adopted")]
        outcome: ResolutionOutcome,
        /// The date of the resolution; the day of the meeting when it is left out.
        #[schema(example = "2017-10-26")]
        adopted_on: Option<NaiveDate>,
        /// Votes for; null when they were not counted.
        #[schema(minimum = 0, maximum = 10000, example = 5)]
        votes_for: Option<i64>,
        /// Votes against; null when they were not counted.
        #[schema(minimum = 0, maximum = 10000, example = 0)]
        votes_against: Option<i64>,
        /// What it is about: a document, a decision point, a matter, a recommendation …
        subject: Option<RecordRef>,
    }
}

codes! {
    /// What became of a proposal in a meeting.
    ResolutionOutcome "resolutionOutcome" {
        Adopted = "adopted" ("vedtatt", "vedteke", "adopted"),
        Rejected = "rejected" ("forkastet", "forkasta", "rejected"),
        Postponed = "postponed" ("utsatt", "utsett", "postponed"),
        Noted = "noted" ("tatt til orientering", "teken til orientering", "noted"),
    }
}
