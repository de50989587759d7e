//! Many at once: no update is lost, no key does its work twice, nothing fails that need not.

use std::future::IntoFuture;
use std::time::Duration;

use framdrift::access::Actor;
use framdrift::store::{Replay, Writer};
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::raw::{Connection, status};
use support::{App, Beside, Client, Engine, Place, Replica, Role, both, heavy};

use crate::heavy::spread;
use crate::process;

/// Writers at a time.
const TASKS: usize = 16;
/// Read-and-change cycles of each.
const CYCLES: usize = 10;

/// What a pooler or TLS between leaves to the driver: it has its own transactions, and refuses what the others refuse.
#[test]
fn no_update_is_lost_by_the_driver_alone() {
    // The service's own library does not know this parameter of the driver.
    let by_the_driver = |config: &mut framdrift::config::Config| {
        let url = config.database_url.take().expect("PostgreSQL has an address");
        let url = format!("{}?statement-cache-capacity=100", url.reveal());
        config.database_url = url.parse().ok();
    };
    if !Engine::Postgres.is_there() {
        return;
    }
    support::block_on(async move {
        let beside = Beside::start_with(Engine::Postgres, by_the_driver).await;
        contended(&beside.app, TASKS, CYCLES).await;
        let admin = beside.app.as_admin();
        let municipality = json!({ "name": "Lavangen kommune", "kind": "municipality", "orgNumber": "959469326" });
        admin.post("/api/v1/organisations", municipality.clone()).await.expect(201);
        let again = admin.post("/api/v1/organisations", municipality).await.refused(409, "record.conflict");
        assert_eq!(again["errors"][0]["pointer"], "/orgNumber", "{again}");
        beside.end().await;
    });
}

/// Two servers on one PostgreSQL. One of them does the work, the others tell what came of it.
#[test]
fn a_hundred_at_once_at_two_replicas_with_one_key_make_one_record() {
    support::run(Engine::Postgres, |app: App| async move {
        let replica = Replica::of(&app).await;
        let here = app.as_admin();
        let there = replica.hears(&here);
        let body = app.world().await.body("goals").await;
        let before = count(&here).await;
        assert_eq!(made_with_one_key(&[&here, &there], "/api/v1/goals", 100, &body).await, (1, 99));
        assert_eq!(count(&there).await, before + 1);
        replica.end().await;
    });
}

/// Two servers on one PostgreSQL. A project that one of them has seen, so that it no longer looks, is deleted at the other.
#[test]
fn a_project_that_is_gone_at_one_replica_takes_no_record_at_another() {
    support::run(Engine::Postgres, |app: App| async move {
        let replica = Replica::of(&app).await;
        let here = app.as_admin();
        let there = replica.hears(&here);
        let project = here.create("projects", json!({ "code": "BORTE", "name": "Borte", "type": "pre_study" })).await;
        let body = json!({ "projectId": project["id"], "kind": "impact", "text": "Vekst" });
        for _ in 0..3 {
            let goal = there.create("goals", body.clone()).await;
            here.remove("goals", &goal).await.expect(204);
        }
        here.remove("projects", &project).await.expect(204);
        for client in [&there, &here, &there] {
            client.post("/api/v1/goals", body.clone()).await.faulted("/projectId", "no_such_record");
        }
        replica.end().await;
    });
}

/// PostgreSQL, where the transaction of another replica may take long. (On SQLite one process works on one write after the other.)
#[test]
fn a_key_whose_first_request_takes_long_is_409_and_then_free_or_answered() {
    support::run(Engine::Postgres, |app: App| async move {
        let (body, admin) = (app.world().await.body("goals").await, app.as_admin());
        let me = admin.get("/api/v1/me").await.expect(200);
        let actor = Actor { kind: "user", id: me["id"].as_str().and_then(|id| id.parse().ok()), via: None };
        let write = app.store.write(Writer { actor, ..Writer::service(None) }).await.expect("the door opens");
        let first = write.claim("/api/v1/goals", "treg", body.to_string().as_bytes()).await.expect("the key is new");
        assert!(matches!(first, Replay::First(_)));
        let send = || admin.post("/api/v1/goals", body.clone()).header("idempotency-key", "treg");
        let refused = send().await.refused(409, "idempotency.in_progress");
        assert_eq!(refused.header("retry-after"), "1", "{refused}");
        drop(write);
        let made = send().await.expect(201);
        assert_eq!((made.header("idempotent-replayed"), send().await.expect(201).id()), ("", made.id()));
    });
}

/// Two servers on one PostgreSQL. One of them has just served somebody whose right is taken away at the other, and does so with
/// the fewest connections.
#[test]
fn a_right_that_is_lost_at_one_replica_writes_nothing_at_another() {
    support::run(Engine::Postgres, |app: App| async move {
        let replica = Replica::of_with(&app, |config| (config.workers, config.postgres_pool) = (1, 1)).await;
        let (world, admin) = (app.world().await, app.as_admin());
        let member = world.member(Role::Manager).await;
        let there = replica.hears(&member.client);
        let (body, before) = (world.body("goals").await, count(&admin).await);
        let goal = world.make("goals").await;
        let change = async |turn: i32, version: i32| {
            let address = format!("/api/v1/goals/{}", goal["id"].as_str().expect("an identifier"));
            there.patch(&address, json!({ "text": format!("Vekst {turn}") })).if_match(&format!("\"{version}\"")).await
        };
        let mut role = member.reason;
        for turn in 0..5 {
            there.post("/api/v1/goals", body.clone()).await.expect(201);
            // What is wrong is said of who it is, and changes nothing.
            there.post("/api/v1/goals", json!({ "projectId": body["projectId"] })).await.refused(422, "record.invalid");
            admin.remove("assignments", &role).await.expect(204);
            let key = format!("etterpå {turn}");
            there
                .post("/api/v1/goals", body.clone())
                .header("idempotency-key", &key)
                .await
                .refused(404, "record.not_found");
            role = world.give(Role::Manager, &member.person).await;
            // The key has done nothing yet.
            there.post("/api/v1/goals", body.clone()).header("idempotency-key", &key).await.expect(201);
            change(turn, turn + 1).await.expect(200);
            admin.remove("assignments", &role).await.expect(204);
            change(turn + 5, turn + 2).await.refused(404, "record.not_found");
            role = world.give(Role::Manager, &member.person).await;
            admin.remove("assignments", &role).await.expect(204);
            there.post("/api/v1/goals", body.clone()).await.refused(404, "record.not_found");
            role = world.give(Role::Manager, &member.person).await;
        }
        assert_eq!(count(&admin).await, before + 11);
        assert_eq!(admin.read("goals", &goal).await["text"], "Vekst 4");
        replica.end().await;
    });
}

/// Two servers on one PostgreSQL. Somebody's right is taken away at one of them while the other, which has found the record and the right
/// to it, still waits for the rest of the change.
#[test]
fn a_right_that_is_lost_while_a_change_is_sent_changes_nothing() {
    support::run(Engine::Postgres, |app: App| async move {
        let replica = Replica::of_with(&app, |config| (config.workers, config.postgres_pool) = (1, 1)).await;
        let (world, admin) = (app.world().await, app.as_admin());
        let member = world.member(Role::Manager).await;
        let there = replica.hears(&member.client);
        let goal = world.make("goals").await;
        let address = format!("/api/v1/goals/{}", goal["id"].as_str().expect("an identifier"));
        there.get(&address).await.expect(200);
        let body = r#"{"text":"For seint"}"#;
        let mut sending = Connection::to(replica.address());
        let head = format!(
            "PATCH {address} HTTP/1.1\r\nhost: framdrift.example\r\nauthorization: Bearer {}\r\nif-match: \"1\"\r\nconnection: close\r\n\
             content-type: application/merge-patch+json\r\ncontent-length: {}\r\n\r\n",
            there.token(),
            body.len()
        );
        sending.send(head.as_bytes());
        // Its one worker asks on one connection: what was asked before these is answered.
        for _ in 0..3 {
            there.get(&address).await.expect(200);
        }
        admin.remove("assignments", &member.reason).await.expect(204);
        sending.send(body.as_bytes());
        let answer = tokio::task::spawn_blocking(move || sending.rest()).await.expect("an answer");
        assert_eq!(status(&answer), 404, "{answer}");
        assert_eq!(admin.read("goals", &goal).await["version"], 1);
        replica.end().await;
    });
}

/// SQLite, where one write comes after the other: who takes a record in any version changes it, whoever else does.
#[test]
fn who_takes_any_version_loses_to_nobody() {
    support::run(Engine::Sqlite, |app: App| async move {
        let goal = app.world().await.make("goals").await;
        let address = format!("/api/v1/goals/{}", goal["id"].as_str().expect("an identifier"));
        let change = |n: usize| {
            let patch = app.as_admin().patch(&address, json!({ "text": format!("Mål {n}") }));
            tokio::spawn(patch.if_match("*").into_future())
        };
        for done in join_all((0..100).map(change)).await {
            done.expect("no task fails").expect(200);
        }
        assert_eq!(app.as_admin().get(&address).await.expect(200)["version"], 101);
    });
}

both! {
    async fn no_update_is_lost(app: App) {
        contended(&app, TASKS, CYCLES).await;
    }

    async fn twenty_at_once_with_one_key_make_one_record(app: App) {
        let world = app.world().await;
        let body = world.body("goals").await;
        let before = count(&app.as_admin()).await;
        assert_eq!(made_with_one_key(&[&app.as_admin()], "/api/v1/goals", 20, &body).await, (1, 19));
        assert_eq!(count(&app.as_admin()).await, before + 1);
    }

    async fn writers_of_many_records_do_not_stop_each_other(app: App) {
        let world = app.world().await;
        let project = world.project["id"].clone();
        many(&app.as_admin(), &project, TASKS, CYCLES).await;
    }

    async fn a_parent_is_not_deleted_under_a_child_that_is_added(app: App) {
        let world = app.world().await;
        for _ in 0..CYCLES {
            let parent = world.make("goals").await;
            let child = json!({ "projectId": world.project["id"], "kind": "output", "text": "Delmål", "parentId": parent["id"] });
            let admin = app.as_admin();
            let (deleted, added) = tokio::join!(
                tokio::spawn(admin.remove("goals", &parent).into_future()),
                tokio::spawn(admin.post("/api/v1/goals", child).into_future()),
            );
            let (deleted, added) = (deleted.expect("no task fails"), added.expect("no task fails"));
            match (deleted.status, added.status) {
                (204, 422) | (409, 201) => {}
                _ => panic!("{deleted}\n{added}"),
            }
        }
    }
}

heavy! {
    async fn sixty_four_writers_wait_for_each_other_and_none_is_told_of_it(place: Place) {
        let password = process::added(&place, "a@framdrift.example");
        let (mut server, log, address) = process::recorded(process::on(&place).with(&["--rate-limit", "0"]));
        let admin = Client::new(address).with_token(process::token(address, "a@framdrift.example", &password).await);
        let project = admin.create("projects", json!({ "code": "P", "name": "Travelt", "type": "pre_study" })).await;
        // On SQLite a copy is taken beside them: it reads in a process of its own, and asks for locks of its own.
        let copy = process::on(&place).with(&["backup", &place.directory().join("copy.db").to_string_lossy()]);
        let copying = place.engine() == Engine::Sqlite;
        let copied = tokio::task::spawn_blocking(move || copying.then(|| copy.run()));
        let written = tokio::spawn(async move { many(&admin, &project["id"], 64, 20).await }).await;
        if let Some(copied) = copied.await.expect("the copy ends") {
            assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        }
        server.terminate();
        let (ended, said) = (server.ended(), log.whole());
        assert!(written.is_ok() && ended.success(), "{written:?}, {ended}: {said}");
        assert!(!said.contains("locked") && !said.contains("too busy"), "{said}");
    }
}

/// Two processes on one database: PostgreSQL. A key does its work once, whichever of them is asked.
#[test]
fn a_hundred_at_once_with_one_key_at_two_replicas_make_one_record() {
    support::run_bare(Engine::Postgres, |place: Place| async move {
        let password = process::added(&place, "a@framdrift.example");
        let shared = ["--public-url", "http://framdrift.example"];
        let (_first, here) = process::served_with(&place, &shared);
        let (_second, there) = process::served_with(&place, &shared);
        let token = process::token(here, "a@framdrift.example", &password).await;
        let replicas = [here, there].map(|address| Client::new(address).with_token(token.clone()));
        let body = json!({ "name": "Næringsvennlig region" });
        assert_eq!(made_with_one_key(&[&replicas[0], &replicas[1]], "/api/v1/programmes", 100, &body).await, (1, 99));
        for replica in &replicas {
            let listed = replica.get("/api/v1/programmes?count=true").await.expect(200);
            assert_eq!((&listed["total"], &listed.items()[0]["version"]), (&json!(1), &json!(1)), "{listed}");
        }
    });
}

/// Many clients that read and change one record: as many versions as were promised, each once and in order.
pub async fn contended(app: &App, clients: usize, changes: usize) {
    let world = app.world().await;
    let goal = world.make("goals").await;
    let address = format!("/api/v1/goals/{}", goal["id"].as_str().expect("an identifier"));
    let tasks = (0..clients).map(|task| tokio::spawn(cycles(app.as_admin(), address.clone(), task, changes)));
    let mut statuses = Vec::new();
    for done in join_all(tasks).await {
        statuses.extend(done.expect("no task fails"));
    }
    let changed = statuses.iter().filter(|status| **status == 200).count();
    println!("{} changes, {changed} done, the others 412", statuses.len());
    assert!(statuses.iter().all(|status| matches!(status, 200 | 412)), "{statuses:?}");
    assert_eq!(statuses.len(), clients * changes);
    let last = app.as_admin().get(&address).await.expect(200);
    assert_eq!(last["version"].as_u64(), Some(changed as u64 + 1), "as many versions as were promised");
    let history = app.as_admin().walk(&format!("{address}/history?limit=200")).await;
    let versions: Vec<u64> = history.iter().filter_map(|entry| entry["version"].as_u64()).collect();
    assert_eq!(versions, (1..=changed as u64 + 1).rev().collect::<Vec<_>>(), "each once in the history, in order");
    for pair in history.windows(2) {
        assert_eq!(pair[0]["before"], pair[1]["after"], "every version follows from the one before");
    }
}

/// Reads and changes a record again and again; answers the statuses of the changes.
async fn cycles(client: Client, address: String, task: usize, changes: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for cycle in 0..changes {
        let read = client.get(&address).await.expect(200);
        let patch = json!({ "text": format!("Mål {task}.{cycle}") });
        statuses.push(client.patch(&address, patch).if_match(&read.etag()).await.status);
    }
    statuses
}

/// So many writers at once of a project's goals: each is told that it is done, and all is there.
async fn many(client: &Client, project: &Value, writers: usize, goals: usize) {
    let tasks = (0..writers).map(|writer| tokio::spawn(records(client.clone(), project.clone(), writer, goals)));
    let mut took: Vec<Duration> = Vec::new();
    for done in join_all(tasks).await {
        took.extend(done.expect("no writer fails"));
    }
    println!("writes by {writers}: {}", spread(&mut took));
    assert_eq!(count(client).await, (writers * goals) as u64);
}

/// Adds goals and changes each at once; how long each write took.
async fn records(client: Client, project: Value, writer: usize, goals: usize) -> Vec<Duration> {
    let mut took = Vec::new();
    for cycle in 0..goals {
        let new = json!({ "projectId": project, "kind": "output", "text": format!("Mål {writer}.{cycle}") });
        let goal = client.post("/api/v1/goals", new).await.expect(201);
        let changed = client.change("goals", &goal.json, json!({ "kind": "impact" })).await.expect(200);
        took.extend([goal.took, changed.took]);
    }
    took
}

/// So many requests at once with one key, in turn to each of these; how many records they tell of, and how many answers are told again.
async fn made_with_one_key(at: &[&Client], path: &str, many: usize, body: &Value) -> (usize, usize) {
    let requests = at.iter().cycle().take(many).map(|client| {
        tokio::spawn(client.post(path, body.clone()).header("idempotency-key", "samtidig").into_future())
    });
    let mut ids = Vec::new();
    let mut replayed = 0;
    for answer in join_all(requests).await {
        let answer = answer.expect("no task fails").expect(201);
        replayed += usize::from(answer.header("idempotent-replayed") == "true");
        ids.push(answer.id());
    }
    ids.dedup();
    (ids.len(), replayed)
}

async fn count(client: &Client) -> u64 {
    client.get("/api/v1/goals?count=true&limit=1").await.expect(200)["total"].as_u64().expect("a number")
}
