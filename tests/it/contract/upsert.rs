//! What another system knows by a key of its own is made once, and brought in line however often it is sent.

use serde_json::{Value, json};
use support::{Role, both};

use super::{at, one, resources};

both! {
    async fn a_name_in_another_system_makes_a_record_once(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (facts, sample) in resources().filter(|(facts, _)| facts.path != "external-references") {
            let address = format!("{}/by-reference/elements/2017%2F{}", at(facts), facts.path);
            let body = world.body(facts.path).await;
            let made = admin.put(&address, body.clone()).await.expect(201);
            assert_eq!(made.header("location"), one(facts, &made.json), "{}", facts.path);
            let again = admin.put(&address, body.clone()).await.expect(200);
            assert_eq!((&again["id"], &again["version"]), (&made["id"], &made["version"]), "{}: {again}", facts.path);
            let (field, value) = &sample.change;
            let mut changed = body;
            changed[*field] = world.changed(sample).await[*field].clone();
            let put = admin.put(&address, changed).because("Prøvd").await.expect(200);
            assert_eq!((&put["id"], &put["version"]), (&made["id"], &json!(made["version"].as_i64().map(|version| version + 1))), "{put}");
            assert!(put[*field] == *value || value.as_str().is_some_and(|value| value.starts_with('→')), "{put}");
        }
        let known = admin.get("/api/v1/external-references?system=elements&q=milestones").await.expect(200);
        let reference = &known.items()[0];
        assert_eq!((&reference["kind"], &reference["projectId"]), (&json!("milestone"), &world.project["id"]), "{known}");
    }

    async fn what_is_left_out_is_cleared_and_a_stale_version_is_told(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let address = "/api/v1/risks/by-reference/visma/17";
        let risk = |title: &str| json!({ "projectId": world.project["id"], "kind": "risk", "title": title });
        let mut whole = risk("Tidsnød");
        whole["response"] = json!("Begynne før");
        let made = admin.put(address, whole).await.expect(201);
        let put = admin.put(address, risk("Tidsnød")).if_match("\"1\"").await.expect(200);
        assert_eq!((&put["version"], &put["response"]), (&json!(2), &Value::Null), "{put}");
        admin.put(address, risk("Knapp tid")).if_match("\"1\"").await.expect(412);
        // Of what is not there, no version is known (RFC 9110 §13.1.1); what is no entity tag is told as such.
        let nowhere = "/api/v1/risks/by-reference/visma/18";
        for (tag, status) in [("\"1\"", 412), ("*", 412), ("1", 400), ("null", 400)] {
            admin.put(nowhere, risk("Ny")).if_match(tag).await.expect(status);
        }
        assert_eq!(admin.get("/api/v1/risks").await.expect(200).items().len(), 1, "none was made");
        admin.put(address, json!({ "title": "x" })).await.expect(422);
        let id = made["id"].as_str().unwrap_or_default();
        assert_eq!(admin.get(&format!("/api/v1/risks/{id}")).await.expect(200)["title"], "Tidsnød", "a fault changes nothing");
        // One key of a system is one record of a kind, and may be one of another.
        admin.put("/api/v1/goals/by-reference/visma/17", json!({ "projectId": world.project["id"], "kind": "output", "text": "Nådd" })).await.expect(201);
        let taken = json!({ "system": "visma", "key": "17", "record": { "kind": "risk", "id": id } });
        admin.post("/api/v1/external-references", taken).await.expect(409);
    }

    async fn a_reference_is_seen_and_written_with_its_record(app: App) {
        let world = app.world().await;
        let milestone = world.make("milestones").await;
        let reference = |key: &str| json!({ "system": "websak", "key": key, "record": { "kind": "milestone", "id": milestone["id"] } });
        let manager = world.as_a(Role::Manager).await;
        let made = manager.create("external-references", reference("1")).await;
        world.as_a(Role::SteeringMember).await.post("/api/v1/external-references", reference("2")).await.expect(403);
        let stranger = world.as_a(Role::Stranger).await;
        assert_eq!(stranger.get("/api/v1/external-references").await.expect(200).items().len(), 0);
        stranger.post("/api/v1/external-references", reference("3")).await.expect(404);
        assert_eq!(world.as_a(Role::Observer).await.get("/api/v1/external-references").await.expect(200).items().len(), 0);
        let other = world.make("milestones").await;
        let moved = json!({ "record": { "kind": "milestone", "id": other["id"] } });
        manager.change("external-references", &made, moved).await.expect(422);
        let body = json!({ "projectId": world.project["id"], "kind": "risk", "title": "Tidsnød" });
        stranger.put("/api/v1/risks/by-reference/a/b", body.clone()).await.expect(404);
        world.as_a(Role::SteeringMember).await.put("/api/v1/risks/by-reference/a/b", body).await.expect(403);
    }

    async fn two_who_send_the_same_at_once_make_one(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let body = json!({ "projectId": world.project["id"], "kind": "risk", "title": "Tidsnød" });
        let sent = (0..20).map(|_| async { admin.put("/api/v1/risks/by-reference/a/b", body.clone()).await });
        let answers = futures_util::future::join_all(sent).await;
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201)), "{:?}", answers.iter().map(|one| one.status).collect::<Vec<_>>());
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(admin.get("/api/v1/risks").await.expect(200).items().len(), 1);
    }

    async fn a_key_is_what_it_is_when_it_is_decoded(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let at = |key: &str| format!("/api/v1/risks/by-reference/sak/{key}");
        let risk = json!({ "projectId": world.project["id"], "kind": "risk", "title": "Tidsnød" });
        for (key, address, other) in [
            ("2017/412", "2017%2F412", "2017%2f412"),
            ("100%", "100%25", "100%25"),
            ("x+y", "x%2By", "x+y"),
            ("%2F", "%252F", "%252F"),
            ("S\u{f8}k 1", "S%C3%B8k%201", "S%c3%b8k%201"),
            ("\u{e9}n", "e%CC%81n", "%C3%A9n"),
        ] {
            let made = admin.put(&at(address), risk.clone()).await.expect(201);
            let found = admin.put(&at(other), risk.clone()).await.expect(200);
            assert_eq!((found.id(), &found["version"]), (made.id(), &made["version"]), "{key}");
            let known = admin.get("/api/v1/external-references?sort=-createdAt&limit=1").await.expect(200);
            assert_eq!(known.items()[0]["key"], key, "{known}");
        }
        // What is no UTF-8 would all be the same.
        for address in ["S%E5k", "%ff", "%EF%BF%BD", "a%0d%0ab", "a%00b"] {
            admin.put(&at(address), risk.clone()).await.faulted("", "wrong_format");
        }
    }

    async fn who_asks_that_there_be_none_writes_none(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let address = "/api/v1/risks/by-reference/sak/1";
        let risk = |title: &str| json!({ "projectId": world.project["id"], "kind": "risk", "title": title });
        let made = admin.put(address, risk("Tidsnød")).if_none_match("*").await.expect(201);
        admin.put(address, risk("Knapp tid")).if_none_match("*").await.refused(412, "record.stale");
        admin.put(address, risk("Knapp tid")).if_none_match("\"1\"").await.refused(412, "record.stale");
        let path = format!("/api/v1/risks/{}", made.id());
        admin.patch(&path, json!({ "title": "Knapp tid" })).if_match("\"1\"").if_none_match("*").await.refused(412, "record.stale");
        admin.delete(&path).if_match("\"1\"").if_none_match("*").await.refused(412, "record.stale");
        assert_eq!(admin.get(&path).await.expect(200)["title"], "Tidsnød");
        admin.put(address, risk("Knapp tid")).if_none_match("\"7\"").await.expect(200);
    }
}
