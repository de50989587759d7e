//! How often callers may come, and what they are told of it.

use std::net::SocketAddr;

use serde_json::json;
use support::app::{ADMINISTRATOR, PASSWORD};
use support::raw::{Connection, status};
use support::{Answer, Beside, Client, both};

both! {
    async fn a_caller_has_so_many_requests_a_minute_and_is_told_how_many_are_left(app: App) {
        let beside = Beside::start_with(app.engine, |config| config.rate_limit = 5).await;
        let admin = beside.app.as_admin();
        for left in (0..5).rev() {
            let answer = admin.get("/api/v1/programmes").await.expect(200);
            assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=5;w=60");
            assert_eq!(left_of(&answer, "default"), left, "{}", answer.header("ratelimit"));
        }
        let refused = admin.get("/api/v1/programmes").await.refused(429, "request.too_many");
        assert_eq!((left_of(&refused, "default"), &refused["violated-policies"]), (0, &json!(["default"])), "{refused}");
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait) && refused.header("ratelimit").ends_with(&format!("t={wait}")), "{}", refused.header("ratelimit"));
        // Nothing was done for it, whatever was asked.
        admin.post("/api/v1/programmes", json!({ "name": "P" })).await.refused(429, "request.too_many");
        assert_eq!(beside.app.as_nobody().get("/api/v1/me").await.status, 401, "the count is the caller's, not the address's");
        beside.end().await;
    }

    async fn what_has_not_changed_is_free(app: App) {
        let beside = Beside::start_with(app.engine, |config| config.rate_limit = 4).await;
        let admin = beside.app.as_admin();
        let first = admin.get("/api/v1/programmes").await.expect(200);
        for _ in 0..10 {
            let same = admin.get("/api/v1/programmes").if_none_match(&first.etag()).await.expect(304);
            assert_eq!(left_of(&same, "default"), 3);
        }
        let portfolio = admin.get("/api/v1/portfolio").await.expect(200);
        let left = (left_of(&portfolio, "default"), left_of(&portfolio, "expensive"));
        let same = admin.get("/api/v1/portfolio").if_none_match(&portfolio.etag()).await.expect(304);
        assert_eq!((left_of(&same, "default"), left_of(&same, "expensive")), left);
        beside.end().await;
    }

    async fn those_without_a_token_are_counted_by_their_network(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.rate_limit = 6;
            config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        }).await;
        let from = |address: &str| Client::new(beside.app.address).with("x-forwarded-for", address);
        // Whatever asks without a good token counts: no token, a wrong one, no such address, a public one, another method.
        from("203.0.113.7").get("/api/v1/me").await.refused(401, "auth.required");
        from("203.0.113.7").with_token("x".to_owned()).get("/api/v1/me").await.refused(401, "auth.invalid_token");
        from("203.0.113.7").with_token("x".to_owned()).get("/api/v1/colours").await.refused(404, "route.not_found");
        from("203.0.113.7").with_token("x".to_owned()).get("/openapi.json").await.expect(200);
        from("203.0.113.7").with_token("x".to_owned()).send("OPTIONS", "/api/v1/programmes").await.expect(204);
        let last = from("203.0.113.7").with_token("x".to_owned()).delete("/api/v1/programmes").await.refused(405, "method.not_allowed");
        assert_eq!(left_of(&last, "default"), 0);
        for path in ["/api/v1/me", "/openapi.json", "/api/v1/colours"] {
            from("203.0.113.7").get(path).await.refused(429, "request.too_many");
            from("203.0.113.7").with_token("x".to_owned()).get(path).await.refused(429, "request.too_many");
        }
        login(&from("203.0.113.7"), PASSWORD).await.refused(429, "request.too_many");
        // What the client wrote before the proxy did counts for nothing; another network has its own count.
        from("198.51.100.1, 203.0.113.7").get("/openapi.json").await.refused(429, "request.too_many");
        from("198.51.100.1").get("/openapi.json").await.expect(200);
        // One network of IPv6 has many addresses.
        for host in 1..=6 {
            from(&format!("2001:db8:1:2::{host}")).get("/api/v1/me").await.refused(401, "auth.required");
        }
        from("2001:db8:1:2:ffff::9").get("/api/v1/me").await.refused(429, "request.too_many");
        from("2001:db8:1:3::1").get("/api/v1/me").await.refused(401, "auth.required");
        // A caller is a caller, wherever it asks from.
        let token = beside.app.as_admin().token();
        from("203.0.113.7").with_token(token).get("/api/v1/me").await.expect(200);
        for _ in 0..20 {
            assert!(from("203.0.113.7").get("/healthz").await.expect(200).header("ratelimit").is_empty(), "health is not counted");
        }
        beside.end().await;
    }

    async fn a_forwarded_address_is_believed_of_nobody_else(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.rate_limit = 3;
            config.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
        }).await;
        for n in 1..=3 {
            let answer = from_elsewhere(beside.app.address, n).get("/api/v1/me").await.refused(401, "auth.required");
            assert_eq!(left_of(&answer, "default"), 3 - n);
        }
        from_elsewhere(beside.app.address, 4).get("/api/v1/me").await.refused(429, "request.too_many");
        beside.end().await;
    }

    async fn expensive_requests_have_a_policy_of_their_own(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.rate_limit = 100;
            config.report_limit = 4;
        }).await;
        let admin = beside.app.as_admin();
        let world = beside.app.world().await;
        let id = world.project["id"].as_str().expect("an identifier");
        let costly = [
            format!("/api/v1/projects/{id}/document"), format!("/api/v1/projects/{id}/status?asOf=2026-01-01"), "/api/v1/portfolio".to_owned(),
            "/api/v1/milestones?format=xlsx".to_owned(),
        ];
        for (path, left) in costly.iter().zip((0..4).rev()) {
            let answer = admin.get(path).await;
            assert_eq!(left_of(&answer, "expensive"), left, "{path}: {answer}");
            assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=100;w=60, \"expensive\";q=4;w=60");
        }
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let refused = admin.with("accept", kind).get("/api/v1/milestones").await.refused(429, "request.too_many");
        assert_eq!(refused["violated-policies"], json!(["expensive"]));
        let cheap = admin.get("/api/v1/milestones").await.expect(200);
        assert!(!cheap.header("ratelimit").contains("expensive"), "{}", cheap.header("ratelimit"));
        beside.end().await;
    }

    async fn an_expensive_request_is_one_however_it_is_written(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.rate_limit = 100;
            config.report_limit = 50;
        }).await;
        let admin = beside.app.as_admin();
        let mut left = 50;
        let mut costly = |answer: &Answer| {
            left -= 1;
            assert_eq!(left_of(answer, "expensive"), left, "{answer}");
        };
        for query in ["format=%78lsx", "form%61t=xlsx", "limit=1&f%6Frmat=%78%6c%73%78", "as%4ff=2026-01-01", "%61sOf=2026-01-01"] {
            costly(&admin.get(&format!("/api/v1/milestones?{query}")).await);
        }
        let list = || admin.get("/api/v1/milestones");
        let kind = "application/vnd.openxmlformats-officedocument.SPREADSHEETML.sheet";
        costly(&list().header("accept", kind).await.expect(200));
        // Names of fields count in any case, and the test's client keeps two that differ in it.
        costly(&list().header("accept", "text/csv;q=0.1").header("Accept", kind).await.expect(200));
        costly(&list().header("accept", "application/*, application/json;q=0.1").await.expect(200));
        for accepted in ["*/*", "application/json", "text/csv", "text/html, application/json;q=0.9, */*;q=0.8"] {
            let cheap = list().header("accept", accepted).await.expect(200);
            assert!(!cheap.header("ratelimit").contains("expensive"), "{accepted}: {}", cheap.header("ratelimit"));
        }
        let cheap = admin.get("/api/v1/milestones?format=csv").await.expect(200);
        assert!(!cheap.header("ratelimit").contains("expensive"), "{}", cheap.header("ratelimit"));
        beside.end().await;
    }

    async fn only_so_many_expensive_requests_are_worked_on_at_a_time(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.reports_at_once = 1;
            config.workers = 2;
        }).await;
        let admin = beside.app.as_admin();
        // An import whose body does not come has the only turn.
        let mut import = Connection::to(beside.app.address);
        let head = format!(
            "POST /api/v1/imports/projects HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: 2\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
            admin.token()
        );
        import.send(head.as_bytes());
        assert_eq!(import.line(), "HTTP/1.1 100 Continue");
        // It is asked to go on a moment before it takes its turn.
        let busy = loop {
            let answer = admin.get("/api/v1/portfolio").await;
            if answer.status != 200 {
                break answer.refused(503, "server.busy");
            }
        };
        assert_eq!(busy.header("retry-after"), "2");
        admin.get("/api/v1/programmes").await.expect(200);
        import.send(b"{}");
        assert_eq!(status(import.rest().trim_start()), 422);
        admin.get("/api/v1/portfolio").await.expect(200);
        beside.end().await;
    }

    async fn a_limit_of_nothing_is_no_limit(app: App) {
        let beside = Beside::start_with(app.engine, |config| {
            config.rate_limit = 0;
            config.report_limit = 0;
        }).await;
        let answer = beside.app.as_admin().get("/api/v1/portfolio").await.expect(200);
        assert!(answer.header("ratelimit").is_empty() && answer.header("ratelimit-policy").is_empty());
        beside.end().await;
    }
}

/// How many are left under a policy.
fn left_of(answer: &Answer, policy: &str) -> u32 {
    let limits = answer.header("ratelimit");
    let found = limits.split(", ").find_map(|limit| limit.strip_prefix(&format!("\"{policy}\";r=")));
    let left = found.and_then(|rest| rest.split(';').next()).and_then(|left| left.parse().ok());
    left.unwrap_or_else(|| panic!("nothing of {policy} in {limits:?}: {answer}"))
}

fn from_elsewhere(server: SocketAddr, n: u32) -> Client {
    Client::new(server).with("x-forwarded-for", &format!("198.51.100.{n}"))
}

async fn login(client: &Client, password: &str) -> Answer {
    client.post("/api/v1/auth/login", json!({ "email": ADMINISTRATOR, "password": password })).await
}
