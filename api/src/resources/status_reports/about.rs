//! What the document says of the methods of status reports.

use serde_json::{Value, json};

use super::frozen::Verification;
use crate::openapi::About;
use crate::problem::codes;
use crate::standard::act::nothing;

/// The schema of a signature.
pub(super) fn signing() -> Value {
    json!({
        "type": "object",
        "required": ["organisationId"],
        "properties": {
            "organisationId": {
                "type": "string", "format": "uuid", "description": "The organisation that signs, a party of the project."
            },
            "personId": {
                "type": ["string", "null"], "format": "uuid", "description": "The person who signs for it."
            }
        },
        "additionalProperties": false
    })
}

/// `POST /status-reports/{id}/submit`.
#[must_use]
pub fn about_submit() -> About {
    About::new("submitStatusReport", "Status reports", "Submit a draft")
        .more("From draft to submitted: it is ready to be approved.")
        .takes_value("application/json", nothing(), json!({}))
        .changes("status-reports")
        .fails(&[&codes::WRONG_STATE])
}

/// `POST /status-reports/{id}/approve`.
#[must_use]
pub fn about_approve() -> About {
    About::new("approveStatusReport", "Status reports", "Approve a submitted report")
        .more(
            "From submitted to approved, by who approves in the project. Errors of the plan check that nobody has waived \
             keep it back: 409 `report.blocked` with `unmet[]`. What it says no longer changes.",
        )
        .takes_value("application/json", nothing(), json!({}))
        .changes("status-reports")
        .fails(&[&codes::WRONG_STATE, &codes::REPORT_BLOCKED])
}

/// `POST /status-reports/{id}/publish`.
#[must_use]
pub fn about_publish() -> About {
    About::new("publishStatusReport", "Status reports", "Publish an approved report")
        .more(
            "The whole project stands frozen in it from then on, as canonical JSON (RFC 8785) with its SHA-256: later \
             changes of the plan never reach it. A correction is a new report with `supersedesId`.",
        )
        .takes_value("application/json", nothing(), json!({}))
        .changes("status-reports")
        .fails(&[&codes::WRONG_STATE, &codes::REPORT_BLOCKED])
}

/// `POST /status-reports/{id}/signatures`.
#[must_use]
pub fn about_sign() -> About {
    About::new("signStatusReport", "Status reports", "Sign a published report")
        .more(
            "An organisation puts its name to the report, over the hash that it was published with: who writes reports, \
             or an officer of the municipality for the own municipality.",
        )
        .takes_value(
            "application/json",
            signing(),
            json!({ "organisationId": "015ec5c8-6c00-7001-8000-000000000001", "personId": null }),
        )
        .answers_record(201, "The signature", "report-signatures", &["ETag", "Location"])
        .with(&["Idempotency-Key", "X-Change-Reason"])
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::CONFLICT, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}

/// `GET /status-reports/{id}/snapshot`.
#[must_use]
pub fn about_snapshot() -> About {
    About::new("getStatusReportSnapshot", "Status reports", "Read what stood when a report was published")
        .more(
            "The frozen canonical JSON (RFC 8785), byte for byte as it was hashed; its SHA-256 is the `ETag` and in \
             `Repr-Digest`. Who sees all of the project gets all of it (without contact details); observers get the part \
             that observers see, which has a hash of its own (`publicSha256`).",
        )
        .answers_value(200, "What stood", "application/json", frozen(), json!({
            "format": "framdrift.report/1",
            "projectId": "015ec5c8-6c00-700b-8000-000000000002",
            "publishedAt": "2018-01-05T12:00:00Z",
            "reportId": "0190e0a0-0000-7000-8000-000000000040",
            "report": { "periodFrom": "2017-11-01", "periodTo": "2017-12-31" },
            "status": {},
            "schedule": {},
        }))
        .tagged()
        .paged("What was frozen, as a page for people (HTML 5): to be read and printed, with the schedule as it stood.")
        .fails(&[&codes::NOT_FOUND, &codes::WRONG_STATE])
}

fn frozen() -> Value {
    let object = |about: &str| json!({ "type": "object", "description": about, "additionalProperties": true });
    json!({
        "type": "object",
        "required": ["format", "reportId", "projectId", "publishedAt", "report", "status"],
        "properties": {
            "format": { "type": "string", "const": "framdrift.report/1", "description": "The format and its version." },
            "reportId": { "type": "string", "format": "uuid", "description": "The report." },
            "projectId": { "type": "string", "format": "uuid", "description": "The project." },
            "publishedAt": { "type": "string", "format": "date-time", "description": "When it was published (UTC)." },
            "report": object("What the report says."),
            "status": object("The status of the project, as `GET /projects/{id}/status` answered it then."),
            "schedule": object("The schedule, as `GET /projects/{id}/schedule` answered it then; absent in the oldest reports."),
            "document": object("The project document of that moment, for who sees all of the project."),
            "publicSha256": { "type": "string", "maxLength": 64, "description": "The hash of the part that observers read." }
        },
        "additionalProperties": false
    })
}

/// `GET /status-reports/{id}/verification`.
#[must_use]
pub fn about_verification() -> About {
    About::new("verifyStatusReport", "Status reports", "Verify a published report")
        .more("Works out the hash of what is kept anew, and compares it with what was published and with every signature.")
        .answers::<Verification>(200, "Whether it is what was published", json!({
            "valid": true,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "computedSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "publicSha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            "publishedAt": "2018-01-05T12:00:00Z",
            "signatures": []
        }))
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::WRONG_STATE])
}
