//! What the document says of the finance report.

use serde_json::{Value, json};

use super::Finance;
use crate::openapi::About;
use crate::problem::codes;

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectFinance", "Economy", "Ask what a project costs and who pays")
        .more(
            "Budget, funding, costs, own effort and forecast in sum and by year, organisation, activity and category; the \
             funding against the budget by how sure it is; and the budget by the cost key in force. Sums are made by the \
             database: one statement for costs and one for hours, however many there are. What is not known is null, and \
             named in `notKnown`. An observer sees budgets that bind, sources that were not rejected, and sums.",
        )
        .dated()
        .answers::<Finance>(200, "What it costs and who pays", example())
        .tagged()
        .tabled(&super::TABLES)
        .fails(&[&codes::NOT_FOUND])
}

fn figures() -> Value {
    json!({
        "budgetOre": 80_000_000, "cashOre": 60_000_000, "inKindOre": 20_000_000, "linesNotKnown": 0,
        "actualOre": 12_500_000, "ownEffortHours": 120.5, "ownEffortOre": 7_230_000, "ownEffortAsFundingOre": 7_230_000,
        "hoursWithoutRate": 0, "forecastOre": 80_000_000, "remainingOre": 60_270_000
    })
}

fn example() -> Value {
    json!({
        "today": "2018-01-31",
        "budget": {
            "id": "015ec5c8-6c00-7030-8000-000000000001", "name": "Budsjett forprosjekt", "number": 1,
            "status": "indicative", "kind": "original", "adoptedOn": null
        },
        "totals": figures(),
        "byYear": [{ "year": 2018, "figures": figures() }],
        "byOrganisation": [{
            "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000002", "name": "Gratangen kommune" }, "figures": figures()
        }],
        "byActivity": [{ "activity": null, "figures": figures() }],
        "byCategory": [{ "category": "Prosjektledelse", "figures": figures() }],
        "funding": [{
            "id": "015ec5c8-6c00-7032-8000-000000000001",
            "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000006", "name": "Innovasjon Norge" },
            "scheme": null, "state": "possible", "amountOre": null, "supportShare": null, "reportDueOn": null, "reportedOn": null
        }],
        "balance": [{
            "state": "possible", "sources": 1, "sourcesNotKnown": 1, "amountOre": null, "securedOre": null, "balanceOre": null
        }],
        "shares": null,
        "notKnown": [{ "code": "funding", "message": "Finansieringskilder uten beløp: 1." }]
    })
}
