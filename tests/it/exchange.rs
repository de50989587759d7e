//! The project document: out, in, and out again.

use serde_json::{Value, json};
use support::{Answer, App, Beside, Role, both};

both! {
    async fn what_was_taken_out_and_brought_in_is_the_same_bytes_on_any_engine(app: App) {
        let project = app.demo().await;
        let address = format!("/api/v1/projects/{project}/document");
        let taken = app.as_admin().get(&address).await.expect(200);
        for engine in [app.engine, app.engine.other()].into_iter().filter(|engine| engine.is_there()) {
            let beside = Beside::start(engine).await;
            import(&beside.app, "", taken.text()).await.expect(200);
            let again = beside.app.as_admin().get(&address).await.expect(200);
            assert!(again.bytes == taken.bytes, "{engine:?}: the document is another one");
            beside.end().await;
        }
    }

    async fn what_is_brought_in_twice_changes_nothing(app: App) {
        app.demo().await;
        let admin = app.as_admin();
        let mut before = Vec::new();
        for path in ["milestones", "matters", "documents"] {
            before.push(admin.walk(&format!("/api/v1/{path}?fields=version")).await);
        }
        let again = import(&app, "", framdrift::demo::DOCUMENT.to_owned()).await.expect(200);
        assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(0)), "{again}");
        for (path, before) in ["milestones", "matters", "documents"].iter().zip(before) {
            assert_eq!(admin.walk(&format!("/api/v1/{path}?fields=version")).await, before, "{path}");
        }
    }

    async fn a_dry_run_says_what_would_happen_and_writes_nothing(app: App) {
        let dry = import(&app, "?dryRun=true", framdrift::demo::DOCUMENT.to_owned()).await.expect(200);
        assert_eq!((&dry["dryRun"], &dry["updated"]), (&json!(true), &json!(0)), "{dry}");
        assert!(dry["created"].as_u64() > Some(100), "{dry}");
        let errors = dry["findings"].as_array().into_iter().flatten().filter(|finding| finding["severity"] == "error");
        assert_eq!(errors.count(), 2, "{dry}");
        for path in ["projects", "organisations", "people", "milestones"] {
            let list = app.as_admin().get(&format!("/api/v1/{path}?count=true")).await.expect(200);
            assert_eq!(list["total"], 0, "{list}");
        }
        let real = import(&app, "", framdrift::demo::DOCUMENT.to_owned()).await.expect(200);
        assert_eq!(real["created"], dry["created"], "what was announced is what was done");
    }

    async fn a_document_with_a_fault_is_kept_out_whole(app: App) {
        let mut document: Value = serde_json::from_str(framdrift::demo::DOCUMENT).expect("the demo is JSON");
        document["records"]["milestones"][1]["plannedOn"] = json!("2017-02-30");
        document["records"]["goals"][0]["kind"] = json!("wish");
        let refused = import(&app, "", document.to_string()).await;
        refused.clone().faulted("/records/milestones/1/plannedOn", "wrong_format");
        refused.faulted("/records/goals/0/kind", "unknown_code");
        let dry = import(&app, "?dryRun=true", document.to_string()).await.expect(200);
        assert_eq!(dry["errors"].as_array().map(Vec::len), Some(2), "{dry}");
        let list = app.as_admin().get("/api/v1/organisations?count=true").await.expect(200);
        assert_eq!(list["total"], 0, "{list}");
    }

    async fn only_who_may_write_a_project_brings_it_in(app: App) {
        let world = app.world().await;
        let address = world.report("document");
        let taken = app.as_admin().get(&address).await.expect(200);
        for (role, status) in [(Role::Stranger, 404), (Role::Observer, 403)] {
            world.as_a(role).await.get(&address).await.expect(status);
        }
        let send = |client: support::Client, body: String| {
            client.send("POST", "/api/v1/imports/projects").body("application/json", body)
        };
        let mut changed = taken.json.clone();
        changed["records"]["projects"][0]["purpose"] = json!("Kuppet");
        let stranger = send(world.as_a(Role::Stranger).await, changed.to_string()).await;
        assert!(matches!(stranger.status, 403 | 404 | 422), "{stranger}");
        send(world.as_a(Role::SteeringMember).await, changed.to_string()).await.refused(403, "access.forbidden");
        let purpose = |document: &Value| document["records"]["projects"][0]["purpose"].clone();
        assert_eq!(purpose(&app.as_admin().get(&address).await.expect(200).json), purpose(&taken.json));
        let manager = world.as_a(Role::Manager).await;
        let before = manager.get(&address).await.expect(200);
        let mut better = before.json.clone();
        better["records"]["projects"][0]["purpose"] = json!("Et bedre tilbud");
        let done = send(manager.clone(), better.to_string()).await.expect(200);
        assert_eq!((&done["created"], &done["updated"]), (&json!(0), &json!(1)), "{done}");
    }

    async fn every_record_of_a_project_travels_with_it(app: App) {
        let world = app.world().await;
        for sample in support::records::all().iter().filter(|sample| sample.path != "users") {
            world.make(sample.path).await;
        }
        let address = world.report("document");
        let taken = app.as_admin().get(&address).await.expect(200);
        for resource in framdrift::routes::resources().iter().filter(|resource| resource.facts.of_project && !resource.facts.stays) {
            let path = resource.facts.path;
            let there = app.as_admin().get(&format!("/api/v1/{path}?count=true&projectId={}", world.project["id"].as_str().expect("an id"))).await;
            assert_eq!(taken["records"][path].as_array().map(Vec::len), there["total"].as_u64().map(|n| n as usize), "{path}");
        }
        let beside = Beside::start(app.engine).await;
        import(&beside.app, "", taken.text()).await.expect(200);
        let again = beside.app.as_admin().get(&address).await.expect(200);
        assert_eq!(again.text(), taken.text());
        beside.end().await;
    }
}

async fn import(app: &App, query: &str, document: String) -> Answer {
    let address = format!("/api/v1/imports/projects{query}");
    app.as_admin().send("POST", &address).body("application/json", document).await
}
