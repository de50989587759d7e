//! Where events are sent to.

use crate::prelude::*;

record! {
    /// An address that events are sent to as they happen, signed by Standard Webhooks 1.0. It gets what the user that made it may see at
    /// that moment. Its secret is shown once: where the webhook is made, and where the secret is rotated.
    Webhook "webhook" "webhooks" "webhooks" {
        /// The address: https, on port 443 or 8443, on the public internet, not of the service itself. It must answer with 2xx within 15 seconds.
        #[schema(min_length = 1, max_length = 2048, format = "uri", example = "https://hooks.lavangen.example/framdrift")]
        url: String,
        /// The events that it gets: names, or `*` for every verb (`milestone.*`) or every event (`*`, which does not mean flags:
        /// those are `flag.raised`, `flag.cleared`, or `flag.*`).
        #[sea_orm(column_type = "JsonBinary")]
        #[schema(value_type = Vec<EventName>, min_items = 1, max_items = 50)]
        event_types: EventNames,
        /// The project whose events it gets; it cannot be moved to another. Without a project it is for administrators.
        project_id: Option<Uuid>,
        /// The organisation whose events it gets, in place of a project; with neither it gets events of everything.
        #[schema(example = json!(null))]
        organisation_id: Option<Uuid>,
        /// Whether it gets events. What happens while it is disabled is not sent later.
        #[serde(default)]
        #[schema(default = "active", example = "active")]
        state: WebhookState,
        /// What it is for.
        #[schema(max_length = 500, example = "Sak og arkiv i Lavangen")]
        description: Option<String>,
        /// Why the service has disabled it; null when it has not.
        #[serde(default)]
        #[schema(read_only)]
        disabled_reason: Option<WebhookFailure>,
        /// 1 at first, one more with every rotation of the secret.
        #[serde(default = "first")]
        #[schema(read_only, minimum = 1, default = 1, example = 1)]
        secret_version: i64,
        /// When the secret was last rotated (UTC); for 24 hours after it the one before signs too.
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        secret_rotated_at: Option<Instant>,
    }
}

/// The secret that a webhook begins with.
const fn first() -> i64 {
    1
}

codes! {
    /// Whether a webhook gets events.
    WebhookState "webhookState" default Active {
        Active = "active" ("aktiv", "aktiv", "active"),
        Disabled = "disabled" ("slått av", "slått av", "disabled"),
    }
}

codes! {
    /// Why the service disables a webhook.
    WebhookFailure "webhookFailure" {
        Gone = "gone" ("mottakeren svarte 410: borte", "mottakaren svarte 410: borte", "the endpoint answered 410 Gone"),
        Failing = "failing" ("alle forsøk feilet", "alle forsøk feila", "every attempt failed"),
    }
}

/// The names of events that a webhook gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct EventNames(pub Vec<EventName>);

/// The name of an event, `milestone.met`; of every event of a kind of record, `milestone.*`; or of every event, `*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(max_length = 100, pattern = "^(\\*|[a-z_]+\\.(\\*|[a-z_]+))$", example = "milestone.*")]
pub struct EventName(pub String);
