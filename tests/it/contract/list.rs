//! Lists: order, pages, count, what is not known.

use framdrift::facts::{Facts, Field};
use serde_json::{Value, json};
use support::{World, both};

use super::{at, least, resources};

both! {
    async fn every_order_is_total_and_nulls_come_last_both_ways(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            some(&world, facts).await;
            for field in facts.fields.iter().filter(|field| field.listable()) {
                let up = admin.walk(&format!("{}?sort={}&limit=2", at(facts), field.name)).await;
                let down = admin.walk(&format!("{}?sort=-{}&limit=200", at(facts), field.name)).await;
                let (known_up, null_up) = halves(&up, field);
                let (known_down, null_down) = halves(&down, field);
                assert_eq!(up.len(), known_up.len() + null_up.len(), "{}.{}: a null stands before a value", facts.path, field.name);
                assert_eq!(values(&known_up, field), values(&known_down, field).into_iter().rev().collect::<Vec<_>>(), "{}.{}", facts.path, field.name);
                assert_eq!(ids(&null_up), ids(&null_down), "{}.{}: nulls are in the order of their ids", facts.path, field.name);
                let (mut all, mut once) = (ids(&up), ids(&up));
                all.sort_unstable();
                once.sort_unstable();
                once.dedup();
                assert_eq!(all, once, "{}.{}: a record stands twice", facts.path, field.name);
                assert_eq!(up.len(), down.len(), "{}.{}", facts.path, field.name);
            }
        }
    }

    async fn a_walk_meets_every_record_once(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            some(&world, facts).await;
            let whole = admin.get(&format!("{}?limit=200&count=true", at(facts))).await.expect(200);
            assert_eq!((&whole["next"], &whole["total"]), (&json!(null), &json!(whole.items().len())), "{}", facts.path);
            for limit in [1, 3] {
                let walked = admin.walk(&format!("{}?limit={limit}", at(facts))).await;
                assert_eq!(walked, whole.items(), "{} by {limit}", facts.path);
            }
        }
    }

    async fn a_cursor_is_bound_to_its_question(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            some(&world, facts).await;
            let page = admin.get(&format!("{}?limit=1", at(facts))).await.expect(200);
            let cursor = page["next"].as_str().unwrap_or_else(|| panic!("more than one: {page}"));
            for other in ["&sort=-createdAt", "&createdAt.gte=2020-01-01T00:00:00Z"] {
                let answer = admin.get(&format!("{}?limit=1&cursor={cursor}{other}", at(facts))).await;
                answer.refused(400, "request.invalid_cursor");
            }
            for broken in ["", "AAAA", &cursor[1..], "%F0%9F%98%80"] {
                admin.get(&format!("{}?cursor={broken}", at(facts))).await.refused(400, "request.invalid_cursor");
            }
        }
    }

    async fn what_is_not_known_is_400_and_the_known_is_named(app: App) {
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let refused = admin.get(&format!("{}?colour=blue", at(facts))).await.refused(400, "request.unknown_parameter");
            let allowed: Vec<&str> = refused["allowed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            for name in ["limit", "cursor", "sort", "q", "fields", "expand", "count", "id", "version", "createdAt.gte"] {
                assert!(allowed.contains(&name), "{name}: {refused}");
            }
            assert!(allowed.iter().all(|name| refused["detail"].as_str().is_some_and(|detail| detail.contains(name))), "{refused}");
            for wrong in ["limit=0", "limit=201", "limit=ten", "limit=-1", "limit=1.5", "sort=colour", "sort=", "sort=-", "fields=colour", "expand=colour", "count=yes", "version=one", "createdAt.gte=yesterday", "id=1", "limit=1&limit=1"] {
                let refused = admin.get(&format!("{}?{wrong}", at(facts))).await.refused(400, "request.invalid_parameter");
                assert!(wrong.starts_with(refused["parameter"].as_str().unwrap_or("–")), "{refused}");
            }
        }
    }

    async fn a_list_that_is_still_true_is_304(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            world.make(facts.path).await;
            let list = admin.get(&at(facts)).await.expect(200);
            assert!(list.etag().starts_with("W/\""), "{}", list.etag());
            let same = admin.get(&at(facts)).if_none_match(&list.etag()).await.expect(304);
            assert_eq!(same.etag(), list.etag());
            world.make(facts.path).await;
            admin.get(&at(facts)).if_none_match(&list.etag()).await.expect(200);
        }
    }

    async fn a_list_shows_chosen_fields_and_what_is_referred_to(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            world.make(facts.path).await;
            let list = admin.get(&format!("{}?fields=version&limit=1", at(facts))).await.expect(200);
            let members: Vec<&String> = list.items()[0].as_object().into_iter().flat_map(|members| members.keys()).collect();
            assert_eq!(members, ["id", "version"], "{}", facts.path);
            let Some(name) = facts.references.iter().find_map(|reference| reference.field.strip_suffix("Id")) else { continue };
            let list = admin.get(&format!("{}?expand={name}&limit=200", at(facts))).await.expect(200);
            for record in list.items() {
                assert_eq!(record[name]["id"], record[&format!("{name}Id")], "{}?expand={name}", facts.path);
            }
        }
    }
}

/// A few records: with every field, with the fewest fields, in turn.
async fn some(world: &World, facts: &'static Facts) {
    for turn in 0..4 {
        let body = world.body(facts.path).await;
        let body = if turn % 2 == 0 { body } else { least(facts, &body) };
        world.as_admin().create(facts.path, body).await;
    }
}

/// The records before the first null of a field, and the nulls at the end.
fn halves<'a>(records: &'a [Value], field: &Field) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let null = |record: &&Value| record[&field.name].is_null();
    let known = records.iter().take_while(|record| !null(record)).collect();
    (known, records.iter().filter(null).collect())
}

fn values<'a>(records: &[&'a Value], field: &Field) -> Vec<&'a Value> {
    records.iter().map(|record| &record[&field.name]).collect()
}

fn ids<'a>(records: impl IntoIterator<Item = &'a (impl std::borrow::Borrow<Value> + 'a)>) -> Vec<String> {
    records.into_iter().map(|record| record.borrow()["id"].to_string()).collect()
}
