//! Budget and funding in short, for other reports.

use serde::Serialize;
use utoipa::ToSchema;

use super::shape::{BudgetName, FundingRung, in_words};
use super::{budgets_seen_with, sources_seen_with};
use crate::access::Sight;
use crate::domain::{Picture, finance};
use crate::problem::Lang;

/// Budget and funding in sum; amounts in øre, null while not known.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EconomyTotals {
    /// The budget that holds; null while there is none.
    #[schema(required = true)]
    pub budget: Option<BudgetName>,
    /// What it comes to.
    #[schema(required = true)]
    pub total_ore: Option<i64>,
    /// In cash.
    #[schema(required = true)]
    pub cash_ore: Option<i64>,
    /// As work put in.
    #[schema(required = true)]
    pub in_kind_ore: Option<i64>,
    /// Lines without an amount, which the sums leave out.
    pub lines_not_known: i64,
    /// What payers are bound to.
    #[schema(required = true)]
    pub committed_ore: Option<i64>,
    /// The funding against the cash of the budget, from the surest money to the least sure.
    pub balance: Vec<FundingRung>,
    /// In a sentence, in the caller's language.
    #[schema(
        max_length = 500,
        example = "Budsjett: ikke kjent ennå. Tilsagn: ikke kjent ennå. Finansiering er kommet lengst til: mulig."
    )]
    pub in_words: String,
}

/// Budget and funding of a picture, to who sees this much of it.
#[must_use]
pub fn totals(picture: &Picture, sight: Sight, lang: Lang) -> EconomyTotals {
    let budget = finance::in_force(budgets_seen_with(sight, picture));
    let sources = sources_seen_with(sight, picture);
    let committed = finance::committed(&sources);
    let cash = budget.and_then(|budget| budget.cash_ore);
    EconomyTotals {
        budget: budget.map(BudgetName::of),
        total_ore: budget.and_then(|budget| budget.total_ore),
        cash_ore: cash,
        in_kind_ore: budget.and_then(|budget| budget.in_kind_ore),
        lines_not_known: budget.map_or(0, |budget| budget.lines_not_known),
        committed_ore: committed,
        balance: finance::ladder(&sources, cash).into_iter().map(FundingRung::from).collect(),
        in_words: in_words(budget, committed, &sources).in_lang(lang).to_owned(),
    }
}
