//! What takes a minute or much of the machine: limits under load, slow clients in numbers, the end of a busy service.
//! `tests/run --heavy` runs these; each has a short form among the ordinary tests.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use serde_json::json;
use support::raw::{Connection, field, status};
use support::{Beside, Client, heavy};

use crate::process::{added, served_with, token};

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
        let arguments = ["--rate-limit", "0", "--drain-delay", "1"];
        let (mut server, address) = served_with(&place, &arguments);
        let client = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let bearer = client.token();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let workers: Vec<_> = (0..8).map(|worker| {
            let (bearer, begun) = (bearer.clone(), begun.clone());
            std::thread::spawn(move || until_refused(address, &bearer, worker, &begun))
        }).collect();
        for _ in 0..200 {
            has_begun.recv().expect("somebody is served");
        }
        server.terminate();
        let signalled = Instant::now();
        while client.get("/readyz").await.status == 200 {}
        let noticed = signalled.elapsed();
        // Nobody of them asks whether it is ready: they go on until it no longer listens.
        let served: Vec<Served> = workers.into_iter().map(|worker| worker.join().expect("no request fails")).collect();
        let refused = Instant::now();
        assert!(server.ended().success());
        let ended = signalled.elapsed();
        let sum = |of: fn(&Served) -> usize| served.iter().map(of).sum::<usize>();
        let (answered, unanswered) = (sum(|served| served.made.len()), sum(|served| served.unanswered.len()));
        println!(
            "{answered} writes answered, {} of them with the end of the connection, {unanswered} connections that ended before a byte; \
             not ready after {noticed:?}, not listening after {:?}, ended after {ended:?}",
            sum(|served| served.closing),
            refused - signalled,
        );
        assert!(noticed < Duration::from_millis(500) && ended < Duration::from_secs(10), "{noticed:?}, {ended:?}");
        assert!(served.iter().all(|served| served.closing > 0), "each has met the end: {served:?}");
        // Whoever was in the queue of the system when it was given up; nobody whom the service had taken.
        assert!(unanswered <= 2 * served.len(), "{served:?}");
        let began = Instant::now();
        let (_again, address) = served_with(&place, &arguments);
        println!("served again after {:?}", began.elapsed());
        let client = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let found = client.walk("/api/v1/programmes?limit=200").await;
        let found: BTreeSet<&str> = found.iter().filter_map(|programme| programme["name"].as_str()).collect();
        let mut known = 0;
        for name in served.iter().flat_map(|served| &served.made) {
            assert!(found.contains(name.as_str()), "{name} was answered and is lost");
            known += 1;
        }
        known += served.iter().flat_map(|served| &served.unanswered).filter(|name| found.contains(name.as_str())).count();
        assert_eq!(found.len(), known, "what nobody was told of is there");
    }
}

/// What a client was told that went on until it was refused.
#[derive(Debug, Default)]
struct Served {
    /// What was made.
    made: Vec<String>,
    /// What was sent on connections that ended before a byte of an answer.
    unanswered: Vec<String>,
    /// Answers that ended their connection.
    closing: usize,
}

/// Writes on one connection after the other, each as long as it is kept, until nobody listens.
fn until_refused(address: SocketAddr, bearer: &str, worker: usize, begun: &Sender<()>) -> Served {
    let mut served = Served::default();
    while let Ok(mut stream) = TcpStream::connect(address) {
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time to wait");
        let mut is_kept = true;
        while is_kept {
            let name = format!("P{worker}-{}-{}", served.made.len(), served.unanswered.len());
            let body = json!({ "name": name }).to_string();
            let request = format!(
                "POST /api/v1/programmes HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {bearer}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            // One that is closed already says so when it is read.
            let _ = stream.write_all(request.as_bytes());
            let answer = answered(&mut stream);
            if answer.is_empty() {
                served.unanswered.push(name);
                break;
            }
            assert_eq!(status(&answer), 201, "{answer}");
            served.made.push(name);
            is_kept = field(&answer, "connection") != "close";
            served.closing += usize::from(!is_kept);
            let _ = begun.send(());
        }
    }
    served
}

/// A whole answer; nothing where the connection ends before its first byte.
///
/// # Panics
/// When the connection ends in the midst of it.
fn answered(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&answer).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize = field(head, "content-length").parse().expect("it says how long it is");
            if body.len() == length {
                return text;
            }
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => answer.extend_from_slice(&piece[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("neither an answer nor an end: {text:?}")
            }
            ended => {
                assert!(answer.is_empty(), "an answer by half: {text:?}, then {ended:?}");
                return String::new();
            }
        }
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

/// How many there were, and how long half and 99 of a hundred of them took at most.
pub fn spread(took: &mut [Duration]) -> String {
    let (half, most) = (percentile(took, 50), percentile(took, 99));
    format!("{} requests, median {half:?}, 99 % within {most:?}", took.len())
}
