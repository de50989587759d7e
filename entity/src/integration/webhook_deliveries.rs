//! What was sent to webhooks, and what became of it.

use crate::prelude::*;

record! {
    /// One event on its way to one webhook, with every attempt. Its `id` is the `webhook-id` that the endpoint gets, the same in
    /// every attempt. Only the service writes it.
    WebhookDelivery "webhook_delivery" "webhook-deliveries" "webhook_deliveries" {
        /// The webhook.
        #[schema(read_only)]
        webhook_id: Uuid,
        /// The project of the webhook.
        #[serde(default)]
        #[schema(read_only, example = "015ec5c8-6c00-700b-8000-000000000002")]
        project_id: Option<Uuid>,
        /// The event, as in `GET /events`; of a test, a name that no event has.
        #[schema(read_only, max_length = 60, example = "evt_1742")]
        event_id: String,
        /// What happened.
        #[schema(read_only, max_length = 100, example = "milestone.rescheduled")]
        event_type: String,
        /// Where it stands.
        #[schema(read_only, default = "pending", example = "delivered")]
        state: DeliveryState,
        /// Attempts so far, since the event or since it was last asked for again.
        #[schema(read_only, minimum = 0, default = 0, example = 1)]
        attempts: i64,
        /// When the next attempt is due (UTC); null when there is none.
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        next_attempt_at: Option<Instant>,
        /// When the endpoint took it (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime, example = "2017-11-15T12:00:01Z")]
        delivered_at: Option<Instant>,
        /// The HTTP status of the last answer; null when there was none.
        #[serde(default)]
        #[schema(read_only, minimum = 100, maximum = 999, example = 204)]
        last_status: Option<i64>,
        /// Why the last attempt failed; null when it did not.
        #[serde(default)]
        #[schema(read_only)]
        last_error: Option<DeliveryError>,
        /// The `traceparent` of the request that made the change (W3C Trace Context), which goes along with every attempt; null when that
        /// request had none.
        #[serde(default)]
        #[schema(read_only, max_length = 55, example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
        traceparent: Option<String>,
        /// The last 20 attempts, oldest first.
        #[sea_orm(column_type = "JsonBinary")]
        #[serde(default)]
        #[schema(read_only, value_type = Vec<DeliveryAttempt>)]
        log: DeliveryLog,
    }
}

codes! {
    /// Where a delivery stands.
    DeliveryState "deliveryState" {
        Pending = "pending" ("venter", "ventar", "pending"),
        Delivered = "delivered" ("levert", "levert", "delivered"),
        Failed = "failed" ("mislykket", "mislukka", "failed"),
        Withheld = "withheld" ("holdt tilbake", "halden tilbake", "withheld"),
    }
}

codes! {
    /// Why an attempt to deliver failed.
    DeliveryError "deliveryError" {
        Status = "status" ("svaret var ikke 2xx", "svaret var ikkje 2xx", "the answer was not 2xx"),
        Timeout = "timeout" ("ikke svar i tide", "ikkje svar i tide", "no answer in time"),
        Address = "address" ("adressen er ikke tillatt", "adressa er ikkje tillaten", "the address is not allowed"),
        Connection = "connection" ("ingen forbindelse", "inga forbinding", "no connection"),
        Disabled = "disabled" ("webhooken er slått av", "webhooken er slått av", "the webhook is disabled"),
        NotVisible = "not_visible" (
            "den som laget webhooken, ser ikke hendelsen", "den som laga webhooken, ser ikkje hendinga",
            "who made the webhook does not see the event"
        ),
    }
}

/// The attempts of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct DeliveryLog(pub Vec<DeliveryAttempt>);

/// One attempt to deliver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryAttempt {
    /// When it began (UTC).
    #[schema(value_type = String, format = DateTime, example = "2017-11-15T12:00:01Z")]
    pub at: Instant,
    /// How long it took, in milliseconds.
    #[schema(minimum = 0, example = 83)]
    pub duration_ms: i64,
    /// The HTTP status; null when there was no answer.
    #[schema(minimum = 100, maximum = 999, example = 204)]
    pub status: Option<i64>,
    /// Why it failed; null when it did not.
    pub error: Option<DeliveryError>,
}
