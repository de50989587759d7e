//! What browsers are told: which pages may ask, and what they may do with the answer.

use serde_json::json;
use support::{Answer, Beside, Client, both};

const OURS: [&str; 2] = ["https://plan.framdrift.example", "http://localhost:5173"];
/// Like one of ours in some way, and none of them.
const OTHERS: [&str; 20] = [
    "null",
    "*",
    "",
    "file://",
    "https://plan.framdrift.example.evil.example",
    "https://evil.example/https://plan.framdrift.example",
    "https://plan.framdrift.example/",
    "http://plan.framdrift.example",
    "https://plan.framdrift.example:443",
    "https://plan.framdrift.example:8443",
    "https://PLAN.framdrift.example",
    "HTTPS://plan.framdrift.example",
    "https://a.plan.framdrift.example",
    "https://framdrift.example",
    "https://xplan.framdrift.example",
    "https://plan.framdrift.exampl",
    "https://plan.framdrift.example https://evil.example",
    "http://localhost",
    "http://localhost:5174",
    "http://127.0.0.1:5173",
];

both! {
    async fn pages_of_an_exact_list_of_origins_may_ask(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.cors_origins = OURS.map(|origin| origin.parse().expect("an origin")).to_vec();
        }).await;
        let admin = beside.app.as_admin();
        for origin in OURS {
            let answer = admin.with("origin", origin).get("/api/v1/programmes").await.expect(200);
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            let shown = answer.header("access-control-expose-headers");
            for name in ["ETag", "Link", "Location", "RateLimit", "Retry-After", "X-Request-Id"] {
                assert!(shown.split(", ").any(|shown| shown == name), "{name} is not in {shown}");
            }
            let told = preflight(&beside.app.as_nobody(), origin, "/api/v1/programmes").await.expect(204);
            assert_eq!(told.header("access-control-allow-origin"), origin);
            assert_eq!(told.header("access-control-max-age"), "7200");
            let (methods, fields) = (told.header("access-control-allow-methods"), told.header("access-control-allow-headers"));
            assert!(methods.contains("PATCH") && fields.contains("Authorization") && fields.contains("If-Match"), "{methods} {fields}");
            // A page is told of what went wrong, too, wherever it went wrong.
            let long = format!("/api/v1/programmes?q={}", "x".repeat(9000));
            for (path, status) in [("/api/v1/me", 401), ("/api/v1/colours", 404), (long.as_str(), 414)] {
                let refused = beside.app.as_nobody().with("origin", origin).get(path).await.expect(status);
                assert_eq!(refused.header("access-control-allow-origin"), origin, "{path}");
            }
            for answer in [answer, told] {
                assert!(answer.header("access-control-allow-credentials").is_empty());
                varies(&answer);
            }
        }
        for origin in OTHERS {
            let answer = admin.with("origin", origin).get("/api/v1/programmes").await.expect(200);
            let told = preflight(&beside.app.as_nobody(), origin, "/api/v1/programmes").await;
            for answer in [answer, told] {
                nothing_is_allowed(&answer, origin);
            }
        }
        beside.end().await;
    }

    async fn no_page_may_ask_unless_told(app: App) {
        for origin in OURS.into_iter().chain(OTHERS) {
            let answer = app.as_admin().with("origin", origin).get("/api/v1/programmes").await.expect(200);
            nothing_is_allowed(&answer, origin);
            nothing_is_allowed(&preflight(&app.as_nobody(), origin, "/api/v1/programmes").await, origin);
        }
    }

    async fn every_answer_says_what_a_browser_may_do_with_it(app: App) {
        let beside = Beside::start_with(app.engine, |config| config.public_url = Some("https://framdrift.example".to_owned())).await;
        let (admin, nobody) = (beside.app.as_admin(), beside.app.as_nobody());
        let programme = admin.create("programmes", json!({ "name": "P" })).await;
        let answers = [
            admin.get("/api/v1/programmes").await.expect(200),
            admin.post("/api/v1/programmes", json!({ "name": "Q" })).await.expect(201),
            admin.remove("programmes", &programme).await.expect(204),
            admin.get("/api/v1/programmes?format=csv").await.expect(200),
            admin.get("/api/v1/colours").await.expect(404),
            admin.post("/api/v1/programmes", json!({})).await.expect(422),
            admin.post("/api/v1/programmes", json!({ "name": "x".repeat(1_100_000) })).await.expect(413),
            nobody.get("/api/v1/me").await.expect(401),
            nobody.delete("/healthz").await.expect(405),
            nobody.get("/healthz").await.expect(200),
            nobody.get("/openapi.json").await.expect(200),
            nobody.get("/docs/").await.expect(200),
            nobody.send("OPTIONS", "/api/v1/programmes").await.expect(204),
            nobody.get("/problems/record.stale").await.expect(200),
            nobody.get(&format!("/?{}", "x".repeat(9000))).await.expect(414),
            nobody.get("/").header("x-long", "x".repeat(17_000)).await.expect(431),
        ];
        for answer in answers {
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{answer}");
            assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{answer}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{answer}");
            assert!(!answer.header("cache-control").is_empty() && answer.header("x-request-id").len() == 36, "{answer}");
            for name in ["server", "x-powered-by", "via", "set-cookie"] {
                assert!(answer.header(name).is_empty(), "{name}: {answer}");
            }
            varies(&answer);
        }
        let plain = app.as_nobody().get("/healthz").await.expect(200);
        assert!(plain.header("strict-transport-security").is_empty(), "only an https address binds browsers to https");
        beside.end().await;
    }
}

async fn preflight(client: &Client, origin: &str, path: &str) -> Answer {
    let request =
        client.send("OPTIONS", path).header("origin", origin).header("access-control-request-method", "PATCH");
    request.header("access-control-request-headers", "authorization,if-match").await
}

fn nothing_is_allowed(answer: &Answer, origin: &str) {
    let allowed = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
    assert!(allowed.is_none(), "{origin:?} is told {allowed:?}");
    varies(answer);
}

fn varies(answer: &Answer) {
    let vary =
        answer.headers.get_all("vary").iter().filter_map(|vary| vary.to_str().ok()).collect::<Vec<_>>().join(", ");
    assert!(vary.split(", ").any(|name| name == "Origin"), "{vary}: {answer}");
}
