//! System calls that fail under SQLite: whoever writes is told, and it is as it was told.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use framdrift::access::Caller;
use framdrift::store::Writer;
use serde_json::json;
use support::dice::times;
use support::{Client, Engine, Place, both};

use super::injector::{self, Injector};
use super::judge;
use crate::process::{added, on, served_with, token};
use framdrift::db::Db as _;

const EMAIL: &str = "a@framdrift.example";
/// What fails, and what whoever writes is told. (SQLite asks for `fsync` unless it is told that `fdatasync` can be trusted.)
const FAILING: [(&str, u16, &str); 3] = [
    ("fsync:error=EIO", 503, "server.unavailable"),
    ("pwrite64:error=EIO", 503, "server.unavailable"),
    ("pwrite64:error=ENOSPC", 507, "server.storage_full"),
];
/// Files that a start opens.
const FILES: [&str; 4] = ["framdrift.lock", "framdrift.db", "framdrift.db-wal", "framdrift.db-shm"];

#[test]
fn a_call_that_fails_is_told_and_loses_nothing() {
    support::run_bare(Engine::Sqlite, |place| failing(place, 2));
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn each_of_the_first_66_calls_that_fails_is_told_and_loses_nothing() {
    support::run_bare(Engine::Sqlite, |place| failing(place, times("FRAMDRIFT_TEST_CALLS", 66)));
}

#[test]
fn a_file_that_cannot_be_opened_ends_the_start_and_no_read() {
    support::run_bare(Engine::Sqlite, without_descriptors);
}

both! {
    async fn a_transaction_that_the_database_ended_by_itself_takes_no_later_one_with_it(app: App) {
        // As SQLite does when it could not write.
        let write = app.store.write(Writer::of(&Caller::operator())).await.expect("the door opens");
        write.tx().execute_unprepared("ROLLBACK").await.expect("the transaction ends");
        drop(write);
        let admin = app.as_admin();
        // One that is undone, since it refers to nobody, and two that are kept.
        let refused = json!({ "name": "Uten eier", "ownerId": "00000000-0000-4000-8000-000000000000" });
        admin.post("/api/v1/programmes", refused).await.expect(422);
        for name in ["En", "To"] {
            admin.create("programmes", json!({ "name": name })).await;
        }
        let listed = admin.get("/api/v1/programmes?count=true").await.expect(200);
        assert_eq!(listed["total"], 2, "what was answered is lost: {listed}");
    }
}

/// Lets the first, the second, … call fail of each kind: once, and from then on.
async fn failing(place: Place, most: usize) {
    if !injector::is_there() {
        eprintln!("skipped: strace is missing or may not trace, so no system call can fail");
        return;
    }
    let password = added(&place, EMAIL);
    let (mut server, address) = served_with(&place, &["--rate-limit", "0", "--report-limit", "0"]);
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    let (mut made, mut cases, mut failed, mut refused) = (0, 0, 0, [0; FAILING.len()]);
    for (kind, (call, status, code)) in FAILING.into_iter().enumerate() {
        for when in 1..=most {
            for forever in ["", "+"] {
                let case = format!("{call}:when={when}{forever}");
                let injector = Injector::on(server.id(), &case).expect("strace traces the service");
                let mut names = Vec::new();
                let mut write = async || {
                    let name = format!("{case} {}", names.len());
                    let answer = create(&admin, &name).await;
                    let is_refused = answer.status != 201;
                    if is_refused {
                        let told = answer.refused(status, code);
                        assert!(status == 507 || !told.header("retry-after").is_empty(), "{told}");
                        refused[kind] += 1;
                    }
                    names.push(name);
                    admin.get("/api/v1/programmes?limit=5").await.expect(200);
                    (is_refused, names.len())
                };
                // One thread commits, and asks for one of each at least in each write.
                while injector.failed() == 0 {
                    let (_, writes) = write().await;
                    assert!(writes <= when + 4, "{case}: nothing has failed in {writes} writes");
                }
                if !forever.is_empty() {
                    assert!(write().await.0, "{case}: a write is answered by 201 while every call fails");
                }
                failed += injector.failed();
                cases += 1;
                drop(injector);
                // Unknown is what was not answered by a 2xx: the same key again tells.
                for name in &names {
                    let began = Instant::now();
                    while create(&admin, name).await.status != 201 {
                        assert!(began.elapsed() < Duration::from_secs(5), "{name} is not healed");
                    }
                }
                made += names.len();
                let listed = admin.get("/api/v1/programmes?count=true&limit=1").await.expect(200);
                assert_eq!(listed["total"], made, "each is there once: {names:?}");
            }
        }
    }
    assert!(cases == FAILING.len() * most * 2 && failed >= cases, "{failed} calls have failed in {cases} cases");
    server.kill();
    judge::sound(&place).await;
    let verified = on(&place).with(&["journal", "verify"]).printed();
    println!(
        "{cases} cases, {failed} calls failed; {made} writes, refused were {refused:?} of {FAILING:?}\n{}",
        verified.trim()
    );
}

async fn create(client: &Client, name: &str) -> support::Answer {
    client.post("/api/v1/programmes", json!({ "name": name })).header("idempotency-key", name).await
}

/// No descriptor is left for the first, the second, … time that a start opens a file, and for none that a service opens.
async fn without_descriptors(place: Place) {
    if !injector::is_there() {
        eprintln!("skipped: strace is missing or may not trace, so no file can be refused");
        return;
    }
    let password = added(&place, EMAIL);
    let one = ["--workers", "1", "--drain-delay", "0", "--rate-limit", "0"];
    for file in FILES {
        let path = place.directory().join(file);
        let (mut when, mut ended) = (1, 0);
        loop {
            let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
            let address = port.expect("a free port");
            let starting = on(&place).with(&["--listen", &address.to_string()]).with(&one);
            let failing = format!("openat:error=EMFILE:when={when}");
            let (starting, failed) = injector::under(starting, &path.to_string_lossy(), &failing);
            let (mut server, mut log) = starting.start_recorded();
            let serves = log.within("serves at");
            if serves {
                // Whoever answers also hears signals.
                Client::new(address).get("/healthz").await.expect(200);
                server.terminate();
            }
            let (status, said) = (server.ended(), log.whole());
            assert!(!said.contains("panicked"), "{file}, {failing}: {said}");
            assert_eq!(status.success(), serves, "{file}, {failing}: {status}, {said}");
            assert!(serves || said.contains("framdrift: "), "{file}, {failing}: it does not say why it ends: {said}");
            ended += usize::from(!serves);
            // No thread has opened it so often.
            if injector::count(&failed) == 0 {
                assert!(serves, "{file}: nothing fails, and it ends: {said}");
                break;
            }
            when += 1;
            assert!(when < 20, "{file} is opened again and again");
        }
        println!(
            "{file}: refused at the first {} times that a thread opens it, of which {ended} end the start",
            when - 1
        );
        assert!(when > 1 && ended > 0, "{file} was never refused");
    }
    // The reader of a worker is opened with its first short read.
    let (mut server, address) = served_with(&place, &one);
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    let injector = Injector::on(server.id(), "openat:error=EMFILE:when=1+").expect("strace traces the service");
    for number in 0..5 {
        admin.create("programmes", json!({ "name": format!("Trangt {number}") })).await;
        assert_eq!(admin.get("/api/v1/programmes").await.expect(200).items().len(), number + 1);
    }
    assert!(injector.failed() > 0, "it has opened nothing");
    println!("{} files were refused to the service, and everybody was served", injector.failed());
    drop(injector);
    server.kill();
    judge::sound(&place).await;
}
