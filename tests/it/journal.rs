//! The journal is only added to, and whoever changes it all the same is found out.

use aws_lc_rs::digest::{SHA256, digest};
use framdrift::db::Db as _;
use framdrift::store::chain::checkpoint::{Checkpoint, Signer};
use framdrift::store::chain::export;
use framdrift::store::chain::form::hex;
use framdrift::store::chain::verify::{Break, Fault, Verified, verify};
use framdrift::store::{chain, feed};
use sea_orm::{Database, Statement};
use serde_json::json;
use support::process::Framdrift;
use support::{App, Engine, both};

/// Everything that is written so far in the chain.
async fn sealed(app: &App) {
    feed::seal(&app.store).await.expect("the feed is sealed");
    chain::extend(&app.store).await.expect("the chain goes on");
}

async fn verified(app: &App, kept: &[Checkpoint]) -> Verified {
    let signer = Signer::of(&app.store).await.expect("a signer");
    verify(&app.store, &signer, kept, &|_, _| ()).await.expect("the journal can be read")
}

async fn broken(app: &App, kept: &[Checkpoint]) -> Option<Break> {
    verified(app, kept).await.broken
}

async fn number(app: &App, sql: &str) -> i64 {
    let statement = Statement::from_string(app.store.read.get_database_backend(), sql);
    let row = app.store.read.query_one_raw(statement).await.expect("an answer").expect("a row");
    row.try_get("", "n").expect("a number")
}

/// The line of a fresh checkpoint.
async fn checkpoint(app: &App) -> Checkpoint {
    let signed = app.as_admin().post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
    Checkpoint::read(signed["jws"].as_str().expect("a line")).expect("a checkpoint")
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn of(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most
    }
}

/// The copies that a journal is put back from.
const KEPT: [&str; 3] = ["journal", "journal_chain", "journal_salts"];

async fn put_back(app: &App) {
    let each = KEPT.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}"));
    app.tamper(&each.join("; ")).await;
}

/// A way to change a journal: what is done to entry `a` (and `b`), and whether the first break is named as that entry.
struct Way {
    sql: &'static [&'static str],
    named: bool,
}

const WAYS: [Way; 20] = [
    Way { sql: &["UPDATE journal SET event = event || 'x' WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET version = version + 1 WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET reason = COALESCE(reason, '') || 'x' WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET record_kind = 'risk' WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET actor_kind = 'operator' || actor_kind WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET actor_id = record_id WHERE sequence = {a}"], named: true },
    Way {
        sql: &["UPDATE journal SET project_id = record_id WHERE sequence = {a} AND record_kind <> 'project'"],
        named: true,
    },
    Way { sql: &["UPDATE journal SET at = '2018-01-02T12:00:00+00:00' WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET after = '{\"id\": \"x\"}' WHERE sequence = {a}"], named: true },
    Way { sql: &["UPDATE journal SET before = '{}' WHERE sequence = {a} AND before IS NULL"], named: true },
    Way { sql: &["UPDATE journal SET after = NULL WHERE sequence = {a}"], named: true },
    Way { sql: &["DELETE FROM journal WHERE sequence = {a}"], named: true },
    Way {
        sql: &["INSERT INTO journal (event, record_kind, record_id, version, actor_kind, at) \
                SELECT event, record_kind, record_id, version + 1, actor_kind, at FROM journal WHERE sequence = {a}"],
        named: false,
    },
    Way {
        sql: &[
            "UPDATE journal SET record_id = CASE sequence WHEN {a} THEN (SELECT record_id FROM journal WHERE sequence = {b}) \
                ELSE (SELECT record_id FROM journal WHERE sequence = {a}) END WHERE sequence IN ({a}, {b})",
        ],
        named: false,
    },
    Way {
        sql: &[
            "UPDATE journal SET sequence = 1000000 WHERE sequence = {a}",
            "UPDATE journal SET sequence = {a} WHERE sequence = {b}",
            "UPDATE journal SET sequence = {b} WHERE sequence = 1000000",
        ],
        named: false,
    },
    Way { sql: &["DELETE FROM journal_chain WHERE sequence = {a}"], named: false },
    Way {
        sql: &[
            "UPDATE journal_chain SET hash = (SELECT hash FROM journal_chain WHERE sequence = {b}) WHERE sequence = {a}",
        ],
        named: true,
    },
    Way {
        sql: &[
            "UPDATE journal_chain SET sequence = 1000000 WHERE sequence = {a}",
            "UPDATE journal_chain SET sequence = {a} WHERE sequence = {b}",
            "UPDATE journal_chain SET sequence = {b} WHERE sequence = 1000000",
        ],
        named: false,
    },
    Way {
        sql: &[
            "DELETE FROM journal_salts WHERE sequence = (SELECT MIN(sequence) FROM journal_salts WHERE sequence >= {p})",
        ],
        named: false,
    },
    Way {
        sql: &[
            "DELETE FROM journal WHERE sequence >= {a}",
            "DELETE FROM journal_chain WHERE sequence NOT IN (SELECT sequence FROM journal)",
        ],
        named: false,
    },
];

both! {
    async fn two_hundred_tamperings_are_all_found(app: App) {
        let world = app.world().await;
        for collection in ["people", "milestones", "risks", "goals", "external-references"] {
            for _ in 0..4 {
                world.make(collection).await;
            }
        }
        sealed(&app).await;
        let end = checkpoint(&app).await;
        sealed(&app).await;
        assert_eq!(broken(&app, std::slice::from_ref(&end)).await, None);
        for table in KEPT {
            app.sql(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        let statement = "SELECT j.sequence AS n, j.record_kind AS kind, j.actor_id IS NOT NULL AS acted FROM journal j ORDER BY j.sequence";
        let statement = Statement::from_string(app.store.read.get_database_backend(), statement);
        let rows = app.store.read.query_all_raw(statement).await.expect("entries");
        // Entries of people are for the salts; the others are changed in every way, and each is one that the way changes.
        let plain: Vec<i64> = rows
            .iter()
            .filter(|row| ["milestone", "goal", "person"].contains(&row.try_get::<String>("", "kind").expect("a kind").as_str()))
            .map(|row| row.try_get("", "n").expect("a number"))
            .collect();
        let person = number(&app, "SELECT MIN(sequence) AS n FROM journal_salts").await;
        let mut dice = Dice(20_171_101);
        for round in 0..200 {
            let way = &WAYS[round % WAYS.len()];
            let (one, other) = (dice.of(plain.len()), dice.of(plain.len() - 1));
            let (a, b) = (plain[one], plain[(one + 1 + other) % plain.len()]);
            let filled = |sql: &str| {
                sql.replace("{a}", &a.to_string()).replace("{b}", &b.to_string()).replace("{p}", &person.to_string())
            };
            app.tamper(&filled(&way.sql.join("; "))).await;
            let found = broken(&app, std::slice::from_ref(&end)).await;
            let found = found.unwrap_or_else(|| panic!("round {round} is not found: {}", filled(way.sql[0])));
            if way.named {
                assert_eq!(found.sequence, Some(a), "round {round}: {} is named {found:?}", filled(way.sql[0]));
            }
            put_back(&app).await;
        }
        assert_eq!(broken(&app, &[end]).await, None, "what was put back holds");
    }

    async fn a_tail_that_is_cut_off_clean_is_found_by_a_checkpoint_kept_elsewhere(app: App) {
        let world = app.world().await;
        world.make("milestones").await;
        let kept = checkpoint(&app).await;
        sealed(&app).await;
        let last = number(&app, "SELECT MAX(sequence) AS n FROM journal").await;
        // As whoever owns the database would: every trace of the last two entries, and what counts them.
        for sql in [
            format!("DELETE FROM journal WHERE sequence >= {}", last - 1),
            format!("DELETE FROM journal_chain WHERE sequence >= {}", last - 1),
            format!("DELETE FROM feed WHERE sequence >= {}", last - 1),
            "DELETE FROM journal_checkpoints".to_owned(),
            "UPDATE feed_state SET position = (SELECT MAX(position) FROM journal_chain) WHERE name IN ('sealed', 'chained')".to_owned(),
        ] {
            app.tamper(&sql).await;
        }
        assert_eq!(broken(&app, &[]).await, None, "the database alone does not tell");
        let found = broken(&app, std::slice::from_ref(&kept)).await.expect("the checkpoint tells");
        assert_eq!((found.fault, found.position), (Fault::Truncated, Some(kept.position)));
        let forged = Checkpoint { position: kept.position - 2, ..kept };
        let found = broken(&app, &[forged]).await.expect("a checkpoint says what was signed");
        assert_eq!(found.fault, Fault::Signature);
    }

    async fn the_database_refuses_to_change_the_journal(app: App) {
        let world = app.world().await;
        let person = world.make("people").await;
        world.make("milestones").await;
        sealed(&app).await;
        checkpoint(&app).await;
        let refused = async |statement: &str| {
            let write = app.store.write(framdrift::store::Writer::service(None)).await.expect("the door opens");
            let done = write.tx().execute_unprepared(statement).await;
            let error = done.err().unwrap_or_else(|| panic!("it is done: {statement}"));
            assert!(error.to_string().contains("is only added to"), "{statement}: {error}");
        };
        for statement in [
            "UPDATE journal SET reason = 'x'",
            "UPDATE journal SET sequence = sequence + 1000",
            "UPDATE journal SET after = NULL WHERE record_kind = 'person'",
            "UPDATE journal SET after = '{}' WHERE record_kind = 'milestone'",
            "UPDATE journal SET record_kind = 'user', after = NULL WHERE record_kind = 'person'",
            "DELETE FROM journal",
            "UPDATE journal_chain SET position = position + 1000",
            "DELETE FROM journal_chain",
            "UPDATE journal_salts SET salt = salt",
            "DELETE FROM journal_checkpoints",
            "UPDATE journal_checkpoints SET hash = 'x'",
        ] {
            refused(statement).await;
        }
        // Another address in place of the one that was given is no erasure, and neither is one that takes a version along.
        let other = |member: &str, value: &str| match app.engine {
            Engine::Postgres => {
                format!("UPDATE journal SET after = jsonb_set(after, '{{{member}}}', '{value}') WHERE record_kind = 'person'")
            }
            Engine::Sqlite => {
                format!("UPDATE journal SET after = json_set(after, '$.{member}', json('{value}')) WHERE record_kind = 'person'")
            }
        };
        refused(&other("email", "\"other@kommune.example\"")).await;
        refused(&other("version", "7")).await;
        if app.engine == Engine::Postgres {
            refused("TRUNCATE journal").await;
            refused("TRUNCATE journal_chain").await;
        }
        app.sql(&other("email", "null")).await;
        assert_eq!(broken(&app, &[]).await.map(|found| found.fault), Some(Fault::Changed), "the database lets an erasure pass, the chain does not: {person}");
    }

    async fn several_seal_at_once_while_others_write(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        let write = async |number: u32| {
            for turn in 0..5 {
                let goal = json!({ "projectId": project, "kind": "output", "text": format!("Mål {number}.{turn}") });
                admin.create("goals", goal).await;
            }
        };
        let seal = async |_: u32| {
            for _ in 0..10 {
                sealed(&app).await;
            }
        };
        let writers = futures_util::future::join_all((0..6).map(write));
        let sealers = futures_util::future::join_all((0..4).map(seal));
        futures_util::future::join(writers, sealers).await;
        sealed(&app).await;
        let entries = number(&app, "SELECT COUNT(*) AS n FROM journal").await;
        let verified = verified(&app, &[]).await;
        assert_eq!((verified.broken, verified.entries, verified.waiting), (None, entries, 0));
    }

    async fn administrators_are_told_whether_the_journal_holds(app: App) {
        let world = app.world().await;
        let milestone = world.make("milestones").await;
        sealed(&app).await;
        let address = "/api/v1/journal/verification";
        let told = app.as_admin().get(address).await.expect(200);
        let entries = number(&app, "SELECT COUNT(*) AS n FROM journal").await;
        assert_eq!((&told["valid"], &told["entries"], &told["broken"]), (&json!(true), &json!(entries), &json!(null)));
        let sequence = number(&app, "SELECT MAX(sequence) AS n FROM journal WHERE record_kind = 'milestone'").await;
        app.tamper(&format!("UPDATE journal SET reason = 'Etterpå' WHERE sequence = {sequence}")).await;
        let told = app.as_admin().get(address).await.expect(200);
        assert_eq!((&told["valid"], &told["broken"]["code"]), (&json!(false), &json!("entry_changed")), "{milestone}");
        assert_eq!(told["broken"]["sequence"], sequence);
        app.as_nobody().get(address).await.expect(401);
        let member = world.as_a(support::Role::SteeringMember).await;
        member.get(address).await.refused(403, "access.forbidden");
        member.post("/api/v1/journal/checkpoint", json!({})).await.refused(403, "access.forbidden");
        assert!(member.get("/api/v1/journal-checkpoints").await.expect(200).items().is_empty());
    }

    async fn a_checkpoint_is_signed_and_found_again(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let first = admin.post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
        let again = admin.post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
        assert_eq!(first["id"], again["id"], "nothing has happened but the checkpoint itself");
        world.make("goals").await;
        let second = admin.post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
        assert!(second["position"].as_i64() > first["position"].as_i64(), "{second}");
        let read = admin.get(second.header("location")).await.expect(200);
        assert_eq!(read.json, second.json);
        let listed = admin.get("/api/v1/journal-checkpoints").await.expect(200);
        assert_eq!(listed.items().iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&second["id"], &first["id"]]);
        let events = admin.get("/api/v1/events?types=journal_checkpoint.signed").await.expect(200);
        assert!(!events.items().is_empty(), "{events}");
        let once = || admin.post("/api/v1/journal/checkpoint", json!({})).header("idempotency-key", "en gang");
        let kept = once().await.expect(201);
        world.make("goals").await;
        let replayed = once().await.expect(201);
        assert_eq!((replayed.header("idempotent-replayed"), &replayed.bytes), ("true", &kept.bytes), "{replayed}");
        assert_eq!(replayed.header("location"), kept.header("location"));
        let whole = Checkpoint::read(&second.json.to_string()).expect("the record is taken too");
        assert_eq!(whole, Checkpoint::read(second["jws"].as_str().expect("a line")).expect("the line"));
        let told = admin.get("/api/v1/journal/verification").await.expect(200);
        assert_eq!((&told["valid"], &told["checkpoints"]), (&json!(true), &json!(2)));
    }
}

both! {
    async fn an_export_is_verified_by_who_has_nothing_of_the_service(app: App) {
        let world = app.world().await;
        let person = json!({ "givenName": "Kari", "familyName": "Nordli", "email": "kari.nordli@lavangen.example" });
        world.as_admin().create("people", person).await;
        for _ in 0..3 {
            world.make("goals").await;
        }
        feed::seal(&app.store).await.expect("the feed is sealed");
        chain::extend(&app.store).await.expect("the chain is sealed");
        let (mut lines, mut last) = (Vec::new(), 0);
        while let Some((next, page)) = export::lines(&app.store, last).await.expect("a page") {
            (last, lines) = (next, [lines, page].concat());
        }
        let text = String::from_utf8(lines).expect("UTF-8");
        assert!(!text.contains("kari.nordli") && text.contains("person.created"), "people stand as digests");
        let mut before = [0_u8; 32].to_vec();
        for (place, line) in text.lines().enumerate() {
            let told: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(told["position"], place + 1, "{line}");
            let (_, entry) = line.split_once("\"entry\":").expect("what was hashed");
            let bytes = entry.strip_suffix('}').expect("the end of the line").as_bytes();
            before = digest(&SHA256, &[&before, bytes].concat()).as_ref().to_vec();
            assert_eq!(told["hash"], hex(&before), "{line}");
        }
        let verified = app.as_admin().get("/api/v1/journal/verification").await.expect(200);
        assert_eq!((&verified["entries"], &verified["valid"]), (&json!(last), &json!(true)), "{verified}");
    }
}

#[test]
fn the_command_names_the_first_entry_that_does_not_hold() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().to_str().expect("a path");
    let framdrift = Framdrift::new(env!("CARGO_BIN_EXE_framdrift-under-test")).with(&["--data-dir", data]);
    let user = ["user", "add", "--email", "kari@kommune.example", "--name", "Kari", "--administrator"];
    let _ = framdrift.clone().with(&user).printed();
    let line = framdrift.clone().with(&["journal", "checkpoint"]).printed();
    let file = directory.path().join("checkpoint.txt");
    std::fs::write(&file, &line).expect("the line is kept");
    let verify = framdrift.clone().with(&["journal", "verify", "--checkpoint", file.to_str().expect("a path")]);
    assert!(verify.printed().starts_with("The journal holds: 1 entries, 2 checkpoints"), "{}", verify.printed());
    let exported = framdrift.clone().with(&["journal", "export"]).printed();
    assert!(
        exported.lines().count() > 1 && exported.lines().all(|line| line.starts_with("{\"hash\":\"")),
        "{exported}"
    );
    assert!(exported.contains("user.created") && !exported.contains("kari@kommune.example"), "{exported}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let db = Database::connect(format!("sqlite://{data}/framdrift.db?mode=rw")).await.expect("the file opens");
        db.execute_unprepared("DROP TRIGGER journal_not_changed").await.expect("whoever has the file can");
        db.execute_unprepared("UPDATE journal SET reason = 'Etterpå' WHERE sequence = 1").await.expect("and change it");
        db.close().await.expect("it closes");
    });
    let output = verify.run();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("entry 1") && said.contains("entry_changed"), "{said}");
}
