//! A worker finds by itself what the pool finds: of every kind of record, each value in the same form, and what takes long too.

use chrono::{NaiveDate, Utc};
use framdrift::facts::{self, row};
use framdrift::store::Source;
use sea_orm::sea_query::{Expr, Order, PostgresQueryBuilder, Query, SqliteQueryBuilder};
use support::both;

/// A condition that holds, after a while.
const LONG: &str = "(WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT COUNT(*) FROM n) = 300000";

both! {
    async fn what_a_worker_finds_by_itself_is_what_the_pool_finds(app: App) {
        app.demo().await;
        let mut kinds = 0;
        for facts in facts::all() {
            let mut query = row::select(facts, Utc::now().date_naive());
            query.order_by("id", Order::Asc);
            let here = app.store.rows(facts, &query).await.expect("rows");
            let beside = app.store.read.rows(facts, &query).await.expect("rows");
            assert_eq!(here, beside, "{}", facts.path);
            kinds += usize::from(!here.is_empty());
            if facts.path == "milestones" {
                query.and_where(Expr::cust(LONG));
                assert_eq!(app.store.rows(facts, &query).await.expect("rows"), beside, "after a long search");
            }
        }
        assert!(kinds > 20, "{kinds} kinds of records");
    }

    async fn what_is_computed_is_written_alike_for_both_engines(app: App) {
        drop(app);
        let day = NaiveDate::from_ymd_opt(2026, 2, 28).expect("a day");
        let mut fields = 0;
        for facts in facts::all() {
            for field in facts.fields.iter().filter(|field| field.computed.is_some()) {
                let alone = Query::select().expr(field.expr(day)).to_owned();
                let written = alone.to_string(PostgresQueryBuilder);
                assert_eq!(written, alone.to_string(SqliteQueryBuilder), "{}.{}", facts.path, field.name);
                let (_, sql) = written.split_at("SELECT ".len());
                assert!(facts.selected(day).contains(&format!("{sql} AS \"{}\"", field.name)), "{}", facts.selected(day));
                fields += 1;
            }
            let other = facts.selected(day.succ_opt().expect("a day"));
            let names_the_day = facts.selected(day).contains("2026-02-28");
            assert_eq!(names_the_day, other.contains("2026-03-01"), "{}: another day has another list", facts.path);
        }
        assert!(fields > 1, "{fields} fields");
    }
}
