use std::time::Duration;

use sea_orm::sea_query::{Expr, PostgresQueryBuilder, Query, SelectStatement};
use sea_orm::{DbBackend, DbErr, Statement};

use super::{Reader, Unit, Way, Wire};
use crate::db::Db;

/// The way to the cluster of the tests; none where there is none, which is said.
async fn way() -> Option<Way> {
    let Ok(url) = std::env::var("FRAMDRIFT_TEST_POSTGRES") else {
        eprintln!("skipped: FRAMDRIFT_TEST_POSTGRES names no PostgreSQL");
        return None;
    };
    Some(Way::to(&url, false).await.expect("the cluster of the tests is spoken to without TLS"))
}

fn said(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, sql)
}

async fn counted(unit: &Unit, sql: &str) -> i64 {
    let row = unit.query_one_raw(said(sql)).await.expect("an answer").expect("a row");
    row.try_get("", "n").expect("a number")
}

/// A table of this connection alone, with a row, and the statements that are sent later known to the server.
async fn ready(wire: &std::sync::Arc<Wire>) {
    let unit = wire.begin().await.expect("a connection");
    let table =
        "CREATE TEMPORARY TABLE things (id bigint CONSTRAINT things_pkey PRIMARY KEY); INSERT INTO things VALUES (1)";
    unit.execute_unprepared(table).await.expect("a table");
    unit.later(said(TWO), None).await.expect("made known by being run");
    unit.commit().await.expect("kept");
}

const TWO: &str = "INSERT INTO things VALUES ((SELECT MAX(id) + 1 FROM things))";
const AGAIN: &str = "INSERT INTO things VALUES (1 + 0 * (SELECT COUNT(*) FROM things))";
const COUNT: &str = "SELECT COUNT(*) AS n FROM things";

#[tokio::test]
async fn what_is_sent_later_is_done_in_its_place() {
    let Some(way) = way().await else { return };
    let wire = Wire::of(way, 1);
    ready(&wire).await;
    let unit = wire.begin().await.expect("the same connection");
    for n in 3..50 {
        unit.later(said(TWO), None).await.expect("sent");
        if n % 10 == 0 {
            assert_eq!(counted(&unit, COUNT).await, n, "what follows sees it");
        }
    }
    unit.commit().await.expect("kept");
    let unit = wire.begin().await.expect("the same connection");
    assert_eq!(counted(&unit, COUNT).await, 49);
    assert_eq!(wire.connections(), (1, 0), "there is one, and it is lent");
    drop(unit);
}

#[tokio::test]
async fn a_failure_is_told_by_the_next_answer_or_by_the_commit_and_nothing_is_kept() {
    let Some(way) = way().await else { return };
    let wire = Wire::of(way, 1);
    ready(&wire).await;
    let known = wire.begin().await.expect("a connection");
    let taken = known.later(said(AGAIN), None).await.expect_err("the first time it is waited for");
    assert!(taken.to_string().contains("23505"), "{taken}");
    drop(known);

    let unit = wire.begin().await.expect("the same connection");
    unit.later(said(TWO), None).await.expect("sent");
    unit.later(said(AGAIN), None).await.expect("sent, and nobody knows");
    let told: DbErr = unit.query_one_raw(said(COUNT)).await.map(drop).expect_err("the failure");
    assert!(told.to_string().contains("23505"), "not that of the question itself: {told}");
    unit.commit().await.expect_err("nothing is kept after a failure");

    let unit = wire.begin().await.expect("the same connection");
    unit.later(said(TWO), None).await.expect("sent");
    unit.later(said(AGAIN), None).await.expect("sent");
    let told = unit.commit().await.expect_err("the failure");
    assert!(told.to_string().contains("23505"), "{told}");

    let unit = wire.begin().await.expect("the same connection");
    assert_eq!(counted(&unit, COUNT).await, 2, "none of it is there");
}

#[tokio::test]
async fn who_gives_up_keeps_nothing_and_the_connection_serves_the_next() {
    let Some(way) = way().await else { return };
    let wire = Wire::of(way, 1);
    ready(&wire).await;
    let unit = wire.begin().await.expect("the same connection");
    unit.later(said(TWO), None).await.expect("sent");
    let slow = unit.query_all_raw(said("SELECT pg_sleep(0.2)"));
    tokio::time::timeout(Duration::from_millis(20), slow).await.expect_err("it takes longer");
    unit.commit().await.expect_err("nobody knows what became of it");

    let unit = wire.begin().await.expect("a connection");
    unit.later(said(TWO), None).await.expect("sent");
    drop(unit);
    // There is one connection: it can only be had when it is rolled back.
    let unit = wire.begin().await.expect("the same connection");
    assert_eq!(counted(&unit, COUNT).await, 2);
    assert!(wire.connections().0 == 1);
}

#[tokio::test]
async fn a_long_read_is_left_to_the_pool_and_is_not_put_here_again() {
    let Some(way) = way().await else { return };
    let reader = Reader::of(way);
    let asking = |what: &'static str| -> SelectStatement { Query::select().expr(Expr::cust(what)).to_owned() };
    let (short, long) = (asking("1"), asking("(SELECT COUNT(*) FROM generate_series(1, 50000000))"));
    assert_eq!(reader.rows(&short).await.expect("short").len(), 1);
    let (one, other) = tokio::join!(reader.rows(&long), reader.rows(&short));
    assert!(one.is_none(), "broken off");
    assert_eq!(other.expect("behind it in the line").len(), 1);
    assert!(
        reader.is_long(&long.to_string(PostgresQueryBuilder))
            && !reader.is_long(&short.to_string(PostgresQueryBuilder))
    );
    assert!(reader.rows(&long).await.is_none());
    assert!(reader.rows(&asking("no_such_function()")).await.is_none());
    assert!(reader.rows(&short).await.is_some(), "an error is nobody else's");
}
