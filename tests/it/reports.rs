//! Reports: cheap to poll, and the same for nobody who may not see the same.

use serde_json::{Value, json};
use support::{Role, both};

both! {
    async fn an_unchanged_project_is_304_and_any_write_in_it_is_seen(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for name in ["status", "findings", "organisation", "document"] {
            let address = world.report(name);
            let first = admin.get(&address).await.expect(200);
            let same = admin.get(&address).if_none_match(&first.etag()).await.expect(304);
            assert_eq!((same.etag(), same.bytes.len()), (first.etag(), 0));
            let goal = world.make("goals").await;
            let newer = admin.get(&address).if_none_match(&first.etag()).await.expect(200);
            let changed = admin.change("goals", &goal, json!({ "text": "Ny tekst" })).await.expect(200).json;
            let newest = admin.get(&address).if_none_match(&newer.etag()).await.expect(200);
            admin.remove("goals", &changed).await.expect(204);
            let last = admin.get(&address).if_none_match(&newest.etag()).await.expect(200);
            world.make("people").await;
            admin.get(&address).if_none_match(&last.etag()).await.expect(200);
        }
    }

    async fn the_capacity_of_a_region_is_304_until_it_changes(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let address = format!("/api/v1/regions/{}/capacity", world.region["id"].as_str().expect("an identifier"));
        let first = admin.get(&address).await.expect(200);
        assert_eq!((&first["businessFte"], &first["complete"]), (&json!(null), &json!(true)), "{first}");
        admin.get(&address).if_none_match(&first.etag()).await.expect(304);
        let member = json!({ "regionId": world.region["id"], "organisationId": world.municipality["id"] });
        admin.create("region-members", member).await;
        let second = admin.get(&address).if_none_match(&first.etag()).await.expect(200);
        assert_eq!(second["complete"], false, "a member whose capacity is not known: {second}");
        for wrong in ["asOf=2017-13-01", "asOf=today", "asOf=2017-1-1"] {
            admin.get(&format!("{address}?{wrong}")).await.refused(400, "request.invalid_parameter");
        }
        admin.get(&format!("{address}?colour=blue")).await.refused(400, "request.unknown_parameter");
        admin.get("/api/v1/regions/0190e0a0-0000-7000-8000-000000000000/capacity").await.refused(404, "record.not_found");
    }

    async fn who_does_not_see_a_project_does_not_see_its_reports(app: App) {
        let world = app.world().await;
        let stranger = world.as_a(Role::Stranger).await;
        for name in ["status", "findings", "organisation", "document"] {
            stranger.get(&world.report(name)).await.refused(404, "record.not_found");
            app.as_nobody().get(&world.report(name)).await.refused(401, "auth.required");
            app.as_admin().get(&format!("{}?colour=blue", world.report(name))).await.refused(400, "request.unknown_parameter");
            let nowhere = format!("/api/v1/projects/0190e0a0-0000-7000-8000-000000000000/{name}");
            app.as_admin().get(&nowhere).await.refused(404, "record.not_found");
        }
    }

    async fn an_observer_sees_the_status_without_what_is_internal(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let milestone = |number: &str, internal: bool| {
            json!({ "projectId": world.project["id"], "number": number, "title": format!("Tilstand {number}"), "internal": internal, "plannedOn": "2030-01-01" })
        };
        let open = admin.create("milestones", milestone("01", false)).await;
        let hidden = admin.create("milestones", milestone("02", true)).await;
        let hidden = hidden["id"].as_str().expect("an identifier");
        for role in [Role::Observer, Role::ProgrammeObserver, Role::ObservingOrganisation, Role::ReferenceMember] {
            let client = world.as_a(role).await;
            let status = client.get(&world.report("status")).await.expect(200);
            assert_eq!(status["milestones"].as_array().map(Vec::len), Some(1), "{role:?}: {status}");
            assert_eq!(status["milestones"][0]["id"], open["id"]);
            for name in ["status", "findings", "organisation"] {
                let report = client.get(&world.report(name)).await.expect(200);
                assert!(!report.text().contains(hidden) && !report.text().contains("Tilstand 02"), "{role:?} {name}: {report}");
            }
            client.get(&world.report("document")).await.refused(403, "access.forbidden");
        }
        for role in [Role::Manager, Role::SteeringMember, Role::GroupMember, Role::MunicipalOfficer] {
            let status = world.as_a(role).await.get(&world.report("status")).await.expect(200);
            assert_eq!(status["milestones"].as_array().map(Vec::len), Some(2), "{role:?}: {status}");
        }
    }

    async fn two_callers_who_see_different_things_never_share_an_entity_tag(app: App) {
        let world = app.world().await;
        world.make("milestones").await;
        let (manager, observer) = (world.as_a(Role::Manager).await, world.as_a(Role::Observer).await);
        for name in ["status", "findings", "organisation"] {
            let seen = manager.get(&world.report(name)).await.expect(200);
            observer.get(&world.report(name)).if_none_match(&seen.etag()).await.expect(200);
            // A report has words in it, so each language has a tag of its own.
            let english = manager.with("accept-language", "en").get(&world.report(name)).if_none_match(&seen.etag()).await;
            assert_eq!(english.expect(200).header("content-language"), "en");
        }
    }

    async fn findings_speak_the_callers_language_and_a_waiver_counts(app: App) {
        let project = app.demo().await;
        let address = format!("/api/v1/projects/{project}/findings");
        let said = |answer: support::Answer| answer.items()[0]["message"].as_str().expect("a message").to_owned();
        let mut told = Vec::new();
        for lang in ["nb", "nn", "en"] {
            let answer = app.as_admin().with("accept-language", lang).get(&address).await.expect(200);
            assert_eq!(answer.header("content-language"), lang);
            told.push(said(answer));
        }
        assert!(told[0] != told[2], "{told:?}");
        let found = app.as_admin().get(&address).await.expect(200);
        let first = &found.items()[0];
        let waiver = json!({ "projectId": project, "rule": first["rule"], "record": first["record"], "reason": "Vedtatt slik" });
        let waiver = app.as_admin().create("finding-waivers", waiver).await;
        let waived = app.as_admin().get(&address).await.expect(200);
        assert_eq!((&waived["counts"]["errors"], &waived["counts"]["waived"]), (&json!(1), &json!(1)), "{waived}");
        let marked = waived.items().iter().find(|finding| finding["rule"] == first["rule"]).expect("the finding stands still");
        assert_eq!(marked["waiver"], json!({ "id": waiver["id"], "reason": "Vedtatt slik" }), "{waived}");
    }

    async fn code_lists_have_labels_in_three_languages(app: App) {
        let lists = app.as_nobody().get("/api/v1/code-lists").await.expect(200);
        app.as_nobody().get("/api/v1/code-lists").if_none_match(&lists.etag()).await.expect(304);
        app.as_nobody().get("/api/v1/code-lists?colour=blue").await.refused(400, "request.unknown_parameter");
        let named = |list: &&Value| list["name"] == "projectType";
        let types = lists.items().iter().find(named).expect("the types of projects");
        let labels = json!({ "nb": "hovedprosjekt", "nn": "hovudprosjekt", "en": "main project" });
        assert!(types["codes"].as_array().is_some_and(|codes| codes.contains(&json!({ "code": "main_project", "labels": labels }))));
    }
}
