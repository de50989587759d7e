//! What is to be carried is taken by one connector, carried, and receipted.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Role, World, both};

async fn queued(world: &World) -> Value {
    let new = json!({ "projectId": world.project["id"], "kind": "archive_package", "record": { "kind": "project", "id": world.project["id"] } });
    world.as_admin().create("outbound-messages", new).await
}

both! {
    async fn a_message_is_taken_by_one_connector_carried_and_receipted(app: App) {
        let world = app.world().await;
        let message = queued(&world).await;
        let manager = world.as_a(Role::Manager).await;
        let waiting = manager.get("/api/v1/outbound-messages?state=queued").await.expect(200);
        assert_eq!(waiting.items(), std::slice::from_ref(&message));
        let take = || manager.change("outbound-messages", &message, json!({ "state": "taken" })).into_future();
        let taken = join_all((0..3).map(|_| tokio::spawn(take()))).await;
        let mut statuses: Vec<u16> = taken.into_iter().map(|answer| answer.expect("no task fails").status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412], "one has it, the others are told");
        let message = manager.read("outbound-messages", &message).await;
        assert_eq!((&message["attempts"], message["takenAt"].is_string()), (&json!(1), true), "{message}");
        let package = manager.get(message["payload"].as_str().expect("an address")).await.expect(200);
        assert_eq!(package.header("content-type"), "application/zip");
        let carried = json!({ "state": "delivered", "messageId": "m-1", "payloadTag": package.etag() });
        let message = manager.change("outbound-messages", &message, carried).await.expect(200).json;
        assert!(message["deliveredAt"].is_string() && message["receiptedAt"].is_null(), "{message}");
        let receipt = json!({ "state": "receipted", "receipt": "<arkivmeldingKvittering/>" });
        let message = manager.change("outbound-messages", &message, receipt.clone()).await.expect(200).json;
        let again = manager.change("outbound-messages", &message, receipt).await.expect(200).json;
        assert_eq!(again, message, "a receipt that comes twice changes nothing");
        manager.change("outbound-messages", &message, json!({ "state": "queued" })).await.faulted("/state", "out_of_order");
        let history = manager.get(&format!("/api/v1/outbound-messages/{}/history", message["id"].as_str().expect("an id"))).await;
        let events: Vec<&str> = history.items().iter().filter_map(|entry| entry["event"].as_str()).collect();
        let told = ["outbound_message.receipted", "outbound_message.delivered", "outbound_message.taken", "outbound_message.created"];
        assert_eq!(events, told);
    }

    async fn what_failed_is_queued_again_and_counted(app: App) {
        let world = app.world().await;
        let manager = world.as_a(Role::Manager).await;
        let mut message = queued(&world).await;
        for attempt in 1..=2 {
            message = manager.change("outbound-messages", &message, json!({ "state": "taken" })).await.expect(200).json;
            manager.change("outbound-messages", &message, json!({ "state": "failed" })).await.faulted("/failure", "required");
            let failed = json!({ "state": "failed", "failure": "Mottakeren svarte ikke" });
            message = manager.change("outbound-messages", &message, failed).await.expect(200).json;
            message = manager.change("outbound-messages", &message, json!({ "state": "queued" })).await.expect(200).json;
            assert_eq!((&message["attempts"], &message["takenAt"]), (&json!(attempt), &Value::Null), "{message}");
        }
        manager.change("outbound-messages", &message, json!({ "state": "receipted" })).await.faulted("/state", "out_of_order");
    }

    async fn a_message_is_about_what_it_carries(app: App) {
        let world = app.world().await;
        let admin = world.as_admin();
        let case = world.make("political-cases").await;
        let document = world.make("documents").await;
        let of = |kind: &str, record: Value| json!({ "projectId": world.project["id"], "kind": kind, "record": record });
        let paths = "/api/v1/outbound-messages";
        let wrong = of("utvalgssak", json!({ "kind": "document", "id": document["id"] }));
        admin.post(paths, wrong).await.faulted("/record/kind", "not_allowed");
        let other = json!({ "code": "X", "name": "Et annet", "type": "pre_study", "programmeId": world.programme["id"] });
        let other = admin.create("projects", other).await;
        let wrong = of("archive_package", json!({ "kind": "project", "id": other["id"] }));
        admin.post(paths, wrong).await.faulted("/record/id", "other_project");
        let mut sent = of("utvalgssak", json!({ "kind": "political_case", "id": case["id"] }));
        let made = admin.create("outbound-messages", sent.clone()).await;
        assert!(made["payload"].as_str().is_some_and(|path| path.ends_with("/utvalgssak")), "{made}");
        sent["state"] = json!("delivered");
        admin.post(paths, sent).await.faulted("/state", "out_of_order");
        let observer = world.as_a(Role::Observer).await;
        assert!(observer.get(paths).await.expect(200).items().is_empty());
    }
}
