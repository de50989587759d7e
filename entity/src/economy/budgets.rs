//! What the project is to cost, in versions: an indicative one becomes committed, an original one is revised.

use crate::prelude::*;

record! {
    /// A version of the budget; its sums follow from its lines. One with a matter is committed when the councils have adopted it.
    Budget "budget" "budgets" "budgets" of project {
        /// What it is called.
        #[schema(min_length = 1, max_length = 200, example = "Budsjett forprosjekt")]
        name: Option<String>,
        /// Which version of the budget it is: 1, 2 and so on.
        #[schema(minimum = 1, maximum = 10000, example = 1)]
        number: Option<i64>,
        /// Whether it is only indicative or binds those who pay (IATI BudgetStatus).
        #[serde(default)]
        #[schema(default = "indicative", example = "indicative")]
        status: BudgetStatus,
        /// Whether it is the first one or a revision (IATI BudgetType).
        #[serde(default)]
        #[schema(default = "original", example = "original")]
        kind: BudgetKind,
        /// The matter by which the municipalities adopt it (kommuneloven § 14-2); null for a budget without a case.
        matter_id: Option<Uuid>,
        /// The day on which the last of them adopted it; follows from the matter.
        #[serde(default)]
        #[schema(read_only)]
        adopted_on: Option<NaiveDate>,
        /// The sum of its lines in cash, in øre; null while no line has an amount.
        #[serde(default)]
        #[schema(read_only, example = 60000000)]
        cash_ore: Option<i64>,
        /// The sum of its lines in kind, in øre; null while no line has an amount.
        #[serde(default)]
        #[schema(read_only, example = 20000000)]
        in_kind_ore: Option<i64>,
        /// The sum of all its lines, in øre; null while no line has an amount.
        #[serde(default)]
        #[schema(read_only, example = 80000000)]
        total_ore: Option<i64>,
        /// How many of its lines have no amount yet: what the sums leave out.
        #[serde(default)]
        #[schema(read_only, minimum = 0, default = 0, example = 0)]
        lines_not_known: i64,
    }
}

codes! {
    /// Whether a budget binds.
    BudgetStatus "budgetStatus" default Indicative {
        Indicative = "indicative" ("veiledende", "rettleiande", "indicative"),
        Committed = "committed" ("bindende", "bindande", "committed"),
    }
}

codes! {
    /// Whether a budget is the first one.
    BudgetKind "budgetKind" default Original {
        Original = "original" ("opprinnelig", "opphavleg", "original"),
        Revised = "revised" ("revidert", "revidert", "revised"),
    }
}
