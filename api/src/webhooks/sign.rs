//! Secrets and signatures.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::store::deliveries::Target;

/// How long the secret before signs too after a rotation.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// The secret of a webhook in one of its versions. It is kept nowhere: whoever has the service's own key can work it
/// out, and nobody else can, so that no list, journal, backup of a table or answer that is kept for a retry holds it.
#[must_use]
pub fn secret(key: &[u8], webhook: Uuid, version: i64) -> String {
    format!("whsec_{}", STANDARD.encode(bytes(key, webhook, version)))
}

fn bytes(key: &[u8], webhook: Uuid, version: i64) -> hmac::Tag {
    let mut context = hmac::Context::with_key(&Key::new(HMAC_SHA256, key));
    context.update(b"webhook secret 1");
    context.update(webhook.as_bytes());
    context.update(&version.to_be_bytes());
    context.sign()
}

/// The value of `webhook-signature`: by the secret, and for a day after a rotation by the one before it too.
#[must_use]
pub fn signatures(key: &[u8], webhook: Uuid, target: &Target, message: &str, now: DateTime<Utc>) -> String {
    let version = target.secret_version;
    let overlaps = target.secret_rotated_at.is_some_and(|at| now < at + OVERLAP);
    let versions = if overlaps { vec![version, version - 1] } else { vec![version] };
    let signature = |version: i64| {
        let key = Key::new(HMAC_SHA256, bytes(key, webhook, version).as_ref());
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, message.as_bytes())))
    };
    versions.into_iter().map(signature).collect::<Vec<_>>().join(" ")
}
