//! What the document says of secret links.

use serde_json::{Value, json};

use crate::openapi::About;
use crate::problem::codes;
use crate::reports::calendar::CALENDAR;
use crate::reports::feed::FEED;

const TAG: &str = "Calendar links";

/// The schema of what makes a link.
#[must_use]
pub fn wanted() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": ["string", "null"], "minLength": 1, "maxLength": 200, "description": "What the link is for." },
            "language": {
                "type": "string", "enum": ["nb", "nn", "en"],
                "description": "The language of the words behind it; left out, that of the request."
            }
        },
        "additionalProperties": false
    })
}

/// The schema of a link; with its secret only once.
fn link(secret: bool) -> Value {
    let mut properties = json!({
        "id": { "type": "string", "format": "uuid", "description": "The link." },
        "projectId": { "type": "string", "format": "uuid", "description": "The project." },
        "name": { "type": ["string", "null"], "maxLength": 200, "description": "What it is for." },
        "language": { "type": "string", "enum": ["nb", "nn", "en"], "description": "The language of the words behind it." },
        "createdAt": { "type": "string", "format": "date-time", "description": "When it was made (UTC)." },
        "createdBy": { "type": ["string", "null"], "format": "uuid", "description": "The user who made it." }
    });
    if secret {
        let address =
            |about: &str| json!({ "type": "string", "format": "uri", "maxLength": 2000, "description": about });
        properties["url"] = address("The address of the calendar, with its secret: told once.");
        properties["feedUrl"] = address("The address of the reports' feed, with the same secret.");
    }
    let required: Vec<&String> = properties.as_object().into_iter().flatten().map(|(name, _)| name).collect();
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

fn example() -> Value {
    json!({
        "id": "0190e0a0-0000-7000-8000-000000000077", "projectId": "015ec5c8-6c00-700b-8000-000000000002",
        "name": "Outlook på jobb", "language": "nb", "createdAt": "2017-11-01T08:00:00.000Z",
        "createdBy": "0190e0a0-0000-7000-8000-000000000001"
    })
}

/// `POST /projects/{id}/calendar-links`.
#[must_use]
pub fn make() -> About {
    let mut made = example();
    made["url"] = "https://framdrift.example/calendar/qL8R4QIcQ0ZsRzOAbcRfYhmRHhvtN5Wc1b8Txg3f9nE.ics".into();
    made["feedUrl"] = "https://framdrift.example/reports/qL8R4QIcQ0ZsRzOAbcRfYhmRHhvtN5Wc1b8Txg3f9nE.atom".into();
    About::new("createCalendarLink", TAG, "Make a secret link to the calendar")
        .more(
            "Calendar programs cannot send a token; they take an address with a secret of 256 bits. Whoever has it reads what observers \
             see: no internal milestones, no working meetings, no drafts. Who sees the project may make a link, at most 20. It works \
             until it is revoked, and only while its maker sees the project. The secret is told once and kept as its hash; when the \
             answer was lost, the same request with the same `Idempotency-Key` tells it again.",
        )
        .takes_value("application/json", wanted(), json!({ "name": "Outlook på jobb", "language": "nb" }))
        .answers_value(201, "The link, with its secret", "application/json", link(true), made)
        .answers_with(&["Location"])
        .repeatable()
        .reasoned()
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::INVALID])
}

/// `GET /projects/{id}/calendar-links`.
#[must_use]
pub fn list() -> About {
    let schema = json!({
        "type": "object", "required": ["items"], "additionalProperties": false,
        "properties": { "items": { "type": "array", "maxItems": 10_000, "items": link(false) } }
    });
    About::new("listCalendarLinks", TAG, "List the secret links to a project")
        .more("One's own, the oldest first; who writes the project sees all, to revoke what should not be. Secrets are never shown.")
        .answers_value(200, "The links", "application/json", schema, json!({ "items": [example()] }))
        .fails(&[&codes::NOT_FOUND])
}

/// `DELETE /calendar-links/{id}`.
#[must_use]
pub fn revoke() -> About {
    About::new("deleteCalendarLink", TAG, "Revoke a secret link")
        .more("From then on its address answers 404. Its maker may, and who writes the project.")
        .answers_nothing("It is revoked")
        .reasoned()
        .fails(&[&codes::NOT_FOUND])
}

/// `GET /calendar/{token}.ics`.
#[must_use]
pub fn calendar() -> About {
    About::new("readCalendarLink", TAG, "Read the calendar behind a secret link")
        .more(
            "For calendar programs: it needs no token but the secret in the address, and shows what observers see of the project. \
             A link that is revoked, or whose maker no longer sees the project, is 404.",
        )
        .public()
        .answers_value(
            200,
            "The calendar",
            "text/calendar",
            json!({ "type": "string", "maxLength": 67_108_864, "description": CALENDAR }),
            json!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…END:VCALENDAR\r\n"),
        )
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::UNKNOWN_PARAMETER])
}

/// `GET /reports/{token}.atom`.
#[must_use]
pub fn feed() -> About {
    About::new("readReportFeedLink", TAG, "Read the published reports behind a secret link")
        .more("For feed readers, under the same rules as the calendar. What the entries lead to asks for a token as always.")
        .public()
        .answers_value(
            200,
            "The feed",
            "application/atom+xml",
            json!({ "type": "string", "maxLength": 67_108_864, "description": FEED }),
            json!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed …>…</feed>"),
        )
        .tagged()
        .fails(&[&codes::NOT_FOUND, &codes::UNKNOWN_PARAMETER])
}
