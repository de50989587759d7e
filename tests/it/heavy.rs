//! What takes a minute or much of the machine: limits under load, slow clients in numbers, the end of a busy service.
//! `tests/run --heavy` runs these; each has a short form among the ordinary tests.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::raw::{Connection, status};
use support::{Beside, Client, heavy};

use crate::process::{added, on, token};

heavy! {
    async fn the_601st_request_of_a_minute_is_refused_and_the_next_minute_is_a_new_one(app: App) {
        let beside = Beside::start_with(app.engine, |config| config.rate_limit = 600).await;
        let admin = beside.app.as_admin();
        let began = Instant::now();
        for n in 1..=600 {
            let answer = admin.get("/api/v1/me").await.expect(200);
            assert!(answer.header("ratelimit").starts_with(&format!("\"default\";r={};", 600 - n)), "{}", answer.header("ratelimit"));
        }
        assert!(began.elapsed() < Duration::from_secs(50), "this machine is too slow for 600 requests a minute: {:?}", began.elapsed());
        let refused = admin.get("/api/v1/me").await.refused(429, "request.too_many");
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        tokio::time::sleep(Duration::from_secs(wait.saturating_sub(2))).await;
        admin.get("/api/v1/me").await.refused(429, "request.too_many");
        tokio::time::sleep(Duration::from_secs(3)).await;
        let answer = admin.get("/api/v1/me").await.expect(200);
        assert!(answer.header("ratelimit").starts_with("\"default\";r=599;"), "{}", answer.header("ratelimit"));
        beside.end().await;
    }

    async fn two_hundred_logins_at_once_leave_health_fast(app: App) {
        let beside = Beside::start_with(app.engine, |config| config.workers = 2).await;
        let address = beside.app.address;
        let began = Instant::now();
        let logins: Vec<_> = (0..200).map(|n| {
            let client = Client::new(address);
            tokio::spawn(async move {
                let login = json!({ "email": format!("a{n}@framdrift.example"), "password": "feil passord" });
                let answer = client.post("/api/v1/auth/login", login).await;
                // Those whose turn does not come within ten seconds are told to come again.
                assert!(answer.status == 401 || (answer.status == 503 && answer.header("retry-after") == "2"), "{answer}");
            })
        }).collect();
        let mut took = Vec::new();
        while !logins.iter().all(|login| login.is_finished()) {
            took.push(timed(&beside.app.as_nobody(), "/healthz").await);
        }
        for login in logins {
            login.await.expect("each is answered");
        }
        println!("200 logins in {:?}; health: {}", began.elapsed(), spread(&mut took));
        assert!(percentile(&mut took, 99) < Duration::from_millis(200), "{}", spread(&mut took));
        beside.end().await;
    }

    async fn three_hundred_slow_clients_are_let_go_and_others_are_served(app: App) {
        app.as_nobody().get("/openapi.json").await.expect(200);
        let began = Instant::now();
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
        let mut bodies: Vec<Connection> = (0..150).map(|_| sent(app.address, head)).collect();
        let much = "GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(12);
        let readers: Vec<Connection> = (0..150).map(|_| sent(app.address, &much)).collect();
        let mut took = Vec::new();
        while began.elapsed() < Duration::from_secs(9) {
            took.push(timed(&app.as_nobody(), "/readyz").await);
        }
        println!("300 slow clients; ready: {}", spread(&mut took));
        assert!(percentile(&mut took, 99) < Duration::from_millis(200), "{}", spread(&mut took));
        for body in &mut bodies {
            assert_eq!(status(&body.rest()), 408);
        }
        println!("slow bodies are answered after {:?}", began.elapsed());
        if cfg!(target_os = "linux") {
            readers.iter().for_each(Connection::given_up);
            println!("slow readers are given up after {:?}", began.elapsed());
        }
        assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    }
}

heavy! {
    async fn a_busy_service_ends_without_failing_what_it_has_begun(place: Place) {
        let password = added(&place, "a@framdrift.example");
        let arguments = ["--listen", "127.0.0.1:0", "--log-format", "json", "--rate-limit", "0", "--drain-delay", "1"];
        let (mut server, line) = on(&place).with(&arguments).start_logging("serves at");
        let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
        let address: SocketAddr = line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
        let client = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let (tell, told) = tokio::sync::watch::channel(false);
        let workers: Vec<_> = (0..8).map(|worker| {
            let (client, mut told) = (client.clone(), told.clone());
            tokio::spawn(async move {
                let mut done = 0_u32;
                // Who is told of the end asks somebody else from then on, as a proxy does that asks /readyz.
                while !*told.borrow_and_update() {
                    client.post("/api/v1/programmes", json!({ "name": format!("P{worker}-{done}") })).await.expect(201);
                    client.get("/api/v1/programmes?limit=1").await.expect(200);
                    done += 2;
                }
                done
            })
        }).collect();
        tokio::time::sleep(Duration::from_secs(2)).await;
        server.terminate();
        let signalled = Instant::now();
        while client.get("/readyz").await.status == 200 {}
        let noticed = signalled.elapsed();
        tell.send_replace(true);
        let mut done = 0;
        for worker in workers {
            done += worker.await.expect("no request fails");
        }
        assert!(server.ended().success());
        println!("{done} requests, none failed; not ready after {noticed:?}, ended after {:?}", signalled.elapsed());
        assert!(noticed < Duration::from_millis(500) && signalled.elapsed() < Duration::from_secs(10));
        let began = Instant::now();
        let (_again, _) = on(&place).with(&arguments).start_logging("serves at");
        println!("served again after {:?}", began.elapsed());
    }
}

fn sent(server: SocketAddr, bytes: &str) -> Connection {
    let mut connection = Connection::to(server);
    connection.send(bytes.as_bytes());
    connection
}

async fn timed(client: &Client, path: &str) -> Duration {
    let began = Instant::now();
    client.get(path).await.expect(200);
    began.elapsed()
}

fn percentile(took: &mut [Duration], percent: usize) -> Duration {
    took.sort();
    took.get(took.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

fn spread(took: &mut [Duration]) -> String {
    let (half, most) = (percentile(took, 50), percentile(took, 99));
    format!("{} requests, median {half:?}, 99 % within {most:?}", took.len())
}
