//! A worker finds by itself what the pool finds: of every kind of record, each value in the same form, and what takes long too.

use chrono::Utc;
use framdrift::facts::{self, row};
use framdrift::store::Source;
use sea_orm::sea_query::{Expr, Order};
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
}
