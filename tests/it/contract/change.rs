//! Changing a record by a merge patch.

use chrono::{DateTime, Utc};
use framdrift::facts::Kind;
use serde_json::{Value, json};
use support::{Client, both};

use super::{one, resources, wrong_type};

both! {
    async fn a_change_needs_the_version_that_was_read(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let change = world.changed(sample).await;
            let patch = |tag: &str| admin.patch(&one(facts, &record), change.clone()).if_match(tag).because("Rettet");
            admin.patch(&one(facts, &record), change.clone()).await.refused(428, "record.precondition_required");
            let stale = patch("\"2\"").await.refused(412, "record.stale");
            assert_eq!((&stale["currentVersion"], stale.etag()), (&json!(1), "\"1\"".to_owned()), "{stale}");
            patch("W/\"1\"").await.refused(412, "record.stale");
            patch("1").await.refused(400, "request.malformed");
            let changed = patch("\"5\", \"1\"").await.expect(200);
            assert_eq!((changed.etag(), &changed["version"]), ("\"2\"".to_owned(), &json!(2)), "{changed}");
            let again = patch("\"1\"").await.refused(412, "record.stale");
            assert_eq!((&again["currentVersion"], again.etag()), (&json!(2), "\"2\"".to_owned()), "{again}");
        }
    }

    async fn a_value_replaces_and_what_is_absent_stays(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let change = world.changed(sample).await;
            let changed = admin.change(facts.path, &record, change.clone()).because("Rettet").await.expect(200).json;
            assert_eq!(changed, admin.read(facts.path, &record).await, "{}", facts.path);
            for field in &facts.fields {
                let name = field.name.as_str();
                match name {
                    "version" => assert_eq!(changed[name], 2),
                    "updatedAt" => assert!(instant(&changed[name]) >= instant(&record[name]), "{changed}"),
                    _ if change.get(name).is_some() => assert_eq!(changed[name], change[name], "{}.{name}", facts.path),
                    _ if field.computed.is_some() => {}
                    _ => assert_eq!(changed[name], record[name], "{}.{name}", facts.path),
                }
            }
        }
    }

    async fn null_clears_what_may_be_unknown_and_nothing_else(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            if !sample.clear.is_empty() {
                let cleared = admin.change(facts.path, &record, json!({ sample.clear: null })).await.expect(200);
                assert!(cleared.json.get(sample.clear).is_some_and(Value::is_null), "{cleared}");
            }
            for field in facts.writable().filter(|field| field.required) {
                let record = admin.read(facts.path, &record).await;
                let answer = admin.change(facts.path, &record, json!({ &field.name: null })).because("Tømt").await;
                assert!(answer.status == 422 && answer.text().contains(&format!("\"/{}\"", field.name)), "{answer}");
            }
        }
    }

    async fn any_version_will_do_when_the_caller_says_so(app: App) {
        let world = app.world().await;
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let change = world.changed(sample).await;
            let request = app.as_admin().patch(&one(facts, &record), change).if_match("*").because("Rettet");
            assert_eq!(request.await.expect(200)["version"], 2);
        }
    }

    async fn a_patch_that_changes_nothing_makes_no_version(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let same = json!({ sample.change.0: record[sample.change.0] });
            for patch in [json!({}), same] {
                let answer = admin.change(facts.path, &record, patch).await.expect(200);
                assert_eq!((&answer.json, answer.etag()), (&record, "\"1\"".to_owned()), "{}", facts.path);
            }
            let history = admin.get(&format!("{}/history", one(facts, &record))).await.expect(200);
            assert_eq!(history.items().len(), 1, "{history}");
        }
    }

    async fn a_wrong_patch_is_422_and_changes_nothing(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            let change = |patch: Value| admin.change(facts.path, &record, patch).because("Prøvd");
            change(json!({ "colour": "blå" })).await.faulted("/colour", "unknown_field");
            change(json!({ "version": 5 })).await.faulted("/version", "read_only");
            change(json!({ "id": record["id"] })).await.faulted("/id", "read_only");
            let (field, wrong) = &sample.wrong;
            let answer = change(json!({ *field: wrong })).await.refused(422, "record.invalid");
            assert!(answer.text().contains(&format!("\"/{field}")), "{answer}");
            for field in facts.writable() {
                let patch = json!({ &field.name: wrong_type(field) });
                change(patch).await.faulted(&format!("/{}", field.name), "wrong_type");
            }
            for body in ["3", "[]", "\"text\"", "null"] {
                let request = admin.patch(&one(facts, &record), json!({})).if_match("*");
                request.body("application/merge-patch+json", body).await.faulted("", "wrong_type");
            }
            assert_eq!(admin.read(facts.path, &record).await, record, "{}", facts.path);
        }
    }

    async fn a_record_stays_in_its_project(app: App) {
        let world = app.world().await;
        let other = world.make("projects").await;
        for (facts, _) in resources().filter(|(facts, _)| facts.of_project) {
            let record = world.make(facts.path).await;
            let answer = app.as_admin().change(facts.path, &record, json!({ "projectId": other["id"] })).await;
            answer.faulted("/projectId", "fixed");
        }
    }

    async fn every_field_can_be_written_back_as_it_was_read(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let record = world.make(facts.path).await;
            let whole: Value = facts.writable().map(|field| (field.name.clone(), record[&field.name].clone())).collect();
            assert_eq!(admin.change(facts.path, &record, whole).await.expect(200).json, record, "{}", facts.path);
        }
    }

    async fn decimals_are_exact(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let mut record = world.make(facts.path).await;
            for field in facts.writable() {
                let Kind::Decimal { unit } = field.kind else { continue };
                let places = if unit == 100 { 2 } else { 4 };
                for text in ["0.1", "0.7", "0.29", "0.57", "1", "0.99"] {
                    record = exactly(&admin, facts.path, record, &field.name, text).await;
                }
                let finer = json!({ &field.name: 1.0 / 3.0 });
                let refused = admin.change(facts.path, &record, finer).await;
                refused.faulted(&format!("/{}", field.name), "too_many_decimals");
                assert!(places > 0);
            }
        }
    }
}

/// Sets a decimal and reads the same digits back.
async fn exactly(client: &Client, path: &str, record: Value, field: &str, text: &str) -> Value {
    let request =
        client.change(path, &record, json!({})).body("application/merge-patch+json", format!("{{\"{field}\":{text}}}"));
    let changed = request.await.expect(200);
    assert!(changed.text().contains(&format!("\"{field}\":{text},")), "{path}.{field} is not {text}: {changed}");
    changed.json
}

/// Instants are compared as such: whole seconds are written without a fraction.
fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|text| text.parse().ok()).expect("an instant")
}
