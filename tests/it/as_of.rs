//! What was true at any moment can be asked for.

use serde_json::{Value, json};
use support::{App, both};

use crate::economy::{Budget, with_project};

/// Puts everything that was written so far years back, so that today's writes come after it.
async fn long_ago(app: &App) {
    app.tamper("UPDATE journal SET at = '2018-01-02T12:00:00+00:00' WHERE at > '2020-01-01T00:00:00+00:00'").await;
}

/// The body of a report without the day that it is told on.
fn timeless(report: &Value) -> Value {
    let mut report = report.clone();
    report["today"] = Value::Null;
    report
}

both! {
    async fn the_journal_tells_the_same_as_the_tables(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        for report in ["status", "findings", "organisation", "political-handling", "decisions", "deadlines", "finance", "document", "rf1350", "schedule", "results"] {
            let address = format!("/api/v1/projects/{project}/{report}");
            let today = admin.get(&address).await.expect(200);
            let then = admin.get(&format!("{address}?asOf={now}")).await.expect(200);
            assert_eq!(today.json, then.json, "{report}");
        }
    }

    async fn every_report_shows_the_day_before_a_change_as_it_was(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let milestone = json!({ "number": "01", "title": "Gammel tittel", "plannedOn": "2018-01-31" });
        let milestone = admin.create("milestones", with_project(&world, milestone)).await;
        let risk = admin.create("risks", with_project(&world, json!({ "kind": "risk", "title": "Gammel risiko" }))).await;
        let Budget { lines, .. } = Budget::of(&world, json!({}), &[json!({ "category": "Reise", "amountOre": 5_000 })]).await;
        let cost = json!({ "budgetLineId": lines[0]["id"], "amountOre": 700, "incurredOn": "2018-01-01" });
        let cost = admin.create("cost-entries", with_project(&world, cost)).await;
        let hours = json!({ "personId": world.make("people").await["id"], "workedOn": "2018-01-01", "hours": 1.5, "rateOre": 100, "countsAsFunding": true });
        admin.create("time-entries", with_project(&world, hours)).await;
        let before = |name: &str| format!("{}?asOf=2018-01-02", world.report(name));
        long_ago(&app).await;
        let mut old = Vec::new();
        for report in ["status", "findings", "organisation", "deadlines", "finance", "document"] {
            old.push((report, admin.get(&before(report)).await.expect(200).json));
        }
        assert_eq!(old[0].1["today"], "2018-01-02", "a report of that day");
        assert_eq!(old[4].1["totals"]["ownEffortOre"], 150, "{}", old[4].1);
        admin.change("milestones", &milestone, json!({ "title": "Ny tittel" })).await.expect(200);
        admin.remove("risks", &risk).await.expect(204);
        admin.remove("cost-entries", &cost).await.expect(204);
        admin.change("budget-lines", &lines[0], json!({ "amountOre": 9_000 })).await.expect(200);
        let owner = admin.read("organisations", &world.municipality).await;
        admin.change("organisations", &owner, json!({ "name": "Nytt navn kommune" })).await.expect(200);
        for (report, told) in old {
            let again = admin.get(&before(report)).await.expect(200);
            assert_eq!(timeless(&again.json), timeless(&told), "{report}");
        }
        let finance = admin.get(&before("finance")).await.expect(200);
        assert_eq!((&finance["totals"]["budgetOre"], &finance["totals"]["actualOre"]), (&json!(5_000), &json!(700)));
        let now = admin.get(&world.report("document")).await.expect(200);
        assert!(now.text().contains("Ny tittel") && now.text().contains("Nytt navn") && !now.text().contains("Gammel"), "{now}");
    }

    async fn the_capacity_of_a_region_is_told_as_it_was_known(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let region = world.region["id"].as_str().expect("an identifier");
        let member = json!({ "regionId": region, "organisationId": world.municipality["id"] });
        let member = admin.create("region-members", member).await;
        let profile = json!({ "organisationId": world.municipality["id"], "asOf": "2017-01-01", "description": "Slik det var" });
        let profile = admin.create("service-profiles", profile).await;
        let provision = json!({ "profileId": profile["id"], "arrangement": "own_staff", "title": "Rådgiver", "businessFte": 0.8, "validFrom": "2017-01-01" });
        let provision = admin.create("service-provisions", provision).await;
        let address = format!("/api/v1/regions/{region}/capacity");
        let never = admin.get(&format!("{address}?asOf=2017-06-01")).await.expect(200);
        assert_eq!(never["businessFte"], 0.8, "before anything was recorded, what is known today of that day");
        long_ago(&app).await;
        let told = admin.get(&format!("{address}?asOf=2018-01-02")).await.expect(200);
        assert_eq!((&told["businessFte"], &told["complete"]), (&json!(0.8), &json!(true)), "{told}");
        admin.change("service-provisions", &provision, json!({ "businessFte": 2.5 })).await.expect(200);
        admin.change("service-profiles", &profile, json!({ "description": "Slik det er" })).await.expect(200);
        let owner = admin.read("organisations", &world.municipality).await;
        admin.change("organisations", &owner, json!({ "name": "Nytt navn kommune" })).await.expect(200);
        let again = |on: &'static str| admin.get(&format!("{address}?asOf={on}"));
        assert_eq!(again("2018-01-02").await.expect(200).json, told.json, "changes since do not reach it");
        let today = admin.get(&address).await.expect(200);
        assert_eq!((&today["businessFte"], &today["municipalities"][0]["organisation"]["name"]), (&json!(2.5), &json!("Nytt navn kommune")));
        assert_eq!(again("2099-01-01").await.expect(200)["businessFte"], 2.5, "a day ahead is told as it is known now");
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let instant = admin.get(&format!("{address}?asOf={now}")).await.expect(200);
        assert_eq!(instant.json, today.json, "the journal tells the same as the tables");
        admin.remove("region-members", &member).await.expect(204);
        assert_eq!(again("2018-01-02").await.expect(200).json, told.json, "a member then is one, whoever left since");
        let status = admin.get(&format!("{}?asOf=2018-01-02", world.report("status"))).await.expect(200);
        assert_eq!(status["capacity"]["municipalities"], told["municipalities"], "{status}");
        again("2999-01-01T00:00:00Z").await.refused(400, "request.invalid_parameter");
    }

    async fn a_moment_is_one_that_has_been(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for wrong in ["2999-01-01", "yesterday", "2018-02-30", "2999-01-01T00:00:00Z"] {
            let refused = admin.get(&format!("{}?asOf={wrong}", world.report("status"))).await.expect(400);
            assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("asOf")), "{refused}");
        }
        let early = admin.get(&format!("{}?asOf=2010-01-01", world.report("status"))).await.expect(404);
        assert!(early["detail"].as_str().is_some_and(|detail| detail.contains("ikke her ennå")), "{early}");
        let today = chrono::Utc::now().date_naive();
        let now = admin.get(&format!("{}?asOf={today}", world.report("status"))).await.expect(200);
        let again = admin.get(&format!("{}?asOf={today}", world.report("status"))).if_none_match(&now.etag());
        again.await.expect(304);
    }
}
