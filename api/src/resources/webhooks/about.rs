//! What the document says of webhooks beside the standard methods.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::openapi::About;
use crate::problem::codes;
use crate::resources::events::about::{Event, example};
use crate::standard::act::nothing;

const TAG: &str = "Webhooks";

/// What is sent to a webhook: that something happened, never what the record holds.
#[derive(Serialize, ToSchema)]
pub struct WebhookMessage {
    /// What happened, as in the event; `webhook.test` for a test.
    #[serde(rename = "type")]
    #[schema(max_length = 100, example = "milestone.rescheduled")]
    pub kind: String,
    /// When it happened (UTC).
    #[schema(value_type = String, format = DateTime, example = "2017-11-15T12:00:00Z")]
    pub timestamp: String,
    /// The event, as in `GET /events`.
    pub data: Event,
}

/// The message that webhooks get.
#[must_use]
pub fn event() -> About {
    let header = |about: About, name: &'static str, text: &'static str, example: &'static str| {
        let mut about = about.header(name, text, json!({ "type": "string", "maxLength": 1000, "examples": [example] }));
        if let Some(last) = about.parameters.last_mut() {
            last["required"] = true.into();
        }
        about
    };
    let about = About::new("receiveEvent", TAG, "Receive an event").more(
        "Sent to `url` of a webhook, by Standard Webhooks 1.0.0: check `webhook-signature` (`v1,` and the base64 of the HMAC-SHA256 \
         over `webhook-id.webhook-timestamp.body`, keyed with the bytes of the secret after `whsec_`; one that fits is enough), and that \
         `webhook-timestamp` is within five minutes. Messages come at least once and in no promised order; `webhook-id` is the same \
         in every attempt. What is not answered with 2xx within 15 seconds is sent again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, \
         14 h, 20 h and 24 h, each up to a fifth longer, or after `Retry-After`. 410, or only failures until the last of them, disables the webhook.",
    );
    let about =
        header(about, "webhook-id", "The message, for telling repetitions.", "0190e0a0-0000-7000-8000-0000000000bb");
    let about = header(about, "webhook-timestamp", "When this attempt was made, in seconds since 1970.", "1510747201");
    let about = header(
        about,
        "webhook-signature",
        "Signatures, separated by spaces.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    );
    let about = about.header(
        "traceparent",
        "The trace of the request that made the change, as that request said it (W3C Trace Context); left out when it said none.",
        json!({ "type": "string", "maxLength": 55, "examples": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"] }),
    );
    about.takes::<WebhookMessage>(
        "application/json",
        json!({ "type": "milestone.rescheduled", "timestamp": "2017-11-15T12:00:00Z", "data": example() }),
    )
}

/// `POST /webhooks/{id}/test`.
#[must_use]
pub fn test() -> About {
    About::new("testWebhook", TAG, "Send a test")
        .more("Sends a message of type `webhook.test`, once, to a disabled webhook too. The delivery says what came of it.")
        .takes_value("application/json", nothing(), json!({}))
        .answers_record(201, "The delivery, on its way", "webhook-deliveries", &["ETag", "Location"])
        .with(&["Idempotency-Key"])
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}

/// `POST /webhooks/{id}/rotate-secret`.
#[must_use]
pub fn rotate() -> About {
    About::new("rotateWebhookSecret", TAG, "Rotate the secret")
        .more("A new secret, shown here once. For 24 hours messages are signed with the one before, too; with none before that.")
        .takes_value("application/json", nothing(), json!({}))
        .changes("webhooks")
        .and_secret("webhooks")
}

/// `POST /webhook-deliveries/{id}/redeliver`.
#[must_use]
pub fn redeliver() -> About {
    About::new("redeliverWebhookDelivery", "Webhook deliveries", "Deliver once more")
        .more("Makes the delivery due at once, whatever became of it, with the same `webhook-id` and all attempts before it again.")
        .takes_value("application/json", nothing(), json!({}))
        .answers_record(200, "The delivery, on its way", "webhook-deliveries", &["ETag"])
        .with(&["Idempotency-Key"])
        .fails(&[&codes::NOT_FOUND, &codes::FORBIDDEN, &codes::WRONG_STATE, &codes::INVALID, &codes::KEY_IN_PROGRESS, &codes::KEY_REUSED])
}
