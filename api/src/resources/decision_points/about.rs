//! What the document says of deciding and of readiness.

use entity::CodeList;
use entity::decision_points::DecisionOutcome;
use serde_json::{Value, json};

use crate::openapi::About;
use crate::problem::codes;

/// The schema of a decision.
pub(super) fn decision() -> Value {
    let outcomes: Vec<&str> = DecisionOutcome::LABELS.iter().map(|label| label.code).collect();
    json!({
        "type": "object",
        "required": ["outcome"],
        "properties": {
            "outcome": { "type": "string", "enum": outcomes, "description": "What is decided." },
            "conditions": {
                "type": ["string", "null"], "minLength": 1, "maxLength": 10000,
                "description": "The conditions of an approval with conditions."
            },
            "resolutionId": {
                "type": ["string", "null"], "format": "uuid",
                "description": "The adopted resolution of the steering group, where the steering group approves."
            },
            "decidedOn": {
                "type": ["string", "null"], "format": "date",
                "description": "The day of the decision; that of the resolution, else today, when it is left out."
            },
            "override": {
                "type": ["object", "null"],
                "required": ["reason"],
                "properties": { "reason": { "type": "string", "minLength": 1, "maxLength": 2000, "description": "Why." } },
                "additionalProperties": false,
                "description": "Approve although something is missing; by the project executive only, visible for ever."
            }
        },
        "additionalProperties": false
    })
}

/// `POST /decision-points/{id}/decide`.
#[must_use]
pub fn about_decide() -> About {
    About::new("decideDecisionPoint", "Decision points", "Decide at a decision point")
        .more(
            "An approval takes every required document, an adopted resolution where the steering group approves, and a \
             plan without errors that nobody has waived; else 409 `decision_point.not_ready` with `unmet[]`. The first \
             decision point makes the project active; the last needs the adopted final report and brings it to \
             finalisation. What is approved or rejected stands.",
        )
        .takes_value("application/json", decision(), json!({ "outcome": "approved" }))
        .changes("decision-points")
        .fails(&[&codes::NOT_READY, &codes::WRONG_STATE])
}
