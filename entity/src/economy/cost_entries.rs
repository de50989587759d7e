//! One cost that was incurred.

use crate::prelude::*;

record! {
    /// A cost that was incurred, as the accounts have it.
    CostEntry "cost_entry" "cost-entries" "cost_entries" of project {
        /// The line of the budget that it is charged to; null when there is none.
        budget_line_id: Option<Uuid>,
        /// The amount in øre; negative for what comes back.
        #[schema(minimum = -10000000000000.0, maximum = 10000000000000.0, example = 1250000)]
        amount_ore: i64,
        /// The day of the cost.
        #[schema(example = "2018-01-31")]
        incurred_on: NaiveDate,
        /// Who was paid.
        #[schema(max_length = 200, example = "Proneo AS")]
        supplier: Option<String>,
        /// The voucher in the accounts.
        #[schema(max_length = 50, example = "20180017")]
        voucher: Option<String>,
        /// What it was for.
        #[schema(max_length = 500, example = "Prosessledelse workshop 2")]
        text: Option<String>,
        /// What tells it apart where it comes from: one that is there already does not come in twice. The import of
        /// accounts uses the SHA-256 of the row.
        #[schema(min_length = 1, max_length = 100, example = "erp-20180017-1")]
        import_key: Option<String>,
    }
}
