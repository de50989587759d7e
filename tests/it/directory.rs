//! Organisations, people and what they are called by.

use serde_json::{Value, json};
use support::{Role, both};

both! {
    async fn a_municipality_is_found_by_any_number_it_has_had(app: App) {
        app.demo().await;
        let admin = app.as_admin();
        for code in ["1922", "5416", "5520"] {
            let found = admin.get(&format!("/api/v1/organisations?municipalityCode={code}")).await.expect(200);
            let names: Vec<&Value> = found.items().iter().map(|record| &record["name"]).collect();
            assert_eq!(names, ["Bardu kommune"], "{code}");
        }
        let two = admin.get("/api/v1/organisations?municipalityCode=1922,5516&sort=name&count=true").await.expect(200);
        assert_eq!((two["total"].clone(), &two.items()[1]["name"]), (json!(2), &json!("Gratangen kommune")), "{two}");
        let none = admin.get("/api/v1/organisations?municipalityCode=0301").await.expect(200);
        assert!(none.items().is_empty(), "{none}");
        admin.get("/api/v1/organisations?municipalityCode=19").await.refused(400, "request.invalid_parameter");
    }

    async fn a_municipality_has_one_number_at_a_time(app: App) {
        let admin = app.as_admin();
        let bardu = admin.create("organisations", json!({ "name": "Bardu kommune", "kind": "municipality" })).await;
        let code = |code: &str, from: Option<&str>, to: Option<&str>| {
            json!({ "organisationId": bardu["id"], "code": code, "validFrom": from, "validTo": to })
        };
        admin.create("municipality-codes", code("1922", None, Some("2019-12-31"))).await;
        admin.create("municipality-codes", code("5416", Some("2020-01-01"), Some("2023-12-31"))).await;
        for (from, to) in [(None, None), (Some("2023-12-31"), None), (Some("2019-12-31"), Some("2019-12-31"))] {
            admin.post("/api/v1/municipality-codes", code("5520", from, to)).await.faulted("/validFrom", "overlaps");
        }
        admin.create("municipality-codes", code("5520", Some("2024-01-01"), None)).await;
    }

    async fn an_organisation_number_stands_once_and_has_its_check_digit(app: App) {
        let admin = app.as_admin();
        let named = |name: &str, number: &str| json!({ "name": name, "kind": "municipality", "orgNumber": number });
        admin.create("organisations", named("Lavangen kommune", "959469881")).await;
        admin.post("/api/v1/organisations", named("Lavangen", "959469881")).await.refused(409, "record.conflict");
        admin.post("/api/v1/organisations", named("Feil", "959469882")).await.faulted("/orgNumber", "wrong_check_digit");
        admin.post("/api/v1/organisations", named("Kort", "95946988")).await.faulted("/orgNumber", "");
        for n in 0..2 {
            admin.create("organisations", json!({ "name": format!("Ukjent {n}"), "kind": "other" })).await;
        }
    }

    async fn an_organisation_is_found_by_any_of_its_names(app: App) {
        app.demo().await;
        for asked in ["porneo", "PRONEO", "Loab%C3%A1k", "959469881"] {
            let found = app.as_admin().get(&format!("/api/v1/organisations?q={asked}")).await.expect(200);
            assert_eq!(found.items().len(), 1, "{asked}: {found}");
        }
    }

    async fn contact_details_are_for_those_who_share_a_project(app: App) {
        let world = app.world().await;
        let manager = world.member(Role::Manager).await;
        let id = manager.person["id"].as_str().expect("an identifier");
        let address = format!("/api/v1/people/{id}");
        for role in [Role::SteeringMember, Role::GroupMember, Role::Executive, Role::MunicipalOfficer, Role::ProgrammeManager] {
            let seen = world.as_a(role).await.get(&address).await.expect(200);
            assert_eq!((&seen["email"], &seen["phone"]), (&manager.person["email"], &manager.person["phone"]), "{role:?}");
        }
        for role in [Role::Stranger, Role::Observer, Role::ProgrammeObserver, Role::ObservingOrganisation, Role::ReferenceMember] {
            let client = world.as_a(role).await;
            let masked = |record: &Value| record["email"].is_null() && record["phone"].is_null();
            let seen = client.get(&address).await.expect(200);
            assert_eq!(seen["familyName"], manager.person["familyName"], "names are for every caller");
            assert!(masked(&seen.json), "{role:?}: {seen}");
            let list = client.get(&format!("/api/v1/people?id={id}")).await.expect(200);
            assert!(masked(&list.items()[0]), "{role:?}: {list}");
            let history = client.get(&format!("{address}/history")).await;
            assert!(!history.text().contains("@astfjord.example"), "{role:?}: {history}");
            // What is hidden cannot be guessed by a filter either.
            client.get("/api/v1/people?email=kare@astfjord.example").await.refused(400, "request.unknown_parameter");
            client.get("/api/v1/people?sort=phone").await.refused(400, "request.invalid_parameter");
        }
        let own = manager.client.get(&address).await.expect(200);
        assert_eq!(own["email"], manager.person["email"]);
    }

    async fn contact_details_do_not_come_along_with_what_refers_to_a_person(app: App) {
        let world = app.world().await;
        let observer = world.as_a(Role::Observer).await;
        let manager = world.member(Role::Manager).await;
        let list = observer.get("/api/v1/assignments?expand=person").await.expect(200);
        assert!(list.items().iter().any(|record| record["person"]["familyName"].is_string()), "{list}");
        let hidden = manager.person["email"].as_str().expect("an address");
        assert!(!list.text().contains(hidden), "{list}");
    }

    async fn a_role_in_a_programme_has_one_holder(app: App) {
        let world = app.world().await;
        let body = world.body("programme-assignments").await;
        let mut both = body.clone();
        both["organisationId"] = world.municipality["id"].clone();
        let mut neither = body;
        neither["personId"] = Value::Null;
        for body in [both, neither] {
            app.as_admin().post("/api/v1/programme-assignments", body).await.faulted("/personId", "one_of");
        }
    }
}
