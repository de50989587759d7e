//! The resource `outbound-messages`: what connectors carry, and the states that a message goes through.

use chrono::{DateTime, Utc};
use entity::outbound_messages::{self, Model, OutboundKind, OutboundState};
use serde_json::{Map, Value, json};

use crate::access::Area;
use crate::facts::{Change, row};
use crate::problem::Fault;
use crate::standard::consequence::fields;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of outbound messages.
pub fn resource() -> Resource {
    Resource::of::<outbound_messages::Entity>(Area::Project)
        .search(&["channel", "messageId", "failure"])
        .order("createdAt")
        .refers("recipientId", "organisations")
        .fixed(&["kind", "record"])
        .published("1 = 2")
        .stays()
        .many()
        .derives(|write, message| Box::pin(std::future::ready(Ok(kept(write, &message)))))
        .check(about_the_right_record)
        .check(step_by_step)
        .event(event)
        .tells(&["queued", "taken", "delivered", "receipted", "failed"])
        .done()
}

/// What the service works out: where the content is read, how often it was taken, and when it got how far.
fn kept(write: &Write, message: &Model) -> Map<String, Value> {
    use OutboundState::{Delivered, Failed, Queued, Receipted, Taken};
    let now = Some(write.now());
    let (state, first) = (message.state, message.state == Taken && message.taken_at.is_none());
    let (taken, delivered, receipted) = match state {
        Queued => (None, None, None),
        Taken => (message.taken_at.or(now), None, None),
        Delivered => (message.taken_at, message.delivered_at.or(now), None),
        Receipted => (message.taken_at, message.delivered_at, message.receipted_at.or(now)),
        Failed => (message.taken_at, message.delivered_at, None),
    };
    let told = |at: Option<DateTime<Utc>>| at.map(row::instant);
    let mut kept = fields(json!({
        "payload": payload(message),
        "attempts": message.attempts + i64::from(first),
        "takenAt": told(taken),
        "deliveredAt": told(delivered),
        "receiptedAt": told(receipted),
    }));
    if first {
        // Why the attempt before failed stands in the history; this one has not.
        kept.insert("failure".to_owned(), Value::Null);
    }
    kept
}

/// The address under which a connector reads what it is to carry.
fn payload(message: &Model) -> String {
    let (project, record) = (message.project_id, &message.record);
    match (message.kind, record.kind.as_str()) {
        (OutboundKind::ArchivePackage, "document") => {
            format!("/api/v1/projects/{project}/archive-package?documentId={}", record.id)
        }
        (OutboundKind::ArchivePackage, _) => format!("/api/v1/projects/{project}/archive-package?pending=true"),
        (OutboundKind::Utvalgssak, _) => format!("/api/v1/political-cases/{}/utvalgssak", record.id),
    }
}

fn about_the_right_record(change: &Change<Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let allowed: &[&str] = match after.kind {
        OutboundKind::ArchivePackage => &["project", "document"],
        OutboundKind::Utvalgssak => &["political_case"],
    };
    if !allowed.contains(&after.record.kind.as_str()) {
        let allowed = allowed.join(", ");
        let message = text!(
            "må være en post av slaget {allowed}",
            "må vere ein post av slaget {allowed}",
            "must be a record of the kind {allowed}"
        );
        return vec![Fault::at("/record/kind", "not_allowed", message)];
    }
    if after.record.kind == "project" && after.record.id != after.project_id {
        let message =
            text!("må være prosjektet selv", "må vere prosjektet sjølv", "must be the project of the message");
        return vec![Fault::at("/record/id", "other_project", message)];
    }
    Vec::new()
}

/// A message goes from state to state as it is carried; what was receipted is over.
const fn follows(from: OutboundState, to: OutboundState) -> bool {
    use OutboundState::{Delivered, Failed, Queued, Receipted, Taken};
    match from {
        Queued => matches!(to, Queued | Taken | Failed),
        // A connector that was stopped gives back what it took.
        Taken => matches!(to, Taken | Delivered | Failed | Queued),
        Delivered => matches!(to, Delivered | Receipted | Failed),
        Failed => matches!(to, Failed | Queued),
        Receipted => matches!(to, Receipted),
    }
}

fn step_by_step(change: &Change<Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let from = change.before().map_or(OutboundState::Queued, |before| before.state);
    let fits = match change.before() {
        None => after.state == OutboundState::Queued,
        Some(_) => follows(from, after.state),
    };
    let mut faults = Vec::new();
    if !fits {
        let all = [
            OutboundState::Queued,
            OutboundState::Taken,
            OutboundState::Delivered,
            OutboundState::Receipted,
            OutboundState::Failed,
        ];
        let next: Vec<&str> = match change.before() {
            None => vec![OutboundState::Queued.code()],
            Some(_) => all.into_iter().filter(|to| follows(from, *to)).map(OutboundState::code).collect(),
        };
        let (from, next) = (from.code(), next.join(", "));
        let message = text!(
            "følger ikke på {from}; kan være {next}",
            "følgjer ikkje på {from}; kan vere {next}",
            "does not follow {from}; can be {next}"
        );
        faults.push(Fault::at("/state", "out_of_order", message));
    }
    if after.state == OutboundState::Failed && after.failure.is_none() {
        let message = text!("mangler: si hvorfor", "manglar: sei kvifor", "is missing: say why");
        faults.push(Fault::at("/failure", "required", message));
    }
    faults
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("state"))?;
    match after.text("state")? {
        "queued" => Some("queued"),
        "taken" => Some("taken"),
        "delivered" => Some("delivered"),
        "receipted" => Some("receipted"),
        "failed" => Some("failed"),
        _ => None,
    }
}
