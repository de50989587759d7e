//! A service that has little memory, and clients who want much of it: nobody has it killed, and it is what it was when they are gone.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::cap::{Cap, Peak};
use support::process::Running;
use support::{Client, Place, both, heavy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::contention::dear;
use crate::process::{added, on, serving_at, token};

const EMAIL: &str = "a@framdrift.example";
/// What a service of two workers gets by with, in MiB.
const MEMORY: u64 = 256;
/// What may be said to who wants more than there is, or what there is not.
const PROPER: [u16; 10] = [200, 201, 400, 401, 409, 412, 413, 422, 429, 503];
/// Reports, of which the first are those that take most.
const REPORTS: [&str; 11] = [
    "status?format=html",
    "schedule?format=xlsx",
    "document",
    "schedule?format=svg",
    "schedule?format=csv",
    "schedule",
    "status",
    "findings",
    "changes?since=2020-01-01",
    "organisation",
    "deadlines",
];
/// How soon the memory has come back when everybody is gone.
const BACK: Duration = Duration::from_secs(20);

both! {
    async fn clients_who_want_much_at_once_do_not_have_the_service_killed(place: Place) {
        capped(&place, Scale { milestones: 60, at_once: 6, reports: 3, held: Duration::from_millis(200) }).await;
    }
}

heavy! {
    async fn many_who_want_the_most_of_a_service_with_little_memory_do_not_have_it_killed(place: Place) {
        let reports = REPORTS.len();
        capped(&place, Scale { milestones: 2000, at_once: 100, reports, held: Duration::from_secs(3) }).await;
    }
}

/// How much is wanted.
struct Scale {
    /// Milestones of the project that is asked about.
    milestones: usize,
    /// Clients at once.
    at_once: usize,
    /// How many of the reports.
    reports: usize,
    /// How long slow clients are slow.
    held: Duration,
}

/// A service under the cap.
struct Capped {
    // The process ends before its group can be taken away.
    server: Running,
    peak: Peak,
    cap: Cap,
    address: SocketAddr,
    token: String,
    scale: Scale,
    /// The most that was held so far, in MiB.
    most: u64,
}

async fn capped(place: &Place, scale: Scale) {
    let Some(cap) = Cap::of(MEMORY) else {
        eprintln!("skipped: no control group may be made here, so memory cannot be bounded");
        return;
    };
    let password = added(place, EMAIL);
    let command = cap.command();
    // As the image and the unit for systemd do.
    let serving = on(place).under(&[&command[0], &command[1], &command[2]]).knowing("MIMALLOC_PURGE_DELAY", "10");
    let (server, address) = serving_at(serving.with(&["--workers", "2", "--rate-limit", "0", "--report-limit", "0"]));
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    let idle = cap.own() >> 20;
    let project = dear(&admin, scale.milestones).await.replace("/schedule?format=xlsx", "");
    let document = written(&admin, &project).await;
    let mut service = Capped { peak: cap.peak(), cap, server, address, token: admin.token(), scale, most: 0 };
    service.many("the document", |_| get("/openapi.json", "")).await;
    service.lists(&project).await;
    service.reports(&project).await;
    service.bodies(&document).await;
    service.slow(&project).await;
    let began = Instant::now();
    let mut after = service.cap.own() >> 20;
    while after > MEMORY / 2 && began.elapsed() < BACK {
        admin.get("/readyz").await.expect(200);
        admin.get(&project).await.expect(200);
        after = service.cap.own() >> 20;
    }
    println!("idle {idle} MiB, at most {} MiB of {MEMORY}, {after} MiB afterwards", service.most);
    assert!(after <= MEMORY / 2, "{after} MiB of {MEMORY} are held by nobody");
    admin.get("/readyz").await.expect(200);
    service.server.terminate();
    assert!(service.server.ended().success());
}

/// A document with content of several chunks; its address.
async fn written(admin: &Client, project: &str) -> String {
    let id = project.rsplit('/').next().expect("an identifier");
    let document = json!({ "projectId": id, "kind": "memo", "title": "Stort" });
    let document = admin.create("documents", document).await;
    let address = format!("/api/v1/documents/{}", document["id"].as_str().expect("an identifier"));
    let put = admin.send("PUT", &format!("{address}/content")).body("application/pdf", vec![7; 3_000_000]);
    put.if_match("\"1\"").await.expect(200);
    address
}

impl Capped {
    async fn lists(&mut self, project: &str) {
        let id = project.rsplit('/').next().expect("an identifier");
        for format in ["json", "csv", "xlsx"] {
            let path = format!("/api/v1/milestones?projectId={id}&limit=200&format={format}");
            let path = if format == "json" { path.replace("&format=json", "") } else { path };
            self.many(&format!("lists as {format}"), |token| get(&path, token)).await;
        }
    }

    async fn reports(&mut self, project: &str) {
        for report in &REPORTS[..self.scale.reports] {
            let path = format!("{project}/{report}");
            self.many(report, |token| get(&path, token)).await;
            self.many(&format!("{report}, compressed"), |token| get(&path, &format!("accept-encoding: br\r\n{token}")))
                .await;
        }
    }

    async fn bodies(&mut self, document: &str) {
        let largest = format!("{{\"name\":\"{}\"}}", "x".repeat(1_048_000)).into_bytes();
        self.many("largest bodies", |token| sent("POST", "/api/v1/programmes", token, &largest)).await;
        let deepest = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000)).into_bytes();
        self.many("deepest bodies", |token| sent("POST", "/api/v1/programmes", token, &deepest)).await;
        let operation = |n: usize| json!({ "method": "POST", "path": "/programmes", "body": { "name": format!("P{n}"), "description": "x".repeat(1500) } });
        let batch = json!({ "operations": (0..self.scale.milestones.min(500)).map(operation).collect::<Vec<_>>() })
            .to_string()
            .into_bytes();
        self.many("batches", |token| sent("POST", "/api/v1/batch?dryRun=true", token, &batch)).await;
        let login = json!({ "email": "b@framdrift.example", "password": "feil passord" }).to_string().into_bytes();
        self.many("logins", |_| sent("POST", "/api/v1/auth/login", "", &login)).await;
        let content = format!("{document}/content");
        self.many("contents out", |token| get(&content, token)).await;
        let bytes = vec![7; 2_500_000];
        // One of them makes the next version; the others have sent theirs by then, or wait for its lock.
        let fields = "if-match: \"2\"\r\n";
        self.many("contents in", |token| sent("PUT", &content, &format!("{token}{fields}"), &bytes)).await;
    }

    /// Clients who take nothing of what they ask for, and clients who do not end what they send.
    async fn slow(&mut self, project: &str) {
        for path in ["/openapi.json".to_owned(), format!("{project}/status"), format!("{project}/document")] {
            let request = get(&path, &self.bearer());
            let mut held = Vec::new();
            for _ in 0..self.scale.at_once {
                let socket = TcpSocket::new_v4().expect("a socket");
                socket.set_recv_buffer_size(4096).expect("a small window");
                let mut stream = socket.connect(self.address).await.expect("it listens");
                stream.write_all(&request).await.expect("it reads");
                held.push(stream);
            }
            self.while_held(&format!("{path}, not taken"), held).await;
        }
        let mut held = Vec::new();
        for _ in 0..self.scale.at_once {
            let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1048576\r\n\r\n{";
            let mut stream = TcpStream::connect(self.address).await.expect("it listens");
            stream.write_all(head.as_bytes()).await.expect("it reads");
            // Whoever is refused for want of room is closed to.
            let _ = stream.write_all(&vec![b' '; 1_000_000]).await;
            held.push(stream);
        }
        self.while_held("bodies that do not end", held).await;
    }

    /// Others are served meanwhile.
    async fn while_held(&mut self, what: &str, held: Vec<TcpStream>) {
        let began = Instant::now();
        while began.elapsed() < self.scale.held {
            Client::new(self.address).get("/readyz").await.expect(200);
        }
        self.lives(what, &format!("{} connections", held.len()));
    }

    /// Many at once, all of whom take their answers.
    async fn many(&mut self, what: &str, request: impl Fn(&str) -> Vec<u8>) {
        let request = request(&self.bearer());
        let began = Instant::now();
        let mut statuses = join_all((0..self.scale.at_once).map(|_| answered(self.address, &request))).await;
        assert!(statuses.iter().all(|status| PROPER.contains(status)), "{what}: {statuses:?}");
        statuses.sort_unstable();
        let counts: Vec<String> =
            statuses.chunk_by(|a, b| a == b).map(|same| format!("{} × {}", same.len(), same[0])).collect();
        self.lives(what, &format!("{} in {:.1?}", counts.join(", "), began.elapsed()));
    }

    fn lives(&mut self, what: &str, how: &str) {
        let most = self.peak.mebibytes();
        self.most = self.most.max(most);
        println!("{what}: {how}; at most {most} MiB, now {} MiB", self.cap.own() >> 20);
        assert!(self.cap.kills() == 0 && self.server.runs(), "{what}: the kernel has killed it");
    }

    fn bearer(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.token)
    }
}

fn get(path: &str, fields: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{fields}\r\n").into_bytes()
}

fn sent(method: &str, path: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let kind = if method == "PUT" { "application/pdf" } else { "application/json" };
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{fields}\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// The status of an answer, all of which is taken and none kept; 0 where there was none.
async fn answered(address: SocketAddr, request: &[u8]) -> u16 {
    let Ok(stream) = TcpStream::connect(address).await else { return 0 };
    let (mut reads, mut writes) = stream.into_split();
    let sends = async {
        // Who is refused before the end of the body is not heard to the end.
        let _ = writes.write_all(request).await;
        writes
    };
    let takes = async {
        let (mut begin, mut buffer) = (Vec::new(), vec![0; 65_536]);
        while let Ok(read @ 1..) = reads.read(&mut buffer).await {
            if begin.len() < 12 {
                begin.extend_from_slice(&buffer[..read.min(12)]);
            }
        }
        String::from_utf8_lossy(&begin).split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    };
    futures_util::future::join(sends, takes).await.1
}
