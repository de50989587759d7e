//! No room on the disk: writes are refused and say so, reads go on, and with room again all is as it was.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::Client;
use support::process::Running;
use support::room::Room;

use super::judge;
use crate::process::{binary, serving_at, token};

const EMAIL: &str = "a@framdrift.example";

#[test]
fn a_full_disk_is_507_and_heals_without_a_restart() {
    let Some(room) = Room::of(24) else {
        eprintln!("skipped: nothing may be mounted here, so no disk can be full");
        return;
    };
    support::block_on(filled(room));
}

async fn filled(room: Room) {
    let data = room.path().join("data");
    let here = binary().with(&["--data-dir", &data.to_string_lossy()]);
    let said = here.clone().with(&["user", "add", "--email", EMAIL, "--name", "A", "--administrator"]).printed();
    let password =
        said.lines().find_map(|line| line.strip_prefix("Password (shown once): ")).expect("a password").trim();
    let (mut server, address) = serving_at(here.clone().with(&["--rate-limit", "0"]));
    let admin = Client::new(address).with_token(token(address, EMAIL, password).await);
    let project = admin.create("projects", json!({ "code": "P", "name": "Fullt", "type": "pre_study" })).await;
    let mut document = json!({ "projectId": project["id"], "kind": "memo", "title": "Notat" });
    document = admin.create("documents", document).await;
    let mut made = Vec::new();
    for turn in 0..3 {
        let taken = room.fill();
        // What the log has room for already is still written.
        let refused = loop {
            let answer = admin.post("/api/v1/programmes", json!({ "name": format!("P {turn}.{}", made.len()) })).await;
            if answer.status != 201 {
                break answer;
            }
            made.push(answer.json);
            assert!(made.len() < 20_000, "{taken} bytes were taken, and nothing is full");
        };
        refused.refused(507, "server.storage_full");
        put(&admin, &document).await.refused(507, "server.storage_full");
        let operation = |part| json!({ "method": "POST", "path": "/programmes", "body": { "name": format!("{turn}.{part}"), "description": "x".repeat(9000) } });
        let batch = json!({ "operations": (0..50).map(operation).collect::<Vec<_>>() });
        admin.post("/api/v1/batch", batch).await.refused(507, "server.storage_full");
        for path in
            ["/api/v1/programmes?limit=5", "/api/v1/projects", "/api/v1/events?limit=5", "/readyz", "/api/v1/me"]
        {
            admin.get(path).await.expect(200);
        }
        room.empty();
        let began = Instant::now();
        made.push(
            admin.post("/api/v1/programmes", json!({ "name": format!("Rom igjen {turn}") })).await.expect(201).json,
        );
        document = put(&admin, &document).await.expect(200).json;
        println!("{} writes; healed after {:?}", made.len(), began.elapsed());
    }
    everything(&admin, &made).await;
    server.terminate();
    assert!(server.ended().success());
    assert_eq!(judge::faults(&data).await, [] as [String; 0]);
    println!("{}", here.with(&["journal", "verify"]).printed().trim());
}

async fn put(client: &Client, document: &Value) -> support::Answer {
    let address = format!("/api/v1/documents/{}/content", document["id"].as_str().expect("an identifier"));
    let put = client.send("PUT", &address).body("application/pdf", vec![7; 1_500_000]);
    put.if_match(&format!("\"{}\"", document["version"])).await
}

/// What was answered is there, and nothing else.
async fn everything(client: &Client, made: &[Value]) {
    let found = client.walk("/api/v1/programmes?limit=200&sort=createdAt,id").await;
    assert_eq!(found.len(), made.len());
    for record in made {
        assert!(found.contains(record), "a write that was answered is lost: {record}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    support::block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let place = directory.path().to_string_lossy().into_owned();
        let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a port");
        let silent = binary().with(&["--data-dir", &place, "--listen", &address.to_string(), "--log", "debug"]);
        let mut server = silent.under(&["sh", "-c", "exec \"$0\" \"$@\" 2>/dev/full"]).start();
        until_it_serves(address, &mut server).await;
        for _ in 0..50 {
            Client::new(address).get("/api/v1/me").await.refused(401, "auth.required");
        }
        server.terminate();
        assert!(server.ended().success());
    });
}

/// It cannot say where it listens, so it is asked.
async fn until_it_serves(address: SocketAddr, server: &mut Running) {
    let began = Instant::now();
    while Client::new(address).get("/readyz").tried().await.is_none() {
        assert!(server.runs() && began.elapsed() < Duration::from_secs(60), "it does not start");
    }
}
