//! A state that the project reaches (PLP: milepæl), numbered and dated.

use crate::matters::MatterState;
use crate::prelude::*;

record! {
    /// A state that the project reaches (milepæl): numbered, dated, and met only when it is true.
    Milestone "milestone" "milestones" "milestones" of project {
        /// The number as the plan writes it, leading zero kept.
        #[schema(min_length = 1, max_length = 20, example = "01")]
        number: String,
        /// The state reached, not the work that leads to it.
        #[schema(min_length = 1, max_length = 500, example = "Gjennomført workshop HA 2 – innholdet i tjenestene")]
        title: String,
        /// The activity that leads to it.
        activity_id: Option<Uuid>,
        /// The date of the plan. Moving it needs a reason (`X-Change-Reason`).
        #[schema(example = "2017-12-15")]
        planned_on: Option<NaiveDate>,
        /// The date now expected.
        forecast_on: Option<NaiveDate>,
        /// The date on which the state was reached.
        met_on: Option<NaiveDate>,
        /// The date on which it was given up.
        cancelled_on: Option<NaiveDate>,
        /// What sort of state it is (OC4IDS milestone types).
        #[serde(rename = "type")]
        #[sea_orm(column_name = "type")]
        milestone_type: Option<MilestoneType>,
        /// Of interest to the project only: observers do not see it.
        #[serde(default)]
        internal: bool,
        /// Whether the plan asks for a document that shows it (a memo, minutes).
        #[serde(default)]
        requires_document: bool,
        /// The matter whose treatment in the municipalities makes it true.
        matter_id: Option<Uuid>,
        /// How far that matter has come, kept by the service from the matter; null without a matter.
        #[serde(default)]
        #[schema(read_only)]
        matter_state: Option<MatterState>,
    }
}

codes! {
    /// What sort of state a milestone is (OC4IDS).
    MilestoneType "milestoneType" {
        Approval = "approval" ("godkjenning", "godkjenning", "approval"),
        Engagement = "engagement" ("medvirkning", "medverknad", "engagement"),
        Assessment = "assessment" ("vurdering", "vurdering", "assessment"),
        Delivery = "delivery" ("leveranse", "leveranse", "delivery"),
        Reporting = "reporting" ("rapportering", "rapportering", "reporting"),
        Financing = "financing" ("finansiering", "finansiering", "financing"),
    }
}

codes! {
    /// Where a milestone stands; computed, never written.
    MilestoneStatus "milestoneStatus" {
        Scheduled = "scheduled" ("planlagt", "planlagd", "scheduled"),
        Overdue = "overdue" ("forfalt", "forfallen", "overdue"),
        PartiallyMet = "partially_met" ("delvis nådd", "delvis nådd", "partially met"),
        Met = "met" ("nådd", "nådd", "met"),
        NotMet = "not_met" ("ikke nådd", "ikkje nådd", "not met"),
        Cancelled = "cancelled" ("avlyst", "avlyst", "cancelled"),
    }
}
