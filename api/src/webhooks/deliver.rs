//! Delivering: one step takes what is due and sends it. The application repeats the step; tests drive it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use entity::webhook_deliveries::DeliveryError;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::ladder;
use super::send::{Answer, Message, Sender};
use super::sign;
use crate::access::events::{events_seen, sees_all};
use crate::access::session::random;
use crate::access::{Caller, Outbound};
use crate::facts::row;
use crate::problem::Error;
use crate::standard::consequence::{fields, follow};
use crate::store::deliveries::{self, Attempt, Delivery, Outcome, Settled, Target};
use crate::store::{Store, Writer, feed};

/// Most deliveries of this process on their way at a time.
const MOST: usize = 256;
/// How often it looks for what is due again.
const LOOKS: Duration = Duration::from_secs(1);

/// Who delivers.
pub struct Deliverer {
    store: Store,
    key: Vec<u8>,
    sender: Sender,
}

impl Deliverer {
    /// Somebody who delivers from a database, with the key that secrets are worked out from.
    ///
    /// # Errors
    /// When nothing can be sent from here.
    pub fn new(store: Store, key: Vec<u8>, outbound: Outbound) -> Result<Self, Error> {
        Ok(Self { store, key, sender: Sender::new(outbound)? })
    }

    /// Sends everything that is due at an instant, and waits until each has an outcome; answers how many there were.
    ///
    /// # Errors
    /// When the database fails; what was taken is then due again when its lease is out.
    pub async fn step(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        let taken = deliveries::take(&self.store, now, MOST).await?;
        let count = taken.len();
        let done = join_all(taken.into_iter().map(|delivery| self.attempt(delivery, now))).await;
        done.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(count)
    }

    /// Delivers for as long as the service lives. What one endpoint does not answer holds up no other.
    pub async fn run(self: Arc<Self>) {
        let mut head = self.store.news.head();
        let mut under_way = JoinSet::new();
        loop {
            while under_way.try_join_next().is_some() {}
            if let Err(error) = self.begin(&mut under_way).await {
                tracing::warn!(error = error.with_causes(), "Webhooks wait for their next turn");
            }
            tokio::select! {
                _ = head.changed() => {}
                () = tokio::time::sleep(LOOKS) => {}
                Some(_) = under_way.join_next() => {}
            }
        }
    }

    async fn begin(self: &Arc<Self>, under_way: &mut JoinSet<()>) -> Result<(), Error> {
        let (now, free) = (Utc::now(), MOST.saturating_sub(under_way.len()));
        if free == 0 || !deliveries::is_due(&self.store, now).await? {
            return Ok(());
        }
        for delivery in deliveries::take(&self.store, now, free).await? {
            let this = Arc::clone(self);
            under_way.spawn(async move {
                if let Err(error) = this.attempt(delivery, Utc::now()).await {
                    tracing::warn!(error = error.with_causes(), "A delivery is due again when its lease is out");
                }
            });
        }
        Ok(())
    }

    /// One attempt, and what follows from it.
    async fn attempt(&self, delivery: Delivery, now: DateTime<Utc>) -> Result<(), Error> {
        let Some(target) = deliveries::target(&self.store.read, delivery.webhook).await? else { return Ok(()) };
        let (at, began) = (Utc::now().trunc_subsecs(3), Instant::now());
        let answer = match self.message(&delivery, &target, at).await? {
            Ok(message) => self.sender.send(&target.url, message).await,
            Err(error) => Answer::unsent(error),
        };
        let duration_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let attempt = Attempt { at, duration_ms, status: answer.status, error: answer.error };
        self.settle(&delivery, &attempt, answer, now).await
    }

    /// What is sent, as its receiver may know it now; or why nothing is.
    async fn message(
        &self,
        delivery: &Delivery,
        target: &Target,
        at: DateTime<Utc>,
    ) -> Result<Result<Message, DeliveryError>, Error> {
        let payload = match delivery.sequence {
            None => tested(delivery, target),
            Some(_) if !target.active => return Ok(Err(DeliveryError::Disabled)),
            Some(sequence) => match self.told(sequence, target).await? {
                Some(payload) => payload,
                None => return Ok(Err(DeliveryError::NotVisible)),
            },
        };
        let (id, timestamp, body) = (delivery.id.to_string(), at.timestamp(), payload.to_string());
        let signed = format!("{id}.{timestamp}.{body}");
        let signatures = sign::signatures(&self.key, delivery.webhook, target, &signed, at);
        Ok(Ok(Message { id, timestamp, signatures, trace: delivery.trace.clone(), body }))
    }

    /// The event, if whoever made the webhook sees it now.
    async fn told(&self, sequence: i64, target: &Target) -> Result<Option<Value>, Error> {
        let Some(maker) = target.maker else { return Ok(None) };
        let db = &self.store.read;
        let Some(maker) = Caller::of_user(db, maker, Utc::now().date_naive()).await? else { return Ok(None) };
        let entry = feed::entry(db, events_seen(&maker), sequence).await?;
        Ok(entry.map(|entry| payload(entry.json(sees_all(&maker, &entry.kind, entry.project)))))
    }

    async fn settle(
        &self,
        delivery: &Delivery,
        attempt: &Attempt,
        answer: Answer,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let gone = answer.status == Some(410) && delivery.sequence.is_some();
        let outcome = outcome(delivery, answer, now)?;
        let reason = if gone { "The endpoint answered 410 Gone" } else { "Every attempt of the last days failed" };
        let write = self.store.write(Writer::service(Some(reason.to_owned()))).await?;
        if write.settle_delivery(delivery, attempt, outcome).await? == Settled::Lost {
            return Ok(());
        }
        let tired =
            outcome == Outcome::Failed && delivery.sequence.is_some() && answer.error != Some(DeliveryError::Disabled);
        let why = if gone { "gone" } else { "failing" };
        if gone || (tired && write.only_failures_since(delivery).await?) {
            let disabled = fields(json!({ "state": "disabled", "disabledReason": why }));
            follow(&write, "webhooks", delivery.webhook, "disabled", disabled).await?;
        }
        write.commit().await
    }
}

/// What follows from an answer. A test is tried once: somebody is waiting for what comes of it.
fn outcome(delivery: &Delivery, answer: Answer, now: DateTime<Utc>) -> Result<Outcome, Error> {
    let chance = u16::from_be_bytes(random::<2>()?);
    let again =
        || ladder::next(delivery.attempts + 1, now, answer.retry_after, chance).map_or(Outcome::Failed, Outcome::Again);
    Ok(match answer.error {
        None => Outcome::Delivered,
        Some(DeliveryError::NotVisible) => Outcome::Withheld,
        Some(DeliveryError::Disabled) => Outcome::Failed,
        Some(_) if delivery.sequence.is_none() || answer.status == Some(410) => Outcome::Failed,
        Some(DeliveryError::Status | DeliveryError::Timeout | DeliveryError::Address | DeliveryError::Connection) => {
            again()
        }
    })
}

fn payload(event: Value) -> Value {
    json!({ "type": event["type"], "timestamp": event["at"], "data": event })
}

/// An event that nobody but the webhook itself is told of.
fn tested(delivery: &Delivery, target: &Target) -> Value {
    payload(json!({
        "id": delivery.event_id,
        "type": delivery.event_type,
        "at": row::instant(delivery.created_at),
        "record": { "kind": "webhook", "id": delivery.webhook },
        "projectId": target.project,
        "version": 1,
        "actor": null,
        "reason": null,
    }))
}
