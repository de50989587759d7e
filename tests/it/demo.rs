//! The Sør-Troms project, as it is known.

use serde_json::{Value, json};
use support::{App, both};

both! {
    async fn the_status_tells_what_is_known_of_sør_troms(app: App) {
        let project = app.demo().await;
        let status = app.as_admin().get(&format!("/api/v1/projects/{project}/status")).await.expect(200);
        let count = |name: &str| status[name].as_array().map(Vec::len);
        assert_eq!(status["project"]["type"], "pre_project");
        assert_eq!((count("milestones"), count("decisionPoints"), count("people")), (Some(4), Some(2), Some(14)));
        assert_eq!((&status["capacity"]["businessFte"], &status["capacity"]["approximate"]), (&json!(4.7), &json!(true)));
        assert_eq!(status["findingCounts"]["errors"], 2);
        let phases: Vec<&Value> = status["phases"].as_array().into_iter().flatten().map(|phase| &phase["type"]).collect();
        assert_eq!(phases, ["pre_study", "pre_project", "main_project", "company_formation"], "{status}");
        assert_eq!(status["nextDecisionPoint"]["theme"], "Prosjektstart");
    }

    async fn both_errors_are_about_the_milestone_with_the_wrong_year(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        let milestone = &admin.get("/api/v1/milestones?number=02").await.expect(200).items()[0].clone();
        assert_eq!(milestone["plannedOn"], "2018-12-15", "kept as written");
        let findings = format!("/api/v1/projects/{project}/findings");
        let found = admin.get(&findings).await.expect(200);
        let mut rules = Vec::new();
        for finding in found.items().iter().filter(|finding| finding["severity"] == "error") {
            assert_eq!(finding["record"], json!({ "kind": "milestone", "id": milestone["id"] }), "{finding}");
            rules.push(finding["rule"].as_str().expect("a rule"));
        }
        rules.sort_unstable();
        assert_eq!(rules, ["milestone.out_of_sequence", "milestone.outside_project_period"]);
        let typo = found.items().iter().find(|finding| finding["rule"] == "milestone.likely_typo").expect("the likely typo");
        assert_eq!(typo["suggestion"], json!({ "plannedOn": "2017-12-15" }));
        // The suggestion is a merge patch: sent as it is, it sets the plan right.
        let corrected = admin.change("milestones", milestone, typo["suggestion"].clone()).because("Skrivefeil i planen");
        corrected.await.expect(200);
        let found = admin.get(&findings).await.expect(200);
        assert_eq!(found["counts"]["errors"], 0, "{found}");
        assert!(!found.items().iter().any(|finding| finding["rule"] == "milestone.likely_typo"), "{found}");
    }

    async fn the_misspelt_supplier_is_one_organisation(app: App) {
        app.demo().await;
        let found = app.as_admin().get("/api/v1/organisations?q=pro&kind=private_company").await.expect(200);
        let [proneo] = found.items() else { panic!("one: {found}") };
        assert_eq!(proneo["name"], "Proneo AS");
        let misspelt = json!({ "name": "Porneo AS", "language": null, "kind": "misspelling" });
        assert!(proneo["altNames"].as_array().is_some_and(|names| names.contains(&misspelt)), "{proneo}");
    }

    async fn the_region_has_4_7_fte_in_2017_and_fosen_shrinks(app: App) {
        app.demo().await;
        let capacity = capacity(&app, "Sør-Troms", "2017-11-01").await;
        assert_eq!((&capacity["businessFte"], &capacity["complete"]), (&json!(4.7), &json!(true)), "{capacity}");
        let each: Vec<(&Value, &Value)> = capacity["municipalities"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| (&one["organisation"]["name"], &one["businessFte"]))
            .collect();
        let known = [("Bardu kommune", 1.2), ("Gratangen kommune", 2.0), ("Lavangen kommune", 1.0), ("Salangen kommune", 0.5)];
        for (name, fte) in known {
            assert!(each.iter().any(|(other, found)| *other == name && found.as_f64() == Some(fte)), "{name} {fte}: {capacity}");
        }
        for (on, members) in [("2017-06-01", 7), ("2018-01-01", 6), ("2020-01-01", 4)] {
            let fosen = self::capacity(&app, "Fosen", on).await;
            assert_eq!(fosen["municipalities"].as_array().map(Vec::len), Some(members), "{on}: {fosen}");
            assert!(fosen["businessFte"].is_null(), "what is not known is not zero: {fosen}");
        }
    }

    async fn tenths_add_up_to_the_last_digit(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let member = json!({ "regionId": world.region["id"], "organisationId": world.municipality["id"] });
        admin.create("region-members", member).await;
        let profile = admin.create("service-profiles", json!({ "organisationId": world.municipality["id"], "asOf": "2017-09-28" })).await;
        for (fte, sum) in [(0.2, "0.2"), (1.5, "1.7"), (0.5, "2.2"), (0.1, "2.3"), (0.7, "3"), (0.01, "3.01")] {
            let new = json!({ "profileId": profile["id"], "arrangement": "own_staff", "businessFte": fte });
            admin.create("service-provisions", new).await;
            let region = world.region["id"].as_str().expect("an identifier");
            let capacity = admin.get(&format!("/api/v1/regions/{region}/capacity?asOf=2017-11-01")).await.expect(200);
            assert!(capacity.text().contains(&format!("\"businessFte\":{sum},")), "{sum}: {capacity}");
        }
    }

    async fn the_councils_and_the_steering_group_stand_as_they_are_known(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        let report = admin.get("/api/v1/documents?kind=final_report").await.expect(200).items()[0].clone();
        let resolved = admin.get("/api/v1/resolutions").await.expect(200).items()[0].clone();
        assert_eq!((&report["adoptedOn"], &report["resolutionId"]), (&json!("2017-06-19"), &resolved["id"]), "{report}");
        let matters = admin.get("/api/v1/matters").await.expect(200);
        for matter in matters.items() {
            assert_eq!((&matter["state"], &matter["rollUp"]["of"]), (&json!("pending"), &json!(4)), "{matter}");
        }
        let windows = admin.get("/api/v1/political-cases?windowFrom=2017-09-01&windowTo=2017-10-31").await.expect(200);
        assert_eq!(windows.items().len(), 4, "September and October 2017: {windows}");
        let behind = admin.get("/api/v1/milestones?sort=number").await.expect(200);
        let states: Vec<&Value> = behind.items().iter().map(|milestone| &milestone["matterState"]).collect();
        assert_eq!(states, [&json!(null), &json!(null), &json!("pending"), &json!("pending")], "{behind}");
        let found = admin.get(&format!("/api/v1/projects/{project}/findings")).await.expect(200);
        for rule in ["project.before_mandate", "decision_point.no_slack"] {
            assert!(found.items().iter().any(|finding| finding["rule"] == rule), "{rule}: {found}");
        }
    }

    async fn the_organisation_is_told_by_role(app: App) {
        let project = app.demo().await;
        let told = app.as_admin().get(&format!("/api/v1/projects/{project}/organisation")).await.expect(200);
        for name in ["Severinsen", "Baglo", "Heimdal", "Ekeland", "Andersen"] {
            assert!(told.text().contains(name), "{name}: {told}");
        }
        assert!(!told.text().contains('@'), "a report holds no contact details: {told}");
    }
}

/// The capacity of a region on a day.
async fn capacity(app: &App, region: &str, on: &str) -> Value {
    let admin = app.as_admin();
    let regions = admin.get("/api/v1/regions").await.expect(200);
    let region = regions.items().iter().find(|known| known["name"] == region).expect("the region is known");
    let id = region["id"].as_str().expect("an identifier");
    admin.get(&format!("/api/v1/regions/{id}/capacity?asOf={on}")).await.expect(200).json
}
