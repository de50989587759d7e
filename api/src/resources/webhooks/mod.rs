//! The resource `webhooks`.

pub mod about;
pub mod methods;

use entity::webhooks::{self, WebhookState};
use serde_json::{Map, Value, json};

use super::events::asked::{known, unknown};
use crate::access::Area;
use crate::facts::{Change, Row};
use crate::problem::{Error, Fault, Text};
use crate::standard::consequence::fields;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;
use crate::webhooks::{guard, sign};

/// The facts and rules of webhooks.
pub fn resource() -> Resource {
    Resource::of::<webhooks::Entity>(Area::Webhooks)
        .search(&["url", "description"])
        .order("createdAt")
        .refers("projectId", "projects")
        .refers("organisationId", "organisations")
        .fixed(&["projectId", "organisationId"])
        .stays()
        .secret(secret)
        .derives(|_, webhook| Box::pin(std::future::ready(Ok(enabled(&webhook)))))
        .rule(|write, change| Box::pin(std::future::ready(Ok(allowed(write, &change)))))
        .then(|write, change| Box::pin(forgotten(write, change)))
        .event(event)
        .tells(&["secret_rotated", "enabled", "disabled"])
        .done()
}

/// The secret of the version that a record shows.
fn secret(key: &[u8], row: &Row) -> String {
    let version = row.0.get("secretVersion").and_then(Value::as_i64).unwrap_or(1);
    sign::secret(key, row.id(), version)
}

/// What is active is not disabled for any reason.
fn enabled(webhook: &webhooks::Model) -> Map<String, Value> {
    match webhook.state {
        WebhookState::Active => fields(json!({ "disabledReason": null })),
        WebhookState::Disabled => Map::new(),
    }
}

fn allowed(write: &Write, change: &Change<webhooks::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let mut faults = Vec::new();
    if guard::address(&after.url, write.outbound()).is_err() {
        faults.push(Fault::at("/url", "not_allowed", not_public()));
    }
    let asked = change.before().is_none_or(|before| before.event_types != after.event_types);
    for (place, name) in after.event_types.0.iter().enumerate().filter(|_| asked) {
        if known(&name.0).is_none() {
            faults.push(Fault::at(format!("/eventTypes/{place}"), "unknown_event", unknown(&name.0)));
        }
    }
    if after.project_id.is_some() && after.organisation_id.is_some() {
        let message = text!(
            "kan ikke gis sammen med projectId",
            "kan ikkje givast saman med projectId",
            "cannot be given together with projectId"
        );
        faults.push(Fault::at("/organisationId", "excluded", message));
    }
    faults
}

/// The same whatever is wrong with it.
fn not_public() -> Text {
    text!(
        "må være en https-adresse på det åpne internettet, port 443 eller 8443, ikke tjenestens egen, uten brukernavn og #",
        "må vere ei https-adresse på det opne internettet, port 443 eller 8443, ikkje den som tenesta har sjølv, utan brukarnamn og #",
        "must be an https address on the public internet, port 443 or 8443, not of the service itself, without user name and #"
    )
}

/// A webhook that is gone takes its deliveries with it.
async fn forgotten(write: &Write, change: Change<webhooks::Model>) -> Result<(), Error> {
    match change {
        Change::Deleted { before } => write.forget_deliveries(before.id).await,
        Change::Created { .. } | Change::Changed { .. } => Ok(()),
    }
}

fn event(change: &Change) -> Option<&'static str> {
    let Change::Changed { after, .. } = change else { return None };
    if change.touches("secretVersion") {
        Some("secret_rotated")
    } else if change.touches("state") {
        Some(if after.text("state") == Some("active") { "enabled" } else { "disabled" })
    } else {
        None
    }
}
