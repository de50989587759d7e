//! What somebody is to do after a meeting.

use crate::prelude::*;

record! {
    /// What somebody is to do after a meeting, and by when.
    ActionItem "action_item" "action-items" "action_items" of project {
        /// The meeting.
        meeting_id: Uuid,
        /// What is to be done.
        #[schema(min_length = 1, max_length = 2000, example = "Sende møtereferat til kommunene")]
        text: String,
        /// The person who does it.
        responsible_id: Option<Uuid>,
        /// The day by which it is to be done.
        #[schema(example = "2017-11-03")]
        due_on: Option<NaiveDate>,
        /// The day on which it was done; null while it is open.
        done_on: Option<NaiveDate>,
    }
}
