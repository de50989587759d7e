//! One amount of a budget: for what, by whom, in which year.

use crate::prelude::*;

record! {
    /// A line of a budget: an amount in cash, or work that somebody puts in.
    BudgetLine "budget_line" "budget-lines" "budget_lines" of project {
        /// The budget.
        budget_id: Uuid,
        /// The activity that it is for; null for what the whole project shares.
        activity_id: Option<Uuid>,
        /// The organisation that bears it; null when that is not settled.
        organisation_id: Option<Uuid>,
        /// What sort of cost it is, in the words of the cost plan.
        #[schema(min_length = 1, max_length = 100, example = "Prosjektledelse")]
        category: Option<String>,
        /// Whether it is paid or worked off.
        #[serde(default)]
        #[schema(default = "cash", example = "cash")]
        kind: BudgetLineKind,
        /// The budget year.
        #[schema(minimum = 1990, maximum = 2100, example = 2018)]
        year: Option<i64>,
        /// The amount in øre; null while it is not known. With hours and a rate it is their product, and worked out when
        /// it is left out.
        #[schema(minimum = -10000000000000.0, maximum = 10000000000000.0, example = 60000000)]
        amount_ore: Option<i64>,
        /// The hours of work put in, at most two decimals.
        #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000, multiple_of = 0.01, example = 400)]
        hours: Option<Decimal2>,
        /// What an hour counts for, in øre.
        #[schema(minimum = 0, maximum = 100000000, example = 60000)]
        rate_ore: Option<i64>,
        /// What it is expected to end at, in øre, where somebody has estimated it; null: follows from budget and costs.
        #[schema(minimum = -10000000000000.0, maximum = 10000000000000.0, example = 62000000)]
        forecast_ore: Option<i64>,
        /// The KOSTRA function, three digits, valid in the budget year (`kostraFunction` in the code lists).
        #[schema(min_length = 3, max_length = 3, pattern = "^[0-9]{3}$", example = "325")]
        function: Option<String>,
        /// The KOSTRA account type (art), three digits, valid in the budget year (`kostraAccountType` in the code lists).
        #[schema(min_length = 3, max_length = 3, pattern = "^[0-9]{3}$", example = "370")]
        account_type: Option<String>,
        /// What else is to be known.
        #[schema(max_length = 2000)]
        note: Option<String>,
    }
}

codes! {
    /// Whether a line of a budget is paid or worked off.
    BudgetLineKind "budgetLineKind" default Cash {
        Cash = "cash" ("penger", "pengar", "cash"),
        InKind = "in_kind" ("egeninnsats", "eigeninnsats", "in kind"),
    }
}
