//! What the document says of changes.

use serde_json::{Value, json};

use super::Changes;
use crate::openapi::About;
use crate::openapi::about::baseline;
use crate::problem::codes;

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    About::new("getProjectChanges", "Reports", "Ask what has changed in a project")
        .more(
            "Every record that is not as it was, by theme: dates and why they moved, money, risks, decisions, results, people, \
             the rest of the plan. Each says in data what the field said and says, and the same in words. What was changed \
             and changed back is no change. Single costs and hours are left out: `/finance` has their sums then and now.",
        )
        .must_query(
            "since",
            "A date (its end, UTC), an instant (RFC 3339), the id of a published report, or of a decision point that is decided.",
            baseline("2018-01-31"),
        )
        .answers::<Changes>(200, "What has changed", example())
        .tagged()
        .tabled(&super::TABLES)
        .fails(&[&codes::NOT_FOUND, &codes::INVALID_PARAMETER])
}

fn example() -> Value {
    json!({
        "since": { "at": "2017-11-01T23:59:59.999Z", "record": null },
        "items": [{
            "theme": "dates",
            "record": { "kind": "milestone", "id": "015ec5c8-6c00-7013-8000-000000000002" },
            "change": "changed",
            "title": "02 Gjennomført workshop HA 3 – kompetansebehov",
            "at": "2017-11-20T09:30:00Z",
            "reasons": ["Skrivefeil i planen"],
            "fields": [{ "field": "plannedOn", "label": "Plandato", "from": "2018-12-15", "to": "2017-12-15" }],
            "inWords": "Milepæl 02 Gjennomført workshop HA 3 – kompetansebehov: Plandato 2018-12-15 → 2017-12-15 (Skrivefeil i planen)"
        }]
    })
}
