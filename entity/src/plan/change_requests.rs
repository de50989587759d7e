//! A change to the plan that somebody asks for, and what was decided.

use crate::prelude::*;

record! {
    /// A change to the approved plan that somebody asks for, what it would mean, and what was decided.
    ChangeRequest "change_request" "change-requests" "change_requests" of project {
        /// What it would change (OC4IDS modification types, and quality).
        #[serde(rename = "type")]
        #[sea_orm(column_name = "type")]
        #[schema(example = "duration")]
        change_type: ChangeType,
        /// The change that is asked for.
        #[schema(min_length = 1, max_length = 10000, example = "Workshop HA 3 flyttes til januar")]
        description: String,
        /// What it would mean for time, cost, scope or quality.
        #[schema(max_length = 10000, example = "Rapporten blir ferdig fjorten dager senere")]
        consequence: Option<String>,
        /// The person who asks for it.
        requested_by: Option<Uuid>,
        /// What was decided; null while it waits.
        decision: Option<ChangeDecision>,
        /// The date of the decision.
        decided_on: Option<NaiveDate>,
    }
}

codes! {
    /// What a change would change.
    ChangeType "changeType" {
        Duration = "duration" ("varighet", "varigheit", "duration"),
        Cost = "cost" ("kostnad", "kostnad", "cost"),
        Scope = "scope" ("omfang", "omfang", "scope"),
        Quality = "quality" ("kvalitet", "kvalitet", "quality"),
    }
}

codes! {
    /// What was decided of a change request.
    ChangeDecision "changeDecision" {
        Approved = "approved" ("godkjent", "godkjent", "approved"),
        Rejected = "rejected" ("avslått", "avslått", "rejected"),
        Deferred = "deferred" ("utsatt", "utsett", "deferred"),
    }
}
