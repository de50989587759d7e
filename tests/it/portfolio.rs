//! Projects side by side.

use serde_json::{Value, json};
use support::{Role, World, both};

use crate::economy::{Budget, with_project};

/// More projects of the programme, named by their codes.
async fn others(world: &World, codes: &[&str]) -> Vec<Value> {
    let mut made = Vec::new();
    for code in codes {
        let new = json!({
            "code": code, "name": format!("Prosjekt {code}"), "type": "pre_study", "programmeId": world.programme["id"], "status": "closed",
        });
        made.push(world.as_admin().create("projects", new).await);
    }
    made
}

both! {
    async fn projects_stand_side_by_side_a_page_at_a_time(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        others(&world, &["A", "B", "C"]).await;
        for (number, planned, met, internal) in [("01", "2017-11-15", Some("2017-11-15"), false), ("02", "2017-12-15", None, false), ("03", "2017-12-20", None, true)] {
            let new = json!({ "number": number, "title": "Nådd", "plannedOn": planned, "metOn": met, "internal": internal });
            admin.create("milestones", with_project(&world, new)).await;
        }
        let point = json!({ "number": "2", "theme": "Avslutning", "approver": "steering_group", "plannedOn": "2018-04-30" });
        admin.create("decision-points", with_project(&world, point)).await;
        let Budget { lines, .. } = Budget::of(&world, json!({ "status": "committed" }), &[json!({ "amountOre": 300 })]).await;
        let cost = json!({ "budgetLineId": lines[0]["id"], "amountOre": 100, "incurredOn": "2018-01-31" });
        admin.create("cost-entries", with_project(&world, cost)).await;
        let mut codes = Vec::new();
        let mut page = admin.get("/api/v1/portfolio?limit=2&sort=code").await.expect(200);
        loop {
            codes.extend(page.items().iter().map(|item| item["code"].as_str().unwrap_or_default().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            page = admin.get(&format!("/api/v1/portfolio?limit=2&sort=code&cursor={next}")).await.expect(200);
        }
        assert_eq!(codes, ["A", "B", "C", "NVR"]);
        let one = admin.get("/api/v1/portfolio?status=active").await.expect(200).items()[0].clone();
        assert_eq!(one["nextDecisionPoint"]["theme"], "Avslutning");
        assert_eq!([&one["milestones"], &one["milestonesMet"], &one["milestonesOverdue"]], [&json!(3), &json!(1), &json!(2)], "{one}");
        assert_eq!((&one["usedOre"], &one["budgetUsedPercent"], &one["daysInPhase"]), (&json!(100), &json!(33.33), &json!(181)));
        assert!(one["overall"].is_null() && one["committedOre"].is_null(), "what is not known is null: {one}");
        let observer = world.as_a(Role::Observer).await.get("/api/v1/portfolio").await.expect(200);
        assert_eq!(observer.items().len(), 1, "only what it sees: {observer}");
        assert_eq!(observer.items()[0]["milestones"], 2, "nothing internal");
        assert_eq!(world.as_a(Role::Stranger).await.get("/api/v1/portfolio").await.expect(200).items().len(), 0);
        admin.get("/api/v1/portfolio?purpose=x").await.expect(400);
    }

    async fn a_portfolio_that_nobody_wrote_to_is_304_until_somebody_writes(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let comparison = format!("/api/v1/programmes/{}/comparison", world.programme["id"].as_str().unwrap_or_default());
        for address in ["/api/v1/portfolio?limit=2".to_owned(), comparison, "/api/v1/portfolio?format=csv".to_owned()] {
            let first = admin.get(&address).await.expect(200);
            admin.get(&address).if_none_match(&first.etag()).await.expect(304);
            for other in ["/api/v1/portfolio?limit=3", "/api/v1/portfolio?status=active"] {
                admin.get(other).if_none_match(&first.etag()).await.expect(200);
            }
            world.as_a(Role::Observer).await.get(&address).if_none_match(&first.etag()).await.expect(200);
            admin.with("accept-language", "en").get(&address).if_none_match(&first.etag()).await.expect(200);
            let late = json!({ "number": address.len().to_string(), "title": "Nådd", "plannedOn": "2017-11-15" });
            admin.create("milestones", with_project(&world, late)).await;
            let newer = admin.get(&address).if_none_match(&first.etag()).await.expect(200);
            assert_ne!(newer.text(), first.text());
        }
    }

    async fn a_programme_compares_its_own_projects(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        others(&world, &["A"]).await;
        admin.create("projects", json!({ "code": "Z", "name": "Utenfor", "type": "pre_study" })).await;
        let address = format!("/api/v1/programmes/{}/comparison", world.programme["id"].as_str().unwrap_or_default());
        let told = admin.get(&address).await.expect(200);
        let codes: Vec<&Value> = told.items().iter().map(|item| &item["code"]).collect();
        assert_eq!(codes.len(), 2, "{told}");
        assert!(!codes.contains(&&json!("Z")), "{told}");
        admin.get(&format!("{address}?programmeId=x")).await.expect(400);
        admin.get("/api/v1/programmes/00000000-0000-7000-8000-000000000000/comparison").await.expect(404);
        let same = admin.get(&address).if_none_match(&told.etag());
        same.await.expect(304);
    }
}
