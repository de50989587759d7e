//! What has changed, what was planned, and what was reached.

use serde_json::{Value, json};
use support::{Role, both};

use crate::economy::{Budget, with_project};

both! {
    async fn what_has_changed_is_told_in_words_and_data(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let milestone = json!({ "number": "02", "title": "Workshop", "plannedOn": "2018-12-15" });
        let milestone = admin.create("milestones", with_project(&world, milestone)).await;
        let hidden = json!({ "number": "03", "title": "Internt møte", "plannedOn": "2018-02-01", "internal": true });
        let hidden = admin.create("milestones", with_project(&world, hidden)).await;
        let Budget { lines, .. } = Budget::of(&world, json!({ "name": "Budsjett" }), &[json!({ "category": "Reise", "amountOre": 500_000 })]).await;
        let gone = admin.create("risks", with_project(&world, json!({ "kind": "risk", "title": "Borte" }))).await;
        let back = admin.create("risks", with_project(&world, json!({ "kind": "risk", "title": "Tilbake" }))).await;
        app.tamper("UPDATE journal SET at = '2018-01-02T12:00:00+00:00'").await;
        admin.change("milestones", &milestone, json!({ "plannedOn": "2017-12-15" })).because("Skrivefeil i planen").await.expect(200);
        admin.change("milestones", &hidden, json!({ "title": "Enda mer internt" })).await.expect(200);
        admin.change("budget-lines", &lines[0], json!({ "amountOre": 750_000 })).await.expect(200);
        admin.remove("risks", &gone).await.expect(204);
        let other = admin.change("risks", &back, json!({ "title": "En annen" })).await.expect(200);
        admin.change("risks", &other.json, json!({ "title": "Tilbake" })).await.expect(200);
        let address = format!("{}?since=2018-01-02", world.report("changes"));
        let told = admin.get(&address).await.expect(200);
        let find = |title: &str| told.items().iter().find(|item| item["title"] == title).cloned();
        let moved = find("02 Workshop").expect("the milestone");
        assert_eq!((&moved["theme"], &moved["change"]), (&json!("dates"), &json!("changed")));
        assert_eq!(moved["inWords"], "Milepæl 02 Workshop: Plandato 2018-12-15 → 2017-12-15 (Skrivefeil i planen)");
        let field = json!([{ "field": "plannedOn", "label": "Plandato", "from": "2018-12-15", "to": "2017-12-15" }]);
        assert_eq!((&moved["fields"], &moved["reasons"]), (&field, &json!(["Skrivefeil i planen"])));
        let budget = find("Budsjett").expect("the budget");
        assert!(budget["inWords"].as_str().is_some_and(|words| words.contains("5\u{a0}000 → 7\u{a0}500")), "{budget}");
        assert_eq!(find("Borte").expect("the risk")["change"], "deleted");
        assert!(find("Tilbake").is_none(), "what was changed back is no change: {told}");
        let english = admin.with("accept-language", "en").get(&address).await.expect(200);
        assert!(english.text().contains("Milestone 02 Workshop: Planned on"), "{english}");
        let observer = world.as_a(Role::Observer).await.get(&address).await.expect(200);
        let seen = observer.items().iter().filter(|item| item["theme"] != "people").map(|item| &item["title"]);
        assert_eq!(seen.collect::<Vec<_>>(), ["02 Workshop"], "nothing internal, no draft, no risk: {observer}");
        for wrong in ["", "?since=i%20går", "?since=00000000-0000-7000-8000-000000000000"] {
            admin.get(&format!("{}{wrong}", world.report("changes"))).await.expect(400);
        }
    }

    async fn the_plan_is_held_against_that_of_a_decision(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let milestone = json!({ "number": "01", "title": "Workshop", "plannedOn": "2018-02-01" });
        let milestone = admin.create("milestones", with_project(&world, milestone)).await;
        let point = json!({ "number": "1", "theme": "Prosjektstart", "approver": "steering_group", "plannedOn": "2018-01-02" });
        admin.create("decision-points", with_project(&world, point)).await;
        let Budget { lines, .. } = Budget::of(&world, json!({}), &[json!({ "amountOre": 500 })]).await;
        app.tamper("UPDATE journal SET at = '2018-01-02T12:00:00+00:00'").await;
        app.sql("UPDATE projects SET created_at = '2018-01-02T12:00:00+00:00'").await;
        admin.change("milestones", &milestone, json!({ "forecastOn": "2018-03-15" })).await.expect(200);
        admin.change("budget-lines", &lines[0], json!({ "amountOre": 800 })).await.expect(200);
        let new = json!({ "number": "02", "title": "Ny", "plannedOn": "2018-04-01" });
        admin.create("milestones", with_project(&world, new)).await;
        let told = admin.get(&world.report("variance")).await.expect(200);
        let date = |title: &str| told["dates"].as_array().into_iter().flatten().find(|one| one["title"] == title).cloned().expect("a date");
        let workshop = date("01 Workshop");
        assert_eq!((&workshop["baselineOn"], &workshop["on"], &workshop["days"]), (&json!("2018-02-01"), &json!("2018-03-15"), &json!(42)));
        assert_eq!((&date("02 Ny")["inBaseline"], &date("02 Ny")["days"]), (&json!(false), &Value::Null));
        assert_eq!(told["budget"], json!({ "baselineOre": 500, "totalOre": 800, "differenceOre": 300 }));
        admin.get(&format!("{}?against=2010-01-01", world.report("variance"))).await.expect(404);
        admin.get(&format!("{}?against=nothing", world.report("variance"))).await.expect(400);
    }

    async fn jobs_are_counted_apart_by_what_is_sure(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let goal = admin.create("goals", with_project(&world, json!({ "kind": "outcome", "text": "Flere arbeidsplasser" }))).await;
        let indicator = json!({
            "goalId": goal["id"], "name": "Nye", "unit": "arbeidsplasser", "measures": "jobs_created", "baseline": 0,
            "baselineOn": "2013-01-01",
            "targets": [{ "value": 25, "by": "2018-12-31", "setOn": "2013-01-01" }, { "value": 80, "by": "2018-12-31", "setOn": "2015-12-01" }],
        });
        let indicator = admin.create("indicators", with_project(&world, indicator)).await;
        let other = world.make("organisations").await;
        let empty = admin.get(&world.report("results")).await.expect(200);
        assert_eq!(empty["jobs"]["created"], json!({ "confirmed": null, "expected": null }), "not measured is not zero");
        for (body, on, value, certainty) in [
            (&world.municipality, "2014-01-01", 10.0, Value::Null),
            (&world.municipality, "2015-01-01", 30.5, json!("confirmed")),
            (&other, "2014-06-01", 4.5, Value::Null),
            (&other, "2015-06-01", 12.0, json!("expected")),
        ] {
            let measured = json!({
                "indicatorId": indicator["id"], "organisationId": body["id"], "measuredOn": on, "value": value, "certainty": certainty,
            });
            admin.create("measurements", with_project(&world, measured)).await;
        }
        let told = admin.get(&world.report("results")).await.expect(200);
        assert_eq!(told["jobs"]["created"], json!({ "confirmed": 35, "expected": 12 }), "{told}");
        assert_eq!(told["jobs"]["secured"], json!({ "confirmed": null, "expected": null }));
        let one = &told["goals"][0]["indicators"][0];
        assert_eq!((&one["target"], &one["actual"], &one["progressPercent"]), (&json!(80), &json!(35), &json!(43.75)), "{one}");
        assert_eq!(one["byOrganisation"].as_array().map(Vec::len), Some(2));
        let status = admin.get(&world.report("status")).await.expect(200);
        assert_eq!(status["indicators"][0]["actual"], 35, "the status tells the same");
    }
}
