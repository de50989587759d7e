use std::future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rusqlite::Connection;
use sea_orm::{DbBackend, DbErr, Statement};

use super::turn::Line;
use super::{Desk, Unit};
use crate::db::Db;
use crate::problem::Error;
use crate::store::files::FILE;

/// A desk over two small tables, one of which refers to the other at the end of a transaction.
fn desk() -> (tempfile::TempDir, Desk) {
    let directory = tempfile::tempdir().expect("a directory");
    let desk = Desk::of(directory.path()).expect("a desk");
    let made = "CREATE TABLE councils (id INTEGER PRIMARY KEY);
        CREATE TABLE seats (id INTEGER PRIMARY KEY, council INTEGER REFERENCES councils (id) DEFERRABLE INITIALLY DEFERRED);";
    beside(directory.path()).execute_batch(made).expect("tables");
    (directory, desk)
}

fn beside(directory: &Path) -> Connection {
    Connection::open(directory.join(FILE)).expect("the file")
}

/// What others see.
fn seats(directory: &Path) -> Vec<i64> {
    let file = beside(directory);
    let mut seats = file.prepare("SELECT id FROM seats ORDER BY id").expect("a question");
    let found = seats.query_map([], |row| row.get(0)).expect("an answer");
    found.collect::<Result<_, _>>().expect("numbers")
}

/// Whether it does not end when it is looked at once.
fn is_pending(future: &mut (impl Future + Unpin)) -> bool {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

async fn seat(unit: &Unit, id: i64, council: Option<i64>) -> Result<u64, DbErr> {
    let sql = "INSERT INTO seats (council, id) VALUES ($2, $1)";
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [id.into(), council.into()]);
    Ok(unit.execute_raw(statement).await?.rows_affected())
}

/// A unit that has its turn after `first` and before the commit of `first`.
async fn next(desk: &Desk, first: Unit) -> (super::Waits, Unit) {
    let mut turn = Box::pin(desk.begin());
    assert!(is_pending(&mut turn), "one at a time");
    let waits = first.release().expect("it ends");
    (waits, turn.await.expect("its turn"))
}

#[tokio::test]
async fn who_has_ended_is_durable_with_the_next_and_not_undone_with_it() {
    let (directory, desk) = desk();
    let first = desk.begin().await.expect("a unit");
    assert_eq!(seat(&first, 1, None).await.expect("a seat"), 1);
    let (mut waits, second) = next(&desk, first).await;
    seat(&second, 2, None).await.expect("a seat");
    let told = waits.0.try_recv();
    assert!(told.is_err() && seats(directory.path()).is_empty(), "nobody is told of what is not durable: {told:?}");
    let (also, third) = next(&desk, second).await;
    seat(&third, 3, None).await.expect("a seat");
    drop(third);
    waits.durable().await.expect("the first is kept");
    also.durable().await.expect("the second is kept");
    assert_eq!(seats(directory.path()), [1, 2], "and the third left nothing");
}

#[tokio::test]
async fn who_answers_what_others_did_waits_for_it() {
    let (directory, desk) = desk();
    let first = desk.begin().await.expect("a unit");
    seat(&first, 1, None).await.expect("a seat");
    let (waits, second) = next(&desk, first).await;
    let sql = Statement::from_string(DbBackend::Sqlite, "SELECT id AS seat FROM seats");
    let found = second.query_one_raw(sql).await.expect("an answer").expect("a row");
    assert_eq!(found.try_get::<i64>("", "seat").expect("a number"), 1, "it is seen");
    second.settled().await.expect("it becomes durable");
    assert_eq!(seats(directory.path()), [1]);
    waits.durable().await.expect("so it was told");
    desk.begin().await.expect("a unit").settled().await.expect("who saw nothing waits for nothing");
}

#[tokio::test]
async fn a_reference_to_nothing_is_refused_and_whoever_was_beside_it_tries_again() {
    let (directory, desk) = desk();
    let alone = desk.begin().await.expect("a unit");
    seat(&alone, 1, Some(7)).await.expect("it may come yet");
    let refused = alone.release().expect("it ends").durable().await.expect_err("it did not come");
    assert_eq!(status(refused), 409);
    let first = desk.begin().await.expect("a unit");
    seat(&first, 2, None).await.expect("a seat");
    let (waits, second) = next(&desk, first).await;
    seat(&second, 3, Some(7)).await.expect("it may come yet");
    let (also, third) = next(&desk, second).await;
    drop(third);
    for waits in [waits, also] {
        assert_eq!(status(waits.durable().await.expect_err("not with the other")), 503);
    }
    assert!(seats(directory.path()).is_empty(), "neither is there");
    let again = desk.begin().await.expect("a unit");
    seat(&again, 2, None).await.expect("a seat");
    again.release().expect("it ends").durable().await.expect("without the other it is kept");
    assert_eq!(seats(directory.path()), [2]);
}

#[tokio::test]
async fn a_full_disk_keeps_nothing_of_what_it_refused() {
    let (directory, desk) = desk();
    let first = desk.begin().await.expect("a unit");
    seat(&first, 1, None).await.expect("a seat");
    let (waits, second) = next(&desk, first).await;
    second.execute_unprepared("PRAGMA max_page_count = 1").await.expect("a bound");
    let large = "INSERT INTO seats (id) WITH RECURSIVE n (x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 9999) SELECT x FROM n";
    let full = second.execute_unprepared(large).await.expect_err("no room");
    assert_eq!(status(full), 507);
    drop(second);
    let kept = waits.durable().await.is_ok();
    assert_eq!(seats(directory.path()), if kept { vec![1] } else { vec![] }, "what was told is so");
}

#[tokio::test]
async fn what_takes_long_is_done_elsewhere_to_its_end() {
    let (directory, desk) = desk();
    let counting = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT COUNT(*) AS many FROM n";
    let many = "INSERT INTO seats (id) WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60000) SELECT x FROM n";
    let unit = desk.begin().await.expect("a unit");
    let done = unit.execute_unprepared(many).await.expect("what writes is not broken off");
    assert_eq!(done.rows_affected(), 60_000);
    drop(unit);
    let count = || Statement::from_string(DbBackend::Sqlite, counting);
    let unit = desk.begin().await.expect("a unit");
    seat(&unit, 1, None).await.expect("a seat");
    let mut asked = Box::pin(unit.query_one_raw(count()));
    assert!(is_pending(&mut asked), "no worker stands still for it");
    let found = asked.await.expect("an answer").expect("a row");
    assert_eq!(found.try_get::<i64>("", "many").expect("a number"), 300_000);
    seat(&unit, 2, None).await.expect("the unit goes on");
    // Given up in the midst of it, the unit leaves nothing, and the next one has its turn.
    let mut asked = Box::pin(unit.query_one_raw(count()));
    assert!(is_pending(&mut asked), "on its way");
    drop(asked);
    drop(unit);
    let next = desk.begin().await.expect("its turn");
    seat(&next, 3, None).await.expect("a seat");
    next.release().expect("it ends").durable().await.expect("it is kept");
    assert_eq!(seats(directory.path()), [3]);
}

/// How often a turn is passed on in a line that passes it on for so long, while another line waits.
async fn passed_on(long: Duration) -> usize {
    let (_directory, another) = desk();
    let desk = Desk { line: Arc::new(Line::of(long)), ..another.clone() };
    let mut unit = desk.begin().await.expect("a unit");
    let mut elsewhere = Box::pin(another.begin());
    assert!(is_pending(&mut elsewhere), "one at a time");
    let mut passed_on = 0;
    let late = loop {
        let mut next = Box::pin(desk.begin());
        assert!(is_pending(&mut next), "one at a time");
        drop(unit);
        match future::poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await {
            Poll::Ready(turn) => unit = turn.expect("its turn"),
            Poll::Pending => break next,
        }
        passed_on += 1;
    };
    drop(elsewhere.await.expect("its turn"));
    drop(late.await.expect("its turn"));
    passed_on
}

#[tokio::test]
async fn a_turn_is_passed_on_within_a_worker_and_comes_to_the_others_all_the_same() {
    assert_eq!(passed_on(Duration::from_secs(60)).await, 15, "then it is the others' turn, who came before");
    assert_eq!(passed_on(Duration::ZERO).await, 0, "what takes long is passed on no more");
}

#[tokio::test]
async fn who_goes_away_keeps_no_turn() {
    let (_directory, desk) = desk();
    let another = desk.of_worker();
    let unit = desk.begin().await.expect("a unit");
    let mut gone = Box::pin(desk.begin());
    assert!(is_pending(&mut gone), "one at a time");
    drop(unit);
    drop(gone);
    let mut turn = Box::pin(another.begin());
    assert!(!is_pending(&mut turn), "nobody has it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lines_that_people_leave_at_any_moment_go_on() {
    let (directory, desk) = desk();
    let lines = [desk.of_worker(), desk.of_worker()];
    let comes = |place: i64| {
        let line = lines[usize::try_from(place % 2).expect("a place")].clone();
        tokio::spawn(async move {
            let seated = async {
                let unit = line.begin().await.expect("its turn");
                seat(&unit, place, None).await.expect("a seat");
                unit.release().expect("it ends").durable().await.expect("it is kept");
            };
            // A third goes away somewhere on the way.
            let patience = Duration::from_micros(if place % 3 == 0 { place.unsigned_abs() % 900 } else { 60_000_000 });
            tokio::time::timeout(patience, seated).await.is_ok().then_some(place)
        })
    };
    let all: Vec<_> = (1..=600).map(comes).collect();
    let mut told = Vec::new();
    for one in all {
        told.extend(one.await.expect("nobody fails"));
    }
    let kept = seats(directory.path());
    assert!(told.iter().all(|place| kept.contains(place)), "what was told is kept");
    assert!((1..=600).filter(|place| place % 3 != 0).all(|place| told.contains(&place)), "and who waits is served");
}

fn status(error: DbErr) -> u16 {
    match Error::from(error) {
        Error::Problem(problem) => problem.code.status,
        other => panic!("no problem: {other:?}"),
    }
}
