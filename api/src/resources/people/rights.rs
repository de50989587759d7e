//! `POST /people/{id}/erase` and `GET /people/{id}/data-export`: the rights of whom the data is about.

use actix_web::HttpResponse;
use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::Caller;
use crate::exchange::erasure::{self, Extent, LEGAL_BASIS};
use crate::exchange::personal;
use crate::http::{Answer, Call, json};
use crate::openapi::About;
use crate::problem::{Error, Problem, codes};
use crate::resources::journal::administrator;
use crate::standard::act::given;
use crate::standard::by_path;
use crate::standard::once::once;
use crate::standard::read::{find, id};
use crate::store::Writer;
use crate::text;

const TAG: &str = "People";

/// Erases a person.
///
/// # Errors
/// 401; 404; 403 for who is no administrator; 428, 412; 422; 409 where the law wants kept what is to go.
pub async fn erase(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let person = id(&call)?;
    let body = call.optional_body().await;
    let key = call.idempotency_key()?.filter(|_| body.is_ok());
    let sent = body.as_deref().unwrap_or_default().to_vec();
    let writer = call.writer(&caller)?;
    // The reason stands in the body, since there is none without one.
    let said = body.as_deref().ok().and_then(|body| json::object(body).ok());
    let reason = said.and_then(|said| said.get("reason")?.as_str().map(str::to_owned));
    let write = call.store.write(Writer { reason, ..writer }).await?;
    let answer = once(write, call.request.path(), key.as_deref(), &sent, async |write| {
        let facts = by_path("people")?.facts;
        let standing = find(write.tx(), facts, &caller, person, write.today()).await;
        match &standing {
            Ok(row) => {
                administrator(&caller)?;
                call.if_match(row)?;
            }
            // A person that was deleted is still in the journal; that is for administrators to know.
            Err(_) if caller.administrator => {}
            Err(_) => return Err((&codes::NOT_FOUND).into()),
        }
        call.query()?.finish(&[])?;
        let given = given(&body_schema(), &body?)?;
        let extent = match given.get("extent").and_then(Value::as_str) {
            Some("everything") => Extent::Everything,
            _ => Extent::Permitted,
        };
        let reason = given.get("reason").and_then(Value::as_str).unwrap_or_default();
        let erased = erasure::erase(write, person, extent, reason, None).await?;
        let basis = if erased.kept.is_empty() { Vec::new() } else { LEGAL_BASIS.to_vec() };
        let receipt = json!({
            "personId": person,
            "erasureId": erased.erasure,
            "fields": erased.fields,
            "users": erased.users,
            "gone": erased.gone,
            "kept": erased.kept,
            "legalBasis": basis,
        });
        Ok(Answer::ok(receipt).unkept())
    })
    .await?;
    if let Some(file) = &call.shared.erasure_log
        && let Err(error) = call.store.keep_erasures(file.clone()).await
    {
        tracing::error!(
            error = error.with_causes(),
            "An erasure does not stand in its log: it gets there when the service starts"
        );
    }
    if let Err(error) = call.store.scrub().await {
        tracing::warn!(error = error.with_causes(), "What an erasure has freed is not overwritten yet");
    }
    Ok(answer)
}

fn body_schema() -> Value {
    json!({
        "type": "object",
        "required": ["reason"],
        "additionalProperties": false,
        "properties": {
            "reason": {
                "type": "string", "minLength": 1, "maxLength": 1000,
                "description": "Why; it stands in the journal and in the log of erasures, so write nothing about the person."
            },
            "extent": {
                "type": "string", "enum": ["permitted", "everything"],
                "description": "`permitted` (the default): all that the law lets go. `everything`: with the name; refused where the name \
                    stands in documentation that the law wants kept."
            }
        }
    })
}

fn receipt_schema() -> Value {
    let text = json!({ "type": "string", "maxLength": 100 });
    let count =
        |about: &str| json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000_000, "description": about });
    let list = |about: &str| json!({ "type": "array", "maxItems": 10, "items": text, "description": about });
    json!({
        "type": "object",
        "required": ["personId", "erasureId", "fields", "users", "gone", "kept", "legalBasis"],
        "properties": {
            "personId": { "type": "string", "format": "uuid", "description": "The person." },
            "erasureId": {
                "type": ["string", "null"], "format": "uuid",
                "description": "The line of `GET /erasures`; null when there was nothing left to erase."
            },
            "fields": list("The fields of the person that are gone from the record and from every version of it."),
            "users": count("Users of the person that are disabled and have lost name and address."),
            "gone": {
                "type": "object",
                "additionalProperties": count("How many records of this collection."),
                "description": "Records that went with the person, by collection: what other systems call it, its identities at other \
                    issuers, and its posts where the name goes."
            },
            "kept": {
                "type": "object",
                "additionalProperties": count("How many records of this kind."),
                "description": "What documents the work, names the person and stays, by kind of record."
            },
            "legalBasis": list("Why they stay; empty when nothing does.")
        }
    })
}

/// Answers everything that the service holds of a person.
///
/// # Errors
/// 401; 404; 403 for who is neither the person nor an administrator.
pub async fn data_export(call: Call) -> Result<HttpResponse, Error> {
    let caller = call.caller().await?;
    let person = id(&call)?;
    let facts = by_path("people")?.facts;
    let standing = find(&call.store, facts, &caller, person, Utc::now().date_naive()).await;
    let standing = match standing {
        Ok(row) => Some(row),
        Err(_) if caller.administrator => None,
        Err(error) => return Err(error),
    };
    own(&caller, person)?;
    call.query()?.finish(&[])?;
    let known = standing.is_some();
    let all = personal::everything(&call.store.read, person, standing.map(|row| Value::Object(row.0))).await?;
    // Of a person that was deleted, the journal knows.
    if !known && all["history"].as_array().is_none_or(Vec::is_empty) {
        return Err((&codes::NOT_FOUND).into());
    }
    call.shows(&caller, [person].into());
    Ok(Answer::ok(all).unkept().into_response())
}

/// One's own data is for oneself and for administrators.
fn own(caller: &Caller, person: Uuid) -> Result<(), Error> {
    if caller.administrator || caller.person == Some(person) {
        return Ok(());
    }
    let detail = text!(
        "opplysningene er for personen selv og for administratorer",
        "opplysningane er for personen sjølv og for administratorar",
        "the data is for the person itself and for administrators"
    );
    Err(Problem::new(&codes::FORBIDDEN).detail(detail).into())
}

/// `POST /people/{id}/erase`.
#[must_use]
pub fn about_erase() -> About {
    let example = json!({
        "personId": "015ec5c8-6c00-7010-8000-000000000001", "erasureId": "0190e0a0-0000-7000-8000-0000000000e1",
        "fields": ["email", "phone"], "users": 1, "gone": { "external-references": 1 }, "kept": { "assignment": 1, "attendance": 3 },
        "legalBasis": LEGAL_BASIS
    });
    About::new("erasePerson", TAG, "Erase a person")
        .more(
            "Takes contact details out of everything: the record, every version in the journal (history and `asOf` show them as erased, and the \
             chain of hashes stays valid), answers kept for repetitions, users (disabled, without name, address, password, sessions and identities at other issuers) \
             and references of other systems. The name goes too, unless it stands in documentation that the law wants kept: then it stays, \
             and the answer says where and why. Doing it again changes nothing. A person that was deleted can be erased as well, \
             without `If-Match`. The event is `person.erased`. For administrators.",
        )
        .takes_value("application/json", body_schema(), json!({ "reason": "Personen har bedt om det" }))
        .answers_value(200, "What was erased, and what stays", "application/json", receipt_schema(), example)
        .conditional()
        .fails(&[&codes::ERASURE_RESTRICTED, &codes::LOCKED])
}

/// `GET /people/{id}/data-export`.
#[must_use]
pub fn about_data_export() -> About {
    let object = json!({ "type": "object", "additionalProperties": true });
    let list = |about: &str| json!({ "type": "array", "maxItems": 1_000_000, "items": object, "description": about });
    let schema = json!({
        "type": "object",
        "required": [
            "format", "personId", "exportedAt", "person", "records", "users", "sessions", "calendarLinks", "publishedReports", "history",
            "actions"
        ],
        "properties": {
            "format": { "type": "string", "maxLength": 40, "description": "The format and its version." },
            "personId": { "type": "string", "format": "uuid" },
            "exportedAt": { "type": "string", "format": "date-time", "description": "When it was taken out (UTC)." },
            "person": { "type": ["object", "null"], "additionalProperties": true, "description": "The record; null when it was deleted." },
            "records": {
                "type": "object",
                "additionalProperties": { "type": "array", "maxItems": 1_000_000, "items": object },
                "description": "Every record that names the person, by collection."
            },
            "users": list("The users that the person is."),
            "sessions": list("When its users logged in, and until when that holds."),
            "calendarLinks": list("The secret links to calendars that its users have made; the secrets are not kept."),
            "publishedReports": list("What published reports hold of the person, frozen as it stood."),
            "history": list("Every version of the person, of its users and of records that name it or them, as in `…/history`."),
            "actions": list("What its users have done: the entries of the journal, without content.")
        }
    });
    let example = json!({
        "format": "framdrift.person/1", "personId": "015ec5c8-6c00-7010-8000-000000000001",
        "exportedAt": "2026-11-27T12:00:00Z", "person": { "givenName": "Knut", "familyName": "Baglo" },
        "records": { "assignments": [{ "role": "project_manager" }] }, "users": [], "sessions": [], "calendarLinks": [],
        "publishedReports": [], "history": [], "actions": []
    });
    About::new("exportPersonData", TAG, "Get everything about a person")
        .more(
            "All that the service holds of one person, for the person itself (by its user) and for administrators (GDPR articles 15 and 20): \
             its record, every record that names it, its users and their sessions, every version of these in the journal, and what its \
             users have done. A password is no part of it: only its hash is kept.",
        )
        .answers_value(200, "The data", "application/json", schema, example)
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN])
}
