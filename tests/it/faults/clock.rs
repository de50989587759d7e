//! The clock is wrong, or jumps: tokens of others are judged by the leeway that is promised, and nothing loses its order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use support::issuer::{MockIssuer, Published, Signer};
use support::process::{Framdrift, Running};
use support::raw::{self, status};
use support::{Answer, Client, Place, both};

use crate::process::{added, on, serving_at, token};

const EMAIL: &str = "a@framdrift.example";
const AUDIENCE: &str = "https://framdrift.example";
const ISSUER: &str = "https://maskinporten.example/";
const NUMBER: &str = "959469881";

/// A clock that the test sets, for the one process that is started with it.
struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// The true time at first; `None` where no clock can be set.
    fn new(place: &Place) -> Option<Self> {
        let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|folder| folder.path());
        let libraries = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
        let Some(library) = libraries.into_iter().find(|library| library.exists()) else {
            eprintln!("skipped: faketime is not installed, so no clock can be wrong");
            return None;
        };
        let clock = Self { library, file: place.directory().join("clock") };
        clock.set("+0s");
        Some(clock)
    }

    /// So far from the true time, from now on.
    fn set(&self, offset: &str) {
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, format!("{offset}\n")).expect("the file is written");
        std::fs::rename(&fresh, &self.file).expect("the file is in its place");
    }

    /// To an instant or a second after it, from which it goes on.
    fn set_to(&self, instant: DateTime<Utc>) {
        self.set(&format!("{:+}s", (instant - Utc::now()).num_seconds() + 1));
    }

    /// The server with this clock. What measures how long something takes goes on as ever, as it does when a machine is set right.
    fn serve(&self, framdrift: Framdrift) -> (Running, SocketAddr) {
        self.serve_with(framdrift, "FAKETIME_DONT_FAKE_MONOTONIC=1")
    }

    /// The server for which time really passes: what measures how long something takes goes with the clock. It has one
    /// worker, so that who has been answered knows that the next one will be.
    fn serve_for_long(&self, framdrift: Framdrift) -> (Running, SocketAddr) {
        self.serve_with(framdrift.with(&["--workers", "1"]), "FAKETIME_DONT_FAKE_MONOTONIC=0")
    }

    fn serve_with(&self, framdrift: Framdrift, measures: &str) -> (Running, SocketAddr) {
        let library = format!("LD_PRELOAD={}", self.library.display());
        let file = format!("FAKETIME_TIMESTAMP_FILE={}", self.file.display());
        let more = ["--public-url", AUDIENCE, "--rate-limit", "0"];
        serving_at(framdrift.with(&more).under(&["env", &library, &file, "FAKETIME_NO_CACHE=1", measures]))
    }
}

async fn logged_in(address: SocketAddr, password: &str) -> Client {
    Client::new(address).with_token(token(address, EMAIL, password).await)
}

/// A file of settings that trusts the issuer of this key.
fn trusting(signer: &Signer, folder: &Path) -> String {
    let (keys, file) = (folder.join("keys.json"), folder.join("framdrift.toml"));
    std::fs::write(&keys, json!({ "keys": [signer.jwk()] }).to_string()).expect("the file is written");
    let settings = format!(
        "[[issuers]]\nissuer = \"{ISSUER}\"\ncaller = \"organisation\"\njwks-file = \"{}\"\n\
         [issuers.scopes]\n\"region:prosjekt\" = \"framdrift:read\"\n",
        keys.display()
    );
    std::fs::write(&file, settings).expect("the file is written");
    file.display().to_string()
}

/// A file of settings that trusts an issuer which has to be asked for its keys; its tokens are those of [`ISSUER`].
fn fetching(issuer: &MockIssuer, folder: &Path) -> String {
    let file = folder.join("framdrift.toml");
    let settings = format!(
        "[[issuers]]\nissuer = \"{ISSUER}\"\ncaller = \"organisation\"\njwks-url = \"{}/jwks\"\n\
         [issuers.scopes]\n\"region:prosjekt\" = \"framdrift:read\"\n",
        issuer.address
    );
    std::fs::write(&file, settings).expect("the file is written");
    file.display().to_string()
}

/// A token of the issuer that was made and ends so many seconds from now.
fn outside(signer: &Signer, made: i64, ends: i64) -> String {
    let now = Utc::now().timestamp();
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "client_id": "klient", "scope": "region:prosjekt",
        "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{NUMBER}") },
        "iat": now + made, "exp": now + ends, "jti": uuid::Uuid::new_v4(),
    });
    signer.token(&signer.header(), &claims)
}

/// Programmes, by their identifiers in the order in which they were made.
async fn made(client: &Client, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let programme = client.create("programmes", json!({ "name": format!("Program {number}") })).await;
        ids.push(programme["id"].as_str().expect("an identifier").to_owned());
    }
    ids
}

fn ids_of(page: &Answer) -> Vec<String> {
    page.ids().into_iter().map(str::to_owned).collect()
}

both! {
    async fn a_clock_that_is_wrong_by_a_minute_judges_tokens_by_the_leeway(place: Place) {
        let Some(clock) = Clock::new(&place) else { return };
        let (password, signer) = (added(&place, EMAIL), Signer::rsa("maskinporten-1"));
        let settings = trusting(&signer, place.directory());
        let start = || clock.serve(on(&place).with(&["--config", &settings]));
        let (mut server, address) = start();
        let admin = logged_in(address, &password).await;
        let organisation = json!({ "name": "Lavangen kommune", "kind": "municipality", "orgNumber": NUMBER });
        admin.create("organisations", organisation).await;
        for (offset, tokens) in [
            ("+0s", [(0, 600, 200), (0, -30, 401), (-60, 5, 200)]),
            // A fresh token is a minute old to it, and one that ends in half a minute has ended.
            ("+65s", [(0, 600, 200), (0, 30, 401), (0, 75, 200)]),
            // A fresh token is of a minute ahead, farther than clocks may differ; and what has ended half a minute ago has not yet.
            ("-65s", [(0, 600, 401), (-60, 600, 200), (-600, -30, 200)]),
            ("-65s", [(-600, -80, 401), (-80, 100, 200), (-54, 100, 401)]),
        ] {
            clock.set(offset);
            for (made, ends, status) in tokens {
                let answer = Client::new(address).with_token(outside(&signer, made, ends)).get("/api/v1/me").await;
                assert_eq!(answer.status, status, "at {offset}, made {made} s and ending {ends} s from now: {answer}");
            }
            logged_in(address, &password).await.get("/api/v1/me").await.expect(200);
        }
        server.terminate();
        assert!(server.ended().success());
    }

    async fn the_keys_of_an_issuer_that_is_gone_are_used_for_a_day(place: Place) {
        let Some(clock) = Clock::new(&place) else { return };
        let (password, signer) = (added(&place, EMAIL), Signer::rsa("maskinporten-1"));
        let issuer = MockIssuer::start("/", &[&signer]);
        let settings = fetching(&issuer, place.directory());
        let (mut server, address) = clock.serve_for_long(on(&place).with(&["--config", &settings]));
        let organisation = json!({ "name": "Lavangen kommune", "kind": "municipality", "orgNumber": NUMBER });
        logged_in(address, &password).await.create("organisations", organisation).await;
        let ask = async |hours: i64| {
            clock.set(&format!("+{hours}h"));
            // What comes in the instant of the jump has been on its way for hours, as the server measures it.
            let began = Instant::now();
            while status(&raw::ask(address, b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")) != 200 {
                assert!(began.elapsed() < Duration::from_secs(30), "it does not come back after {hours} hours");
            }
            let token = outside(&signer, hours * 3600, hours * 3600 + 600);
            Client::new(address).with_token(token).get("/api/v1/me").await
        };
        ask(0).await.expect(200);
        issuer.publish(Published::Error);
        for hours in [1, 12, 24] {
            ask(hours).await.expect(200);
        }
        ask(26).await.refused(401, "auth.invalid_token");
        // It is back, and so are those who come from it.
        issuer.publish_keys(&[&signer]);
        ask(27).await.expect(200);
        server.terminate();
        assert!(server.ended().success());
        issuer.end().await;
    }

    async fn a_clock_that_jumps_by_an_hour_loses_no_order(place: Place) {
        let Some(clock) = Clock::new(&place) else { return };
        let password = added(&place, EMAIL);
        let (mut server, address) = clock.serve(on(&place));
        let admin = logged_in(address, &password).await;
        let follow = admin.get("/api/v1/events?types=programme.created&after=now").await.expect(200)["next"].clone();
        let mut ids = made(&admin, 4).await;
        let page = "/api/v1/programmes?limit=2&sort=id";
        let first = admin.get(page).await.expect(200);
        let cursor = first["next"].as_str().expect("there is more").to_owned();
        clock.set("+1h");
        admin.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        let admin = logged_in(address, &password).await;
        ids.extend(made(&admin, 4).await);
        let mut listed = ids_of(&first);
        let mut next = Some(cursor);
        // The cursor of an hour ago goes on where it was, while the clock goes back.
        while let Some(cursor) = next {
            let page = logged_in(address, &password).await.get(&format!("{page}&cursor={cursor}")).await.expect(200);
            listed.extend(ids_of(&page));
            next = page["next"].as_str().map(str::to_owned);
            if listed.len() == 6 {
                clock.set("+0s");
                ids.extend(made(&logged_in(address, &password).await, 4).await);
            }
        }
        let mut sorted = ids.clone();
        sorted.sort();
        assert_eq!(ids, sorted, "what is made later has the greater identifier");
        assert_eq!(listed, ids, "each once, in order");
        let admin = logged_in(address, &password).await;
        let record = admin.get(&format!("/api/v1/programmes/{}", ids[5])).await.expect(200).json;
        assert_eq!(admin.change("programmes", &record, json!({ "name": "Etter hoppet" })).await.expect(200)["version"], 2);
        let feed = format!("/api/v1/events?types=programme.created&wait=5&after={}", follow.as_str().expect("a cursor"));
        let told = told(&admin, feed, ids.len()).await;
        assert_eq!(told, ids, "the feed has each once, in the order of the commits");
        server.terminate();
        assert!(server.ended().success());
    }

    async fn the_hour_that_norway_skips_or_has_twice_is_an_hour_like_others(place: Place) {
        let Some(clock) = Clock::new(&place) else { return };
        let password = added(&place, EMAIL);
        // The clock on the wall goes from 01:59:59 to 03:00:00 in March, and from 02:59:59 to 02:00:00 in October.
        let (mut server, address) = clock.serve(on(&place).knowing("TZ", "Europe/Oslo"));
        for night in ["2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"] {
            let turn: DateTime<Utc> = night.parse().expect("an instant");
            clock.set_to(turn - TimeDelta::minutes(7));
            let admin = logged_in(address, &password).await;
            let follow = admin.get("/api/v1/events?types=programme.created&after=now").await.expect(200)["next"].clone();
            let mut records = Vec::new();
            for minutes in [-7, -1, 1, 7] {
                clock.set_to(turn + TimeDelta::minutes(minutes));
                let body = json!({ "name": format!("{night} {minutes}") });
                // The token that was made before the turn is good for its quarter of an hour.
                records.push(admin.create("programmes", body).await);
            }
            for (record, minutes) in records.iter().zip([-7, -1, 1, 7]) {
                let made: DateTime<Utc> = record["createdAt"].as_str().and_then(|at| at.parse().ok()).expect("an instant");
                let late = made - (turn + TimeDelta::minutes(minutes));
                assert!(late >= TimeDelta::zero() && late < TimeDelta::minutes(1), "{minutes} minutes from {night}: {record}");
            }
            let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
            assert!(ids.is_sorted_by_key(|id| id.as_str()), "what is made later has the greater identifier: {ids:?}");
            let feed = format!("/api/v1/events?types=programme.created&wait=5&after={}", follow.as_str().expect("a cursor"));
            assert_eq!(told(&admin, feed, ids.len()).await, ids.into_iter().cloned().collect::<Vec<_>>(), "{night}");
            clock.set_to(turn + TimeDelta::minutes(9));
            admin.get("/api/v1/me").await.refused(401, "auth.invalid_token");
        }
        server.terminate();
        assert!(server.ended().success());
    }

    async fn a_leap_day_is_a_day_and_is_over_at_midnight(place: Place) {
        let Some(clock) = Clock::new(&place) else { return };
        let password = added(&place, EMAIL);
        let (mut server, address) = clock.serve(on(&place).knowing("TZ", "Europe/Oslo"));
        let at = |instant: &str| clock.set_to(instant.parse().expect("an instant"));
        at("2028-02-28T23:00:00Z");
        let admin = logged_in(address, &password).await;
        let project = json!({ "code": "S", "name": "Skuddår", "type": "pre_study" });
        let project = admin.create("projects", project).await["id"].clone();
        let due = json!({ "projectId": project, "number": "01", "title": "Frist", "plannedOn": "2028-02-29" });
        admin.create("milestones", due).await;
        let none = json!({ "projectId": project, "number": "02", "title": "Frist", "plannedOn": "2027-02-29" });
        admin.post("/api/v1/milestones", none).await.faulted("/plannedOn", "");
        let report = format!("/api/v1/projects/{}/deadlines", project.as_str().expect("an identifier"));
        for (instant, today, overdue) in [
            ("2028-02-28T23:30:00Z", "2028-02-28", false),
            ("2028-02-29T00:00:00Z", "2028-02-29", false),
            ("2028-02-29T23:59:00Z", "2028-02-29", false),
            ("2028-03-01T00:00:00Z", "2028-03-01", true),
        ] {
            at(instant);
            let told = logged_in(address, &password).await.get(&report).await.expect(200);
            assert_eq!((&told["today"], &told["items"][0]["overdue"]), (&json!(today), &json!(overdue)), "at {instant}: {told}");
        }
        server.terminate();
        assert!(server.ended().success());
    }
}

/// What the feed tells of, one record after the other, until it has told of so many.
async fn told(client: &Client, mut feed: String, count: usize) -> Vec<Value> {
    let mut told = Vec::new();
    for _ in 0..count {
        let page = client.get(&feed).await.expect(200);
        told.extend(page.items().iter().map(|event| event["record"]["id"].clone()));
        if told.len() >= count {
            break;
        }
        let (same, _) = feed.rsplit_once("after=").expect("a cursor");
        feed = format!("{same}after={}", page["next"].as_str().expect("a cursor"));
    }
    told
}
