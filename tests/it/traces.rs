//! What a collector of OpenTelemetry is sent, and what it costs when it takes nothing.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::raw::ask;
use support::receiver::{Receiver, Reply};
use support::spans::{Span, spans};
use support::{Beside, Client, both};

use crate::logs::{started, started_as};
use crate::process::on;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

both! {
    async fn a_span_tells_of_a_request_and_of_nobody(app: App) {
        let collector = Receiver::start();
        let endpoint = collector.url.parse().expect("an address");
        let beside = Beside::start_with(app.engine, |config| config.otlp_endpoint = Some(endpoint)).await;
        let traced = |flags: &str| format!("00-{TRACE}-{PARENT}-{flags}");
        let admin = beside.app.as_admin().with("user-agent", "canary-agent").with("tracestate", "canary=canary-state");
        let person = json!({ "givenName": "Canary", "familyName": "Nordmann", "email": "canary.email@framdrift.example", "phone": "47119911" });
        let person = admin.post("/api/v1/people", person).await.expect(201);
        let path = format!("/api/v1/people/{}", person.id());
        let read = admin.get(&path).header("traceparent", traced("01")).await.expect(200);
        admin.get("/api/v1/people?q=canary-query").header("traceparent", traced("00")).await.expect(200);
        let refused = beside.app.as_nobody().get("/api/v1/people?q=canary-query").await.refused(401, "auth.required");
        beside.app.as_nobody().get("/calendar/canary-secret.ics").await.refused(404, "record.not_found");
        beside.app.as_nobody().get("/canary-path").await.refused(404, "route.not_found");
        beside.app.as_nobody().send("BREW", "/api/v1/people").await.expect(405);
        beside.app.as_nobody().get("/healthz").await.expect(200);
        beside.app.sql("DROP TABLE communication_measures").await;
        admin.get("/api/v1/communication-measures").await.refused(500, "server.internal");
        let (id, token) = (person.id(), admin.token());
        beside.end().await;

        let received = collector.so_far();
        let told = spans(&received);
        let names: Vec<&str> = told.iter().map(|span| span.name.as_str()).collect();
        let wanted = [
            "POST /api/v1/people",
            "GET /api/v1/people/{id}",
            "GET /api/v1/people",
            "GET /calendar/{token}.ics",
            "GET",
            "HTTP /api/v1/people",
            "GET /api/v1/communication-measures",
        ];
        assert_eq!(names, wanted);
        for span in &told {
            assert!(span.is_of_a_server && span.took > 0, "{span:?}");
            assert_eq!((span.is_error, said(&span.attributes, "error.type")), if span.name.contains("measures") { (true, "server.internal") } else { (false, "") });
            assert_eq!((said(&span.resource, "service.name"), said(&span.resource, "telemetry.sdk.language")), ("framdrift", "rust"));
            assert_eq!(said(&span.resource, "service.version"), env!("CARGO_PKG_VERSION"));
        }
        let of_read = &told[1];
        assert_eq!((of_read.trace.as_str(), of_read.parent.as_str()), (TRACE, PARENT));
        let attributes = [
            ("http.request.method", "GET"),
            ("http.response.header.x-request-id", read.header("x-request-id")),
            ("http.response.status_code", "200"),
            ("http.route", "/api/v1/people/{id}"),
            ("url.scheme", "http"),
        ];
        assert_eq!(of_read.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), attributes);
        let of_refused = &told[2];
        assert_eq!((of_refused.trace.as_str(), of_refused.parent.as_str()), (refused["traceId"].as_str().expect("a trace"), ""));
        assert_eq!(said(&of_refused.attributes, "framdrift.problem"), "auth.required");
        assert_eq!((said(&told[4].attributes, "http.route"), said(&told[5].attributes, "http.request.method")), ("", "_OTHER"));

        let bytes: Vec<u8> = received.iter().flat_map(|message| message.bytes.clone()).collect();
        let bytes = String::from_utf8_lossy(&bytes);
        for canary in ["canary", "Canary", "Nordmann", "47119911", "127.0.0.1", id.as_str(), token.as_str()] {
            assert!(!bytes.contains(canary), "{canary} is told: {told:?}");
        }
        assert!(received.iter().all(|message| message.header("content-type") == "application/x-protobuf"));
        collector.end().await;
    }
}

both! {
    async fn a_collector_that_takes_nothing_delays_no_request_and_no_end(place: Place) {
        let collector = Receiver::start();
        collector.always(Reply::Silence);
        let server = started(&place, &["--otlp-endpoint", &collector.url, "--rate-limit", "0", "--drain-delay", "0"]).await;
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let address = format!("http://{}/api/v1/me", server.address);
        let count = |fate: &str| {
            let metrics = ask(server.metrics, b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            let series = format!("framdrift_spans_total{{fate=\"{fate}\"}} ");
            metrics.lines().find_map(|line| line.strip_prefix(&series)?.parse::<u64>().ok()).unwrap_or_default()
        };
        // More than may wait: what the collector does not take is dropped, and every request is answered.
        let mut asked = 0;
        while count("dropped") == 0 {
            assert!(asked < 50_000, "nothing is dropped");
            let answers = join_all((0..250).map(|_| http.get(&address).send())).await;
            assert!(answers.into_iter().all(|answer| answer.is_ok_and(|answer| answer.status() == 401)));
            asked += 250;
        }
        assert_eq!(count("sent"), 0);
        // Four batches wait for ten seconds each.
        let began = Instant::now();
        let log = server.ended();
        assert!(began.elapsed() < Duration::from_secs(20), "it ends after {:?}", began.elapsed());
        assert_eq!(log.matches("The last spans do not reach the collector").count(), 1, "{log}");
        collector.end().await;
    }

    async fn a_collector_that_refuses_is_complained_of_once_and_a_key_goes_to_it_alone(place: Place) {
        let key = ["env", "OTEL_BSP_SCHEDULE_DELAY=50", "OTEL_EXPORTER_OTLP_HEADERS=x-key=canary-key", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test"];
        let collector = Receiver::start();
        collector.always(Reply::Status(401));
        let settings = ["--otlp-endpoint", &collector.url, "--log", "debug"];
        let server = started_as(on(&place).under(&key), &settings).await;
        let ask = || Client::new(server.address).get("/api/v1/me");
        ask().await.expect(401);
        collector.until(1).await;
        ask().await.expect(401);
        collector.until(2).await;
        collector.always(Reply::Status(200));
        ask().await.expect(401);
        let log = server.ended();
        let received = collector.so_far();
        assert!(received.iter().all(|message| message.header("x-key") == "canary-key"));
        let last: Vec<Span> = spans(&received[received.len() - 1..]);
        assert_eq!(said(&last[0].resource, "deployment.environment.name"), "test");
        let lost = "Spans do not reach the collector; this is said once in ten minutes";
        assert!(log.matches(lost).count() == 1 && !log.contains("canary-key"), "{log}");
        collector.end().await;
    }
}

fn said<'a>(attributes: &'a std::collections::BTreeMap<String, String>, name: &str) -> &'a str {
    attributes.get(name).map(String::as_str).unwrap_or_default()
}
