//! The tables: up, down, up again, and never half; and versions that do not know each other's.

use std::cell::Cell;

use framdrift::store::Database;
use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};
use serde_json::{Value, json};
use support::{Client, Place, both, document};
use tokio::sync::watch;

use crate::process::{ANY_PORT, added, on, served_with, token};

/// A step of a version after this one.
const LATER: &str = "m20991231_000001_later";

both! {
    async fn down_and_up_again_gives_the_same_tables(place: Place) {
        let db = connect(&place.url()).await;
        Migrator::up(&db, None).await.expect("the tables are made");
        let made = schema(&db).await;
        assert!(made.len() > 100, "{made:#?}");
        Migrator::down(&db, None).await.expect("the tables are taken away");
        let left = schema(&db).await;
        assert!(left.iter().all(|line| line.contains("seaql_migrations")), "down leaves {left:#?}");
        Migrator::up(&db, None).await.expect("the tables are made again");
        assert_eq!(schema(&db).await, made);
    }

    async fn each_step_can_be_taken_back_alone(place: Place) {
        let db = connect(&place.url()).await;
        Migrator::install(&db).await.expect("the list of steps is made");
        for step in Migrator::migrations() {
            let before = schema(&db).await;
            Migrator::up(&db, Some(1)).await.expect("a step");
            let after = schema(&db).await;
            let elsewhere = matches!(place, Place::Sqlite(_)) && step.name() == "m20261128_000026_unsealed";
            assert_eq!(before == after, elsewhere, "{} makes something, unless it is only for PostgreSQL", step.name());
            Migrator::down(&db, Some(1)).await.expect("a step back");
            assert_eq!(schema(&db).await, before);
            Migrator::up(&db, Some(1)).await.expect("the step again");
            assert_eq!(schema(&db).await, after);
        }
    }

    async fn a_step_that_fails_at_its_end_leaves_nothing_half(place: Place) {
        let db = connect(&place.url()).await;
        Migrator::install(&db).await.expect("the list of steps is made");
        for step in 0..Migrator::migrations().len() {
            let before = schema(&db).await;
            FAILS_AT.set(step);
            let failed = Failing::up(&db, Some(1)).await.expect_err("the step fails");
            assert!(failed.to_string().contains("on purpose"), "{failed}");
            assert_eq!(schema(&db).await, before, "step {step} left something");
            Migrator::up(&db, Some(1)).await.expect("the step goes well the next time");
        }
    }

    async fn several_processes_may_migrate_at_once(place: Place) {
        let all = match &place {
            Place::Postgres(url, _) => (0..4).map(|_| Database::postgres(url.clone(), 1)).collect(),
            // A SQLite file belongs to one process.
            Place::Sqlite(_) => vec![Database::sqlite(place.directory(), 1).await.expect("the file opens")],
        };
        let migrated = join_all(all.iter().map(Database::migrate)).await;
        for done in migrated {
            done.expect("each finds the tables up to date or makes them so");
        }
        let ready = all[0].open().await.expect("it opens").ready().await.expect("it answers");
        assert!(ready);
    }

    async fn a_service_goes_on_while_a_later_version_migrates_beside_it(place: Place) {
        let password = added(&place, "a@framdrift.example");
        let (mut server, address) = served_with(&place, &["--rate-limit", "0", "--report-limit", "0"]);
        let admin = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let import = admin.send("POST", "/api/v1/imports/projects").body("application/json", framdrift::demo::DOCUMENT);
        let project = import.await.expect(200)["projectId"].clone();
        // Asked twice, so that whatever a connection keeps of its questions is kept.
        everything(&admin, &project).await;
        let before = everything(&admin, &project).await;
        let programmes = admin.walk("/api/v1/programmes").await.len();
        let migrated = watch::Sender::new(false);
        let watcher = tokio::spawn(ready(Client::new(address), migrated.subscribe()));
        let writers: Vec<_> = (0..4).map(|writer| tokio::spawn(writes(admin.clone(), writer, migrated.subscribe()))).collect();
        let db = connect(&place.url()).await;
        let tables = later(&db).await;
        migrated.send_replace(true);
        let mut written = [0; 2];
        for done in join_all(writers).await {
            let [beside, after] = done.expect("every write beside the migration is answered");
            written = [written[0] + beside, written[1] + after];
        }
        let asked = watcher.await.expect("it is ready all the while");
        println!("{tables} tables changed; {written:?} writes beside it and after it, ready {asked} times");
        assert!(written[0] > 0 && asked > 0, "nobody wrote while it was migrated: {written:?}, {asked}");
        assert_eq!(everything(&admin, &project).await, before, "it answers otherwise");
        let rows = admin.walk("/api/v1/programmes?limit=200").await.len() - programmes;
        assert_eq!(rows, written[0] + written[1], "each write is there once");
        db.close().await.expect("the connection closes");
        server.terminate();
        assert!(server.ended().success());
    }

    async fn a_database_of_a_later_version_is_refused_with_what_to_do(place: Place) {
        migrated(&place);
        let db = connect(&place.url()).await;
        recorded_later(&db).await;
        let kept = schema(&db).await;
        db.close().await.expect("the connection closes");
        for command in ["serve", "migrate"] {
            let (mut refused, mut log) = on(&place).with(&ANY_PORT).with(&[command]).start_recorded();
            assert!(!log.within("serves at"), "{command} takes tables that it does not know");
            let (status, said) = (refused.ended(), log.whole());
            assert!(!status.success(), "{command} succeeds: {said}");
            for words in [LATER, "newer"] {
                assert!(said.contains(words), "{command} does not say {words:?}: {said}");
            }
        }
        let db = connect(&place.url()).await;
        assert_eq!(schema(&db).await, kept, "what is refused is left as it is");
        // Without that step it is this version's again.
        db.execute_unprepared(&format!("DELETE FROM seaql_migrations WHERE version = '{LATER}'")).await.expect("it goes");
        db.close().await.expect("the connection closes");
        migrated(&place);
    }
}

/// What every address of the document answers about the project and what it refers to, and the status of each other one.
async fn everything(client: &Client, project: &Value) -> Vec<(String, u16, Value)> {
    let id = project.as_str().expect("an identifier");
    let gets = document::operations().into_iter().filter(|(method, _)| method == "GET").map(|(_, path)| path);
    let mut told = Vec::new();
    for path in gets.filter(|path| !path.contains('{') || path.starts_with("/api/v1/projects/{id}")) {
        let path = path.replace("{id}", id);
        if path.contains('{') {
            continue;
        }
        let answer = client.get(&path).await;
        assert!(answer.status < 500, "{answer}");
        // These are whole; others tell of what the writers do, or of the instant.
        let whole = ["/milestones", "/document", "/people", "/organisations", "/deadlines", "/decisions"];
        let is_whole = whole.iter().any(|end| path.ends_with(end));
        told.push((path, answer.status, if is_whole { answer.json } else { Value::Null }));
    }
    assert!(told.len() > 50, "{told:?}");
    told
}

/// Writes until it is migrated and a little longer; how often before and after that.
async fn writes(client: Client, writer: usize, migrated: watch::Receiver<bool>) -> [usize; 2] {
    let mut written = [0; 2];
    while written[1] < 5 {
        let is_migrated = *migrated.borrow();
        let name = format!("Ved siden av {writer}.{written:?}");
        let programme = client.create("programmes", json!({ "name": name })).await;
        let changed =
            client.change("programmes", &programme, json!({ "name": format!("{name} igjen") })).await.expect(200);
        assert_eq!(client.read("programmes", &programme).await, changed.json);
        written[usize::from(is_migrated)] += 1;
    }
    written
}

/// Asks until it is migrated whether the service is ready; how often it was.
async fn ready(client: Client, migrated: watch::Receiver<bool>) -> usize {
    let mut asked = 0;
    while !*migrated.borrow() {
        client.get("/readyz").await.expect(200);
        asked += 1;
    }
    client.get("/readyz").await.expect(200);
    asked + 1
}

/// What a later version adds that keeps to the rule of an expansion: a table, and in every table that there is a column that may be
/// empty; how many tables there were.
async fn later(db: &DatabaseConnection) -> usize {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.expect("the tables can be listed");
    let names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
    execute(db, "CREATE TABLE later (id TEXT PRIMARY KEY, note TEXT)").await;
    for name in names.iter().filter(|name| *name != "seaql_migrations") {
        execute(db, &format!("ALTER TABLE {name} ADD COLUMN later_note TEXT")).await;
    }
    recorded_later(db).await;
    names.len()
}

/// Brings the tables up to date as people do.
pub fn migrated(place: &Place) {
    let ended = on(place).with(&["migrate"]).run();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// Enters a step in the list that this version does not know.
async fn recorded_later(db: &DatabaseConnection) {
    execute(db, &format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{LATER}', 4102358400)")).await;
}

async fn execute(db: &DatabaseConnection, sql: &str) {
    // Whoever serves has the tables in use: as a migration does, this waits for its turn.
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

#[test]
fn every_step_runs_in_a_transaction() {
    for step in Migrator::migrations() {
        assert_eq!(step.use_transaction(), Some(true), "{}: on SQLite the default is none", step.name());
    }
}

/// Opens a database.
pub async fn connect(url: &str) -> DatabaseConnection {
    SeaDatabase::connect(url).await.expect("the database opens")
}

/// Every table, column, index and constraint, as the database tells them.
pub async fn schema(db: &DatabaseConnection) -> Vec<String> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "
            SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default, collation_name) AS line
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            ORDER BY line",
        _ => "SELECT type || ' ' || tbl_name || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master
              WHERE name <> 'sqlite_sequence' ORDER BY line",
    };
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.expect("the schema can be read");
    rows.iter().map(|row| row.try_get("", "line").expect("a line")).collect()
}

thread_local! {
    /// The step that fails in [`Failing`]; each test has a thread of its own.
    static FAILS_AT: Cell<usize> = const { Cell::new(0) };
}

/// The real steps, one of which fails when all its work is done.
struct Failing;

#[async_trait::async_trait]
impl MigratorTrait for Failing {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let last = FAILS_AT.get();
        let steps = Migrator::migrations().into_iter().take(last + 1).enumerate();
        steps
            .map(
                |(place, step)| {
                    if place == last { Box::new(FailsAtTheEnd(step)) as Box<dyn MigrationTrait> } else { step }
                },
            )
            .collect()
    }
}

struct FailsAtTheEnd(Box<dyn MigrationTrait>);

impl MigrationName for FailsAtTheEnd {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for FailsAtTheEnd {
    fn use_transaction(&self) -> Option<bool> {
        self.0.use_transaction()
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await?;
        Err(DbErr::Custom("on purpose".to_owned()))
    }
}
