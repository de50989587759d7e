//! What must come before what in a plan.

use crate::prelude::*;

record! {
    /// What must come before what: the successor waits until the predecessor is finished or met.
    Dependency "dependency" "dependencies" "dependencies" of project {
        /// The activity, milestone or decision point that comes first.
        predecessor: RecordRef,
        /// The activity, milestone or decision point that waits for it.
        successor: RecordRef,
        /// Days between the two; negative when they may overlap.
        #[serde(default)]
        #[schema(default = 0, minimum = -3650, maximum = 3650, example = 14)]
        lag_days: i64,
    }
}
