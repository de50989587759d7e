//! How long an answer takes tells nothing either: of what is another's, and of who has an account.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use support::app::{ADMINISTRATOR, PASSWORD};
use support::{Answer, Beside, Client, Request, Role, heavy};

use super::same::NOTHING;

/// Tries of each sort, in turns, for what is another's and what is not there.
const TRIES: usize = 200;
/// Tries of each sort for a login.
const LOGINS: usize = 500;

/// Asks with an identifier.
type Ask<'a> = Box<dyn Fn(&str) -> Request + 'a>;

heavy! {
    async fn what_is_anothers_takes_as_long_as_what_is_not_there(app: App) {
        let (own, foreign) = (app.world().await, app.world().await);
        let client = own.as_a(Role::Manager).await;
        for (path, field) in [("milestones", "title"), ("documents", "sender"), ("political-steps", "resolutionText")] {
            let record = foreign.make(path).await;
            // With a history that takes time to read.
            for turn in 0..30 {
                let changed = json!({ (field): format!("Endret {turn} ganger") });
                app.as_admin().patch(&at(path, text(&record["id"])), changed).if_match("*").await.expect(200);
            }
            let ways: [(&str, Ask<'_>); 4] = [
                ("read", Box::new(|id| client.get(&at(path, id)))),
                ("history", Box::new(|id| client.get(&format!("{}/history", at(path, id))))),
                ("change", Box::new(|id| client.patch(&at(path, id), json!({ "title": "Annet" })).if_match("\"1\""))),
                ("delete", Box::new(|id| client.delete(&at(path, id)).if_match("\"1\""))),
            ];
            for (way, ask) in ways {
                alike(&format!("{way} {path}, another's and none"), 0.2, async || {
                    let mut took: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
                    for turn in 0..TRIES {
                        // Now one first, now the other.
                        for place in [turn % 2, (turn + 1) % 2] {
                            let id = [text(&record["id"]), NOTHING][place];
                            took[place].push(ask(id).await.refused(404, "record.not_found").took);
                        }
                    }
                    took.map(median).to_vec()
                })
                .await;
            }
        }
    }

    async fn a_refused_login_takes_as_long_whoever_it_is(app: App) {
        // Each try comes from a network of its own, or it would soon be refused for its number.
        let beside = Beside::start_with(app.engine, |config| {
            config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        }).await;
        let admin = beside.app.as_admin();
        let gone = json!({ "email": "sluttet@framdrift.example", "name": "Sluttet" });
        let gone = admin.create("users", gone).await;
        let password = json!({ "password": PASSWORD });
        admin.put(&format!("/api/v1/users/{}/password", text(&gone["id"])), password).await.expect(204);
        admin.change("users", &gone, json!({ "disabledAt": "2020-01-01T00:00:00Z" })).await.expect(200);
        let wrong = "feil passord, helt feil";
        let tries = [(ADMINISTRATOR, wrong), ("ukjent@framdrift.example", wrong), ("sluttet@framdrift.example", PASSWORD)];
        let nobody = beside.app.as_nobody();
        let round = AtomicUsize::new(0);
        alike("a refused login, known, unknown and disabled", 0.05, async || {
            let round = round.fetch_add(1, Ordering::Relaxed);
            let mut took: [Vec<Duration>; 3] = [Vec::new(), Vec::new(), Vec::new()];
            for turn in 0..LOGINS {
                for step in 0..3 {
                    let place = (turn + step) % 3;
                    let from = format!("10.{}.{}.{}", round * 3 + place, turn / 250, turn % 250);
                    let refused = login(&nobody, &from, tries[place]).await.refused(401, "auth.wrong_credentials");
                    took[place].push(refused.took);
                }
            }
            took.map(median).to_vec()
        })
        .await;
        beside.end().await;
    }
}

async fn login(client: &Client, from: &str, (email, password): (&str, &str)) -> Answer {
    let body = json!({ "email": email, "password": password });
    client.post("/api/v1/auth/login", body).header("x-forwarded-for", from).await
}

fn at(path: &str, id: &str) -> String {
    format!("/api/v1/{path}/{id}")
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

/// Holds medians to be alike within a part of the least, and prints them. A machine that is busy with something else
/// disturbs a round; what is really there shows in each of three.
async fn alike(what: &str, part: f64, measure: impl AsyncFn() -> Vec<Duration>) {
    for _ in 0..3 {
        let medians = measure().await;
        println!("{what}: {medians:?}");
        let (least, most) = medians.iter().min().zip(medians.iter().max()).expect("there are medians");
        if most.as_secs_f64() <= least.as_secs_f64() * (1.0 + part) {
            return;
        }
    }
    panic!("{what}: the time tells them apart");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
