//! A matter's way through one municipality.

use crate::political_steps::StepOutcome;
use crate::prelude::*;

record! {
    /// A matter's way through one municipality, with the case number there; closed only by a final step.
    PoliticalCase "political_case" "political-cases" "political_cases" of project {
        /// The matter.
        matter_id: Uuid,
        /// The municipality that treats it.
        organisation_id: Uuid,
        /// The year of the case number there (saksår); null until it has one.
        #[schema(minimum = 1900, maximum = 2200, example = 2017)]
        case_year: Option<i64>,
        /// The number of the case in its year (sakssekvensnummer).
        #[schema(minimum = 1, maximum = 999999999, example = 412)]
        case_sequence: Option<i64>,
        /// The first day of the time in which it is to be treated.
        #[schema(example = "2017-09-01")]
        window_from: Option<NaiveDate>,
        /// The last day of that time, inclusive.
        #[schema(example = "2017-10-31")]
        window_to: Option<NaiveDate>,
        /// What the final step decided; null while the case is open.
        #[serde(default)]
        #[schema(read_only, example = "adopted")]
        outcome: Option<StepOutcome>,
        /// The date of the final step; null while the case is open.
        #[serde(default)]
        #[schema(read_only)]
        decided_on: Option<NaiveDate>,
    }
}

codes! {
    /// Where a municipality stands in a matter.
    HandlingStatus "handlingStatus" {
        NotAsked = "not_asked" ("ikke spurt", "ikkje spurd", "not asked"),
        NotSent = "not_sent" ("ikke oversendt", "ikkje send over", "not sent"),
        Pending = "pending" ("venter på vedtak", "ventar på vedtak", "decision pending"),
        Overdue = "overdue" ("fristen er ute uten vedtak", "fristen er ute utan vedtak", "window over without a decision"),
        Postponed = "postponed" ("utsatt", "utsett", "postponed"),
        Noted = "noted" ("tatt til orientering", "teken til orientering", "noted"),
        Adopted = "adopted" ("vedtatt", "vedteken", "adopted"),
        AdoptedWithConditions = "adopted_with_conditions" ("vedtatt med vilkår", "vedteken med vilkår", "adopted with conditions"),
        Rejected = "rejected" ("avslått", "avslått", "rejected"),
    }
}
