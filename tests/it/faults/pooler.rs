//! PgBouncer between the service and PostgreSQL.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, TransactionTrait};
use serde_json::json;
use support::dice::Dice;
use support::pooler::{Mode, Pooler};
use support::{Client, Engine, Place};

use super::judge;
use super::writer::{self, Service, Told};
use crate::process::{added, on, served_with, token};

const EMAIL: &str = "a@framdrift.example";
/// The first version that takes prepared statements along.
const TAKES_STATEMENTS_ALONG: (u32, u32) = (1, 21);

/// A database without tables, if there are a server and a pooler of this version at least.
async fn bare(least: (u32, u32)) -> Option<Place> {
    let version = Pooler::version();
    if !Engine::Postgres.is_there() || version.is_none_or(|version| version < least) {
        eprintln!(
            "skipped: it takes FRAMDRIFT_TEST_POSTGRES and PgBouncer {least:?} or newer; installed is {version:?}"
        );
        return None;
    }
    Some(Engine::Postgres.bare().await)
}

#[test]
fn sessions_that_are_lent_for_each_transaction_do() {
    support::block_on(async {
        let Some(straight) = bare(TAKES_STATEMENTS_ALONG).await else { return };
        let pooler = Pooler::before(&straight.url(), Mode::Transaction, 5);
        served_by_turns(&straight, &pooler.place(&straight)).await;
        drop(pooler);
        straight.remove().await;
    });
}

/// Two replicas that want sixteen sessions and share five.
async fn served_by_turns(straight: &Place, lent: &Place) {
    let settings =
        ["--rate-limit", "0", "--report-limit", "0", "--workers", "2", "--public-url", "http://framdrift.example"];
    let start = |place: Place| tokio::task::spawn_blocking(move || served_with(&place, &settings));
    // Both migrate at once.
    let (first, second) = tokio::join!(start(lent.clone()), start(lent.clone()));
    let ((_one, here), (_other, there)) = (first.expect("it starts"), second.expect("it starts"));
    let place = lent.clone();
    let password = tokio::task::spawn_blocking(move || added(&place, EMAIL)).await.expect("a user is added");
    let admin = Client::new(here).with_token(token(here, EMAIL, &password).await);
    let service = Service::new();
    let writers = writer::start(&service, &admin, &mut Dice::thrown()).await;
    for address in [here, there, here] {
        service.is_at(Client::new(address).with_token(admin.token()));
        service.more(200).await;
    }
    service.end();
    let told: Vec<Told> = join_all(writers).await.into_iter().map(|told| told.expect("no writer fails")).collect();
    judge::records(&Client::new(there).with_token(admin.token()), &told).await;
    bounded(straight, lent, &admin).await;
}

/// Who holds a lock is not waited for without end, and no session keeps what was set for a transaction.
async fn bounded(straight: &Place, lent: &Place, admin: &Client) {
    let direct = Database::connect(straight.url()).await.expect("PostgreSQL can be reached");
    let holding = direct.begin().await.expect("a transaction begins");
    holding.execute_unprepared("LOCK TABLE projects IN ACCESS EXCLUSIVE MODE").await.expect("it is locked");
    let began = Instant::now();
    let project = json!({ "code": "VENTER", "name": "Venter", "type": "pre_study" });
    admin.post("/api/v1/projects", project).await.refused(503, "server.unavailable");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    holding.rollback().await.expect("the lock is given back");
    let by_pooler = Database::connect(options(&lent.url())).await.expect("the pooler can be reached");
    for name in ["lock_timeout", "idle_in_transaction_session_timeout"] {
        assert_eq!(setting(&by_pooler, name).await, "0", "{name} stays in a session that others get");
    }
    by_pooler.close().await.expect("it closes");
    direct.close().await.expect("it closes");
}

fn options(url: &str) -> sea_orm::ConnectOptions {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).map_sqlx_postgres_opts(|options| options.extra_float_digits(None));
    options
}

async fn setting(db: &DatabaseConnection, name: &str) -> String {
    let asked = sea_orm::Statement::from_string(db.get_database_backend(), format!("SHOW {name}"));
    let row = db.query_one_raw(asked).await.expect("it answers").expect("a row");
    row.try_get("", name).expect("a text")
}

#[test]
fn a_pooler_that_loses_prepared_statements_is_refused_with_what_to_do() {
    support::block_on(async {
        let Some(straight) = bare((1, 0)).await else { return };
        let pooler = Pooler::before(&straight.url(), Mode::Forgetful, 5);
        for command in [&["serve", "--listen", "127.0.0.1:0"] as &[&str], &["migrate"]] {
            let ended = on(&pooler.place(&straight)).with(command).run();
            let said = String::from_utf8_lossy(&ended.stderr).into_owned();
            assert!(!ended.status.success(), "{command:?} succeeds");
            for words in ["max_prepared_statements", "1.21", "pool_mode = session"] {
                assert!(said.contains(words), "{command:?} says {said}");
            }
        }
        drop(pooler);
        straight.remove().await;
    });
}

#[test]
fn sessions_that_are_lent_to_a_connection_do() {
    support::block_on(async {
        let Some(straight) = bare((1, 0)).await else { return };
        let pooler = Pooler::before(&straight.url(), Mode::Session, 20);
        let lent = pooler.place(&straight);
        let password = added(&lent, EMAIL);
        let (mut server, address) = served_with(&lent, &["--workers", "1"]);
        let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
        let project = json!({ "code": "P", "name": "Med økt", "type": "pre_study" });
        admin.create("projects", project).await;
        server.terminate();
        assert!(server.ended().success());
        drop(pooler);
        straight.remove().await;
    });
}
