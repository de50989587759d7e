//! Nobody gives itself what it does not have, and what ends, ends with the next request.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use support::{Client, Role, World, both};

const FORBIDDEN: &str = "access.forbidden";

both! {
    async fn nobody_gives_itself_a_role(app: App) {
        let world = app.world().await;
        let other = app.world().await;
        let manager = world.member(Role::Manager).await;
        let me = &manager.person["id"];
        let seat = |role: &str| json!({ "projectId": world.project["id"], "personId": me, "role": role });
        manager.client.post("/api/v1/assignments", seat("project_executive")).await.refused(403, FORBIDDEN);
        manager.client.change("assignments", &manager.reason, json!({ "role": "project_executive" })).await.refused(403, FORBIDDEN);
        // Nor a seat in the group whose word approves.
        manager.client.post("/api/v1/assignments", seat("steering_group_chair")).await.refused(403, FORBIDDEN);
        manager.client.post("/api/v1/assignments", seat("reference_group_member")).await.expect(201);
        // Somebody else's seat is not taken over either, nor by a batch, nor under another system's name.
        let executive = world.member(Role::Executive).await;
        let member = world.member(Role::SteeringMember).await;
        manager.client.change("assignments", &member.reason, json!({ "personId": me })).await.refused(403, FORBIDDEN);
        manager.client.change("assignments", &executive.reason, json!({ "personId": me })).await.refused(403, FORBIDDEN);
        let one = json!({ "method": "POST", "path": "/api/v1/assignments", "body": seat("project_executive") });
        manager.client.post("/api/v1/batch", json!({ "operations": [one] })).await.refused(403, FORBIDDEN);
        manager.client.put("/api/v1/assignments/by-reference/hr/1", seat("project_executive")).await.refused(403, FORBIDDEN);
        let officer = world.member(Role::MunicipalOfficer).await;
        for client in [&manager.client, &officer.client] {
            let programme = json!({ "programmeId": world.programme["id"], "personId": me, "role": "programme_manager" });
            client.post("/api/v1/programme-assignments", programme).await.refused(403, FORBIDDEN);
            let employed = json!({ "personId": me, "organisationId": other.municipality["id"] });
            client.post("/api/v1/affiliations", employed).await.refused(403, FORBIDDEN);
            let user = json!({ "email": "ny@a.example", "name": "Ny", "administrator": true });
            client.post("/api/v1/users", user).await.refused(403, FORBIDDEN);
        }
    }

    async fn a_programme_manager_manages_its_own_programme_and_no_other(app: App) {
        let (world, other) = (app.world().await, app.world().await);
        let manager = world.member(Role::ProgrammeManager).await;
        let (client, me) = (&manager.client, &manager.person["id"]);
        let admin = app.as_admin();
        // Who works for a municipality of another project is its officer: that is not hers to say, least of all of herself.
        let employed = json!({ "personId": me, "organisationId": other.municipality["id"] });
        client.post("/api/v1/affiliations", employed).await.refused(403, FORBIDDEN);
        // In her own programme it is.
        let own = json!({ "personId": me, "organisationId": world.municipality["id"] });
        client.post("/api/v1/affiliations", own).await.expect(201);
        client.change("organisations", &other.municipality, json!({ "name": "Annen" })).await.refused(403, FORBIDDEN);
        client.change("organisations", &world.municipality, json!({ "website": "https://lavangen.example" })).await.expect(200);
        let member = |world: &World| json!({ "regionId": world.region["id"], "organisationId": world.municipality["id"] });
        for world in [&world, &other] {
            admin.create("region-members", member(world)).await;
        }
        let profile = |world: &World| json!({ "organisationId": world.municipality["id"], "asOf": "2017-09-28" });
        client.post("/api/v1/service-profiles", profile(&world)).await.expect(201);
        client.post("/api/v1/service-profiles", profile(&other)).await.refused(403, FORBIDDEN);
        client.change("programmes", &other.programme, json!({ "name": "Mitt" })).await.refused(403, FORBIDDEN);
        client.change("regions", &world.region, json!({ "programmeId": other.programme["id"] })).await.refused(403, FORBIDDEN);
        let role = json!({ "programmeId": other.programme["id"], "personId": me, "role": "programme_manager" });
        client.post("/api/v1/programme-assignments", role).await.refused(403, FORBIDDEN);
    }

    async fn a_project_goes_into_a_programme_and_out_of_one_by_its_managers(app: App) {
        let (world, other) = (app.world().await, app.world().await);
        let project = app.as_admin().read("projects", &world.project).await;
        for role in [Role::Manager, Role::Executive, Role::ProgrammeManager] {
            let client = world.as_a(role).await;
            let into = json!({ "programmeId": other.programme["id"] });
            client.change("projects", &project, into).await.refused(403, FORBIDDEN);
            if role != Role::ProgrammeManager {
                client.change("projects", &project, json!({ "programmeId": null })).await.refused(403, FORBIDDEN);
            }
        }
        let client = world.as_a(Role::Manager).await;
        let elsewhere = json!({ "projectId": other.project["id"] });
        let risk = world.make("risks").await;
        let moved = client.change("risks", &risk, elsewhere).await;
        assert!(matches!(moved.status, 403 | 404 | 422), "{moved}");
    }

    async fn a_member_records_what_the_steering_group_resolved_and_a_deputy_where_it_sat(app: App) {
        let world = app.world().await;
        let (member, deputy) = (world.member(Role::SteeringMember).await, world.member(Role::Deputy).await);
        let admin = app.as_admin();
        let meeting = world.make("meetings").await;
        let mut group = world.body("meetings").await;
        group["kind"] = json!("project_group");
        let group = admin.create("meetings", group).await;
        let resolved = |meeting: &Value| json!({
            "projectId": world.project["id"], "meetingId": meeting["id"], "text": "Tatt til orientering", "outcome": "noted",
        });
        let path = "/api/v1/resolutions";
        member.client.post(path, resolved(&meeting)).await.expect(201);
        member.client.post(path, resolved(&group)).await.refused(403, FORBIDDEN);
        deputy.client.get(&format!("/api/v1/meetings/{}", text(&meeting["id"]))).await.expect(200);
        deputy.client.post(path, resolved(&meeting)).await.refused(403, FORBIDDEN);
        let part = json!({
            "projectId": world.project["id"], "meetingId": meeting["id"], "personId": deputy.person["id"],
            "capacity": "deputy", "response": "declined",
        });
        let part = admin.create("attendances", part).await;
        deputy.client.post(path, resolved(&meeting)).await.refused(403, FORBIDDEN);
        let part = admin.change("attendances", &part, json!({ "attended": true })).await.expect(200).json;
        let made = deputy.client.post(path, resolved(&meeting)).await.expect(201).json;
        deputy.client.post(path, resolved(&group)).await.refused(403, FORBIDDEN);
        // It does not sit there any more: the next request is refused.
        admin.change("attendances", &part, json!({ "attended": false })).await.expect(200);
        deputy.client.change("resolutions", &made, json!({ "text": "Vedtatt" })).await.refused(403, FORBIDDEN);
    }

    async fn an_officer_writes_what_is_its_municipalitys_and_nothing_of_anothers(app: App) {
        let world = app.world().await;
        let officer = world.as_a(Role::MunicipalOfficer).await;
        let admin = app.as_admin();
        let neighbour = admin.create("organisations", json!({ "name": "Bardu kommune", "kind": "municipality" })).await;
        let party = json!({ "projectId": world.project["id"], "organisationId": neighbour["id"], "role": "owner" });
        admin.create("project-parties", party).await;
        let profile = admin.create("service-profiles", json!({ "organisationId": neighbour["id"] })).await;
        let own_profile = admin.create("service-profiles", json!({ "organisationId": world.municipality["id"] })).await;
        let case = |of: &Value| json!({ "projectId": world.project["id"], "organisationId": of["id"] });
        for path in ["political-cases", "agreement-parties", "report-signatures", "time-entries"] {
            let mut own = world.body(path).await;
            own["organisationId"] = world.municipality["id"].clone();
            let mut theirs = own.clone();
            theirs["organisationId"] = neighbour["id"].clone();
            officer.post(&format!("/api/v1/{path}"), theirs.clone()).await.refused(403, FORBIDDEN);
            let made = officer.post(&format!("/api/v1/{path}"), own).await.expect(201).json;
            // What is its own is not handed to another, nor taken from one.
            let moved = officer.change(path, &made, case(&neighbour)).await;
            assert!(matches!(moved.status, 403 | 422), "{path}: {moved}");
        }
        for (profile, status) in [(&own_profile, 201), (&profile, 403)] {
            let provision = json!({ "profileId": profile["id"], "arrangement": "own_staff", "approximate": false });
            officer.post("/api/v1/service-provisions", provision).await.expect(status);
        }
        let mut line = world.body("budget-lines").await;
        for (of, status) in [(&world.municipality, 201), (&neighbour, 403)] {
            line["organisationId"] = of["id"].clone();
            let line = admin.create("budget-lines", line.clone()).await;
            let cost = json!({
                "projectId": world.project["id"], "budgetLineId": line["id"], "amountOre": 100, "incurredOn": "2018-01-31",
            });
            officer.post("/api/v1/cost-entries", cost).await.expect(status);
        }
    }

    async fn a_municipality_that_only_observes_only_observes(app: App) {
        let world = app.world().await;
        let watching = app.as_admin().create("organisations", json!({ "name": "Målselv kommune", "kind": "municipality" })).await;
        let party = json!({ "projectId": world.project["id"], "organisationId": watching["id"], "role": "observer" });
        app.as_admin().create("project-parties", party).await;
        let client = employed(&world, &watching).await;
        let me = client.get("/api/v1/me").await.expect(200);
        assert_eq!(me["projects"][0]["roles"], json!(["observer"]), "{me}");
        assert_eq!(me["municipalities"], json!([]), "{me}");
        client.get(&format!("/api/v1/risks/{}", text(&world.make("risks").await["id"]))).await.refused(404, "record.not_found");
        client.post("/api/v1/service-profiles", json!({ "organisationId": watching["id"] })).await.refused(403, FORBIDDEN);
    }

    async fn what_ends_ends_with_the_next_request(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let day = |days: i64| (Utc::now().date_naive() + TimeDelta::days(days)).to_string();
        let risk = world.make("risks").await;
        let address = format!("/api/v1/risks/{}", text(&risk["id"]));
        // An assignment that has ended, and one that has not begun.
        let member = world.member(Role::GroupMember).await;
        member.client.get(&address).await.expect(200);
        let ended = admin.change("assignments", &member.reason, json!({ "validTo": day(-1) })).await.expect(200).json;
        member.client.get(&address).await.refused(404, "record.not_found");
        let ahead = json!({ "validFrom": day(1), "validTo": null });
        let later = admin.change("assignments", &ended, ahead).await.expect(200).json;
        member.client.get(&address).await.refused(404, "record.not_found");
        let now = json!({ "validFrom": day(0), "validTo": day(0) });
        let now = admin.change("assignments", &later, now).await.expect(200).json;
        member.client.get(&address).await.expect(200);
        admin.remove("assignments", &now).await.expect(204);
        member.client.get(&address).await.refused(404, "record.not_found");
        // Contact details go with the seat.
        let manager = world.as_a(Role::Manager).await;
        let contact = format!("/api/v1/people/{}", text(&member.person["id"]));
        assert!(manager.get(&contact).await.expect(200)["email"].is_null());
        // The party that the officer works for, and whom the officer works for.
        let party = admin.get(&format!("/api/v1/project-parties?organisationId={}", text(&world.municipality["id"]))).await.expect(200).items()[0].clone();
        let officer = world.member(Role::MunicipalOfficer).await;
        officer.client.get(&address).await.expect(200);
        admin.remove("project-parties", &party).await.expect(204);
        officer.client.get(&address).await.refused(404, "record.not_found");
        let party = json!({ "projectId": world.project["id"], "organisationId": world.municipality["id"], "role": "owner" });
        admin.create("project-parties", party).await;
        officer.client.get(&address).await.expect(200);
        admin.change("affiliations", &officer.reason, json!({ "validTo": day(-1) })).await.expect(200);
        officer.client.get(&address).await.refused(404, "record.not_found");
        // A role in the programme.
        for role in [Role::ProgrammeManager, Role::ProgrammeObserver, Role::ObservingOrganisation] {
            let member = world.member(role).await;
            member.client.get(&world.report("status")).await.expect(200);
            admin.change("programme-assignments", &member.reason, json!({ "validTo": day(-1) })).await.expect(200);
            member.client.get(&world.report("status")).await.refused(404, "record.not_found");
        }
        // A user.
        let manager = world.member(Role::Manager).await;
        let user = manager.client.get("/api/v1/me").await.expect(200)["id"].clone();
        let user = admin.get(&format!("/api/v1/users/{}", text(&user))).await.expect(200).json;
        let off = json!({ "disabledAt": "2026-01-02T03:04:05Z" });
        admin.change("users", &user, off).await.expect(200);
        manager.client.get(&address).await.expect(401);
    }

    async fn nobody_approves_by_its_own_word(app: App) {
        let world = app.world().await;
        let manager = world.as_a(Role::Manager).await;
        let (document, point) = (world.make("documents").await, world.make("decision-points").await);
        let meeting = world.make("meetings").await;
        for (kind, collection, record, method) in [
            ("document", "documents", &document, "adopt"),
            ("decision_point", "decision-points", &point, "decide"),
        ] {
            let resolved = json!({
                "projectId": world.project["id"], "meetingId": meeting["id"], "text": "Godkjennes", "outcome": "adopted",
                "adoptedOn": "2017-10-26", "subject": { "kind": kind, "id": record["id"] },
            });
            let resolved = manager.create("resolutions", resolved).await;
            let mut body = json!({ "resolutionId": resolved["id"] });
            if method == "decide" {
                body["outcome"] = json!("approved");
            }
            let address = format!("/api/v1/{collection}/{}/{method}", text(&record["id"]));
            manager.post(&address, body).if_match("*").await.refused(403, FORBIDDEN);
        }
    }

    async fn the_last_administrator_stays(app: App) {
        let admin = app.as_admin();
        let user = admin.get("/api/v1/users?administrator=true").await.expect(200).items()[0].clone();
        admin.change("users", &user, json!({ "administrator": false })).await.refused(409, "record.locked");
        admin.change("users", &user, json!({ "disabledAt": "2026-01-02T03:04:05Z" })).await.refused(409, "record.locked");
        admin.remove("users", &user).await.refused(409, "record.locked");
    }

    async fn the_directorys_history_is_for_those_who_take_part(app: App) {
        let world = app.world().await;
        let address = format!("/api/v1/organisations/{}/history", text(&world.municipality["id"]));
        for role in [Role::Manager, Role::SteeringMember, Role::Deputy, Role::MunicipalOfficer, Role::ProgrammeManager] {
            world.as_a(role).await.get(&address).await.expect(200);
        }
        for role in [Role::Observer, Role::ObservingOrganisation, Role::ReferenceMember, Role::Stranger] {
            world.as_a(role).await.get(&address).await.refused(403, FORBIDDEN);
        }
    }
}

/// A user who works for an organisation.
async fn employed(world: &World, organisation: &Value) -> Client {
    let person = world.make("people").await;
    let employed = json!({ "personId": person["id"], "organisationId": organisation["id"] });
    world.as_admin().create("affiliations", employed).await;
    world.user_of(&person).await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
