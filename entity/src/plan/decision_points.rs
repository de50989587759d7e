//! Where the project is let through, or not (PLP: beslutningspunkt).

use crate::prelude::*;

record! {
    /// Where the project is let through or not (beslutningspunkt): go, go with conditions, or no-go.
    DecisionPoint "decision_point" "decision-points" "decision_points" of project {
        /// The number as the plan writes it.
        #[schema(min_length = 1, max_length = 20, example = "BP1")]
        number: String,
        /// What is decided.
        #[schema(min_length = 1, max_length = 500, example = "Prosjektstart")]
        theme: String,
        /// The date of the plan; null when not known yet.
        #[schema(example = "2017-11-01")]
        planned_on: Option<NaiveDate>,
        /// Who decides. Two approvers and no rule between them is a finding of the plan check.
        #[schema(example = "steering_group")]
        approver: Option<Approver>,
        /// The date of the decision; set by `POST /decision-points/{id}/decide` only.
        #[serde(default)]
        #[schema(read_only)]
        decided_on: Option<NaiveDate>,
        /// What was decided; set by `POST /decision-points/{id}/decide` only.
        #[serde(default)]
        #[schema(read_only)]
        outcome: Option<DecisionOutcome>,
        /// The conditions of the approval; set by `POST /decision-points/{id}/decide` only.
        #[serde(default)]
        #[schema(read_only, max_length = 10000)]
        conditions: Option<String>,
        /// The resolution that records the decision; set by `POST /decision-points/{id}/decide` only.
        #[serde(default)]
        #[schema(read_only)]
        resolution_id: Option<Uuid>,
        /// Why it was approved although something was missing; visible for ever. Null when nothing was.
        #[serde(default)]
        #[schema(read_only, max_length = 2000)]
        override_reason: Option<String>,
    }
}

codes! {
    /// Who decides at a decision point.
    Approver "approver" {
        ProjectExecutive = "project_executive" ("prosjektansvarlig", "prosjektansvarleg", "project executive"),
        SteeringGroup = "steering_group" ("styringsgruppa", "styringsgruppa", "steering group"),
        ProjectOwners = "project_owners" ("prosjekteierne", "prosjekteigarane", "project owners"),
        ProjectExecutiveOrSteeringGroup = "project_executive_or_steering_group" ("prosjektansvarlig/styringsgruppa", "prosjektansvarleg/styringsgruppa", "project executive or steering group"),
    }
}

codes! {
    /// What was decided at a decision point.
    DecisionOutcome "decisionOutcome" {
        Approved = "approved" ("godkjent", "godkjent", "approved"),
        ApprovedWithConditions = "approved_with_conditions" ("godkjent med vilkår", "godkjent med vilkår", "approved with conditions"),
        Rejected = "rejected" ("avslått", "avslått", "rejected"),
        Postponed = "postponed" ("utsatt", "utsett", "postponed"),
    }
}
