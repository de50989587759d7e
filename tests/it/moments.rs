//! What is judged and what is written are of one moment, whoever writes in between; and who has no part in it waits for nobody.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use framdrift::access::{Caller, Edit, session};
use framdrift::db::Db as _;
use framdrift::facts::Row;
use framdrift::problem::Error;
use framdrift::standard::{by_path, create};
use framdrift::store::{Write, Writer, idempotency};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use support::app::{ADMINISTRATOR, PASSWORD};
use support::{Answer, App, Client, Engine, Replica, both};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::process::{added, served_with, token};
use crate::status_reports::{draft, staffed};

fn id(record: &Value) -> Uuid {
    record["id"].as_str().and_then(|id| id.parse().ok()).expect("an identifier")
}

/// A record as it was answered.
fn row(record: &Value) -> Row {
    Row(record.as_object().expect("a record").clone())
}

/// The door, opened as the operator.
async fn door(app: &App) -> Write {
    app.store.write(Writer::of(&Caller::operator())).await.expect("the door opens")
}

/// Sends a request, and returns when it waits for a lock of PostgreSQL, or is answered; on SQLite it waits for the one writer.
async fn sent(app: &App, client: &Client, path: String, body: Value, tag: Option<String>) -> JoinHandle<Answer> {
    let client = client.with_token(client.token());
    let asked = tokio::spawn(async move {
        let request = client.post(&path, body);
        match tag {
            Some(tag) => request.if_match(&tag).await,
            None => request.await,
        }
    });
    waiting(app, &asked).await;
    asked
}

async fn waiting<T>(app: &App, asked: &JoinHandle<T>) {
    while app.engine == Engine::Postgres && !asked.is_finished() && waiters(&app.store.read).await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn waiters(db: &DatabaseConnection) -> i64 {
    let sql =
        "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    number(db, sql).await
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("an answer");
    row.expect("a row").try_get("", "n").expect("a number")
}

/// A method of a record, asked for at its version.
async fn method(
    app: &App,
    client: &Client,
    collection: &str,
    record: &Value,
    name: &str,
    body: Value,
) -> JoinHandle<Answer> {
    let now = client.read(collection, record).await;
    let path = format!("/api/v1/{collection}/{}/{name}", id(record));
    sent(app, client, path, body, Some(format!("\"{}\"", now["version"]))).await
}

async fn answer(asked: JoinHandle<Answer>) -> Answer {
    asked.await.expect("it is answered")
}

both! {
    async fn a_report_is_published_with_what_was_written_before_it(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let milestone = json!({ "projectId": world.project["id"], "number": "01", "title": "Tilstand", "plannedOn": "2018-02-01" });
        let milestone = app.as_admin().create("milestones", milestone).await;
        let report = draft(&world, "2017-11-01", "2017-12-31").await;
        for step in ["submit", "approve"] {
            answer(method(&app, &executive, "status-reports", &report, step, json!({})).await).await.expect(200);
        }
        let other = door(&app).await;
        assert!(other.alone_in(id(&world.project)).await.expect("the project is held"));
        let moved = "UPDATE milestones SET planned_on = '2018-03-01' WHERE number = '01'";
        other.tx().execute_unprepared(moved).await.expect("it is moved");
        let publishing = method(&app, &executive, "status-reports", &report, "publish", json!({})).await;
        assert!(!publishing.is_finished(), "somebody writes in the project");
        other.commit().await.expect("it is committed");
        answer(publishing).await.expect(200);
        let frozen = executive.get(&format!("/api/v1/status-reports/{}/snapshot", id(&report))).await.expect(200).text();
        assert!(frozen.contains(r#""plannedOn":"2018-03-01""#) && !frozen.contains(r#""plannedOn":"2018-02-01""#), "{milestone}: {frozen}");
    }

    async fn a_signature_is_over_the_report_as_it_is_published(app: App) {
        let world = app.world().await;
        staffed(&world).await;
        let report = draft(&world, "2017-11-01", "2017-12-31").await;
        let hash = "0".repeat(64);
        let other = door(&app).await;
        other.alone_in(id(&world.project)).await.expect("the project is held");
        let published = format!("UPDATE status_reports SET state = 'published', sha256 = '{hash}'");
        other.tx().execute_unprepared(&published).await.expect("it is published");
        let path = format!("/api/v1/status-reports/{}/signatures", id(&report));
        let body = json!({ "organisationId": world.municipality["id"] });
        let signing = sent(&app, &app.as_admin(), path, body, None).await;
        other.commit().await.expect("it is committed");
        assert_eq!(answer(signing).await.expect(201)["sha256"], json!(hash));
    }

    async fn of_two_who_continue_a_project_one_does(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let (project, admin) = (&world.project["id"], app.as_admin());
        let recommendation = json!({ "projectId": project, "number": "1", "text": "Felles løsning", "stage": 2, "status": "proposed" });
        let recommendation = admin.create("recommendations", recommendation).await;
        crate::decisions::resolution(&world, "adopted", "recommendation", &recommendation).await;
        let new = |code: &str| json!({
            "recommendationId": recommendation["id"], "type": "main_project", "code": code, "name": code,
            "startsOn": "2018-09-01", "endsOn": "2019-12-31",
        });
        let other = door(&app).await;
        other.alone_with(id(&world.project)).await.expect("the project is held");
        let first = method(&app, &executive, "projects", &world.project, "continue", new("EN")).await;
        let second = method(&app, &executive, "projects", &world.project, "continue", new("TO")).await;
        other.commit().await.expect("it is let go");
        let mut answers = [answer(first).await, answer(second).await];
        answers.sort_by_key(|answer| answer.status);
        let [made, refused] = answers;
        refused.faulted("/recommendationId", "taken");
        let leads = executive.read("recommendations", &recommendation).await;
        assert_eq!(leads["leadsToProjectId"], made.expect(201)["id"]);
    }

    async fn what_a_list_refers_to_is_not_deleted_while_that_is_written(app: App) {
        let world = app.world().await;
        let organisation = world.make("organisations").await;
        let mut key = world.body("cost-keys").await;
        key["parties"] = json!([{ "organisationId": organisation["id"], "figures": { "population": 3933 } }]);
        let other = door(&app).await;
        let resource = by_path("cost-keys").expect("a collection");
        let Value::Object(content) = key else { panic!("no object: {key}") };
        let made = create::created(resource, &other, &Caller::operator(), content).await;
        made.unwrap_or_else(|error| panic!("{}", error.with_causes()));
        let (admin, path) = (app.as_admin(), format!("/api/v1/organisations/{}", id(&organisation)));
        let deleting = tokio::spawn(async move { admin.delete(&path).if_match("\"1\"").await });
        waiting(&app, &deleting).await;
        other.commit().await.expect("it is committed");
        answer(deleting).await.refused(409, "record.in_use");
    }

    async fn a_login_with_a_password_that_was_changed_meanwhile_is_none(app: App) {
        let user = session::user_of(&app.store.read, ADMINISTRATOR).await.expect("an answer").expect("a user");
        let other = door(&app).await;
        let new = session::hash_password("et helt annet passord").expect("a hash");
        session::set_password(other.tx(), user, new).await.expect("it is set");
        session::close_all(other.tx(), user).await.expect("the others are closed");
        let body = json!({ "email": ADMINISTRATOR, "password": PASSWORD });
        let login = sent(&app, &app.as_nobody(), "/api/v1/auth/login".to_owned(), body, None).await;
        other.commit().await.expect("it is committed");
        answer(login).await.refused(401, "auth.wrong_credentials");
    }

    async fn a_password_stands_until_it_or_its_user_is_changed(app: App) {
        let (_, hash) = session::credentials(&app.store.read, ADMINISTRATOR).await.expect("an answer").expect("a user");
        let user = session::user_of(&app.store.read, ADMINISTRATOR).await.expect("an answer").expect("a user");
        let write = door(&app).await;
        let stands = async |hash: &str| session::stands(write.tx(), user, hash).await.expect("an answer");
        assert!(stands(&hash).await && !stands("another").await);
        let gone = "UPDATE users SET disabled_at = '2020-01-01T00:00:00Z'";
        write.tx().execute_unprepared(gone).await.expect("it is disabled");
        assert!(!stands(&hash).await, "a disabled user has no password");
    }

    async fn what_is_written_stands_before_whatever_is_asked_next(app: App) {
        let facts = by_path("programmes").expect("a collection").facts;
        let first = app.as_admin().create("programmes", json!({ "name": "Først" })).await;
        let second = app.as_admin().create("programmes", json!({ "name": "Annet" })).await;
        let write = door(&app).await;
        let seen = async |name: &str| {
            let sql = format!("SELECT COUNT(*) AS n FROM programmes WHERE name = '{name}'");
            let row = write.tx().query_one_raw(Statement::from_string(app.store.read.get_database_backend(), sql)).await;
            row.expect("an answer").expect("a row").try_get::<i64>("", "n").expect("a number")
        };
        let mut changes = Vec::new();
        for (record, name) in [(&first, "Endret"), (&second, "Også endret")] {
            let named = json!({ "name": name });
            let edit = Edit::consequence(facts, row(record));
            changes.push(write.change(edit, named.as_object().expect("an object")).await.expect("it is changed"));
        }
        assert_eq!((seen("Endret").await, seen("Også endret").await), (1, 1));
        let entries: Vec<_> = changes.iter().map(|change| (facts, change, facts.event("changed"))).collect();
        write.record_all(&entries).await.expect("they are told of");
        write.commit().await.expect("it is kept");
        for record in [first, second] {
            let path = format!("/api/v1/programmes/{}/history", id(&record));
            let told = app.as_admin().get(&path).await.expect(200);
            assert_eq!(told["items"].as_array().map(Vec::len), Some(2), "{}", told.text());
        }
    }

    async fn a_change_of_what_is_no_longer_so_is_told_of_nowhere(app: App) {
        let facts = by_path("programmes").expect("a collection").facts;
        let (admin, named) = (app.as_admin(), json!({ "name": "Til slutt" }));
        let read = admin.create("programmes", json!({ "name": "Først" })).await;
        let path = format!("/api/v1/programmes/{}", id(&read));
        admin.patch(&path, json!({ "name": "Siden" })).if_match("\"1\"").await.expect(200);
        for asks in [false, true] {
            let write = door(&app).await;
            let wrote = async {
                let change = write.change(Edit::consequence(facts, row(&read)), named.as_object().expect("an object")).await?;
                if asks {
                    write.tx().execute_unprepared("SELECT 1").await?;
                }
                write.record(facts, &change, facts.event("changed")).await
            };
            let Err(Error::Problem(problem)) = wrote.await else { panic!("a change of the first version, which is gone") };
            assert_eq!((problem.code.name, &problem.members["currentVersion"]), ("record.stale", &json!(2)));
            if app.engine == Engine::Postgres {
                write.commit().await.expect_err("what it would keep is half of it");
            }
        }
        let told = admin.get(&format!("{path}/history")).await.expect(200);
        assert_eq!(told["items"].as_array().map(Vec::len), Some(2), "{}", told.text());
        assert_eq!(admin.get(&path).await.expect(200)["name"], "Siden");
    }

    async fn what_is_wrong_beside_a_version_that_is_gone_is_no_news(app: App) {
        let (world, admin) = (app.world().await, app.as_admin());
        let resource = by_path("milestones").expect("a collection");
        let read = json!({ "projectId": world.project["id"], "number": "01", "title": "Tilstand", "plannedOn": "2018-02-01" });
        let read = admin.create("milestones", read).await;
        admin.patch(&format!("/api/v1/milestones/{}", id(&read)), json!({ "title": "Ny" })).if_match("\"1\"").await.expect(200);
        let write = door(&app).await;
        let moved = json!({ "plannedOn": "2018-03-01" });
        let settled = async {
            let change = write.change(Edit::consequence(resource.facts, row(&read)), moved.as_object().expect("an object")).await?;
            // There is no reason for it, either.
            resource.settle(&write, &Caller::operator(), &change).await
        };
        let Err(Error::Problem(problem)) = settled.await else { panic!("a change of the first version, which is gone") };
        assert_eq!((problem.code.name, &problem.members["currentVersion"]), ("record.stale", &json!(2)));
    }

    async fn what_was_written_before_something_else_is_not_what_was_written_last(app: App) {
        let facts = by_path("programmes").expect("a collection").facts;
        let record = app.as_admin().create("programmes", json!({ "name": "Først" })).await;
        let write = door(&app).await;
        let named = async |before: Row, name: &str| {
            let named = json!({ "name": name });
            let change = write.change(Edit::consequence(facts, before), named.as_object().expect("an object")).await;
            change.expect("it is changed")
        };
        let first = named(row(&record), "Siden").await;
        write.tx().execute_unprepared("SELECT 1").await.expect("it goes ahead of a question");
        let second = named(first.after().expect("it is there").clone(), "Til slutt").await;
        for change in [&second, &first] {
            write.record(facts, change, facts.event("changed")).await.expect("it is told of");
        }
        let last = write.written_last(facts, id(&record), |_| true);
        assert!(last.is_none_or(|last| last.version() == 3), "an older version is told as the last");
        write.commit().await.expect("it is kept");
    }

    async fn a_key_of_yesterday_is_as_good_as_new(app: App) {
        let admin = app.as_admin();
        let post = async |name: &str| admin.post("/api/v1/programmes", json!({ "name": name })).header("idempotency-key", "k").await;
        let first = post("Først").await.expect(201);
        assert_eq!(post("Først").await.expect(201)["id"], first["id"]);
        post("Annet").await.refused(422, "idempotency.key_reused");
        aged(&app).await;
        let second = post("Annet").await.expect(201);
        assert_ne!(second["id"], first["id"]);
        assert_eq!(post("Annet").await.expect(201)["id"], second["id"], "and is kept for a day again");
        let kept = async || number(&app.store.read, "SELECT COUNT(*) AS n FROM idempotency_keys").await;
        idempotency::prune(&app.store, Utc::now()).await.expect("it is cleared");
        assert_eq!(kept().await, 1);
        idempotency::prune(&app.store, Utc::now() + TimeDelta::hours(25)).await.expect("it is cleared");
        assert_eq!(kept().await, 0);
    }
}

/// Makes the keys that are kept two days old.
async fn aged(app: &App) {
    let before: DateTime<Utc> = Utc::now() - TimeDelta::days(2);
    let write = door(app).await;
    let sql = "UPDATE idempotency_keys SET created_at = $1";
    let statement = Statement::from_sql_and_values(app.store.read.get_database_backend(), sql, [before.into()]);
    write.tx().execute_raw(statement).await.expect("they are older now");
    write.commit().await.expect("it is kept");
}

/// On SQLite all who write wait for one another.
#[test]
fn who_uses_an_old_key_again_keeps_nobody_else_waiting() {
    support::run(Engine::Postgres, |app: App| async move {
        let admin = app.as_admin();
        let post = |key: &str| admin.post("/api/v1/programmes", json!({ "name": key })).header("idempotency-key", key);
        post("old").await.expect(201);
        aged(&app).await;
        let other = door(&app).await;
        let path = "/api/v1/programmes";
        other.claim(path, "new", b"{}").await.expect("it is claimed");
        let held = "UPDATE idempotency_keys SET body = NULL WHERE status IS NOT NULL";
        other.tx().execute_unprepared(held).await.expect("the old one is held");
        post("a third").await.expect(201);
        drop(other);
    });
}

/// A database may be set to answer before a commit is on disk; what the service answers is on disk.
#[test]
fn a_database_that_promises_less_is_asked_for_all() {
    support::run(Engine::Postgres, |app: App| async move {
        let db = &app.store.read;
        for sql in [
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
            "CREATE TABLE promised (setting TEXT)",
            "CREATE FUNCTION promise() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN INSERT INTO promised VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$",
            "CREATE TRIGGER promise AFTER INSERT ON programmes FOR EACH ROW EXECUTE FUNCTION promise()",
        ] {
            db.execute_unprepared(sql).await.expect(sql);
        }
        let by_the_driver = |config: &mut framdrift::config::Config| {
            let url = config.database_url.take().expect("PostgreSQL has an address");
            config.database_url = format!("{}?statement-cache-capacity=100", url.reveal()).parse().ok();
        };
        for replica in [Replica::of(&app).await, Replica::of_with(&app, by_the_driver).await] {
            let there = replica.hears(&app.as_admin());
            there.create("programmes", json!({ "name": replica.address().to_string() })).await;
            replica.end().await;
        }
        assert_eq!(number(db, "SELECT COUNT(*) AS n FROM promised WHERE setting = 'on'").await, 2);
        assert_eq!(number(db, "SELECT COUNT(*) AS n FROM promised").await, 2);
    });
}

/// As many connections as the README counts, however busy it is: workers, and one for all that is done beside them.
#[test]
fn no_more_connections_are_opened_than_were_told() {
    support::run_bare(Engine::Postgres, |place| async move {
        let (workers, pool) = (2, 2);
        let email = "a@framdrift.example";
        let password = added(&place, email);
        let settings = ["--workers", "2", "--postgres-pool", "2", "--rate-limit", "0", "--report-limit", "0"];
        let (mut server, address) = served_with(&place, &settings);
        let admin = Client::new(address).with_token(token(address, email, &password).await);
        let mut one = ConnectOptions::new(place.url());
        one.max_connections(1);
        let own = Database::connect(one).await.expect("PostgreSQL can be reached");
        let sql = "SELECT COUNT(*) AS n FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        let bound = (workers + 1) * (pool + 1);
        let began = Instant::now();
        // Those of the start, and of the command before it, are being closed.
        while number(&own, sql).await > bound && began.elapsed() < Duration::from_secs(20) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let asking: Vec<_> = (0..32)
            .map(|n| {
                let admin = admin.with_token(admin.token());
                tokio::spawn(async move {
                    for turn in 0..10 {
                        admin.create("programmes", json!({ "name": format!("{n} {turn}") })).await;
                        admin.get("/api/v1/programmes?count=true").await.expect(200);
                    }
                })
            })
            .collect();
        let mut most = 0;
        while !asking.iter().all(JoinHandle::is_finished) {
            most = most.max(number(&own, sql).await);
        }
        for one in asking {
            one.await.expect("it is answered");
        }
        own.close().await.expect("it closes");
        println!("{most} connections");
        assert!((workers..=bound).contains(&most), "{most} connections");
        server.terminate();
        assert!(server.ended().success());
    });
}
