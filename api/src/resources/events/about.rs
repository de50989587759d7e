//! What the document says of the feed.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::{LONGEST_WAIT, MOST_NAMES};
use crate::facts::{self, VERBS};
use crate::openapi::About;
use crate::problem::codes;

/// The names that events have; `*` stands for every kind or verb.
const NAMES: &str = "^(\\*|[a-z_]+\\.(\\*|[a-z_]+))$";

/// What the document says of the feed, with the name of every event: as the resources declare them.
static ABOUT: LazyLock<String> = LazyLock::new(|| {
    let own = facts::all().iter().filter(|facts| !facts.verbs.is_empty()).map(|facts| {
        let names: Vec<String> = facts.own_events().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    });
    let own: Vec<String> = own.collect();
    let whole = facts::all().iter().flat_map(|facts| {
        let names = facts.verbs.iter().filter(|verb| verb.contains('.'));
        names.map(|name| format!("`{name}` is told of `{}`", facts.kind))
    });
    let whole: Vec<String> = whole.collect();
    format!(
        "What was written, in the order in which it was committed, at least once and without gaps: begin without `after` or \
         with `after=now`, and send `next` back as `after`, again and again. With `wait` an answer without events is held \
         back until there is one. With `Accept: text/event-stream` the answer goes on as server-sent events; come back with \
         `Last-Event-ID`. To keep a copy: ask with `after=now`, read the lists, then follow.\n\n\
         The feed keeps 90 days, unless the service is set otherwise; an older cursor is 410. You are told of what you \
         would find in the lists; observers are told of records that are published to them now, not of their \
         deletion. A cursor is a place: the filters may change from one request to the next.\n\n\
         Events of every kind of record are {VERBS}. Where more is known of what a change means, its event says that in place of `changed`: {OWN}. \
         What callers make is told as `created`, whatever it holds. Some names do not begin with the kind of their record: {WHOLE}.\n\n\
         Nobody writes flags: what the plan check finds is `flag.raised` when it is first found and when it comes back, and `flag.cleared` \
         when it is found no longer, because of a write some seconds ago or of the day (UTC); `flag.changed` tells that it weighs otherwise, \
         was accepted, or has become internal. They are told only to those who ask for them by name, or for `flag.*`. What is found of \
         webhooks and of declared interests, which not everybody sees who sees all else, is no flag.",
        VERBS = VERBS.map(|verb| format!("`{verb}`")).join(", "),
        OWN = own.join("; "),
        WHOLE = whole.join(", "),
    )
});

/// Something that happened to a record. It tells that it did, not what the record holds: read that at its address.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The event's own name: the same however often and wherever it is told.
    #[schema(max_length = 40, example = "evt_1742")]
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(max_length = 100, example = "milestone.rescheduled")]
    pub kind: String,
    /// When it was written (UTC).
    #[schema(value_type = String, format = DateTime, example = "2017-11-15T12:00:00Z")]
    pub at: String,
    /// The record.
    pub record: EventRecord,
    /// Its project; null for a record of the directory.
    #[schema(required, example = "015ec5c8-6c00-700b-8000-000000000002")]
    pub project_id: Option<Uuid>,
    /// Its version after the event: what you have of a higher version knows of it already.
    #[schema(minimum = 1, example = 2)]
    pub version: i64,
    /// Who did it; null for those who do not see all of the record.
    #[schema(required)]
    pub actor: Option<EventActor>,
    /// Why, as the caller said in `X-Change-Reason`; null for those who do not see all of the record.
    #[schema(required, max_length = 1000, example = "Kommunestyret utsatte saken")]
    pub reason: Option<String>,
}

/// The record that an event is about; it may be gone.
#[derive(Serialize, ToSchema)]
pub struct EventRecord {
    /// The kind of record.
    #[schema(max_length = 40, example = "milestone")]
    pub kind: String,
    /// Its identifier.
    #[schema(example = "015ec5c8-6c00-7013-8000-000000000002")]
    pub id: Uuid,
}

/// Who caused an event.
#[derive(Serialize, ToSchema)]
pub struct EventActor {
    /// `user`, `client`, `operator` (the command line) or `service` (by itself).
    #[schema(max_length = 20, example = "user")]
    pub kind: String,
    /// The user or client.
    #[schema(required, example = "0190e0a0-0000-7000-8000-0000000000aa")]
    pub id: Option<Uuid>,
}

/// A part of the feed.
#[derive(Serialize, ToSchema)]
pub struct EventPage {
    /// The events, oldest first.
    #[schema(max_items = 200)]
    pub items: Vec<Event>,
    /// Where to go on: the next `after`, at the end of the feed too.
    #[schema(max_length = 8192, example = "60OarjES-1742")]
    pub next: String,
}

/// An event as it is met.
#[must_use]
pub fn example() -> Value {
    json!({
        "id": "evt_1742",
        "type": "milestone.rescheduled",
        "at": "2017-11-15T12:00:00Z",
        "record": { "kind": "milestone", "id": "015ec5c8-6c00-7013-8000-000000000002" },
        "projectId": "015ec5c8-6c00-700b-8000-000000000002",
        "version": 2,
        "actor": { "kind": "user", "id": "0190e0a0-0000-7000-8000-0000000000aa" },
        "reason": "The plan says 2018 by mistake"
    })
}

/// `GET /events`.
#[must_use]
pub fn about() -> About {
    let stream = "retry: 2000\n\nid: 60OarjES-1742\nevent: milestone.rescheduled\ndata: {\"id\":\"evt_1742\", …}\n\n: still here\n\n";
    About::new("listEvents", "Events", "Follow what happens")
        .more(ABOUT.as_str())
        .query(
            "after",
            "`next` of the answer before, or `now`: only what is yet to come. Left out, the oldest event that is kept comes first.",
            json!({ "type": "string", "minLength": 1, "maxLength": 8192, "pattern": "^[A-Za-z0-9_-]+$" }),
        )
        .query(
            "types",
            "Only these events: `milestone.met`, or `milestone.*` for all of a kind of record and all whose names begin so (`agreement.*` has \
             `agreement.signed`, which is told of a party). `*` is all but flags. A name that there is not is refused.",
            json!({ "type": "array", "minItems": 1, "maxItems": MOST_NAMES,
                    "items": { "type": "string", "maxLength": 100, "pattern": NAMES } }),
        )
        .query(
            "projectId",
            "Only events of this project and of the records in it.",
            json!({ "type": "string", "format": "uuid" }),
        )
        .query(
            "organisationId",
            "Only events of this organisation, of records that name it, and of all records of the projects in which it is a party.",
            json!({ "type": "string", "format": "uuid" }),
        )
        .query(
            "limit",
            "Most events in the answer.",
            json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 }),
        )
        .query(
            "wait",
            "Seconds to wait for an event when there is none yet.",
            json!({ "type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0 }),
        )
        .header(
            "Last-Event-ID",
            "Of server-sent events: the `id` that came last. It goes before `after`.",
            json!({ "type": "string", "maxLength": 8192 }),
        )
        .answers::<EventPage>(200, "What happened", json!({ "items": [example()], "next": "60OarjES-1742" }))
        .or_answers("text/event-stream", json!({ "type": "string", "maxLength": 1_000_000 }), stream.into())
        .fails(&[&codes::INVALID_CURSOR, &codes::CURSOR_GONE])
}
