//! The history of a record: every version, who, when, why, before and after.

use serde_json::json;
use support::both;

use super::{one, resources};

both! {
    async fn every_version_stands_with_who_when_why_before_and_after(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let me = admin.get("/api/v1/me").await.expect(200)["id"].clone();
        for (facts, sample) in resources() {
            let first = world.make(facts.path).await;
            let change = world.changed(sample).await;
            let second = admin.change(facts.path, &first, change).because("Vedtatt på møtet i Målselv").await.expect(200).json;
            let history = admin.get(&format!("{}/history", one(facts, &first))).await.expect(200);
            let [changed, created] = history.items() else { panic!("two entries: {history}") };
            assert_eq!((&created["version"], &changed["version"]), (&json!(1), &json!(2)));
            assert_eq!((&created["at"], &changed["at"]), (&first["createdAt"], &second["updatedAt"]));
            assert_eq!((&created["reason"], &changed["reason"]), (&json!(null), &json!("Vedtatt på møtet i Målselv")));
            assert_eq!(created["event"], format!("{}.created", facts.kind));
            assert!(changed["event"].as_str().is_some_and(|event| facts.has_event(event)), "{history}");
            for entry in [created, changed] {
                assert_eq!(entry["actor"], json!({ "kind": "user", "id": me, "via": null }), "{history}");
            }
            for field in facts.fields.iter().filter(|field| field.computed.is_none()) {
                let name = field.name.as_str();
                assert_eq!(created["after"][name], first[name], "{}.{name}", facts.path);
                assert_eq!(changed["after"][name], second[name], "{}.{name}", facts.path);
            }
            assert_eq!((&created["before"], &changed["before"]), (&json!(null), &created["after"]), "{history}");
        }
    }

    async fn a_reason_may_come_percent_encoded(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let record = world.make("goals").await;
        let why = "V%C3%A5r beslutning, 100%25 + sikker = ja";
        let request = admin.change("goals", &record, json!({ "text": "Ny tekst" })).because(why);
        request.await.expect(200);
        let history = admin.get(&format!("/api/v1/goals/{}/history?limit=1", record["id"].as_str().expect("an id"))).await;
        assert_eq!(history.items()[0]["reason"], "Vår beslutning, 100% + sikker = ja");
    }

    async fn a_history_is_read_page_by_page(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let mut record = world.make(facts.path).await;
            let (there, back) = (world.changed(sample).await, json!({ sample.change.0: record[sample.change.0] }));
            for patch in [&there, &back, &there, &back] {
                record = admin.change(facts.path, &record, patch.clone()).because("Fram og tilbake").await.expect(200).json;
            }
            let address = format!("{}/history", one(facts, &record));
            let whole = admin.get(&address).await.expect(200);
            let mut walked = Vec::new();
            let mut next = String::new();
            loop {
                let page = admin.get(&format!("{address}?limit=2{next}")).await.expect(200);
                walked.extend(page.items().iter().cloned());
                let Some(cursor) = page["next"].as_str() else { break };
                next = format!("&cursor={cursor}");
            }
            assert_eq!(walked, whole.items(), "{}", facts.path);
            assert_eq!(walked.iter().map(|entry| entry["version"].clone()).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
            admin.get(&format!("{address}?limit=0")).await.refused(400, "request.invalid_parameter");
            admin.get(&format!("{address}?colour=blue")).await.refused(400, "request.unknown_parameter");
            admin.get(&format!("{address}?cursor=AAAA")).await.refused(400, "request.invalid_cursor");
        }
    }
}
