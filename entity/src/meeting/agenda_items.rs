//! What a meeting is to treat.

use crate::prelude::*;

record! {
    /// An item on the agenda of a meeting.
    AgendaItem "agenda_item" "agenda-items" "agenda_items" of project {
        /// The meeting.
        meeting_id: Uuid,
        /// The number on the agenda.
        #[schema(min_length = 1, max_length = 20, example = "4/17")]
        number: String,
        /// What it is about.
        #[schema(min_length = 1, max_length = 500, example = "Prosjektplan for forprosjektet")]
        title: String,
        /// The case as it is put to the meeting.
        #[schema(max_length = 10000)]
        text: Option<String>,
    }
}
