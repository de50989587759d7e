//! The resource `clients`: machines that call for an organisation, and the rotation of their secrets.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use entity::clients;
use sea_orm::sea_query::Expr;
use serde_json::{Value, json};

use crate::access::keys::{OF_CLIENTS, usable};
use crate::access::{Area, client};
use crate::facts::{Change, Row, row};
use crate::http::Call;
use crate::openapi::About;
use crate::problem::{Error, Fault};
use crate::standard::act::{Right, act};
use crate::standard::consequence::fields;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// How long the secret before a rotation still works, unless it is said, in seconds.
const OVERLAP: i64 = 86_400;
/// How long it may work at most, in seconds.
const LONGEST_OVERLAP: i64 = 2_592_000;

/// The facts and rules of clients.
pub fn resource() -> Resource {
    Resource::of::<clients::Entity>(Area::Users)
        .search(&["name"])
        .order("name")
        .refers("organisationId", "organisations")
        .fixed(&["organisationId"])
        .stays()
        .draws_secret()
        .computed_instant("lastUsedAt", "When it last got a token (UTC); null as long as it has not.", |_| {
            Expr::cust("(SELECT used_at FROM client_uses WHERE client_uses.client_id = clients.id)")
        })
        .check(allowed)
        .then(|write, change| Box::pin(drawn(write, change)))
        .event(event)
        .tells(&["secret_rotated", "enabled", "disabled"])
        .done()
}

/// Each scope once; each key one that can be used, with a name of its own.
fn allowed(change: &Change<clients::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let mut faults = Vec::new();
    for (place, scope) in after.scopes.0.iter().enumerate() {
        if after.scopes.0[..place].contains(scope) {
            let message = text!("står to ganger", "står to gonger", "stands twice");
            faults.push(Fault::at(format!("/scopes/{place}"), "repeated", message));
        }
    }
    let keys = after.jwks.iter().flat_map(|jwks| &jwks.keys).collect::<Vec<_>>();
    for (place, key) in keys.iter().enumerate() {
        if keys[..place].iter().any(|known| known.kid == key.kid) {
            let message =
                text!("er navnet på en annen nøkkel", "er namnet på ein annan nøkkel", "is the name of another key");
            faults.push(Fault::at(format!("/jwks/keys/{place}/kid"), "repeated", message));
        }
        let alone = json!({ "keys": [serde_json::to_value(key).unwrap_or_default()] });
        if usable(&alone, &OF_CLIENTS).is_empty() {
            let message = text!(
                "må være en offentlig nøkkel: RSA med 2048 til 8192 biter, P-256, P-384 eller Ed25519, med alg som passer",
                "må vere ein offentleg nøkkel: RSA med 2048 til 8192 bit, P-256, P-384 eller Ed25519, med alg som høver",
                "must be a public key: RSA of 2048 to 8192 bits, P-256, P-384 or Ed25519, with an alg that fits"
            );
            faults.push(Fault::at(format!("/jwks/keys/{place}"), "unusable_key", message));
        }
    }
    faults
}

/// A new client gets a secret, which the answer shows.
async fn drawn(write: &Write, change: Change<clients::Model>) -> Result<(), Error> {
    if let Change::Created { after } = change {
        write.show(client::draw(write.tx(), after.id, after.secret_version).await?);
    }
    Ok(())
}

fn event(change: &Change) -> Option<&'static str> {
    let Change::Changed { after, .. } = change else { return None };
    if change.touches("secretVersion") {
        Some("secret_rotated")
    } else if change.touches("disabledAt") {
        Some(if after.0.get("disabledAt").is_some_and(Value::is_null) { "enabled" } else { "disabled" })
    } else {
        None
    }
}

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "overlapSeconds": {
                "type": "integer", "format": "int64", "minimum": 0, "maximum": LONGEST_OVERLAP,
                "description": "How long the secret before still works, in seconds: a day unless it is said, 0 to revoke it, and what it got, at once."
            }
        },
        "additionalProperties": false
    })
}

/// `POST /clients/{id}/rotate-secret`: a new secret, shown once; for a while the one before works too, and none before that.
///
/// # Errors
/// 401, 404, 403, 428, 412, 422.
pub async fn rotate(call: Call) -> Result<HttpResponse, Error> {
    act("clients", call, Right::Write, &schema(), async |write, edit, given| {
        let Row(before) = edit.row();
        let version = before.get("secretVersion").and_then(Value::as_i64).unwrap_or(1);
        let overlap = given.get("overlapSeconds").and_then(Value::as_i64).unwrap_or(OVERLAP);
        let id = edit.row().id();
        client::end(write.tx(), id, version, write.now() + TimeDelta::seconds(overlap)).await?;
        write.show(client::draw(write.tx(), id, version + 1).await?);
        let rotated = json!({ "secretVersion": version + 1, "secretRotatedAt": row::instant(write.now()) });
        write.change(edit, &fields(rotated)).await
    })
    .await
}

/// What the document says of the rotation.
#[must_use]
pub fn about_rotate() -> About {
    About::new("rotateClientSecret", "Clients", "Rotate the secret")
        .more(
            "A new secret, shown here once. The one before works for `overlapSeconds` more, so that the client can be changed meanwhile; \
             those before it no longer. Tokens that were got with a secret end with it.",
        )
        .takes_value("application/json", schema(), json!({ "overlapSeconds": 3600 }))
        .changes("clients")
        .and_secret("clients")
}
