//! SIGKILL at any instant, while many write.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use support::dice::{Dice, times};
use support::process::{Framdrift, Running};
use support::receiver::{Receiver, Reply};
use support::{Client, Engine, Place, both, heavy};

use super::judge;
use super::writer::{self, Service};
use crate::migrations::{connect, migrated, schema};
use crate::process::{added, on, serving_at, token};

/// Kills on one database, before another takes its place.
const ROUND: usize = 25;
const EMAIL: &str = "a@framdrift.example";

both! {
    async fn a_few_kills_lose_nothing(place: Place) {
        round(&place, 3, Dice::thrown()).await;
    }

    async fn a_start_that_is_killed_while_it_migrates_is_made_good_by_the_next(place: Place) {
        killed_while_migrating(&place, 3).await;
    }
}

heavy! {
    async fn three_hundred_kills_lose_nothing(place: Place) {
        let (count, mut dice, began) = (times("FRAMDRIFT_TEST_KILLS", 300), Dice::thrown(), Instant::now());
        let mut done = 0;
        while done < count {
            let place = place.engine().bare().await;
            let of_round = ROUND.min(count - done);
            round(&place, of_round, dice.split()).await;
            place.remove().await;
            done += of_round;
            println!("{done} kills after {:?}", began.elapsed());
        }
    }

    async fn fifty_kills_spread_over_a_migration_leave_nothing_by_half(place: Place) {
        killed_while_migrating(&place, 50).await;
    }
}

/// Kills the migration of an empty database at so many instants between its start and its end, lets it run to its end then, and
/// holds the tables against those of one that nobody disturbed.
async fn killed_while_migrating(place: &Place, kills: u32) {
    let steps = Migrator::migrations().len();
    let began = Instant::now();
    migrated(place);
    let took = began.elapsed();
    let tables = found(place, schema).await.expect("there are tables");
    let (mut before_the_end, mut amidst) = (0, 0);
    for kill in 0..kills {
        let place = place.engine().bare().await;
        let beside = if place.engine() == Engine::Postgres { Some(connect(&place.url()).await) } else { None };
        let mut migrating = on(&place).with(&["migrate"]).start_silent();
        tokio::time::sleep(took * (2 * kill + 1) / (2 * kills)).await;
        // PostgreSQL has all steps in one transaction, of which nobody else sees anything; SQLite has one for each.
        let transactions = match &beside {
            Some(db) => count(db, "pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()").await,
            None => 0,
        };
        let runs = migrating.runs();
        migrating.kill();
        judge::sound(&place).await;
        let done = found(&place, async |db| count(db, "seaql_migrations").await).await.unwrap_or_default();
        let (runs, is_amidst) = match place.engine() {
            Engine::Sqlite => (runs, runs && done > 0 && done < steps),
            Engine::Postgres => {
                assert!(done == 0 || done == steps, "{done} of {steps} steps are there");
                (runs, runs && transactions > 0 && done == 0)
            }
        };
        before_the_end += u32::from(runs);
        amidst += u32::from(is_amidst);
        if let Some(db) = beside {
            db.close().await.expect("the connection closes");
        }
        migrated(&place);
        let made = found(&place, async |db| (schema(db).await, count(db, "seaql_migrations").await)).await;
        assert_eq!(made, Some((tables.clone(), steps)), "after {done} of {steps} steps");
        place.remove().await;
    }
    println!("{kills} kills over {took:?}: {before_the_end} before the end, {amidst} of them amidst the steps");
    assert!(
        amidst > 0 && amidst >= kills / 4,
        "only {amidst} of {kills} kills fell amidst the steps; a migration takes {took:?}"
    );
}

/// What is found in a database; nothing where there is no file yet.
async fn found<T>(place: &Place, what: impl AsyncFnOnce(&DatabaseConnection) -> T) -> Option<T> {
    if place.engine() == Engine::Sqlite && !place.directory().join("framdrift.db").exists() {
        return None;
    }
    let db = connect(&place.url()).await;
    let found = what(&db).await;
    db.close().await.expect("the connection closes");
    Some(found)
}

/// The number of rows; 0 where there is no such table yet.
async fn count(db: &DatabaseConnection, rows: &str) -> usize {
    let asked = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) AS rows FROM {rows}"));
    let row = db.query_one_raw(asked).await.ok().flatten();
    row.and_then(|row| row.try_get::<i64>("", "rows").ok()).and_then(|rows| rows.try_into().ok()).unwrap_or_default()
}

/// Kills the service again and again under its writers, then holds everything against what they were told.
async fn round(place: &Place, kills: usize, mut dice: Dice) {
    let password = added(place, EMAIL);
    let receivers = [Receiver::start(), Receiver::start()];
    let service = Service::new();
    let (mut server, address) = started(place).await;
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    for receiver in &receivers {
        admin.create("webhooks", json!({ "url": receiver.url, "eventTypes": ["*"] })).await;
    }
    let writers = writer::start(&service, &admin, &mut dice).await;
    service.is_at(admin.clone());
    for _ in 0..kills {
        // Some of what is sent has to be sent again.
        for receiver in &receivers {
            (0..4).for_each(|_| receiver.once(Reply::Status(500)));
        }
        service.more(1 + dice.below(64)).await;
        // Not only at the instant of an answer.
        tokio::time::sleep(Duration::from_micros(dice.below(8000))).await;
        server.kill();
        judge::sound(place).await;
        while dice.below(4) == 0 {
            // While it starts, and goes on with what was left.
            let mut starting = serving(place).with(&["--listen", "127.0.0.1:0"]).start_silent();
            tokio::time::sleep(Duration::from_millis(dice.below(400))).await;
            starting.kill();
            judge::sound(place).await;
        }
        let address;
        (server, address) = started(place).await;
        service.is_at(Client::new(address).with_token(admin.token()));
    }
    service.more(32).await;
    service.end();
    let told: Vec<_> = join_all(writers).await.into_iter().map(|told| told.expect("no writer fails")).collect();
    server.kill();
    judge::sound(place).await;
    let (mut server, address) = started(place).await;
    let events = judge::records(&Client::new(address).with_token(admin.token()), &told).await;
    server.kill();
    judge::delivered(place).await;
    for receiver in receivers {
        judge::received(&events, &receiver.so_far());
        receiver.end().await;
    }
    let verified = on(place).with(&["journal", "verify"]).printed();
    println!("{kills} kills: {}; {} events\n{}", judge::summary(&told), events.len(), verified.trim());
}

fn serving(place: &Place) -> Framdrift {
    let sending = ["--webhook-delivery", "true", "--webhook-anywhere", "true", "--flag-watch", "true"];
    let unlimited = ["--rate-limit", "0", "--report-limit", "0"];
    on(place).with(&sending).with(&unlimited).with(&["--public-url", "http://framdrift.example"])
}

/// A server, and where it listens.
async fn started(place: &Place) -> (Running, SocketAddr) {
    let server = serving(place);
    tokio::task::spawn_blocking(move || serving_at(server)).await.expect("it starts")
}
