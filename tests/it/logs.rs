//! What the service tells its operators: whole lines, no secrets, and what happened.

use serde_json::{Value, json};
use support::process::{Framdrift, Log};
use support::raw::ask;
use support::receiver::Receiver;
use support::spans::spans;
use support::{Client, both};

use crate::process::{added, on, token};

/// Marks that must come out nowhere: what is secret or personal, each sent where such a thing belongs.
const CANARIES: [&str; 12] = [
    "canary-password-1",
    "canary-password-2",
    "canary.email@framdrift.example",
    "canary-token",
    "canary-refresh",
    "canary-cookie",
    "canary-query",
    "47119911",
    "canary-agent",
    "canary-reason",
    "canary-body",
    "canary-hook",
];

both! {
    async fn no_secret_and_no_contact_detail_is_told_to_operators(place: Place) {
        let password = added(&place, "canary.admin@framdrift.example");
        let collector = Receiver::start();
        let server = started(&place, &["--otlp-endpoint", &collector.url]).await;
        let nobody = Client::new(server.address).with("user-agent", "canary-agent").with("cookie", "session=canary-cookie");
        let access = token(server.address, "canary.admin@framdrift.example", &password).await;
        let admin = nobody.with_token(access.clone());
        let login = |email: &str, password: &str| nobody.post("/api/v1/auth/login", json!({ "email": email, "password": password }));
        login("canary.email@framdrift.example", "canary-password-1").await.refused(401, "auth.wrong_credentials");
        login("canary.admin@framdrift.example", "canary-password-1").await.refused(401, "auth.wrong_credentials");
        nobody.with_token("canary-token".to_owned()).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        nobody.get("/api/v1/people?q=canary-query").await.refused(401, "auth.required");
        let form = "grant_type=refresh_token&refresh_token=01a21e87-4037-739b-a6b0-49bc7d7122de.canary-refresh";
        nobody.send("POST", "/oauth/token").body("application/x-www-form-urlencoded", form).await.refused(400, "invalid_grant");
        let person = json!({ "givenName": "Kari", "familyName": "Nordmann", "email": "canary.email@framdrift.example", "phone": "47119911" });
        let person = admin.create("people", person).await;
        admin.get("/api/v1/people?q=canary-query").await.expect(200);
        admin.get("/api/v1/people?canary-query=1").await.refused(400, "request.unknown_parameter");
        admin.change("people", &person, json!({ "phone": "+47 47119911" })).because("canary-reason").await.expect(200);
        admin.post("/api/v1/people", json!({ "givenName": "canary-body", "colour": "canary-body" })).await.faulted("/colour", "");
        admin.send("POST", "/api/v1/people").body("application/json", "{\"email\":\"canary.email@framdrift.example\",,").await.expect(400);
        let user = json!({ "email": "canary.email@framdrift.example", "name": "Kari" });
        let user = admin.create("users", user).await;
        let address = format!("/api/v1/users/{}/password", user["id"].as_str().expect("an identifier"));
        admin.put(&address, json!({ "password": "canary-password-2" })).await.expect(204);
        admin.post("/api/v1/users", json!({ "email": "canary.email@framdrift.example", "name": "Kari" })).await.expect(409);
        let hook = json!({ "url": "https://hooks.framdrift.example/canary-hook", "eventTypes": ["*"] });
        let hook = admin.post("/api/v1/webhooks", hook).await.expect(201);
        let secret = hook["secret"].as_str().expect("a secret").to_owned();
        let metrics = ask(server.metrics, b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        let told = format!("{}\n{metrics}\n{:?}", server.ended(), spans(&collector.so_far()));
        for canary in CANARIES.into_iter().chain([access.as_str(), secret.as_str(), password.as_str(), "canary.admin"]) {
            let line = told.lines().find(|line| line.contains(canary));
            assert!(line.is_none(), "{canary} is told: {line:?}");
        }
        assert!(told.contains("\"problem\":\"auth.wrong_credentials\"") && metrics.contains("framdrift_http_requests_total"), "{told}");
        assert!(told.contains("\"framdrift.problem\": \"auth.wrong_credentials\""), "{told}");
        collector.end().await;
    }

    async fn every_line_of_the_log_is_one_event_that_parses(place: Place) {
        let server = started(&place, &["--log", "debug"]).await;
        let forged = "\",\"level\":\"ERROR\",\"message\":\"forged\"}";
        let fields = ["a\u{1b}[31mred", "a\u{2028}b", "a\u{85}b", forged, "{\"level\":\"ERROR\"}", "%0d%0aforged"];
        for field in fields {
            // A client library sends no ESC in a header field; the service does not read one either.
            let plain = field.replace('\u{1b}', "");
            let client = Client::new(server.address).with("user-agent", &plain).with("traceparent", &plain).with("x-forwarded-for", &plain);
            client.get("/api/v1/me").header("x-request-id", &plain).await.expect(401);
            let path = format!("/api/v1/people?q={}", percent(field));
            client.get(&path).await.expect(401);
            client.get(&format!("/api/v1/{}", percent(field))).await.expect(404);
            client.post("/api/v1/auth/login", json!({ "email": field, "password": field })).await;
        }
        let agent = "a".repeat(1_000_000);
        let _ = ask(server.address, format!("GET /api/v1/me HTTP/1.1\r\nhost: a\r\nuser-agent: {agent}\r\nconnection: close\r\n\r\n").as_bytes());
        let method = "M".repeat(20_000);
        let _ = ask(server.address, format!("{method} /api/v1/me HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").as_bytes());
        let log = server.ended();
        let mut requests = 0;
        for line in log.split('\n').filter(|line| !line.is_empty()) {
            assert!(line.len() < 8192, "{} bytes: {line}", line.len());
            assert!(!line.contains(['\r', '\u{1b}', '\u{2028}', '\u{2029}', '\u{85}']), "{line:?}");
            let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(event["timestamp"].is_string() && event["message"].is_string(), "{line}");
            assert_ne!(event["level"], "ERROR", "{line}");
            requests += usize::from(event["status"].is_number());
        }
        assert!(requests >= fields.len() * 4, "{requests} requests in {log}");
    }

    async fn what_was_refused_and_what_was_changed_says_who_from_where_and_what(place: Place) {
        let password = added(&place, "admin@framdrift.example");
        let server = started(&place, &["--trusted-proxies", "127.0.0.1/32"]).await;
        let nobody = Client::new(server.address).with("x-forwarded-for", "203.0.113.7");
        let admin = nobody.with_token(token(server.address, "admin@framdrift.example", &password).await);
        let me = admin.get("/api/v1/me").await.expect(200).id();
        let user = admin.create("users", json!({ "email": "kari@framdrift.example", "name": "Kari" })).await;
        let address = format!("/api/v1/users/{}/password", user["id"].as_str().expect("an identifier"));
        admin.put(&address, json!({ "password": "en lang setning er god" })).await.expect(204);
        let kari = nobody.with_token(token(server.address, "kari@framdrift.example", "en lang setning er god").await);
        kari.post("/api/v1/programmes", json!({ "name": "P" })).await.refused(403, "access.forbidden");
        let wrong = json!({ "email": "kari@framdrift.example", "password": "feil" });
        nobody.post("/api/v1/auth/login", wrong).await.refused(401, "auth.wrong_credentials");
        let log = server.ended();
        let kari = format!("user {}", user["id"].as_str().expect("an identifier"));
        let wanted = [
            json!({ "method": "POST", "route": "/api/v1/users", "status": 201, "who": format!("user {me}"), "from": "203.0.113.7" }),
            json!({ "method": "PUT", "route": "/api/v1/users/{id}/password", "status": 204, "who": format!("user {me}") }),
            json!({ "method": "POST", "route": "/api/v1/programmes", "status": 403, "who": kari, "problem": "access.forbidden" }),
            json!({ "route": "/api/v1/auth/login", "status": 401, "problem": "auth.wrong_credentials", "from": "203.0.113.7" }),
            json!({ "level": "WARN", "message": "A password was wrong", "from": "203.0.113.7" }),
        ];
        let events: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        for event in wanted {
            let fits = |known: &Value| event.as_object().is_some_and(|wanted| wanted.iter().all(|(name, value)| known[name] == *value));
            assert!(events.iter().any(fits), "{event} is not in {log}");
        }
    }

    async fn what_operators_measure_is_told_at_an_address_of_its_own(place: Place) {
        let password = added(&place, "admin@framdrift.example");
        let server = started(&place, &[]).await;
        let nobody = Client::new(server.address);
        let admin = nobody.with_token(token(server.address, "admin@framdrift.example", &password).await);
        let programme = admin.create("programmes", json!({ "name": "P" })).await;
        admin.read("programmes", &programme).await;
        nobody.get("/metrics").await.refused(404, "route.not_found");
        nobody.send("BREW", "/api/v1/programmes").await.expect(405);
        let told = ask(server.metrics, b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        assert!(told.contains("application/openmetrics-text; version=1.0.0") && told.trim_end().ends_with("# EOF"), "{told}");
        let series = [
            "framdrift_http_requests_total{method=\"POST\",route=\"/api/v1/programmes\",status=\"201\"} 1\n",
            "framdrift_http_requests_total{method=\"GET\",route=\"/api/v1/programmes/{id}\",status=\"200\"} 1\n",
            "framdrift_http_requests_total{method=\"other\",route=\"/api/v1/programmes\",status=\"405\"} 1\n",
            "framdrift_http_requests_total{method=\"GET\",route=\"unknown\",status=\"404\"} 1\n",
            "framdrift_http_request_duration_seconds_count{method=\"POST\",route=\"/api/v1/programmes\",status=\"201\"} 1\n",
            "framdrift_database_connections{state=\"open\"} ",
            "framdrift_webhook_deliveries_pending 0\n",
            "framdrift_journal_entries ",
        ];
        for wanted in series {
            assert!(told.contains(wanted), "{wanted} is not in {told}");
        }
        assert!(!told.contains(programme["id"].as_str().expect("an identifier")), "{told}");
        drop(server);
    }
}

/// A server with its log and the address of its metrics.
pub struct Started {
    /// Where it serves.
    pub address: std::net::SocketAddr,
    /// Where it serves its metrics.
    pub metrics: std::net::SocketAddr,
    running: support::process::Running,
    log: Log,
}

impl Started {
    /// Ends it; answers everything that it logged.
    pub fn ended(mut self) -> String {
        self.running.terminate();
        assert!(self.running.ended().success());
        self.log.whole()
    }
}

/// A server on a database with these arguments.
pub async fn started(place: &support::Place, arguments: &[&str]) -> Started {
    started_as(on(place), arguments).await
}

/// The binary started as a server.
pub async fn started_as(framdrift: Framdrift, arguments: &[&str]) -> Started {
    let ports = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log-format", "json"];
    let (running, mut log) = framdrift.with(&ports).with(arguments).start_recorded();
    let mut address = |word: &str| {
        let line = log.until(word);
        let event: Value = serde_json::from_str(&line).expect("a log line is JSON");
        event["address"].as_str().and_then(|address| address.parse().ok()).expect("an address")
    };
    let metrics = address("Metrics are at");
    let address = address("serves at");
    Started { address, metrics, running, log }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
