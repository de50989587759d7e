//! A span of each request, sent by OTLP to the collector that the operator names. Without one, none is made.
//!
//! A span says what the line in the log says, less who called from where. It is made of that, not of everything that is traced
//! inside, so nothing gets into it unseen. Its names are those of OpenTelemetry's conventions for servers of
//! HTTP; of what these ask for it lacks `url.path`, `url.query`, `client.address` and `user_agent.original`, for these hold what people
//! search for, secret links and who it is, and the trace state, in which a caller may write anything.

mod export;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use actix_web::http::Method;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, IdGenerator, RandomIdGenerator, SpanData, SpanEvents, SpanLinks,
    SpanProcessor,
};

use self::export::{ANSWERS_WITHIN, Export, Http};
use super::frame::Frame;
use super::metrics::{Spans, known};
use crate::config::Collector;
use crate::problem::Error;

/// Most spans that wait for the collector; those beyond are dropped.
const QUEUE: usize = 2048;
/// Most spans that are sent at a time.
const BATCH: usize = 512;
/// How long the end of the service waits for the last spans to be taken.
const LAST: Duration = Duration::from_secs(1);

/// Makes spans and has them sent.
pub struct Traces {
    processor: BatchSpanProcessor,
    scope: InstrumentationScope,
    scheme: &'static str,
    waiting: Arc<AtomicUsize>,
    spans: Spans,
}

/// A request that has been answered.
pub struct Answered<'a> {
    /// What was known before.
    pub frame: &'a Frame,
    /// How it was asked.
    pub method: &'a Method,
    /// The status of the answer.
    pub status: u16,
    /// The name of the problem that the answer is.
    pub problem: Option<&'static str>,
    /// The time to the answer.
    pub took: Duration,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traces")
    }
}

impl Traces {
    /// Spans for a collector, of a service that clients know by its public address. Sends on the runtime that this is called on, and
    /// takes from the environment what every program takes that is traced so: `OTEL_EXPORTER_OTLP_HEADERS`,
    /// `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_BSP_SCHEDULE_DELAY`.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn to(collector: &Collector, public_url: &str, spans: Spans) -> Result<Self, Error> {
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(Http::new()?)
            .with_endpoint(collector.traces())
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(ANSWERS_WITHIN)
            .build()
            .map_err(|error| Error::internal("make what sends spans", error))?;
        let waiting = Arc::new(AtomicUsize::new(0));
        let batches = BatchConfigBuilder::default().with_max_queue_size(QUEUE).with_max_export_batch_size(BATCH);
        let export = Export::new(exporter, Arc::clone(&waiting), spans.clone());
        let mut processor = BatchSpanProcessor::new(export, batches.build());
        processor.set_resource(&resource());
        let scope = InstrumentationScope::builder("framdrift").with_version(env!("CARGO_PKG_VERSION")).build();
        let scheme = if public_url.starts_with("https:") { "https" } else { "http" };
        Ok(Self { processor, scope, scheme, waiting, spans })
    }

    /// Takes the span of a request, unless its caller traces but not this time, or it is a health check. Never waits: with a full
    /// queue it is dropped, and counted.
    pub fn take(&self, request: &Answered) {
        let frame = request.frame;
        let unwanted = frame.parent.is_some_and(|parent| !parent.sampled);
        if unwanted || matches!(frame.pattern, Some("/healthz" | "/readyz")) {
            return;
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return self.spans.count("dropped", 1);
        }
        self.processor.on_end(self.span(request));
    }

    /// Has the last spans sent, for as long as that may take. Blocks.
    pub fn end(&self) {
        if let Err(error) = self.processor.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "The last spans do not reach the collector");
        }
    }

    fn span(&self, request: &Answered) -> SpanData {
        let Answered { frame, method, status, .. } = request;
        let end = SystemTime::now();
        let trace = TraceId::from_hex(&frame.trace_id).unwrap_or(TraceId::INVALID);
        let id = RandomIdGenerator::default().new_span_id();
        let parent = frame.parent.map(|parent| SpanId::from_bytes(parent.span.to_be_bytes()));
        let method = known(method);
        let verb = if method == "other" { "HTTP" } else { method };
        SpanData {
            span_context: SpanContext::new(trace, id, TraceFlags::SAMPLED, false, TraceState::NONE),
            parent_span_id: parent.unwrap_or(SpanId::INVALID),
            parent_span_is_remote: parent.is_some(),
            span_kind: SpanKind::Server,
            name: frame.pattern.map_or_else(|| verb.into(), |route| format!("{verb} {route}").into()),
            start_time: end.checked_sub(request.took).unwrap_or(end),
            end_time: end,
            attributes: self.attributes(request, method),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            // What went wrong is in the log.
            status: if *status >= 500 { Status::error("") } else { Status::Unset },
            instrumentation_scope: self.scope.clone(),
        }
    }

    fn attributes(&self, request: &Answered, method: &'static str) -> Vec<KeyValue> {
        let Answered { frame, status, problem, .. } = request;
        let request_id = Value::Array(Array::String(vec![frame.request_id.clone().into()]));
        let mut attributes = vec![
            KeyValue::new("http.request.method", if method == "other" { "_OTHER" } else { method }),
            KeyValue::new("http.response.status_code", i64::from(*status)),
            KeyValue::new("http.response.header.x-request-id", request_id),
            KeyValue::new("url.scheme", self.scheme),
        ];
        attributes.extend(frame.pattern.map(|route| KeyValue::new("http.route", route)));
        attributes.extend(problem.map(|name| KeyValue::new("framdrift.problem", name)));
        if *status >= 500 {
            let kind = problem.map_or_else(|| Value::from(status.to_string()), Value::from);
            attributes.push(KeyValue::new("error.type", kind));
        }
        attributes
    }
}

/// What sends the spans. Operators may add to it, and call it otherwise.
fn resource() -> Resource {
    Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes([
            KeyValue::new("service.name", "framdrift"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", uuid::Uuid::new_v4().to_string()),
        ])
        .with_detector(Box::new(EnvResourceDetector::new()))
        .build()
}
