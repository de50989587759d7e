//! Deleting a record.

use framdrift::facts::{self, Row};
use serde_json::json;
use support::both;

use super::{at, one, resources};

both! {
    async fn a_deleted_record_leaves_every_list_and_its_history_stays(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, _) in resources() {
            let record = world.make(facts.path).await;
            admin.delete(&one(facts, &record)).await.refused(428, "record.precondition_required");
            let stale = admin.delete(&one(facts, &record)).if_match("\"7\"").await.refused(412, "record.stale");
            assert_eq!(stale["currentVersion"], 1, "{stale}");
            let gone = admin.remove(facts.path, &record).because("Lagt inn ved en feil").await.expect(204);
            assert!(gone.bytes.is_empty(), "{gone}");
            admin.get(&one(facts, &record)).await.refused(404, "record.not_found");
            admin.remove(facts.path, &record).await.refused(404, "record.not_found");
            admin.change(facts.path, &record, json!({})).await.refused(404, "record.not_found");
            let list = admin.get(&format!("{}?limit=200", at(facts))).await.expect(200);
            assert!(!list.ids().contains(&record["id"].as_str().expect("an identifier")), "{}", facts.path);
            let history = admin.get(&format!("{}/history", one(facts, &record))).await.expect(200);
            let [deleted, created] = history.items() else { panic!("two entries: {history}") };
            assert_eq!(deleted["event"], format!("{}.deleted", facts.kind));
            assert_eq!(deleted["reason"], "Lagt inn ved en feil");
            assert_eq!((&deleted["before"], &deleted["after"]), (&created["after"], &json!(null)), "{history}");
            let short = format!("{}/history?limit=1", one(facts, &record));
            let page = admin.get(&short).await.expect(200);
            let next = page["next"].as_str().expect("there is a second page");
            let older = admin.get(&format!("{short}&cursor={next}")).await.expect(200);
            assert_eq!(&older.items()[0], created, "{older}");
        }
    }

    async fn what_others_refer_to_is_not_deleted_and_they_are_named(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources() {
            let record = world.make(facts.path).await;
            for reference in facts.references.iter().filter(|reference| !sample.without.contains(&reference.field)) {
                let target = admin.read(reference.target, &json!({ "id": record[reference.field] })).await;
                let kept = facts::by_path(reference.target).and_then(|facts| facts.locked);
                let kept = kept.is_some_and(|kept| target.as_object().is_some_and(|row| kept(&Row(row.clone()))));
                if kept {
                    admin.remove(reference.target, &target).await.refused(409, "record.locked");
                    continue;
                }
                let answer = admin.remove(reference.target, &target).await.refused(409, "record.in_use");
                assert!(!answer["errors"].as_array().is_none_or(Vec::is_empty), "{answer}");
            }
        }
    }
}
