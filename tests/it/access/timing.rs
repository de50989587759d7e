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
/// The least probability with which chance alone must give what was measured.
const CHANCE: f64 = 0.01;

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
                alike(&format!("{way} {path}, another's and none"), async || {
                    let mut took: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
                    for turn in 0..TRIES {
                        // Now one first, now the other.
                        for place in [turn % 2, (turn + 1) % 2] {
                            let id = [text(&record["id"]), NOTHING][place];
                            took[place].push(ask(id).await.refused(404, "record.not_found").took);
                        }
                    }
                    alike_within(&took, 0.2)
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
        alike("a refused login, known, unknown and disabled", async || {
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
            // Neither the middle nor the whole of what was measured tells one from another.
            let chances = [(0, 1), (0, 2), (1, 2)].map(|(one, other)| by_chance(&took[one], &took[other]));
            println!("by chance with p = {chances:.3?}");
            alike_within(&took, 0.05) && chances.iter().all(|p| *p > CHANCE)
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

fn median(took: &[Duration]) -> Duration {
    let mut took = took.to_vec();
    took.sort();
    took[took.len() / 2]
}

/// Whether medians are alike within a part of the least; prints them.
fn alike_within(took: &[Vec<Duration>], part: f64) -> bool {
    let medians: Vec<Duration> = took.iter().map(|took| median(took)).collect();
    println!("medians {medians:?}");
    let (least, most) = medians.iter().min().zip(medians.iter().max()).expect("there are medians");
    most.as_secs_f64() <= least.as_secs_f64() * (1.0 + part)
}

/// Holds a measurement to find nothing in one of three rounds. A machine that is busy with something else disturbs a
/// round; what is really there shows in each.
async fn alike(what: &str, measure: impl AsyncFn() -> bool) {
    for _ in 0..3 {
        println!("{what}:");
        if measure().await {
            return;
        }
    }
    panic!("{what}: the time tells them apart");
}

/// How probable it is that two samples of one kind differ at least so much in their ranks (Mann and Whitney's test, both
/// sides, by the normal distribution, which samples of hundreds follow).
#[expect(clippy::cast_precision_loss, reason = "hundreds are exact in a float")]
fn by_chance(one: &[Duration], other: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = one.iter().map(|took| (*took, true)).collect();
    all.extend(other.iter().map(|took| (*took, false)));
    all.sort();
    let ranks: f64 = (1_u32..).zip(&all).filter(|(_, (_, first))| *first).map(|(rank, _)| f64::from(rank)).sum();
    let (n, m) = (one.len() as f64, other.len() as f64);
    let u = ranks - n * (n + 1.0) / 2.0;
    let z = (u - n * m / 2.0).abs() / (n * m * (n + m + 1.0) / 12.0).sqrt();
    // Abramowitz and Stegun 7.1.26: good to seven digits.
    let t = 1.0 / (1.0 + 0.327_591_1 * z / std::f64::consts::SQRT_2);
    let polynomial =
        t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    polynomial * (-z * z / 2.0).exp()
}

#[test]
fn chance_is_told_from_what_is_there() {
    let of = |from: u64| (from..from + 100).map(Duration::from_micros).collect::<Vec<_>>();
    assert!(by_chance(&of(0), &of(0)) > 0.9 && by_chance(&of(0), &of(10)) > 0.001);
    assert!(by_chance(&of(0), &of(50)) < 1e-9 && by_chance(&of(50), &of(0)) < 1e-9);
    // What scipy.stats.mannwhitneyu says without its correction for continuity: 0.0467.
    let near: Vec<Duration> = of(0).into_iter().map(|took| took * 10).collect();
    let moved: Vec<Duration> = (0..100_u64).map(|n| Duration::from_micros(n * 10 + 85)).collect();
    assert!((0.0466..0.0468).contains(&by_chance(&near, &moved)), "{}", by_chance(&near, &moved));
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
