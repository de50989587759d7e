//! SIGKILL at any instant, while many write.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use support::dice::{Dice, times};
use support::process::{Framdrift, Running};
use support::receiver::{Receiver, Reply};
use support::{Client, Place, both, heavy};

use super::judge;
use super::writer::{self, Service};
use crate::migrations::{connect, schema};
use crate::process::{added, on, serving_at, token};

/// Kills on one database, before another takes its place.
const ROUND: usize = 25;
const EMAIL: &str = "a@framdrift.example";

both! {
    async fn a_few_kills_lose_nothing(place: Place) {
        round(&place, 3, Dice::thrown()).await;
    }

    async fn a_start_that_is_killed_while_it_migrates_is_made_good_by_the_next(place: Place) {
        let mut dice = Dice::thrown();
        for _ in 0..8 {
            let mut migrating = on(&place).with(&["migrate"]).start_silent();
            tokio::time::sleep(Duration::from_millis(dice.below(250))).await;
            migrating.kill();
        }
        assert!(on(&place).with(&["migrate"]).run().status.success());
        let fresh = place.engine().fresh().await;
        let (here, there) = (connect(&place.url()).await, connect(&fresh.url()).await);
        assert_eq!(schema(&here).await, schema(&there).await);
        for db in [here, there] {
            db.close().await.expect("the connection closes");
        }
        fresh.remove().await;
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
