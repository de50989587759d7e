//! A copy while the service goes on, back again, and the way from SQLite to PostgreSQL.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use support::process::{Framdrift, Running};
use support::{Client, Engine, Place, both, document};

use crate::process::{added, binary, on, token};

const EMAIL: &str = "a@framdrift.example";
/// Tokens name it, so that a copy that is served elsewhere takes those of the original.
const PUBLIC: [&str; 2] = ["--public-url", "https://framdrift.example"];

fn served(framdrift: Framdrift) -> (Running, SocketAddr) {
    let framdrift = framdrift.with(&PUBLIC).with(&["--listen", "127.0.0.1:0", "--log-format", "json"]);
    let (server, line) = framdrift.start_logging("serves at");
    let line: Value = serde_json::from_str(&line).expect("a log line is JSON");
    (server, line["address"].as_str().and_then(|address| address.parse().ok()).expect("an address"))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(words), "{words}: {said}");
}

/// A database with the demo's project, a document with content, and an administrator.
async fn filled(place: &Place) -> (Running, SocketAddr, Client) {
    let demo = place.directory().join("project.json");
    std::fs::write(&demo, framdrift::demo::DOCUMENT).expect("the file is written");
    let imported = on(place).with(&["import", &text(&demo)]).printed();
    assert!(imported.contains("created"), "{imported}");
    let password = added(place, EMAIL);
    let (server, address) = served(on(place));
    let client = Client::new(address).with_token(token(address, EMAIL, &password).await);
    (server, address, client)
}

/// What every address answers that can be asked without knowing more than the first record of each list.
async fn answers(client: &Client) -> BTreeMap<String, (u16, String, Vec<u8>)> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut told = BTreeMap::new();
    let gets = || document::operations().into_iter().filter(|(method, _)| method == "GET").map(|(_, path)| path);
    // Lists come before what is under one of their records.
    let (alone, under): (Vec<String>, Vec<String>) = gets().partition(|path| !path.contains('{'));
    let mut paths = alone;
    for path in under {
        let mut parts = path.split('/').skip(3);
        let (collection, id) = (parts.next().unwrap_or_default().to_owned(), parts.next());
        if id == Some("{id}") && path.matches('{').count() == 1 {
            if !first.contains_key(&collection) {
                let list = client.get(&format!("/api/v1/{collection}?limit=1")).await;
                let id = list["items"][0]["id"].as_str().unwrap_or_default().to_owned();
                first.insert(collection.clone(), id);
            }
            if let Some(id) = first.get(&collection).filter(|id| !id.is_empty()) {
                paths.push(path.replace("{id}", id));
            }
        }
    }
    for path in paths {
        let answer = client.get(&path).await;
        let tag = answer.headers.get("etag").map(|tag| String::from_utf8_lossy(tag.as_bytes()).into_owned());
        told.insert(path, (answer.status, tag.unwrap_or_default(), answer.bytes.clone()));
    }
    told
}

both! {
    async fn a_backup_gives_the_same_answers_wherever_it_is_restored(place: Place) {
        let source = Engine::Sqlite.bare().await;
        let (mut server, _, client) = filled(&source).await;
        let project = client.get("/api/v1/projects?limit=1").await.expect(200).items()[0].clone();
        let new = json!({ "projectId": project["id"], "kind": "memo", "title": "Notat med innhold: æøå" });
        let document = client.create("documents", new).await;
        let content = format!("/api/v1/documents/{}/content", document["id"].as_str().expect("an identifier"));
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        client.send("PUT", &content).body("application/octet-stream", bytes.clone()).if_match("\"1\"").await.expect(200);
        let goal = client.create("goals", json!({ "projectId": project["id"], "kind": "outcome", "text": "Borte igjen" })).await;
        client.remove("goals", &goal).await.expect(204);
        let before = answers(&client).await;
        let file = source.directory().join("copy.db");
        let said = on(&source).with(&["backup", &text(&file)]).printed();
        assert!(said.contains("SHA-256"), "{said}");
        server.terminate();
        assert!(server.ended().success());

        let target = place;
        let said = on(&target).with(&["restore", &text(&file)]).printed();
        assert!(said.contains("back") || said.contains("moved"), "{said}");
        refused(&on(&target).with(&["restore", &text(&file)]).run(), "already");
        let (_server, address) = served(on(&target));
        let there = Client::new(address).with_token(client.token());
        let after = answers(&there).await;
        assert!(before.len() > 100, "{} addresses", before.len());
        // What was read since stands in the log of access.
        for (path, one) in before.iter().filter(|(path, _)| !path.contains("/person-views")) {
            let other = &after[path];
            let said = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
            assert_eq!(one.0, other.0, "{path}: {}", said(&other.2));
            // A problem has a trace of its own, a verification and an export of a person their time.
            if one.0 >= 400 || path.ends_with("/verification") || path.ends_with("/data-export") {
                continue;
            }
            // PostgreSQL keeps the members of the journal's versions in an order of its own.
            let told = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
            let same = one.2 == other.2 || told(&one.2).is_some_and(|one| told(&other.2) == Some(one));
            assert!(same, "{path}\n{}\n{}", said(&one.2), said(&other.2));
            assert!(path.ends_with("/history") || one.1 == other.1, "{path}: {} and {}", one.1, other.1);
        }
        assert_eq!(there.get(&content).await.expect(200).bytes, bytes);
        there.create("goals", json!({ "projectId": project["id"], "kind": "outcome", "text": "Og det går videre" })).await;
    }

    async fn a_backup_that_is_not_the_one_that_was_made_is_refused(place: Place) {
        if matches!(place, Place::Postgres(..)) {
            refused(&on(&place).with(&["backup", "copy.db"]).run(), "pg_dump");
        }
        let source = Engine::Sqlite.bare().await;
        added(&source, EMAIL);
        let file = source.directory().join("copy.db");
        let said = on(&source).with(&["backup", &text(&file)]).printed();
        refused(&on(&source).with(&["backup", &text(&file)]).run(), "exists already");
        let noted = std::fs::read_to_string(source.directory().join("copy.db.sha256")).expect("it is written");
        let (sha256, name) = noted.trim().split_once("  ").expect("as sha256sum writes it");
        assert!(said.contains(sha256) && name == "copy.db", "{noted}");
        let whole = std::fs::read(&file).expect("the copy");
        let target = tempfile::tempdir().expect("a directory");
        let to = match &place {
            Place::Sqlite(_) => binary().with(&["--data-dir", &text(target.path())]),
            Place::Postgres(url, _) => binary().with(&["--data-dir", &text(target.path()), "--database-url", url]),
        };
        let restore = |arguments: &[&str]| to.clone().with(&["restore"]).with(arguments).run();
        let other = source.directory().join("other.db");
        let put = |bytes: &[u8]| std::fs::write(&other, bytes).expect("it is written");
        put(&whole);
        refused(&restore(&[&text(&other)]), "--sha256");
        put(&whole[..whole.len() - 4096]);
        refused(&restore(&[&text(&other), "--sha256", sha256]), "is not the file that was backed up");
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        put(&changed);
        refused(&restore(&[&text(&other), "--sha256", sha256]), "is not the file that was backed up");
        // With its own fingerprint, a file that is no sound database of ours is found all the same.
        let own = |bytes: &[u8]| {
            put(bytes);
            framdrift::store::backup::fingerprint(&other).expect("it is read")
        };
        let print = own(b"this is no database, however long it goes on about being one");
        refused(&restore(&[&text(&other), "--sha256", &print]), "read it as a database");
        let print = own(&whole[..whole.len() - 4096 * 8]);
        refused(&restore(&[&text(&other), "--sha256", &print]), "");
        assert!(!target.path().join("framdrift.db").exists(), "nothing is left of it");
        let print = own(&whole);
        assert!(restore(&[&text(&other), "--sha256", &print.to_uppercase()]).status.success());
    }
}

#[test]
fn a_backup_under_writes_has_all_that_was_acknowledged_and_nothing_by_half() {
    support::run_bare(Engine::Sqlite, async |place: Place| {
        let (_server, _, client) = filled(&place).await;
        let stop = Arc::new(AtomicBool::new(false));
        let (writer, stopping) = (client.clone(), Arc::clone(&stop));
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let writing = tokio::spawn(async move {
            let mut made = 0;
            while !stopping.load(Ordering::Relaxed) && made < 5000 {
                writer.create("programmes", json!({ "name": format!("Program {made}") })).await;
                made += 1;
                let _ = told.send(made);
            }
            made
        });
        // It is under way.
        while heard.recv().await.expect("it writes") < 20 {}
        let file = place.directory().join("copy.db");
        let mut acknowledged = 20;
        while let Ok(more) = heard.try_recv() {
            acknowledged = more;
        }
        let backup = on(&place).with(&["backup", &text(&file)]);
        let said = tokio::task::spawn_blocking(move || backup.printed()).await.expect("it ends");
        stop.store(true, Ordering::Relaxed);
        let made = writing.await.expect("nobody was refused");
        assert!(made >= acknowledged && said.contains("SHA-256"));
        let target = tempfile::tempdir().expect("a directory");
        let restored = binary().with(&["--data-dir", &text(target.path())]);
        assert!(restored.clone().with(&["restore", &text(&file)]).run().status.success());
        let (_other, address) = served(restored);
        let there = Client::new(address).with_token(client.token());
        let list = there.get("/api/v1/programmes?q=Program&count=true&limit=1").await.expect(200);
        let copied = list["total"].as_u64().expect("a number");
        assert!((acknowledged..=made).contains(&copied), "{acknowledged} acknowledged, {copied} copied, {made} made");
        let mut events = 0;
        let mut page = there.get("/api/v1/events?types=programme.created&limit=200").await.expect(200);
        while !page.items().is_empty() {
            events += page.items().len() as u64;
            let next = page["next"].as_str().expect("a cursor").to_owned();
            page =
                there.get(&format!("/api/v1/events?types=programme.created&limit=200&after={next}")).await.expect(200);
        }
        // The demo's own programme is among them.
        assert_eq!(events, copied + 1, "every record has its entry");
    });
}
