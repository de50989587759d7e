//! What the document says of batches.

use serde_json::{Value, json};

use crate::openapi::About;
use crate::problem::codes;

/// The schema of a batch.
pub(super) fn wanted() -> Value {
    json!({
        "type": "object",
        "required": ["operations"],
        "properties": {
            "operations": {
                "type": "array", "minItems": 1, "maxItems": 500,
                "description": "What is to be done, in this order.",
                "items": {
                    "type": "object",
                    "required": ["method", "path"],
                    "properties": {
                        "method": { "type": "string", "enum": ["POST", "PATCH", "DELETE"], "description": "The method." },
                        "path": {
                            "type": "string", "minLength": 2, "maxLength": 200,
                            "description": "A collection (POST) or a record (PATCH, DELETE), with or without `/api/v1`; a segment may be `$name.id`."
                        },
                        "body": {
                            "type": ["object", "null"], "additionalProperties": true,
                            "description": "The record, or the merge patch; a text may be `$name.id`."
                        },
                        "ifMatch": {
                            "type": ["string", "null"], "minLength": 1, "maxLength": 60,
                            "description": "The version that a PATCH or DELETE is made for, `*` for any; may be `$name.version`. A POST has none."
                        },
                        "as": {
                            "type": ["string", "null"], "minLength": 1, "maxLength": 40, "pattern": "^[A-Za-z0-9_]+$",
                            "description": "The name of the result, for later operations."
                        }
                    },
                    "additionalProperties": false
                }
            }
        },
        "additionalProperties": false
    })
}

fn answered() -> Value {
    json!({
        "type": "object",
        "required": ["results"],
        "properties": {
            "results": {
                "type": "array", "maxItems": 500, "description": "The answers, in the order of the operations.",
                "items": {
                    "type": "object",
                    "required": ["status", "body"],
                    "properties": {
                        "status": { "type": "integer", "minimum": 200, "maximum": 299, "description": "The status." },
                        "body": {
                            "type": ["object", "null"], "additionalProperties": true,
                            "description": "The record as it is then; null after a deletion."
                        }
                    },
                    "additionalProperties": false
                }
            },
            "findings": {
                "type": "array", "maxItems": 10000,
                "description": "Of a dry run: what the plan check would find in the projects that were written in.",
                "items": { "type": "object", "additionalProperties": true }
            }
        },
        "additionalProperties": false
    })
}

/// `POST /batch`.
#[must_use]
pub fn about() -> About {
    About::new("batch", "Exchange", "Write many records in one transaction")
        .more(
            "Up to 500 creations, changes and deletions, all or nothing, each with the rights, rules and journal of its own \
             method. `as` names a result; later paths and bodies may say `$name.id`. The first operation that fails ends it: \
             the problem is that operation's, says which it was (`operation`, from 0), and points into it. `dryRun=true` \
             answers what would happen, findings included, and writes nothing. Users and clients are made one at a time; a new webhook is answered with its secret.",
        )
        .query("dryRun", "Say what would happen, write nothing.", json!({ "type": "boolean", "default": false }))
        .repeatable()
        .reasoned()
        .takes_value(
            "application/json",
            wanted(),
            json!({ "operations": [
                { "method": "POST", "path": "/goals", "as": "goal", "body": {
                    "projectId": "015ec5c8-6c00-700b-8000-000000000002", "kind": "outcome", "text": "Flere arbeidsplasser" } },
                { "method": "PATCH", "path": "/goals/$goal.id", "ifMatch": "$goal.version", "body": { "kind": "impact" } }
            ] }),
        )
        .answers_value(200, "What was done, or would be", "application/json", answered(), json!({
            "results": [{ "status": 201, "body": { "id": "0190e0a0-0000-7000-8000-000000000021", "version": 1 } },
                        { "status": 200, "body": { "id": "0190e0a0-0000-7000-8000-000000000021", "version": 2 } }]
        }))
        .fails(&[
            &codes::NOT_FOUND,
            &codes::FORBIDDEN,
            &codes::CONFLICT,
            &codes::IN_USE,
            &codes::PRECONDITION_REQUIRED,
            &codes::STALE,
            &codes::INVALID,
            &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED,
            &codes::TOO_LARGE,
        ])
}
