//! Sends batches of spans, counts them, and complains seldom.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use reqwest::redirect::Policy;
use tokio::runtime::Handle;

use crate::http::metrics::Spans;
use crate::problem::Error;

/// How long the collector may take, tries anew included.
pub(super) const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How long passes between two complaints.
const COMPLAINS: Duration = Duration::from_secs(600);
/// How much of an answer is read, in bytes, so that the connection can be used again. What it says is of no use here.
const MOST: usize = 65_536;

/// What the spans pass through on their way out.
pub(super) struct Export {
    exporter: opentelemetry_otlp::SpanExporter,
    waiting: Arc<AtomicUsize>,
    spans: Spans,
    complained: Mutex<Option<Instant>>,
}

impl fmt::Debug for Export {
    // The header fields of the exporter may hold a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Export")
    }
}

impl Export {
    pub(super) fn new(exporter: opentelemetry_otlp::SpanExporter, waiting: Arc<AtomicUsize>, spans: Spans) -> Self {
        Self { exporter, waiting, spans, complained: Mutex::default() }
    }

    /// Says that spans are lost, if it has not been said lately.
    fn complain(&self, error: &impl fmt::Display, lost: usize) {
        let mut complained = self.complained.lock().unwrap_or_else(PoisonError::into_inner);
        if complained.is_none_or(|last| last.elapsed() >= COMPLAINS) {
            *complained = Some(Instant::now());
            tracing::warn!(%error, lost, "Spans do not reach the collector; this is said once in ten minutes");
        }
    }
}

impl SpanExporter for Export {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        let sent = self.exporter.export(batch).await;
        self.waiting.fetch_sub(count, Ordering::Relaxed);
        self.spans.count(if sent.is_ok() { "sent" } else { "lost" }, count);
        if let Err(error) = &sent {
            self.complain(error, count);
        }
        sent
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// The client, on the runtime of the service: batches are made on a thread that has none.
#[derive(Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    runtime: Handle,
}

impl Http {
    pub(super) fn new() -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(ANSWERS_WITHIN)
            .pool_max_idle_per_host(1)
            .build()
            .map_err(|error| Error::internal("make the client that sends spans", error))?;
        Ok(Self { client, runtime: Handle::current() })
    }
}

#[async_trait]
impl HttpClient for Http {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let asked = self.client.post(head.uri.to_string()).headers(head.headers).body(body);
        let answered = self.runtime.spawn(async move {
            let mut response = asked.send().await?;
            let mut read = 0;
            while let Some(piece) = response.chunk().await? {
                read += piece.len();
                if read > MOST {
                    break;
                }
            }
            Ok::<_, reqwest::Error>(response.status())
        });
        let status = answered.await??;
        Ok(Response::builder().status(status).body(Bytes::new())?)
    }
}
