//! What only a longer list shows: pages while others write, and the order of Norwegian text.

use chrono::Utc;
use framdrift::access::visible::visible;
use framdrift::access::{Caller, Role};
use framdrift::db::Db;
use framdrift::facts::{self, row};
use framdrift::standard::filter;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{DbBackend, Statement, TransactionTrait};
use serde_json::{Value, json};
use support::{App, both};
use uuid::Uuid;

both! {
    async fn organisations_are_paged_in_any_sort_without_gap_or_double_while_others_are_inserted(app: App) {
        let admin = app.as_admin();
        for n in 0..125 {
            admin.create("organisations", organisation(n)).await;
        }
        for sort in ["name", "-name", "kind,-name", "inhabitants", "-inhabitants", "inhabitantsOn,kind", "-inhabitantsOn,-kind", "kind,inhabitantsOn", "-createdAt", "orgNumber"] {
            let before = admin.walk(&format!("/api/v1/organisations?limit=200&sort={sort}")).await;
            let met = walk_while_others_write(&app, sort).await;
            let known: Vec<&Value> = met.iter().filter(|record| before.contains(record)).collect();
            assert_eq!(known, before.iter().collect::<Vec<_>>(), "sort={sort}");
            let mut ids: Vec<&str> = met.iter().filter_map(|record| record["id"].as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), met.len(), "sort={sort}: one stands twice");
        }
    }

    async fn who_has_no_day_stands_last_and_is_between_no_days(app: App) {
        let admin = app.as_admin();
        for n in 0..20 {
            admin.create("organisations", organisation(n)).await;
        }
        let days = async |query: &str| {
            let met = admin.walk(&format!("/api/v1/organisations?limit=3&q=&{query}")).await;
            met.iter().map(|record| record["inhabitantsOn"].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let all = days("sort=inhabitantsOn").await;
        let known = all.iter().take_while(|day| day.is_some()).count();
        assert_eq!((all.len(), known), (20, 15), "those without a day stand last");
        assert!(all[..known].is_sorted());
        let down = days("sort=-inhabitantsOn").await;
        assert!(down[known..].iter().all(Option::is_none), "and last, too, from the last day on");
        assert!(down[..known].is_sorted_by(|one, other| one >= other));
        for (query, is_in) in [
            ("inhabitantsOn.gte=2012-01-01", (|day| day >= "2012-01-01") as fn(&str) -> bool),
            ("inhabitantsOn.lte=2012-01-01", |day| day <= "2012-01-01"),
            ("inhabitantsOn.gte=2011-01-01&inhabitantsOn.lte=2012-12-31", |day| ("2011-01-01".."2013").contains(&day)),
            ("inhabitantsOn=2010-01-01,2013-01-01", |day| day == "2010-01-01" || day == "2013-01-01"),
        ] {
            let expected: Vec<_> = all[..known].iter().filter(|day| day.as_deref().is_some_and(is_in)).cloned().collect();
            assert!(!expected.is_empty(), "{query}");
            for sort in ["inhabitantsOn", "inhabitantsOn,-name"] {
                assert_eq!(days(&format!("{query}&sort={sort}")).await, expected, "{query}");
            }
        }
        assert_eq!(days("inhabitantsOn=null").await, vec![None; 5]);
        assert_eq!(days("inhabitantsOn=null,2010-01-01&sort=-inhabitantsOn").await.len(), 5 + all.iter().flatten().filter(|day| *day == "2010-01-01").count());
    }

    async fn milestones_by_their_days_are_walked_along_an_index(app: App) {
        let today = Utc::now().date_naive();
        let facts = facts::by_path("milestones").expect("milestones");
        let keys = filter::order(facts, Some("plannedOn"), None, today).expect("an order");
        let page = |limit| {
            let mut query = row::select(facts, today);
            filter::ordered(&mut query, &keys);
            query.limit(limit);
            query
        };
        let after = |day| filter::after(&keys, &[day, json!("015ec5c8-6c00-700b-8000-000000000001")], app.store.enters_with_rows());
        let (behind, last) = (after(json!("2018-01-31")), after(Value::Null));
        for (place, after) in [("first", None), ("a later", Some(behind)), ("a last", Some(last))] {
            let is_entered = after.is_some();
            let mut of_all = page(51);
            of_all.cond_where(after.unwrap_or_else(sea_orm::Condition::all));
            let mut of_one = of_all.clone();
            of_one.and_where(Expr::col("project_id").eq(Uuid::nil()));
            for (query, index) in [(of_one, "idx_milestones_project_day"), (of_all, "idx_milestones_day")] {
                let plan = plan(&app, &query).await;
                assert!(plan.contains(index), "{place} page: {plan}");
                assert!(!plan.to_lowercase().contains("sort") && !plan.contains("TEMP B-TREE"), "{place} page: {plan}");
                let entered = plan.contains("<expr>>?") || plan.lines().any(|line| line.contains("Index Cond") && line.contains("ROW("));
                assert_eq!(entered, is_entered, "{place} page: {plan}");
            }
        }
    }

    async fn who_sees_the_published_part_of_projects_has_theirs_alone_looked_at(app: App) {
        let today = Utc::now().date_naive();
        let facts = facts::by_path("milestones").expect("milestones");
        let roles = [1_u128, 2].map(|project| (Uuid::from_u128(project), [Role::Observer].into()));
        let observer = Caller { administrator: false, roles: roles.into(), ..Caller::operator() };
        let keys = filter::order(facts, Some("plannedOn"), None, today).expect("an order");
        let mut query = row::select(facts, today);
        query.cond_where(visible(facts, &observer)).limit(51);
        filter::ordered(&mut query, &keys);
        // PostgreSQL goes by how many rows there are, and here are none: there it is the same question that is looked at.
        let plan = plan(&app, &query).await;
        if plan.contains("SEARCH") || plan.contains("SCAN") {
            assert!(plan.contains("(project_id=?)") && !plan.contains("SCAN"), "{plan}");
        } else {
            assert!(!plan.contains("1 = 2") && plan.matches("project_id = ANY").count() == 1, "{plan}");
        }
    }

    async fn text_stands_in_norwegian_order(app: App) {
        let order = [
            "10 års fond", "9 års fond", "Bardu", "bardufoss", "Co-op", "Coop", "Evenes", "Gratangen", "Lavangen", "Nord Troms",
            "Nordfjord", "Salangen", "Senja", "Sør-Troms", "Tranøy", "Zahl", "Ærfugl", "Øksnes", "Ørland", "ås", "Ås", "Aas", "Åsnes", "Aasnes",
        ];
        let admin = app.as_admin();
        let mut shuffled = order.to_vec();
        shuffled.sort_by_key(|name| name.bytes().rev().collect::<Vec<_>>());
        for name in shuffled {
            admin.create("programmes", json!({ "name": name })).await;
        }
        let names = |records: Vec<Value>| records.iter().filter_map(|record| record["name"].as_str().map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(names(admin.walk("/api/v1/programmes?sort=name&limit=4").await), order);
        let down: Vec<&str> = order.into_iter().rev().collect();
        assert_eq!(names(admin.walk("/api/v1/programmes?sort=-name&limit=5").await), down);
    }
}

/// How the engine goes about a question. PostgreSQL is told that it has more rows than it has: over a few it reads them all.
async fn plan(app: &App, query: &SelectStatement) -> String {
    let tx = app.store.read.begin().await.expect("a transaction");
    let backend = tx.get_database_backend();
    let (sql, column) = match backend {
        DbBackend::Postgres => {
            tx.execute_unprepared(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off",
            )
            .await
            .expect("set");
            (query.to_string(sea_orm::sea_query::PostgresQueryBuilder), "QUERY PLAN")
        }
        _ => (query.to_string(sea_orm::sea_query::SqliteQueryBuilder), "detail"),
    };
    let explain = if backend == DbBackend::Postgres { "EXPLAIN" } else { "EXPLAIN QUERY PLAN" };
    let lines = tx.query_all_raw(Statement::from_string(backend, format!("{explain} {sql}"))).await.expect("a plan");
    lines.iter().map(|line| line.try_get::<String>("", column).expect("a line")).collect::<Vec<_>>().join("\n")
}

/// An organisation in no particular place: many share a kind, some have no number of inhabitants.
fn organisation(n: u32) -> Value {
    let name = format!(
        "{} {}",
        ["Ås", "Bardu", "Ærfugl", "Zorro", "Øyer", "aasen", "alta"][(n * 5 % 7) as usize],
        n * 37 % 41
    );
    let inhabitants = (!n.is_multiple_of(3)).then_some(n * 13 % 10);
    let on = (!n.is_multiple_of(4)).then(|| format!("20{:02}-01-01", n % 5 + 10));
    let kind = ["municipality", "other", "state_agency"][(n % 3) as usize];
    json!({ "name": name, "kind": kind, "inhabitants": inhabitants, "inhabitantsOn": on })
}

/// A walk by twenty, with an organisation more before every page.
async fn walk_while_others_write(app: &App, sort: &str) -> Vec<Value> {
    let admin = app.as_admin();
    let mut met = Vec::new();
    let mut next = String::new();
    for n in 0.. {
        let page = admin.get(&format!("/api/v1/organisations?limit=20&sort={sort}{next}")).await.expect(200);
        met.extend(page.items().iter().cloned());
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
        admin.create("organisations", organisation(1000 + n * 17)).await;
    }
    met
}
