//! System calls that fail under SQLite: whoever writes is told, and it is as it was told.

use std::time::{Duration, Instant};

use framdrift::access::Caller;
use framdrift::store::Writer;
use serde_json::json;
use support::dice::times;
use support::tracer::Tracer;
use support::{Client, Engine, Place, both};

use super::judge;
use crate::process::{added, on, served_with, token};
use framdrift::db::Db as _;

const EMAIL: &str = "a@framdrift.example";
/// What fails, and how. (SQLite asks for `fsync` unless it is told that `fdatasync` can be trusted.)
const FAILING: [&str; 3] = ["fsync:error=EIO", "pwrite64:error=EIO", "pwrite64:error=ENOSPC"];

#[test]
fn a_call_that_fails_is_told_and_loses_nothing() {
    support::run_bare(Engine::Sqlite, |place| failing(place, 2));
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn two_hundred_calls_that_fail_are_told_and_lose_nothing() {
    support::run_bare(Engine::Sqlite, |place| failing(place, times("FRAMDRIFT_TEST_CALLS", 66)));
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
    let password = added(&place, EMAIL);
    let (mut server, address) = served_with(&place, &["--rate-limit", "0", "--report-limit", "0"]);
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    let (mut made, mut refused) = (0, [0; 2]);
    for call in FAILING {
        for when in 1..=most {
            for forever in ["", "+"] {
                let Some(tracer) = Tracer::on(server.id(), &format!("{call}:when={when}{forever}")) else {
                    eprintln!("skipped: strace is missing or may not trace, so no system call can fail");
                    return;
                };
                let mut names = Vec::new();
                for part in 0..3 {
                    let name = format!("{call} {when}{forever} {part}");
                    let answer = create(&admin, &name).await;
                    match answer.status {
                        201 => {}
                        503 => {
                            assert!(!answer.header("retry-after").is_empty(), "{answer}");
                            answer.refused(503, "server.unavailable");
                            refused[0] += 1;
                        }
                        _ => {
                            answer.refused(507, "server.storage_full");
                            refused[1] += 1;
                        }
                    }
                    names.push(name);
                    admin.get("/api/v1/programmes?limit=5").await.expect(200);
                }
                drop(tracer);
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
    server.kill();
    judge::sound(&place).await;
    let verified = on(&place).with(&["journal", "verify"]).printed();
    println!("{made} writes, {} answered by 503, {} by 507\n{}", refused[0], refused[1], verified.trim());
}

async fn create(client: &Client, name: &str) -> support::Answer {
    client.post("/api/v1/programmes", json!({ "name": name })).header("idempotency-key", name).await
}
