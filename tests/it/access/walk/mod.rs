//! Callers walk at random through three projects that have nothing in common, and the administrator moves them about;
//! nobody meets anything of a project that it takes no part in.
//!
//! `FRAMDRIFT_SEED=7` walks another way; a walk that fails prints the seed that it had.

mod model;
mod steps;

use std::collections::BTreeMap;

use serde_json::json;
use support::{Answer, App, both, heavy};

use model::Model;
use steps::{Ask, Dice, Pools};

/// Steps of the walk that every run of the tests takes.
const SHORT: usize = 2_000;
/// Steps of the heavy one.
const LONG: usize = 50_000;
/// After so many steps everybody gets a new token: a long walk takes longer than one is good.
const RENEWED: usize = 5_000;
/// After so many steps somebody's seat is moved.
const MOVES: usize = 40;

both! {
    async fn a_walk_of_two_thousand_steps_meets_nothing_of_another_project(app: App) {
        walk(&app, SHORT).await;
    }
}

both! {
    async fn the_walk_notices_what_is_anothers(app: App) {
        let model = Model::new(&app).await;
        let stranger = model.walkers.iter().position(|walker| walker.name == "stranger").expect("a stranger walks");
        let noticed = |path: &str, answer: &Answer| model.judge(stranger, &Ask::get(path), answer).is_err();
        for path in ["risks", "milestones", "documents", "assignments", "events", "external-references"] {
            let list = format!("/api/v1/{path}?limit=200");
            let whole = app.as_admin().get(&list).await.expect(200);
            let mut bare = whole.clone();
            bare.bytes = b"{}".to_vec();
            bare.json = json!({});
            assert!(noticed(&list, &whole) && !noticed(&list, &bare), "{path}");
        }
    }
}

heavy! {
    async fn a_walk_of_fifty_thousand_steps_meets_nothing_of_another_project(app: App) {
        walk(&app, LONG).await;
    }
}

async fn walk(app: &App, steps: usize) {
    let given = std::env::var("FRAMDRIFT_SEED").ok().map(|seed| seed.parse().expect("FRAMDRIFT_SEED is a number"));
    let seed: u64 = given.unwrap_or(20_171_101);
    let mut dice = Dice::new(seed);
    let mut model = Model::new(app).await;
    let mut pools = Pools::default();
    // How often which status was answered, and how often something of the own project was met: who only stands before
    // closed doors proves nothing.
    let (mut statuses, mut met, mut moved) = (BTreeMap::<u16, usize>::new(), 0, 0);
    for step in 0..steps {
        let when = format!("FRAMDRIFT_SEED={seed}, step {step}");
        if step % MOVES == MOVES - 1 {
            model.move_somebody(&mut dice).await;
            moved += 1;
        }
        if step % RENEWED == RENEWED - 1 {
            model.renew(app).await;
        }
        let who = dice.below(model.walkers.len());
        let ask = steps::next(&mut dice, &model, &pools, who);
        let answer = ask.send(&model.walkers[who].client).await;
        assert!(answer.status < 500, "{when}, {}: {answer}", model.walkers[who].name);
        met += model.judge(who, &ask, &answer).unwrap_or_else(|found| panic!("{when}: {found}"));
        *statuses.entry(answer.status).or_default() += 1;
        model.learn(who, &ask, &answer);
        pools.learn(&ask, &answer);
    }
    println!("{steps} steps, {moved} moves, {met} of the own project met, answers {statuses:?}");
    let common = [200, 201, 304, 400, 403, 404, 412, 422];
    let missing: Vec<u16> = common.into_iter().filter(|status| !statuses.contains_key(status)).collect();
    assert!(missing.is_empty() && met > steps, "{missing:?} were never answered, {met} of the own project met");
}
