//! What the document says of the payout report.

use serde_json::{Value, json};

use super::PayoutReport;
use crate::openapi::About;
use crate::problem::codes;

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let day = || json!({ "type": "string", "format": "date" });
    About::new("getProjectPayoutReport", "Economy", "Get a progress and payout report to copy")
        .more(
            "RF13.50 has no interface for machines, so this is what a person copies: a text for each question, the costs \
             so far against the approved cost plan, and all of it as one text. The texts come from the published report of \
             the period, else from the plan, and name what they follow from. It works for a project without any money.",
        )
        .query("from", "The first day of the period; the project's start when it is left out.", day())
        .query("to", "The last day of the period; today when it is left out.", day())
        .dated()
        .answers::<PayoutReport>(200, "The report", example())
        .tagged()
        .tabled(&super::TABLES)
        .fails(&[&codes::NOT_FOUND, &codes::INVALID_PARAMETER])
}

fn example() -> Value {
    let total = json!({
        "category": null, "approvedOre": 60_000_000, "accumulatedOre": 12_500_000, "inPeriodOre": 12_500_000,
        "remainingOre": 47_500_000
    });
    json!({
        "projectId": "015ec5c8-6c00-700b-8000-000000000002", "code": "NVR-2017-02",
        "name": "Næringsvennlig region – forprosjekt Sør-Troms", "periodFrom": "2017-11-01", "periodTo": "2018-01-31",
        "questions": [{
            "code": "progress", "question": "Hva er gjennomført i perioden?",
            "text": "Milepæl 01 nådd 2017-11-15: Gjennomført workshop HA 2 – innholdet i tjenestene",
            "from": [{ "kind": "milestone", "id": "015ec5c8-6c00-7013-8000-000000000001" }]
        }],
        "costPlan": null,
        "costs": [total], "costsTotal": total,
        "funding": [{
            "organisation": { "id": "015ec5c8-6c00-7001-8000-000000000006", "name": "Innovasjon Norge" },
            "state": "possible", "amountOre": null
        }],
        "text": "NVR-2017-02 Næringsvennlig region – forprosjekt Sør-Troms\n2017-11-01 – 2018-01-31"
    })
}
