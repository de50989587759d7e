//! A standby that answers reads: never behind what anybody was told, and nobody's fault when it is gone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::cluster::Cluster;
use support::process::Running;
use support::proxy::Proxy;
use support::raw::ask;
use support::{Client, Place};

use crate::process::{added, on, token};

const EMAIL: &str = "a@framdrift.example";
/// Longest time in which the standby is read from, or is so no longer.
const NOTICED: Duration = Duration::from_secs(20);

/// A replica of the service.
struct Replica {
    _process: Running,
    client: Client,
    address: SocketAddr,
    metrics: SocketAddr,
}

impl Replica {
    fn of(place: &Place, standby: &str) -> Self {
        let framdrift =
            on(place).with(&["--read-database-url", standby, "--public-url", "http://framdrift.example"]).with(&[
                "--listen",
                "127.0.0.1:0",
                "--metrics-listen",
                "127.0.0.1:0",
                "--log-format",
                "json",
                "--rate-limit",
                "0",
                "--workers",
                "2",
            ]);
        let (process, mut log) = framdrift.start_recorded();
        let mut address = |word: &str| {
            let line: Value = serde_json::from_str(&log.until(word)).expect("a log line is JSON");
            line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address")
        };
        let metrics = address("Metrics are at");
        let address = address("serves at");
        // A log that nobody reads would stop the server.
        std::thread::spawn(move || log.whole());
        Self { _process: process, client: Client::new(address), address, metrics }
    }

    /// How many requests were read from there.
    fn reads(&self, from: &str) -> u64 {
        self.measured(&format!("framdrift_reads_total{{from=\"{from}\"}}"))
    }

    fn measured(&self, name: &str) -> u64 {
        let told = ask(self.metrics, b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        let value = told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
        value.trim().parse().expect("a number")
    }

    /// Reads until it is the standby that answers.
    async fn until_near(&self, path: &str) {
        let (began, before) = (Instant::now(), self.reads("standby"));
        while self.reads("standby") == before {
            assert!(began.elapsed() < NOTICED, "the standby is not read from");
            self.client.get(path).await.expect(200);
        }
    }
}

#[test]
fn what_was_answered_is_read_on_every_replica_and_a_standby_that_is_gone_hurts_nobody() {
    let Some(cluster) = Cluster::start() else {
        eprintln!("skipped: PostgreSQL's programs are not installed, so there is no standby");
        return;
    };
    support::block_on(read_nearby(Arc::new(cluster)));
}

async fn read_nearby(cluster: Arc<Cluster>) {
    let place = cluster.place(cluster.address);
    let (straight, primary) = (place.clone(), Arc::clone(&cluster));
    let made = tokio::task::spawn_blocking(move || (added(&straight, EMAIL), primary.standby()));
    let (password, standby) = made.await.expect("a user and a standby");
    let standby = Arc::new(standby);
    let network = Proxy::before(standby.address).await;
    let near = cluster.place(network.address).url();
    let start = move || [Replica::of(&place, &near), Replica::of(&place, &near)];
    let mut replicas = tokio::task::spawn_blocking(start).await.expect("both start");
    let known = token(replicas[0].address, EMAIL, &password).await;
    for replica in &mut replicas {
        replica.client = Client::new(replica.address).with_token(known.clone());
    }
    let [one, other] = &replicas;
    let project = one.client.create("projects", json!({ "code": "P", "name": "Leses nær", "type": "pre_study" })).await;
    let path = format!("/api/v1/projects/{}", project["id"].as_str().expect("an identifier"));
    one.until_near(&path).await;
    other.until_near(&path).await;
    written_is_read(one, other, &path, 100).await;
    assert!(one.reads("standby") + other.reads("standby") > 10, "the standby answers reads between writes");

    // Behind for as long as it is told to be.
    standby.told("SELECT pg_wal_replay_pause() IS NULL").await;
    let paused = Instant::now();
    while standby.told("SELECT pg_get_wal_replay_pause_state()").await != "paused" {
        assert!(paused.elapsed() < NOTICED, "the replay pauses");
    }
    written_is_read(one, other, &path, 3).await;
    let (near, far) = (other.reads("standby"), other.reads("primary"));
    for _ in 0..10 {
        other.client.get(&path).await.expect(200);
    }
    assert_eq!((other.reads("standby"), other.reads("primary")), (near, far + 10), "a standby that is behind");
    // Rights are those of now as well: a session that has ended reads nothing.
    let session = Client::new(one.address).with_token(token(one.address, EMAIL, &password).await);
    session.get(&path).await.expect(200);
    session.send("POST", "/api/v1/auth/logout").await.expect(204);
    Client::new(other.address).with_token(session.token()).get(&path).await.refused(401, "auth.invalid_token");
    standby.told("SELECT pg_wal_replay_resume() IS NULL").await;
    other.until_near(&path).await;

    // Gone, in each of its ways, while everybody reads.
    let silent = || network.silence();
    while_reading(&replicas, &path, silent).await;
    network.mend();
    replicas[0].until_near(&path).await;
    replicas[1].until_near(&path).await;
    let dying = Arc::clone(&standby);
    let crash = tokio::task::spawn_blocking(move || dying.crash());
    while_reading(&replicas, &path, || ()).await;
    crash.await.expect("it is gone");
    let again = Arc::clone(&standby);
    tokio::task::spawn_blocking(move || again.begin()).await.expect("it is back");
    replicas[0].until_near(&path).await;
    written_is_read(&replicas[0], &replicas[1], &path, 10).await;
}

/// Changes a record at one replica; each change is read at the other at once, alone and in the list.
async fn written_is_read(one: &Replica, other: &Replica, path: &str, times: usize) {
    for number in 0..times {
        let (here, there) = if number % 2 == 0 { (one, other) } else { (other, one) };
        let before = here.client.get(path).await;
        let name = format!("Leses nær, {number} av {times}");
        let changed = here.client.patch(path, json!({ "name": name })).if_match(before.header("etag")).await;
        changed.expect(200);
        let read = there.client.get(path).await.expect(200);
        assert_eq!(read["name"], name.as_str(), "change {number}");
        let listed = there.client.get("/api/v1/projects?fields=name").await.expect(200);
        assert_eq!(listed["items"][0]["name"], name.as_str(), "change {number}");
    }
}

/// Reads at both replicas until they know that the standby is gone; every read is answered, and both stay ready.
async fn while_reading(replicas: &[Replica; 2], path: &str, fail: impl FnOnce()) {
    let known = AtomicBool::new(false);
    let reading = |replica: &Replica| {
        let (client, nobody) = (replica.client.clone(), Client::new(replica.address));
        let known = &known;
        async move {
            let mut longest = Duration::ZERO;
            while !known.load(Ordering::SeqCst) {
                let began = Instant::now();
                client.get(path).await.expect(200);
                longest = longest.max(began.elapsed());
                nobody.get("/readyz").await.expect(200);
            }
            longest
        }
    };
    let waiting = async {
        let began = Instant::now();
        fail();
        while replicas.iter().any(|replica| replica.measured("framdrift_standby_up ") == 1) {
            assert!(began.elapsed() < NOTICED, "nobody notices that the standby is gone");
            tokio::task::yield_now().await;
        }
        known.store(true, Ordering::SeqCst);
        began.elapsed()
    };
    let (noticed, here, there) = tokio::join!(waiting, reading(&replicas[0]), reading(&replicas[1]));
    println!("gone is known after {noticed:?}; the longest read took {:?}", here.max(there));
    assert!(here.max(there) < Duration::from_secs(4), "{:?}", here.max(there));
}

#[test]
fn a_standby_without_its_primary_is_refused() {
    let place = tempfile::tempdir().expect("a directory");
    let sqlite = Place::Sqlite(Arc::new(place));
    let url = "postgres://postgres@127.0.0.1:1/framdrift";
    let ended = on(&sqlite).with(&["--read-database-url", url, "migrate"]).run();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && said.contains("--database-url"), "{said}");
}
