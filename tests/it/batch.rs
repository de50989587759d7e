//! Many writes, all or nothing.

use serde_json::{Value, json};
use support::{Client, Role, both};

const PATH: &str = "/api/v1/batch";

fn batch(operations: &[Value]) -> Value {
    json!({ "operations": operations })
}

async fn count(client: &Client, collection: &str) -> u64 {
    client.get(&format!("/api/v1/{collection}?count=true")).await.expect(200)["total"].as_u64().expect("a number")
}

fn post(path: &str, body: Value) -> Value {
    json!({ "method": "POST", "path": path, "body": body })
}

both! {
    async fn what_is_named_is_used_by_what_comes_after(app: App) {
        let world = app.world().await;
        let project = &world.project["id"];
        let mut goal = post("/goals", json!({ "projectId": project, "kind": "impact", "text": "Flere arbeidsplasser" }));
        goal["as"] = json!("goal");
        let under = post("/api/v1/goals", json!({ "projectId": project, "kind": "outcome", "text": "Bedre", "parentId": "$goal.id" }));
        let change = json!({ "method": "PATCH", "path": "/goals/$goal.id", "ifMatch": "$goal.version", "body": { "text": "Mange" } });
        let answer = app.as_admin().post(PATH, batch(&[goal, under, change])).await.expect(200);
        let results = answer["results"].as_array().expect("a list");
        let statuses: Vec<&Value> = results.iter().map(|result| &result["status"]).collect();
        assert_eq!(statuses, [201, 201, 200], "{answer}");
        assert_eq!(results[1]["body"]["parentId"], results[0]["body"]["id"], "{answer}");
        let history = format!("/api/v1/goals/{}/history", results[0]["body"]["id"].as_str().expect("an id"));
        assert_eq!(app.as_admin().get(&history).await.items().len(), 2, "each write stands in the journal");
        let gone = json!({ "method": "DELETE", "path": format!("/goals/{}", results[1]["body"]["id"].as_str().expect("an id")), "ifMatch": "*" });
        assert_eq!(app.as_admin().post(PATH, batch(&[gone])).await.expect(200)["results"][0], json!({ "status": 204, "body": null }));
    }

    async fn one_that_fails_leaves_nothing_and_is_named(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        let good = post("/goals", json!({ "projectId": project, "kind": "impact", "text": "Flere" }));
        let bad = post("/goals", json!({ "projectId": project, "kind": "wish", "text": "Flere" }));
        let goal = world.make("goals").await;
        let before = count(&admin, "goals").await;
        let refused = admin.post(PATH, batch(&[good.clone(), bad])).await;
        assert_eq!((refused.status, &refused["operation"]), (422, &json!(1)), "{refused}");
        refused.faulted("/operations/1/body/kind", "unknown_code");
        let unnamed = post("/goals", json!({ "projectId": project, "kind": "impact", "text": "Flere", "parentId": "$goal.id" }));
        admin.post(PATH, batch(&[good.clone(), unnamed])).await.faulted("/operations/1/body/parentId", "no_such_name");
        let elsewhere = post("/colours", json!({}));
        admin.post(PATH, batch(&[good.clone(), elsewhere])).await.faulted("/operations/1/path", "no_such_path");
        let address = format!("/goals/{}", goal["id"].as_str().expect("an id"));
        let without = json!({ "method": "PATCH", "path": address, "body": { "text": "Andre" } });
        admin.post(PATH, batch(&[without])).await.refused(428, "record.precondition_required");
        let old = json!({ "method": "PATCH", "path": address, "ifMatch": "\"7\"", "body": { "text": "Andre" } });
        admin.post(PATH, batch(&[good, old])).await.refused(412, "record.stale");
        assert_eq!(count(&admin, "goals").await, before, "nothing of any of them");
        let many: Vec<Value> = (0..501).map(|_| json!({ "method": "DELETE", "path": "/goals", "ifMatch": "*" })).collect();
        admin.post(PATH, batch(&many)).await.faulted("/operations", "too_many");
    }

    async fn the_last_of_five_hundred_takes_all_with_it(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        let goal = world.make("goals").await;
        let address = format!("/goals/{}", goal["id"].as_str().expect("an id"));
        let mut operations: Vec<Value> = (1..500)
            .map(|n| post("/goals", json!({ "projectId": project, "kind": "impact", "text": format!("Mål {n}") })))
            .collect();
        // Whether it is the right version is known when all before it are written.
        let last = |tag: &str| json!({ "method": "PATCH", "path": address, "ifMatch": tag, "body": { "text": "Endret" } });
        operations.push(last("\"7\""));
        let before = count(&admin, "goals").await;
        let after = admin.get("/api/v1/events?after=now").await.expect(200)["next"].as_str().expect("a cursor").to_owned();
        let refused = admin.post(PATH, batch(&operations)).await.refused(412, "record.stale");
        assert_eq!(refused["operation"], 499, "{refused}");
        assert_eq!(count(&admin, "goals").await, before, "no record");
        let told = admin.get(&format!("/api/v1/events?after={after}")).await.expect(200);
        assert!(told.items().is_empty(), "no event: {told}");
        assert_eq!(admin.get(&format!("/api/v1{address}")).await.expect(200)["version"], goal["version"]);
        operations[499] = last("\"1\"");
        let done = admin.post(PATH, batch(&operations)).await.expect(200);
        assert_eq!(done["results"].as_array().map(Vec::len), Some(500), "all of them with the right version");
        assert_eq!(count(&admin, "goals").await, before + 499);
    }

    async fn a_dry_run_tells_what_would_happen(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let late = post("/milestones", json!({
            "projectId": world.project["id"], "number": "01", "title": "Etter slutten", "plannedOn": "2018-12-15",
        }));
        let dry = admin.post(&format!("{PATH}?dryRun=true"), batch(std::slice::from_ref(&late))).await.expect(200);
        assert_eq!(dry["results"][0]["status"], 201, "{dry}");
        let found = dry["findings"].as_array().expect("a list");
        assert!(found.iter().any(|finding| finding["rule"] == "milestone.outside_project_period"), "{dry}");
        assert_eq!(count(&admin, "milestones").await, 0);
        admin.post(PATH, batch(&[late])).await.expect(200);
        assert_eq!(count(&admin, "milestones").await, 1);
    }

    async fn a_key_makes_a_batch_safe_to_repeat(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let goal = batch(&[post("/goals", json!({ "projectId": world.project["id"], "kind": "impact", "text": "Flere" }))]);
        let first = admin.post(PATH, goal.clone()).header("idempotency-key", "en gang").await.expect(200);
        let again = admin.post(PATH, goal).header("idempotency-key", "en gang").await.expect(200);
        assert_eq!((again.header("idempotent-replayed"), &again.json), ("true", &first.json));
        assert_eq!(count(&admin, "goals").await, 1);
    }

    async fn a_batch_gives_nobody_more_rights(app: App) {
        let world = app.world().await;
        let goal = batch(&[post("/goals", json!({ "projectId": world.project["id"], "kind": "impact", "text": "Flere" }))]);
        for (role, status) in [(Role::Observer, 403), (Role::Stranger, 403), (Role::SteeringMember, 403)] {
            assert_eq!(world.as_a(role).await.post(PATH, goal.clone()).await.status, status, "{role:?}");
        }
        world.as_a(Role::Manager).await.post(PATH, goal).await.expect(200);
        let user = batch(&[post("/users", json!({ "email": "x@y.example", "name": "X" }))]);
        app.as_admin().post(PATH, user).await.faulted("/operations/0/path", "no_such_path");
    }

    async fn a_secret_is_told_where_it_can_be_told_again(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let hook = |name: &str| json!({ "url": format!("https://{name}.example/"), "eventTypes": ["*"], "projectId": world.project["id"] });
        let goal = post("/goals", json!({ "projectId": world.project["id"], "kind": "impact", "text": "Flere" }));
        let hooks = batch(&[post("/webhooks", hook("a")), goal, post("/api/v1/webhooks", hook("b"))]);
        let dry = admin.post(&format!("{PATH}?dryRun=true"), hooks.clone()).await.expect(200);
        assert!(dry["results"][0]["body"].get("secret").is_none(), "of what is not made there is none: {dry}");
        let first = admin.post(PATH, hooks.clone()).header("idempotency-key", "en gang").await.expect(200);
        let secret = |place: usize| first["results"][place]["body"]["secret"].as_str().unwrap_or_default().to_owned();
        assert!(secret(0).starts_with("whsec_") && secret(2).starts_with("whsec_") && secret(0) != secret(2), "{first}");
        assert!(first["results"][1]["body"].get("secret").is_none() && first.json.get("secret").is_none(), "{first}");
        assert_eq!(first.header("cache-control"), "no-store");
        let again = admin.post(PATH, hooks).header("idempotency-key", "en gang").await.expect(200);
        assert_eq!((again.header("idempotent-replayed"), &again.json), ("true", &first.json));
        // What is drawn once is made one at a time.
        let client = post("/clients", json!({ "name": "Sak" }));
        admin.post(PATH, batch(&[client])).await.faulted("/operations/0/path", "no_such_path");
    }

    async fn nothing_of_an_operation_is_passed_over(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let goal = |text: &str| json!({ "projectId": world.project["id"], "kind": "impact", "text": text });
        for path in ["/api/v1goals", "//goals", "/api/v1//goals", "/api/v2/goals"] {
            admin.post(PATH, batch(&[post(path, goal("Flere"))])).await.faulted("/operations/0/path", "no_such_path");
        }
        let mut matched = post("goals", goal("Flere"));
        matched["ifMatch"] = json!("*");
        admin.post(PATH, batch(&[matched])).await.faulted("/operations/0/ifMatch", "not_allowed");
        let amount = admin.post(PATH, batch(&[post("goals", goal("$5.00"))])).await.expect(200);
        assert_eq!(amount["results"][0]["body"]["text"], "$5.00");
    }
}
