//! What operators measure, in the form of Prometheus (OpenMetrics), at an address of its own.
//!
//! No label carries an identifier: the route is the pattern of the address, so that there are as many series as there are
//! operations and statuses, and no record or person in them.

use std::fmt;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::{App, HttpResponse, HttpServer, web};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::call::Shared;
use crate::problem::Error;
use crate::store::{Database, Figures, Store};

/// Bounds of the durations, in seconds.
const BOUNDS: [f64; 9] = [0.002, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Source {
    from: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Fate {
    fate: &'static str,
}

/// What became of spans.
#[derive(Clone, Debug, Default)]
pub struct Spans(Family<Fate, Counter>);

impl Spans {
    /// Counts some: `sent`, `lost` on the way to the collector, `dropped` because too many waited.
    pub fn count(&self, fate: &'static str, spans: usize) {
        self.0.get_or_create(&Fate { fate }).inc_by(u64::try_from(spans).unwrap_or(u64::MAX));
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Pool {
    state: &'static str,
}

/// What is counted and measured.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Answered, Histogram, fn() -> Histogram>,
    connections: Family<Pool, Gauge>,
    reads: Family<Source, Counter>,
    spans: Spans,
    standby: Gauge,
    journal: Gauge,
    unsealed: Gauge,
    backlog: Gauge,
    oldest: Gauge<f64, AtomicU64>,
    memory: Gauge,
    files: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("framdrift");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let histogram: fn() -> Histogram = || Histogram::new(BOUNDS);
        let seconds = Family::new_with_constructor(histogram);
        let about = "Time to the answer, without its transfer";
        registry.register_with_unit("http_request_duration", about, Unit::Seconds, seconds.clone());
        let connections = Family::default();
        registry.register("database_connections", "Connections to the database of this process", connections.clone());
        let reads = Family::default();
        let about = "Requests that may be read from a standby, by what answered them; none are counted without one";
        registry.register("reads", about, reads.clone());
        let spans = Spans::default();
        registry.register("spans", "Spans of requests, by whether the collector got them", spans.0.clone());
        let mut gauge = |name: &str, about: &str| {
            let gauge = Gauge::default();
            registry.register(name, about, gauge.clone());
            gauge
        };
        let journal = gauge("journal_entries", "Sequence number of the newest entry of the journal");
        let unsealed = gauge("feed_unsealed", "Entries that have no place in the feed yet, 1000 at most");
        let backlog = gauge("webhook_deliveries_pending", "Deliveries that wait for their next attempt");
        let standby = gauge("standby_up", "Whether reads go to the standby when it is not behind");
        let memory = gauge("process_resident_memory_bytes", "Memory that the process occupies");
        let files = gauge("process_open_fds", "Files and sockets that the process has open");
        let oldest = Gauge::default();
        let about = "How long the delivery that waits longest has been due";
        registry.register_with_unit("webhook_delivery_overdue", about, Unit::Seconds, oldest.clone());
        Self {
            registry,
            requests,
            seconds,
            connections,
            reads,
            spans,
            standby,
            journal,
            unsealed,
            backlog,
            oldest,
            memory,
            files,
        }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let route = if route.starts_with('/') { route } else { "unknown" };
        let labels = Answered { method: known(method), route: route.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts a request that the standby could have answered, by what did.
    pub fn read_from(&self, from: &'static str) {
        self.reads.get_or_create(&Source { from }).inc();
    }

    /// Where spans are counted.
    #[must_use]
    pub fn spans(&self) -> Spans {
        self.spans.clone()
    }

    /// Everything in the text form of OpenMetrics 1.0.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn text(&self, figures: &Figures) -> Result<String, Error> {
        self.journal.set(figures.journal);
        self.unsealed.set(figures.unsealed);
        self.backlog.set(figures.pending);
        self.oldest.set(figures.overdue_seconds);
        self.standby.set(figures.standby.unwrap_or_default().into());
        for (state, count) in [("open", figures.open), ("idle", figures.idle)] {
            self.connections.get_or_create(&Pool { state }).set(count);
        }
        if let Some((memory, files)) = of_process() {
            self.memory.set(memory);
            self.files.set(files);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(|error| Error::internal("write the metrics", error))?;
        Ok(text)
    }
}

/// The method as a label: what anybody may invent is one label together.
pub(super) fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Resident memory in bytes and open files, where the system has /proc.
fn of_process() -> Option<(i64, i64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    let files = std::fs::read_dir("/proc/self/fd").ok()?.count();
    Some((kib * 1024, i64::try_from(files).unwrap_or(i64::MAX)))
}

/// Serves `/metrics` and nothing else, on one thread.
///
/// # Errors
/// When it cannot listen.
pub fn serve(listener: TcpListener, shared: Arc<Shared>, database: Database, store: Store) -> Result<Server, Error> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&shared)))
            .app_data(web::Data::new((database.clone(), store.clone())))
            .route("/metrics", web::get().to(answer))
    });
    let server = server.workers(1).disable_signals().listen(listener);
    Ok(server.map_err(|error| Error::internal("listen for /metrics", error))?.run())
}

async fn answer(shared: web::Data<Shared>, places: web::Data<(Database, Store)>) -> HttpResponse {
    let (database, store) = places.as_ref();
    let text = match Figures::of(database, store).await {
        Ok(figures) => shared.metrics.text(&figures),
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => HttpResponse::Ok()
            .insert_header(("Cache-Control", "no-store"))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(error) => {
            tracing::warn!(error = error.with_causes(), "The metrics cannot be told");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}
