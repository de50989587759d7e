//! The rules of a plan: reasons, circles, what is kept.

use chrono::{Days, Utc};
use serde_json::{Value, json};
use support::both;

both! {
    async fn a_planned_date_is_moved_with_a_reason_that_the_status_shows(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let new = json!({ "projectId": world.project["id"], "number": "02", "title": "Workshop holdt", "plannedOn": "2018-12-15" });
        let milestone = admin.create("milestones", new).await;
        let move_to = |date: &str| admin.change("milestones", &milestone, json!({ "plannedOn": date }));
        move_to("2017-12-15").await.faulted("/plannedOn", "reason_required");
        assert_eq!(admin.read("milestones", &milestone).await, milestone);
        let moved = move_to("2017-12-15").because("Skrivefeil i planen: «2018» skal være 2017").await.expect(200).json;
        let status = admin.get(&world.report("status")).await.expect(200);
        let [shown] = status["milestones"].as_array().map(Vec::as_slice).unwrap_or_default() else { panic!("one: {status}") };
        assert_eq!((&shown["plannedOn"], &shown["firstPlannedOn"]), (&json!("2017-12-15"), &json!("2018-12-15")), "{status}");
        let expected = json!([{
            "field": "plannedOn", "from": "2018-12-15", "to": "2017-12-15", "at": moved["updatedAt"],
            "reason": "Skrivefeil i planen: «2018» skal være 2017",
        }]);
        assert_eq!(shown["moves"], expected, "{status}");
        let history = admin.get(&format!("/api/v1/milestones/{}/history", milestone["id"].as_str().expect("an id"))).await;
        assert_eq!(history.items()[0]["event"], "milestone.rescheduled");
    }

    async fn a_first_date_and_a_forecast_need_no_reason(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let new = json!({ "projectId": world.project["id"], "number": "01", "title": "Avtale inngått" });
        let milestone = admin.create("milestones", new).await;
        let planned = admin.change("milestones", &milestone, json!({ "plannedOn": "2018-01-15" })).await.expect(200).json;
        admin.change("milestones", &planned, json!({ "forecastOn": "2018-02-15" })).await.expect(200);
    }

    async fn a_milestone_says_where_it_stands_today(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let today = Utc::now().date_naive();
        let (yesterday, tomorrow) = (today - Days::new(1), today + Days::new(1));
        let dates = [
            ("01", json!({}), "scheduled"),
            ("02", json!({ "plannedOn": tomorrow }), "scheduled"),
            ("03", json!({ "plannedOn": today }), "scheduled"),
            ("04", json!({ "plannedOn": yesterday }), "overdue"),
            ("05", json!({ "plannedOn": yesterday, "forecastOn": tomorrow }), "scheduled"),
            ("06", json!({ "plannedOn": tomorrow, "forecastOn": yesterday }), "overdue"),
            ("07", json!({ "plannedOn": yesterday, "metOn": today }), "met"),
            ("08", json!({ "plannedOn": yesterday, "metOn": today, "cancelledOn": today }), "cancelled"),
        ];
        for (number, dates, status) in dates {
            let mut body = dates;
            body["projectId"] = world.project["id"].clone();
            body["number"] = json!(number);
            body["title"] = json!("Tilstand");
            let milestone = admin.create("milestones", body).await;
            assert_eq!(milestone["status"], status, "{milestone}");
            let found = admin.get(&format!("/api/v1/milestones?status={status}&number={number}")).await.expect(200);
            assert_eq!(found.items(), [milestone], "{found}");
        }
        let report = admin.get(&world.report("status")).await.expect(200);
        let list = admin.get("/api/v1/milestones?sort=number").await.expect(200);
        let statuses = |records: &[Value]| records.iter().map(|record| record["status"].clone()).collect::<Vec<_>>();
        assert_eq!(statuses(report["milestones"].as_array().expect("milestones")), statuses(list.items()), "list and report agree");
    }

    async fn a_number_stands_once_in_a_project(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let other = admin.create("projects", json!({ "code": "B", "name": "Et annet", "type": "pre_study" })).await;
        for (path, field) in [("milestones", "number"), ("activities", "number"), ("decision-points", "number"), ("recommendations", "number")] {
            let record = world.make(path).await;
            let mut same = world.body(path).await;
            same[field] = record[field].clone();
            let refused = admin.post(&format!("/api/v1/{path}"), same).await.refused(409, "record.conflict");
            assert!(refused.text().contains(&format!("/{field}")), "{refused}");
            let mut elsewhere = json!({ "projectId": other["id"], field: record[field] });
            for name in ["title", "kind", "theme", "text"] {
                if record[name].is_string() {
                    elsewhere[name] = record[name].clone();
                }
            }
            admin.create(path, elsewhere).await;
        }
        admin.post("/api/v1/projects", json!({ "code": "B", "name": "Et tredje", "type": "pre_study" })).await.refused(409, "record.conflict");
    }

    async fn a_chain_never_leads_back_to_where_it_began(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (path, field) in [("organisations", "parentId"), ("goals", "parentId"), ("activities", "parentId"), ("projects", "predecessorId")] {
            let mut chain: Vec<Value> = Vec::new();
            for _ in 0..3 {
                let mut body = world.body(path).await;
                body[field] = chain.last().map_or(Value::Null, |last| last["id"].clone());
                chain.push(admin.create(path, body).await);
            }
            for end in &chain {
                let circle = admin.change(path, &chain[0], json!({ field: end["id"] })).await;
                circle.faulted(&format!("/{field}"), "circle");
            }
            assert_eq!(admin.read(path, &chain[0]).await, chain[0]);
        }
    }

    async fn dependencies_never_go_in_a_circle(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let mut steps = Vec::new();
        for path in ["activities", "milestones", "decision-points", "activities"] {
            let kind = path.trim_end_matches('s').replace("activitie", "activity").replace('-', "_");
            let mut body = world.body(path).await;
            if path == "activities" {
                body["parentId"] = Value::Null;
            }
            steps.push(json!({ "kind": kind, "id": admin.create(path, body).await["id"] }));
        }
        let depend = |from: usize, to: usize| {
            let body = json!({ "projectId": world.project["id"], "predecessor": steps[from], "successor": steps[to] });
            admin.post("/api/v1/dependencies", body)
        };
        for (from, to) in [(0, 1), (1, 2), (0, 3), (3, 2)] {
            depend(from, to).await.expect(201);
        }
        for (from, to) in [(2, 0), (2, 1), (1, 1), (2, 3)] {
            depend(from, to).await.faulted("/successor", "circle");
        }
    }

    async fn what_was_adopted_or_archived_is_kept(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let document = |status: &str, archive: Value| {
            json!({ "projectId": world.project["id"], "kind": "project_plan", "title": "Plan", "status": status, "archive": archive })
        };
        let archived = json!({ "system": "arkiv", "state": "archived", "archivedAt": "2017-09-29T08:00:00Z" });
        let queued = json!({ "system": "arkiv", "state": "queued" });
        for (status, archive) in [("adopted", Value::Null), ("superseded", Value::Null), ("final", archived)] {
            let kept = admin.create("documents", document(status, archive)).await;
            admin.remove("documents", &kept).await.refused(409, "record.locked");
            admin.read("documents", &kept).await;
        }
        for (status, archive) in [("draft", Value::Null), ("final", queued)] {
            let loose = admin.create("documents", document(status, archive)).await;
            admin.remove("documents", &loose).await.expect(204);
        }
    }

    async fn a_document_that_is_exempt_names_the_law(app: App) {
        let world = app.world().await;
        let new = json!({ "projectId": world.project["id"], "kind": "memo", "title": "Notat", "access": "exempt" });
        app.as_admin().post("/api/v1/documents", new).await.faulted("/exemptionBasis", "");
    }

    async fn who_refers_to_a_record_is_named_when_it_is_not_deleted(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let activity = admin.create("activities", json!({ "projectId": world.project["id"], "title": "Møter", "kind": "meetings" })).await;
        let new = json!({ "projectId": world.project["id"], "number": "01", "title": "Avtale", "activityId": activity["id"] });
        let milestone = admin.create("milestones", new).await;
        let new = json!({
            "projectId": world.project["id"],
            "predecessor": { "kind": "activity", "id": activity["id"] },
            "successor": { "kind": "milestone", "id": milestone["id"] },
        });
        let dependency = admin.create("dependencies", new).await;
        let refused = admin.remove("activities", &activity).await.refused(409, "record.in_use");
        for (path, record) in [("milestones", &milestone), ("dependencies", &dependency)] {
            let named = format!("{path}/{}", record["id"].as_str().expect("an identifier"));
            assert!(refused["errors"].to_string().contains(&named), "{named}: {refused}");
        }
        admin.remove("dependencies", &dependency).await.expect(204);
        admin.remove("milestones", &milestone).await.expect(204);
        admin.remove("activities", &activity).await.expect(204);
    }

    async fn dates_stand_in_their_order(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (path, from, to) in [("projects", "startsOn", "endsOn"), ("activities", "startsOn", "endsOn"), ("assignments", "validFrom", "validTo"), ("affiliations", "validFrom", "validTo"), ("region-members", "validFrom", "validTo")] {
            let mut body = world.body(path).await;
            body[from] = json!("2018-01-02");
            body[to] = json!("2018-01-01");
            admin.post(&format!("/api/v1/{path}"), body.clone()).await.faulted(&format!("/{to}"), "out_of_order");
            body[to] = json!("2018-01-02");
            admin.create(path, body).await;
        }
    }
}
