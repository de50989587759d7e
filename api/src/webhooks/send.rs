//! One request to an endpoint: no redirect is followed, no proxy is asked, and the answer is not read.

use std::error::Error as StdError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::webhook_deliveries::DeliveryError;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;

use super::guard::{self, Refused};
use crate::access::Outbound;
use crate::problem::Error;

/// How long an endpoint may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(15);

/// The one client that sends.
#[derive(Clone, Debug)]
pub struct Sender {
    http: reqwest::Client,
    outbound: Outbound,
}

/// A message, ready to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signatures: String,
    /// `traceparent`: the trace of the request that made the change.
    pub trace: Option<String>,
    /// The body.
    pub body: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Why it failed, if it did.
    pub error: Option<DeliveryError>,
    /// Seconds that the endpoint asked to be left alone for.
    pub retry_after: Option<i64>,
}

impl Answer {
    /// Nothing was sent.
    #[must_use]
    pub const fn unsent(error: DeliveryError) -> Self {
        Self { status: None, error: Some(error), retry_after: None }
    }
}

impl Sender {
    /// Makes the client.
    ///
    /// # Errors
    /// When the system has no certificates to trust.
    pub fn new(outbound: Outbound) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("Framdrift/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(Policy::none())
            .timeout(ANSWERS_WITHIN)
            // Every attempt looks its name up anew, and what it finds is judged.
            .pool_max_idle_per_host(0)
            .https_only(outbound != Outbound::Anywhere)
            .dns_resolver(guard::resolver(outbound.clone()))
            .build()
            .map_err(|error| Error::internal("make the client that sends to webhooks", error))?;
        Ok(Self { http, outbound })
    }

    /// Sends a message to an address.
    pub async fn send(&self, url: &str, message: Message) -> Answer {
        let Ok(url) = guard::address(url, &self.outbound) else { return Answer::unsent(DeliveryError::Address) };
        let mut request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.timestamp)
            .header("webhook-signature", message.signatures)
            .body(message.body);
        if let Some(trace) = message.trace {
            request = request.header("traceparent", trace);
        }
        match request.send().await {
            Ok(response) => {
                let status = response.status();
                let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                Answer {
                    status: Some(status.as_u16()),
                    error: (!status.is_success()).then_some(DeliveryError::Status),
                    retry_after: asked.and_then(|text| seconds(text, Utc::now())),
                }
            }
            Err(error) => Answer::unsent(why(&error)),
        }
    }
}

/// `Retry-After` in seconds: a number of them, or a date (RFC 9110 §10.2.3).
fn seconds(text: &str, now: DateTime<Utc>) -> Option<i64> {
    let date = || DateTime::parse_from_rfc2822(text).ok().map(|at| (at.with_timezone(&Utc) - now).num_seconds());
    text.parse().ok().or_else(date).filter(|seconds| *seconds >= 0)
}

fn why(error: &reqwest::Error) -> DeliveryError {
    let mut cause: Option<&dyn StdError> = Some(error);
    while let Some(deeper) = cause {
        if deeper.is::<Refused>() {
            return DeliveryError::Address;
        }
        cause = deeper.source();
    }
    if error.is_timeout() { DeliveryError::Timeout } else { DeliveryError::Connection }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::seconds;

    #[test]
    fn a_time_to_wait_is_seconds_or_a_date() {
        let now = Utc.with_ymd_and_hms(2026, 11, 27, 12, 0, 0).single().unwrap_or_default();
        assert_eq!(seconds("120", now), Some(120));
        assert_eq!(seconds("Fri, 27 Nov 2026 12:01:00 GMT", now), Some(60));
        for nothing in ["", "soon", "-1", "Fri, 27 Nov 2026 11:59:00 GMT"] {
            assert_eq!(seconds(nothing, now), None, "{nothing}");
        }
    }
}
