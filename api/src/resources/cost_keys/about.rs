//! What the document says of sharing an amount.

use serde_json::{Value, json};

use super::shares::{MOST, Shares};
use crate::facts;
use crate::openapi::About;
use crate::problem::codes;

/// The schema of a key that is tried out.
pub(super) fn preview_schema() -> Value {
    let of = |name: &str| {
        let field = facts::by_path("cost-keys").and_then(|facts| facts.field(name));
        let mut schema = field.map(|field| field.schema.clone()).unwrap_or_default();
        close(&mut schema["items"]);
        schema
    };
    json!({
        "type": "object",
        "required": ["amountOre", "components", "parties"],
        "properties": {
            "amountOre": { "type": "integer", "minimum": -MOST, "maximum": MOST, "description": "What is shared, in øre; negative for what comes back." },
            "components": of("components"),
            "parties": of("parties"),
            "asOf": { "type": ["string", "null"], "format": "date", "description": "A day of the year whose days count; today when it is left out." }
        },
        "additionalProperties": false
    })
}

/// No members but those that are named.
fn close(schema: &mut Value) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    properties.values_mut().for_each(close);
    schema["additionalProperties"] = false.into();
}

fn example() -> Value {
    json!({
        "amountOre": 100_000_000, "asOf": "2017-11-01", "keyVersion": null, "inForce": null,
        "shares": [
            { "organisationId": "015ec5c8-6c00-7001-8000-000000000001", "amountOre": 77_850_356, "exact": "32775000000/421" },
            { "organisationId": "015ec5c8-6c00-7001-8000-000000000002", "amountOre": 22_149_644, "exact": "9325000000/421" }
        ]
    })
}

/// `GET /cost-keys/{id}/shares`.
#[must_use]
pub fn about_shares() -> About {
    About::new("getCostKeyShares", "Economy", "Share an amount by a cost key")
        .more(
            "Exact rational arithmetic, then whole øre by the largest remainder: the shares always sum to the amount, and \
             each is less than one øre from its exact value. Ties go by organisation number, then by identifier. Who is a \
             party for a part of the year pays for its days. A negative amount is the mirror of the positive one. The \
             method is not monotone: with a larger amount a single share can be an øre smaller (the Alabama paradox).",
        )
        .must_query("amountOre", "What is shared, in øre.", json!({ "type": "integer", "minimum": -MOST, "maximum": MOST }))
        .query(
            "asOf",
            "The key as it stood at the end of that day (before it was made: as it was made first), and the parties of that year; today when it is left out.",
            json!({ "type": "string", "format": "date" }),
        )
        .answers::<Shares>(200, "The shares", example())
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::INVALID_PARAMETER, &codes::INVALID])
}

/// `POST /cost-keys/preview`.
#[must_use]
pub fn about_preview() -> About {
    About::new("previewCostKey", "Economy", "Try a cost key out")
        .more("What a key would make of an amount; nothing is stored. The same arithmetic as for a stored key.")
        .takes_value(
            "application/json",
            preview_schema(),
            json!({
                "amountOre": 100_000_000,
                "components": [{ "type": "equal", "weight": 20 }, { "type": "population", "weight": 80 }],
                "parties": [
                    { "organisationId": "015ec5c8-6c00-7001-8000-000000000001", "figures": { "population": 3933 } },
                    { "organisationId": "015ec5c8-6c00-7001-8000-000000000002", "figures": { "population": 1119 } }
                ]
            }),
        )
        .answers::<Shares>(200, "What the shares would be", example())
        .fails(&[&codes::INVALID])
}
