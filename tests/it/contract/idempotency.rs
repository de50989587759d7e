//! A POST that is sent again.

use serde_json::json;
use support::{Role, both};

use super::{at, resources};

both! {
    async fn a_key_makes_a_retry_safe(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let body = world.body(facts.path).await;
            let before = admin.get(&format!("{}?count=true", at(facts))).await.expect(200)["total"].clone();
            let key = format!("første-{}", facts.path);
            let send = || admin.post(&at(facts), body.clone()).header("idempotency-key", &key);
            let first = send().await.expect(201);
            assert_eq!(first.header("idempotent-replayed"), "");
            let again = send().await.expect(201);
            assert_eq!(again.header("idempotent-replayed"), "true", "{again}");
            assert_eq!(again.bytes, first.bytes, "{}", facts.path);
            for name in ["location", "etag", "content-type"] {
                assert_eq!(again.header(name), first.header(name), "{} {name}", facts.path);
            }
            let after = admin.get(&format!("{}?count=true", at(facts))).await.expect(200)["total"].clone();
            assert_eq!(after.as_i64(), before.as_i64().map(|before| before + 1), "{}", facts.path);
            let other = world.body(facts.path).await;
            let other = admin.post(&at(facts), other).header("idempotency-key", &key).await;
            // A body without a number of its own is the same body.
            if other.status != 201 {
                other.refused(422, "idempotency.key_reused");
            } else {
                assert_eq!(other.header("idempotent-replayed"), "true", "{other}");
            }
        }
    }

    async fn a_key_belongs_to_one_caller_and_one_address(app: App) {
        let world = app.world().await;
        let (admin, manager) = (app.as_admin(), world.as_a(Role::Manager).await);
        let goal = json!({ "projectId": world.project["id"], "kind": "output", "text": "En avtale" });
        let send = |client: &support::Client, path: &str, body: &serde_json::Value| {
            client.post(path, body.clone()).header("idempotency-key", "\"samme\"")
        };
        let first = send(&admin, "/api/v1/goals", &goal).await.expect(201);
        let second = send(&manager, "/api/v1/goals", &goal).await.expect(201);
        assert_ne!(first.id(), second.id(), "another caller's key is another key");
        let organisation = json!({ "name": "Vinn", "kind": "other" });
        send(&admin, "/api/v1/organisations", &organisation).await.expect(201);
        let bare = admin.post("/api/v1/goals", goal).header("idempotency-key", "samme").await.expect(201);
        assert_eq!(bare.id(), first.id(), "quoted and bare are the same key");
    }

    async fn what_failed_is_not_remembered(app: App) {
        let admin = app.as_admin();
        let send = |kind: &str| {
            let body = json!({ "name": "Vinn", "kind": kind });
            admin.post("/api/v1/organisations", body).header("idempotency-key", "k")
        };
        send("guild").await.refused(422, "record.invalid");
        send("other").await.expect(201);
        send("guild").await.refused(422, "idempotency.key_reused");
        for key in ["", &"k".repeat(256)] {
            let body = json!({ "name": "Vinn", "kind": "other" });
            admin.post("/api/v1/organisations", body).header("idempotency-key", key).await.refused(400, "request.malformed");
        }
    }
}
