//! What the service alone writes, nobody else does: every such member of every schema, made from the document.

use framdrift::routes;
use serde_json::{Value, json};
use support::{both, document};

both! {
    async fn every_read_only_member_is_refused_in_every_body(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let mut tried = 0;
        for facts in routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only) {
            let body = world.body(facts.path).await;
            let record = admin.create(facts.path, body.clone()).await;
            let schema = &document::document()["components"]["schemas"][&facts.schema_name]["properties"];
            let read_only: Vec<(&String, &Value)> =
                schema.as_object().into_iter().flatten().filter(|(_, property)| property["readOnly"] == true).collect();
            assert!(read_only.len() >= 6, "{} has its header: {read_only:?}", facts.path);
            for (name, property) in read_only {
                // What it is already, another value, and nothing.
                for value in [record[name].clone(), other(property), Value::Null] {
                    let mut with = body.clone();
                    with[name] = value.clone();
                    let made = admin.post(&format!("/api/v1/{}", facts.path), with).await;
                    assert_eq!(made.status, 422, "{}.{name} in a new record: {made}", facts.path);
                    let changed = admin.change(facts.path, &record, json!({ (name): value })).await;
                    assert_eq!(changed.status, 422, "{}.{name} in a change: {changed}", facts.path);
                    tried += 2;
                }
                // Nor by the other doors that lead to the same.
                let mut with = body.clone();
                with[name] = other(property);
                let pointer = format!("/operations/0/body/{name}");
                let one = json!({ "method": "POST", "path": format!("/api/v1/{}", facts.path), "body": with });
                let batch = admin.post("/api/v1/batch", json!({ "operations": [one] })).await;
                // Neither is made there.
                if !matches!(facts.path, "users" | "clients") {
                    batch.faulted(&pointer, "");
                }
                if facts.has_keys() {
                    let upsert = format!("/api/v1/{}/by-reference/system/{name}", facts.path);
                    admin.put(&upsert, with).await.faulted(&format!("/{name}"), "");
                }
                tried += 2;
            }
            assert_eq!(admin.read(facts.path, &record).await["version"], record["version"], "{}", facts.path);
        }
        assert!(tried > 1500, "{tried} were tried");
    }
}

both! {
    async fn what_only_the_service_writes_is_written_by_no_batch(app: App) {
        let admin = app.as_admin();
        let world = app.world().await;
        let mut tried = 0;
        for facts in routes::resources().iter().map(|resource| resource.facts).filter(|facts| facts.read_only) {
            let listed = admin.get(&format!("/api/v1/{}", facts.path)).await.expect(200);
            let id = listed.items().first().map_or_else(|| world.project["id"].clone(), |record| record["id"].clone());
            let one = format!("/{}/{}", facts.path, id.as_str().unwrap_or_default());
            for operation in [
                json!({ "method": "POST", "path": format!("/{}", facts.path), "body": { "projectId": world.project["id"] } }),
                json!({ "method": "PATCH", "path": one, "ifMatch": "*", "body": {} }),
                json!({ "method": "DELETE", "path": one, "ifMatch": "*" }),
            ] {
                let batch = admin.post("/api/v1/batch", json!({ "operations": [operation] })).await;
                batch.faulted("/operations/0/path", "no_such_path");
                tried += 1;
            }
        }
        assert!(tried >= 15, "{tried} were tried");
    }
}

/// A value that such a member could have.
fn other(property: &Value) -> Value {
    let kinds = property["type"].as_array().cloned().unwrap_or_else(|| vec![property["type"].clone()]);
    match kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")) {
        Some("integer") => json!(7),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ if property["format"] == "uuid" => json!("0190e0a0-0000-7000-8000-000000000000"),
        _ if property["format"] == "date-time" => json!("2026-01-02T03:04:05Z"),
        _ if property["enum"].is_array() => property["enum"][0].clone(),
        _ => json!("text"),
    }
}
