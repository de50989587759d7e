//! Who may pay, has promised to, or has paid.

use crate::prelude::*;

record! {
    /// A source of money and how far it has come: possible, applied for, committed, payout requested, paid, or rejected.
    FundingSource "funding_source" "funding-sources" "funding_sources" of project {
        /// The organisation that pays.
        organisation_id: Uuid,
        /// The scheme or budget that it pays from.
        #[schema(min_length = 1, max_length = 300, example = "Regionale utviklingsmidler 2018")]
        scheme: Option<String>,
        /// The amount in øre; null while it is not known.
        #[schema(minimum = 0, maximum = 10000000000000.0, example = 30000000)]
        amount_ore: Option<i64>,
        /// How far it has come.
        #[serde(default)]
        #[schema(default = "possible", example = "possible")]
        state: FundingState,
        /// The share of the approved costs that it covers at most, in per cent with at most two decimals.
        #[schema(value_type = Option<f64>, minimum = 0, maximum = 100, multiple_of = 0.01, example = 50)]
        support_share: Option<Decimal2>,
        /// What the payer asks for.
        #[schema(max_length = 10000, example = "Utbetales mot attestert regnskap")]
        conditions: Option<String>,
        /// The day of the commitment or the rejection.
        #[schema(example = "2017-12-18")]
        decided_on: Option<NaiveDate>,
        /// The day by which the commitment is to be accepted.
        #[schema(example = "2018-01-08")]
        accept_due_on: Option<NaiveDate>,
        /// The day on which it was accepted.
        accepted_on: Option<NaiveDate>,
        /// The day by which the payer is to have its report.
        #[schema(example = "2018-06-30")]
        report_due_on: Option<NaiveDate>,
        /// The day on which the report was sent.
        reported_on: Option<NaiveDate>,
    }
}

codes! {
    /// How far a source of funding has come.
    FundingState "fundingState" default Possible {
        Possible = "possible" ("mulig", "mogleg", "possible"),
        Applied = "applied" ("søkt", "søkt", "applied for"),
        Committed = "committed" ("tilsagn", "tilsegn", "committed"),
        PayoutRequested = "payout_requested" ("utbetaling anmodet", "utbetaling oppmoda", "payout requested"),
        Paid = "paid" ("utbetalt", "utbetalt", "paid"),
        Rejected = "rejected" ("avslag", "avslag", "rejected"),
    }
}

impl FundingState {
    /// Whether the payer is bound: from the commitment on.
    #[must_use]
    pub const fn binds(self) -> bool {
        match self {
            Self::Committed | Self::PayoutRequested | Self::Paid => true,
            Self::Possible | Self::Applied | Self::Rejected => false,
        }
    }
}
