//! A decision point passes with its documents, a document is adopted by who may, and a project is continued.

use serde_json::{Value, json};
use support::{Role, World, both};

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an identifier")
}

/// A project that waits for BP1, which asks for an adopted plan.
struct Gate {
    plan: Value,
    point: Value,
    requirement: Value,
}

impl Gate {
    async fn of(world: &World) -> Self {
        let admin = world.as_admin();
        admin.change("projects", &world.project, json!({ "status": "pipeline" })).await.expect(200);
        let project = &world.project["id"];
        let plan = json!({ "projectId": project, "kind": "project_plan", "title": "Prosjektplan" });
        let plan = admin.create("documents", plan).await;
        let point =
            json!({ "projectId": project, "number": "BP1", "theme": "Prosjektstart", "approver": "steering_group" });
        let point = admin.create("decision-points", point).await;
        let last = json!({ "projectId": project, "number": "BP2", "theme": "Prosjektavslutning", "approver": "steering_group" });
        admin.create("decision-points", last).await;
        let requirement = json!({
            "projectId": project, "decisionPointId": point["id"], "documentKind": "project_plan",
            "documentId": plan["id"], "requiredStatus": "adopted",
        });
        let requirement = admin.create("decision-requirements", requirement).await;
        Self { plan, point, requirement }
    }
}

/// A resolution of the steering group about a record.
pub async fn resolution(world: &World, outcome: &str, kind: &str, about: &Value) -> Value {
    let admin = world.as_admin();
    let project = &world.project["id"];
    let meeting = json!({
        "projectId": project, "kind": "steering_group", "title": "Styringsgruppemøte", "status": "held",
        "startsAt": "2017-10-26T08:00:00Z",
    });
    let meeting = admin.create("meetings", meeting).await;
    let resolution = json!({
        "projectId": project, "meetingId": meeting["id"], "text": "Vedtas", "outcome": outcome,
        "adoptedOn": "2017-10-26", "subject": { "kind": kind, "id": about["id"] },
    });
    admin.create("resolutions", resolution).await
}

async fn act(client: &support::Client, collection: &str, record: &Value, method: &str, body: Value) -> support::Answer {
    let current = client.read(collection, record).await;
    let address = format!("/api/v1/{collection}/{}/{method}", id(record));
    client.post(&address, body).if_match(&format!("\"{}\"", current["version"])).await
}

/// Everybody whom a project needs, so that the plan check has no errors.
async fn staffed(world: &World) -> support::Client {
    world.member(Role::SteeringMember).await;
    world.member(Role::Manager).await;
    world.as_a(Role::Executive).await
}

both! {
    async fn a_decision_point_passes_with_its_documents_and_starts_the_project(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let gate = Gate::of(&world).await;
        let readiness = format!("/api/v1/decision-points/{}/readiness", id(&gate.point));
        let told = executive.get(&readiness).await.expect(200);
        assert_eq!((&told["ready"], &told["requirements"][0]["met"]), (&json!(false), &json!(false)), "{told}");
        let go = json!({ "outcome": "approved" });
        let refused = act(&executive, "decision-points", &gate.point, "decide", go).await.refused(409, "decision_point.not_ready");
        let unmet = refused["unmet"].as_array().expect("a list");
        assert!(unmet.iter().any(|one| one["record"]["id"] == gate.requirement["id"]), "the plan is named: {refused}");
        assert_eq!(executive.read("projects", &world.project).await["status"], "pipeline");
        let adopting = resolution(&world, "adopted", "document", &gate.plan).await;
        let manager = world.as_a(Role::Manager).await;
        act(&manager, "documents", &gate.plan, "finalise", json!({})).await.expect(200);
        let by = json!({ "resolutionId": adopting["id"] });
        let adopted = act(&manager, "documents", &gate.plan, "adopt", by).await.expect(200);
        assert_eq!((&adopted["status"], &adopted["adoptedOn"]), (&json!("adopted"), &json!("2017-10-26")), "{adopted}");
        let told = executive.get(&readiness).await.expect(200);
        assert_eq!(told["ready"], true, "{told}");
        let letting = resolution(&world, "adopted", "decision_point", &gate.point).await;
        let go = json!({ "outcome": "approved", "resolutionId": letting["id"] });
        let decided = act(&manager, "decision-points", &gate.point, "decide", go.clone()).await.expect(200);
        assert_eq!((&decided["outcome"], &decided["decidedOn"]), (&json!("approved"), &json!("2017-10-26")), "{decided}");
        assert_eq!(executive.read("projects", &world.project).await["status"], "active");
        act(&manager, "decision-points", &gate.point, "decide", go).await.refused(409, "record.wrong_state");
        manager.remove("decision-points", &decided.json).await.refused(409, "record.locked");
        let history = executive.get(&format!("/api/v1/decision-points/{}/history", id(&gate.point))).await;
        assert_eq!(history.items()[0]["event"], "decision_point.decided");
    }

    async fn an_override_is_the_executives_and_stays_visible(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let gate = Gate::of(&world).await;
        let letting = resolution(&world, "adopted", "decision_point", &gate.point).await;
        let over = json!({ "outcome": "approved", "resolutionId": letting["id"], "override": { "reason": "Fristen for søknaden" } });
        let member = world.as_a(Role::SteeringMember).await;
        act(&member, "decision-points", &gate.point, "decide", over.clone()).await.refused(403, "access.forbidden");
        let empty = json!({ "outcome": "approved", "override": { "reason": "" } });
        act(&executive, "decision-points", &gate.point, "decide", empty).await.faulted("/override/reason", "too_short");
        let decided = act(&executive, "decision-points", &gate.point, "decide", over).await.expect(200);
        assert_eq!(decided["overrideReason"], "Fristen for søknaden", "{decided}");
        let patch = json!({ "overrideReason": null });
        executive.change("decision-points", &decided.json, patch).await.faulted("/overrideReason", "read_only");
    }

    async fn a_resolution_counts_only_when_the_steering_group_adopted_it_about_this(app: App) {
        let world = app.world().await;
        staffed(&world).await;
        let gate = Gate::of(&world).await;
        let manager = world.as_a(Role::Manager).await;
        let decide = async |resolution: &Value| {
            let body = json!({ "outcome": "approved", "resolutionId": resolution["id"] });
            act(&manager, "decision-points", &gate.point, "decide", body).await
        };
        let rejected = resolution(&world, "rejected", "decision_point", &gate.point).await;
        decide(&rejected).await.faulted("/resolutionId", "not_adopted");
        let other = resolution(&world, "adopted", "document", &gate.plan).await;
        decide(&other).await.faulted("/resolutionId", "other_subject");
        let bare = json!({ "outcome": "approved" });
        act(&manager, "decision-points", &gate.point, "decide", bare).await.refused(403, "access.forbidden");
        let late = json!({ "outcome": "postponed", "decidedOn": "2199-01-01" });
        let executive = world.as_a(Role::Executive).await;
        act(&executive, "decision-points", &gate.point, "decide", late).await.faulted("/decidedOn", "too_late");
        let conditions = json!({ "outcome": "approved_with_conditions" });
        act(&executive, "decision-points", &gate.point, "decide", conditions).await.faulted("/conditions", "not_applicable");
        let later = act(&executive, "decision-points", &gate.point, "decide", json!({ "outcome": "postponed" })).await.expect(200);
        assert_eq!(later["outcome"], "postponed");
        assert_eq!(executive.read("projects", &world.project).await["status"], "pipeline", "put off is not passed");
    }

    async fn the_last_decision_point_asks_for_the_adopted_final_report(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        for number in ["BP1", "BP2"] {
            let point = json!({ "projectId": project, "number": number, "theme": "Beslutning", "approver": "project_executive" });
            admin.create("decision-points", point).await;
        }
        let points = admin.get("/api/v1/decision-points?sort=number").await;
        let last = points.items()[1].clone();
        let go = json!({ "outcome": "approved" });
        act(&executive, "decision-points", &last, "decide", go.clone()).await.refused(409, "decision_point.not_ready");
        let report = json!({ "projectId": project, "kind": "final_report", "title": "Sluttrapport", "status": "final" });
        let report = admin.create("documents", report).await;
        act(&executive, "documents", &report, "adopt", json!({})).await.expect(200);
        act(&executive, "decision-points", &last, "decide", go).await.expect(200);
        assert_eq!(executive.read("projects", &world.project).await["status"], "finalisation");
    }

    async fn an_adopted_document_is_only_superseded(app: App) {
        let world = app.world().await;
        let executive = world.as_a(Role::Executive).await;
        let member = world.as_a(Role::GroupMember).await;
        let project = &world.project["id"];
        let plan = json!({ "projectId": project, "kind": "project_plan", "title": "Prosjektplan" });
        let plan = member.create("documents", plan).await;
        member.change("documents", &plan, json!({ "status": "adopted" })).await.refused(403, "access.forbidden");
        act(&member, "documents", &plan, "adopt", json!({})).await.refused(403, "access.forbidden");
        act(&member, "documents", &plan, "finalise", json!({})).await.expect(200);
        act(&member, "documents", &plan, "finalise", json!({})).await.refused(409, "record.wrong_state");
        let adopted = act(&executive, "documents", &plan, "adopt", json!({})).await.expect(200).json;
        act(&executive, "documents", &plan, "adopt", json!({})).await.refused(409, "record.wrong_state");
        executive.change("documents", &adopted, json!({ "title": "En annen plan" })).await.refused(409, "record.locked");
        executive.change("documents", &adopted, json!({ "status": "draft" })).await.faulted("/status", "backward");
        executive.remove("documents", &adopted).await.refused(409, "record.locked");
        let better = json!({ "projectId": project, "kind": "project_plan", "title": "Prosjektplan, revidert", "supersedesId": plan["id"] });
        let better = member.create("documents", better).await;
        act(&executive, "documents", &better, "adopt", json!({})).await.expect(200);
        assert_eq!(executive.read("documents", &plan).await["status"], "superseded");
    }

    async fn a_workshop_is_done_with_its_memo(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let project = &world.project["id"];
        let workshop = json!({ "projectId": project, "number": "HA 2", "title": "Workshop", "kind": "workshop", "evidence": "notat" });
        let workshop = member.create("activities", workshop).await;
        member.change("activities", &workshop, json!({ "status": "done" })).await.faulted("/status", "evidence_missing");
        let memo = json!({ "projectId": project, "kind": "memo", "title": "Notat", "status": "final", "activityId": workshop["id"] });
        member.create("documents", memo).await;
        member.change("activities", &workshop, json!({ "status": "done" })).await.expect(200);
    }

    async fn a_project_is_continued_from_a_recommendation_that_was_adopted(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let project = &world.project["id"];
        let recommendation = json!({ "projectId": project, "number": "1", "text": "Etablere en felles løsning", "stage": 2, "status": "proposed" });
        let recommendation = app.as_admin().create("recommendations", recommendation).await;
        let new = json!({
            "recommendationId": recommendation["id"], "type": "main_project", "code": "NVR-H", "name": "Hovedprosjekt",
            "startsOn": "2018-09-01", "endsOn": "2019-12-31",
        });
        act(&executive, "projects", &world.project, "continue", new.clone()).await.faulted("/recommendationId", "not_adopted");
        let resolved = resolution(&world, "adopted", "recommendation", &recommendation).await;
        let now = executive.read("recommendations", &recommendation).await;
        assert_eq!((&now["status"], &now["adoptedById"]), (&json!("adopted"), &resolved["meetingId"]), "{now}");
        let manager = world.as_a(Role::Manager).await;
        act(&manager, "projects", &world.project, "continue", new.clone()).await.refused(403, "access.forbidden");
        let made = act(&executive, "projects", &world.project, "continue", new.clone()).await.expect(201);
        assert_eq!(made.header("location"), format!("/api/v1/projects/{}", made.id()));
        let follows = (&made["predecessorId"], &made["stage"], &made["programmeId"], &made["regionId"]);
        assert_eq!(follows, (project, &json!(2), &world.programme["id"], &world.region["id"]), "{made}");
        assert_eq!(executive.read("recommendations", &recommendation).await["leadsToProjectId"], made["id"]);
        let carried = |collection: &str| format!("/api/v1/{collection}?count=true&projectId={}", made.id());
        let parties = executive.get(&carried("project-parties")).await.expect(200);
        assert_eq!(parties["total"], 1, "{parties}");
        let seats = executive.get(&carried("assignments")).await.expect(200);
        assert_eq!(seats["total"], 4, "the executive, the manager twice and the steering group: {seats}");
        act(&executive, "projects", &world.project, "continue", new).await.faulted("/recommendationId", "taken");
    }
}
