//! Filters: one for every field, ranges for what has an order, `q` for text.

use framdrift::facts::{Facts, Field, Kind};
use serde_json::Value;
use support::both;

use super::{at, free_text, least, resources, with};

both! {
    async fn every_field_is_a_filter(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            world.make(facts.path).await;
            admin.create(facts.path, least(facts, &world.body(facts.path).await)).await;
            let all = admin.walk(&format!("{}?limit=200", at(facts))).await;
            for field in facts.fields.iter().filter(|field| field.listable()) {
                for record in &all {
                    let value = written(&record[&field.name]);
                    let found = admin.walk(&format!("{}?limit=200&{}={}", at(facts), field.name, encoded(&value))).await;
                    assert_eq!(found, those(&all, |other| other[&field.name] == record[&field.name], &found), "{}?{}={value}", facts.path, field.name);
                }
            }
        }
    }

    async fn a_filter_takes_several_values_and_null(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            world.make(facts.path).await;
            admin.create(facts.path, least(facts, &world.body(facts.path).await)).await;
            let all = admin.walk(&format!("{}?limit=200", at(facts))).await;
            let list: Vec<String> = all.iter().take(20).map(|record| written(&record["id"])).collect();
            let found = admin.walk(&format!("{}?limit=200&id={}", at(facts), list.join(","))).await;
            assert_eq!(found.len(), list.len(), "{}", facts.path);
            for field in facts.fields.iter().filter(|field| field.listable() && field.nullable) {
                let found = admin.walk(&format!("{}?limit=200&{}=null", at(facts), field.name)).await;
                let unknown = all.iter().filter(|record| record[&field.name].is_null()).count();
                assert_eq!(found.len(), unknown, "{}?{}=null", facts.path, field.name);
                let Some(known) = all.iter().map(|record| &record[&field.name]).find(|value| !value.is_null()) else { continue };
                let both = admin.walk(&format!("{}?limit=200&{}=null,{}", at(facts), field.name, encoded(&written(known)))).await;
                let same = all.iter().filter(|record| record[&field.name] == *known).count();
                assert_eq!(both.len(), unknown + same, "{}?{}=null,{known}", facts.path, field.name);
            }
        }
    }

    async fn what_has_an_order_takes_a_range(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            world.make(facts.path).await;
            admin.create(facts.path, least(facts, &world.body(facts.path).await)).await;
            let all = admin.walk(&format!("{}?limit=200", at(facts))).await;
            for field in facts.fields.iter().filter(|field| field.listable()) {
                let range = matches!(field.kind, Kind::Integer | Kind::Decimal { .. } | Kind::Date | Kind::Instant);
                let Some(bound) = all.iter().map(|record| &record[&field.name]).find(|value| !value.is_null()) else { continue };
                for (suffix, holds) in [("gte", not_less as fn(&Value, &Value) -> bool), ("lte", not_more)] {
                    let address = format!("{}?limit=200&{}.{suffix}={}", at(facts), field.name, encoded(&written(bound)));
                    if !range {
                        admin.get(&address).await.refused(400, "request.unknown_parameter");
                        continue;
                    }
                    let found = admin.walk(&address).await;
                    let expected = those(&all, |other| !other[&field.name].is_null() && holds(&other[&field.name], bound), &found);
                    assert_eq!(found, expected, "{address}");
                }
            }
        }
    }

    async fn q_finds_every_word_in_any_case_and_takes_nothing_else_for_a_pattern(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources().filter(|(facts, _)| !facts.search.is_empty()) {
            let record = world.make(facts.path).await;
            for name in facts.search {
                let Some(text) = record[*name].as_str() else { continue };
                let shouted = text.to_uppercase();
                let found = admin.walk(&format!("{}?limit=200&q={}", at(facts), encoded(&shouted))).await;
                assert!(found.contains(&record), "{}?q={shouted}", facts.path);
            }
            for absent in ["finnesikke", "%25", "_", "\\"] {
                let found = admin.get(&format!("{}?q={absent}", at(facts))).await.expect(200);
                let holds = |record: &Value| facts.search.iter().any(|name| record[*name].to_string().contains(absent));
                assert!(found.items().iter().all(holds), "{}?q={absent}", facts.path);
            }
        }
    }

    async fn a_long_question_is_400(app: App) {
        for (facts, _) in resources() {
            let long = "å".repeat(201);
            app.as_admin().get(&format!("{}?q={}", at(facts), encoded(&long))).await.refused(400, "request.invalid_parameter");
            let many = vec!["0190e0a0-0000-7000-8000-000000000000"; 201].join(",");
            app.as_admin().get(&format!("{}?id={many}", at(facts))).await.refused(400, "request.invalid_parameter");
            for own in &facts.filters {
                let value = if own.schema["pattern"] == "^[0-9]{4}$" { "5530" } else { "0190e0a0-0000-7000-8000-000000000000" };
                let ask = async |many: usize| {
                    let values = vec![value; many].join(",");
                    app.as_admin().get(&format!("{}?{}={values}", at(facts), own.name)).await
                };
                ask(200).await.expect(200);
                ask(201).await.refused(400, "request.invalid_parameter");
            }
        }
    }

    async fn text_is_found_as_it_is_kept(app: App) {
        let world = app.world().await;
        for (facts, _) in resources() {
            let Some(field) = longest(facts) else { continue };
            let body = with(&world.body(facts.path).await, &field.name, "Ås + Ø & Æ = 100 %");
            let made = app.as_admin().create(facts.path, body).await;
            let record = app.as_admin().read(facts.path, &made).await;
            // The same text in another normal form is the same text.
            let found = app.as_admin().walk(&format!("{}?{}={}", at(facts), field.name, encoded("A\u{30a}s + Ø & Æ = 100 %"))).await;
            assert_eq!(found, [record], "{}.{}", facts.path, field.name);
        }
    }
}

fn longest(facts: &'static Facts) -> Option<&'static Field> {
    free_text(facts).find(|field| field.listable() && field.schema["maxLength"].as_u64() >= Some(100))
}

/// A value as it stands in a query: text with its commas marked as such, numbers as they are, a reference as `kind:id`.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('\\', "\\\\").replace(',', "\\,"),
        Value::Object(to) => {
            format!("{}:{}", to["kind"].as_str().unwrap_or_default(), to["id"].as_str().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// Percent-encoded for a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The records for which a condition holds, in the order of `found` when they are the same ones.
fn those(all: &[Value], holds: impl Fn(&Value) -> bool, found: &[Value]) -> Vec<Value> {
    let mut expected: Vec<Value> = all.iter().filter(|record| holds(record)).cloned().collect();
    let place = |record: &Value| found.iter().position(|other| other["id"] == record["id"]);
    expected.sort_by_key(|record| place(record).unwrap_or(usize::MAX));
    expected
}

fn not_less(value: &Value, bound: &Value) -> bool {
    ordered(value, bound).is_some_and(std::cmp::Ordering::is_ge)
}

fn not_more(value: &Value, bound: &Value) -> bool {
    ordered(value, bound).is_some_and(std::cmp::Ordering::is_le)
}

/// Numbers by size, dates by their text, instants by what they mean.
fn ordered(value: &Value, bound: &Value) -> Option<std::cmp::Ordering> {
    match (value, bound) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => match (instant(a), instant(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => Some(a.cmp(b)),
        },
        _ => None,
    }
}

fn instant(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    text.parse().ok()
}
