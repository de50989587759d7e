//! The reports of what councils and meetings decide, and the findings about it.

use chrono::{Days, Utc};
use serde_json::{Value, json};
use support::{Client, Role, World, both};

/// A second municipality that owns the project.
async fn second_owner(world: &World) -> Value {
    let admin = world.as_admin();
    let municipality =
        admin.create("organisations", json!({ "name": "Salangen kommune", "kind": "municipality" })).await;
    let party = json!({ "projectId": world.project["id"], "organisationId": municipality["id"], "role": "owner" });
    admin.create("project-parties", party).await;
    municipality
}

/// A record of the world's project.
async fn add(world: &World, collection: &str, content: Value) -> Value {
    add_to(world, &world.project, collection, content).await
}

/// A record of another project.
async fn add_to(world: &World, project: &Value, collection: &str, mut content: Value) -> Value {
    content["projectId"] = project["id"].clone();
    world.as_admin().create(collection, content).await
}

async fn case(world: &World, project: &Value, matter: &Value, municipality: &Value) -> Value {
    let content = json!({
        "matterId": matter["id"], "organisationId": municipality["id"], "caseYear": 2017, "caseSequence": 412,
        "windowFrom": "2017-12-01", "windowTo": "2018-02-28",
    });
    add_to(world, project, "political-cases", content).await
}

/// The council's final word.
async fn decides(world: &World, project: &Value, case: &Value, outcome: &str) -> Value {
    let conditions = (outcome == "adopted_with_conditions").then_some("Andelen er høyst 25 prosent");
    let content = json!({
        "caseId": case["id"], "body": "council", "meetingOn": "2018-01-25", "itemNumber": "PS 5/18", "outcome": outcome,
        "conditions": conditions, "resolutionText": "Budsjettet vedtas.", "isFinal": true, "votes": { "for": 15, "against": 2 },
    });
    add_to(world, project, "political-steps", content).await
}

async fn report(client: &Client, world: &World, name: &str) -> Value {
    client.get(&world.report(name)).await.expect(200).json
}

/// Does something with a record that the test holds.
async fn act(client: &Client, collection: &str, record: &Value, what: &str, body: Value) -> Value {
    let id = record["id"].as_str().expect("a record has an identifier");
    let request = client.post(&format!("/api/v1/{collection}/{id}/{what}"), body);
    request.if_match(&format!("\"{}\"", record["version"])).await.expect(200).json
}

fn rows<'a>(report: &'a Value, list: &str) -> &'a [Value] {
    report[list].as_array().map_or(&[], Vec::as_slice)
}

fn of_record<'a>(decisions: &'a [Value], record: &Value) -> &'a Value {
    let found = decisions.iter().find(|one| one["record"]["id"] == record["id"]);
    found.unwrap_or_else(|| panic!("{record} is not told of in {decisions:?}"))
}

const REPORTS: [&str; 2] = ["political-handling", "decisions"];

both! {
    async fn a_matrix_says_where_each_municipality_stands(app: App) {
        let world = app.world().await;
        let other = second_owner(&world).await;
        let milestone = json!({ "number": "03", "title": "Budsjett behandlet", "plannedOn": "2018-02-01" });
        let milestone = add(&world, "milestones", milestone).await;
        let matter = json!({ "subject": "budget", "title": "Budsjett med kostnadsfordeling", "milestoneId": milestone["id"] });
        let matter = add(&world, "matters", matter).await;
        let lavangen = case(&world, &world.project, &matter, &world.municipality).await;
        let committee = json!({ "caseId": lavangen["id"], "body": "executive_board", "meetingOn": "2018-01-10", "outcome": "adopted" });
        add(&world, "political-steps", committee).await;
        decides(&world, &world.project, &lavangen, "adopted_with_conditions").await;

        let shown = report(&app.as_admin(), &world, "political-handling").await;
        let names: Vec<&Value> = rows(&shown, "municipalities").iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["Lavangen kommune", "Salangen kommune"], "{shown}");
        let [row] = rows(&shown, "matters") else { panic!("one matter: {shown}") };
        assert_eq!((&row["state"], &row["project"]["id"]), (&json!("met"), &world.project["id"]), "{row}");
        assert_eq!(row["milestone"], json!({ "id": milestone["id"], "number": "03", "title": "Budsjett behandlet" }));
        assert_eq!(row["inWords"], "1 av 1 har vedtatt, 1 av dem med vilkår");
        let [first, second] = rows(row, "cells") else { panic!("two cells: {row}") };
        assert_eq!((&first["status"], &first["outcome"]), (&json!("adopted_with_conditions"), &json!("adopted_with_conditions")));
        assert_eq!(first["caseNumber"], json!({ "year": 2017, "sequence": 412, "text": "2017/412" }));
        assert_eq!((&first["windowTo"], &first["decidedOn"]), (&json!("2018-02-28"), &json!("2018-01-25")));
        assert_eq!(first["conditions"], "Andelen er høyst 25 prosent");
        let bodies: Vec<&Value> = rows(first, "steps").iter().map(|step| &step["body"]).collect();
        assert_eq!(bodies, ["executive_board", "council"], "oldest first: {first}");
        assert_eq!(first["steps"][1]["votes"], json!({ "for": 15, "against": 2, "blank": null }));
        assert_eq!((&second["status"], &second["caseId"]), (&json!("not_sent"), &json!(null)), "an owner without a case: {second}");

        case(&world, &world.project, &matter, &other).await;
        let shown = report(&app.as_admin().with("accept-language", "en"), &world, "political-handling").await;
        let row = &shown["matters"][0];
        assert_eq!(row["cells"][1]["status"], "overdue", "the window ended long ago: {row}");
        assert_eq!(row["inWords"], "1 of 2 have adopted, 1 of them with conditions, 1 pending");
        assert_eq!((&row["state"], &row["rollUp"]["pending"]), (&json!("partially_met"), &json!(1)));
    }

    async fn named_municipalities_are_asked_and_the_others_are_not(app: App) {
        let world = app.world().await;
        second_owner(&world).await;
        let matter = json!({ "subject": "agreement", "title": "Avtale", "rule": "named", "named": [world.municipality["id"]] });
        add(&world, "matters", matter).await;
        let shown = report(&app.as_admin(), &world, "political-handling").await;
        let statuses: Vec<&Value> = rows(&shown["matters"][0], "cells").iter().map(|cell| &cell["status"]).collect();
        assert_eq!(statuses, ["not_sent", "not_asked"], "{shown}");
        assert_eq!(shown["matters"][0]["named"][0]["name"], "Lavangen kommune");
    }

    async fn the_matters_of_the_project_before_are_shown_and_count_for_the_entity_tag(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let before = json!({ "code": "FS", "name": "Forstudie", "type": "pre_study", "endsOn": "2017-06-30" });
        let before = admin.create("projects", before).await;
        let project = admin.change("projects", &world.project, json!({ "predecessorId": before["id"] })).await.expect(200).json;
        let matter = json!({ "subject": "continuation", "title": "Videreføring" });
        let matter = add_to(&world, &before, "matters", matter).await;
        let case = case(&world, &before, &matter, &world.municipality).await;
        let observer = world.as_a(Role::Observer).await;
        let shown = observer.get(&world.report("political-handling")).await.expect(200);
        assert_eq!(shown["matters"][0]["project"], json!({ "id": before["id"], "code": "FS", "name": "Forstudie" }), "{shown}");
        assert_eq!(shown["matters"][0]["cells"][0]["status"], "overdue");
        let mut tags = Vec::new();
        for name in ["political-handling", "decisions", "status", "findings"] {
            tags.push((name, admin.get(&world.report(name)).await.expect(200).etag()));
        }
        let status = report(&admin, &world, "status").await;
        let gap = &status["phases"][0]["awaitingDecisions"];
        assert_eq!((&gap["from"], &gap["to"]), (&json!("2017-06-30"), &json!("2017-11-01")), "{gap}");
        assert_eq!(gap["matters"][0]["inWords"], "0 av 1 har vedtatt, 1 venter");
        assert_eq!(status["phases"][1]["awaitingDecisions"], json!(null), "nothing follows: {status}");

        decides(&world, &before, &case, "adopted").await;
        for (name, tag) in tags {
            let newer = admin.get(&world.report(name)).if_none_match(&tag).await.expect(200);
            admin.get(&world.report(name)).if_none_match(&newer.etag()).await.expect(304);
        }
        let found = report(&admin, &world, "findings").await;
        let late = rows(&found, "items").iter().find(|finding| finding["rule"] == "project.before_mandate");
        let late = late.unwrap_or_else(|| panic!("decided after the start: {found}"));
        assert_eq!((&late["suggestion"], &late["record"]["id"]), (&json!({ "startsOn": "2018-01-25" }), &project["id"]));
        let status = report(&admin, &world, "status").await;
        assert_eq!(status["phases"][0]["awaitingDecisions"]["matters"], json!([]), "decided: {status}");
        assert_eq!(status["latestDecisions"][0]["project"]["code"], "FS", "{status}");
    }

    async fn every_decision_says_who_made_it_and_what_it_changed(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        admin.change("projects", &world.project, json!({ "status": "pipeline" })).await.expect(200);
        let meeting = json!({ "kind": "steering_group", "title": "Styringsgruppemøte 1", "startsAt": "2017-10-26T08:00:00Z" });
        let meeting = add(&world, "meetings", meeting).await;
        let plan = add(&world, "documents", json!({ "kind": "project_plan", "title": "Prosjektplan" })).await;
        let resolution = json!({
            "meetingId": meeting["id"], "number": "4/17", "text": "Planen vedtas.", "outcome": "adopted", "votesFor": 5,
            "votesAgainst": 1, "subject": { "kind": "document", "id": plan["id"] },
        });
        let resolution = add(&world, "resolutions", resolution).await;
        act(&admin, "documents", &plan, "adopt", json!({ "resolutionId": resolution["id"] })).await;
        let point = json!({ "number": "1", "theme": "Prosjektstart", "approver": "project_executive" });
        let point = add(&world, "decision-points", point).await;
        add(&world, "decision-points", json!({ "number": "2", "theme": "Prosjektavslutning" })).await;
        let go = json!({ "outcome": "approved_with_conditions", "conditions": "Budsjettet er på plass", "decidedOn": "2017-11-01" });
        act(&admin, "decision-points", &point, "decide", go).await;

        let shown = report(&admin, &world, "decisions").await;
        let items = rows(&shown, "items");
        assert_eq!(items.len(), 2, "{shown}");
        let start = of_record(items, &point);
        assert_eq!(items[0], *start, "the newest first: {shown}");
        assert_eq!((&start["outcomeLabel"], &start["conditions"]), (&json!("godkjent med vilkår"), &json!("Budsjettet er på plass")));
        assert_eq!((&start["decidedBy"]["body"], &start["decidedOn"]), (&json!("project_executive"), &json!("2017-11-01")));
        assert_eq!(start["changed"], json!([{
            "record": { "kind": "project", "id": world.project["id"] }, "field": "status", "from": "pipeline", "to": "active",
            "inWords": "prosjektet NVR: planlagt → pågår",
        }]));
        let adopted = of_record(items, &resolution);
        assert_eq!((&adopted["decidedOn"], &adopted["decidedBy"]["meetingId"]), (&json!("2017-10-26"), &meeting["id"]));
        assert_eq!(adopted["votes"], json!({ "for": 5, "against": 1, "blank": null }));
        assert_eq!(adopted["changed"], json!([{
            "record": { "kind": "document", "id": plan["id"] }, "field": "status", "from": "draft", "to": "adopted",
            "inWords": "dokumentet «Prosjektplan»: utkast → vedtatt",
        }]));
        let english = report(&admin.with("accept-language", "en"), &world, "decisions").await;
        assert_eq!(of_record(rows(&english, "items"), &resolution)["decidedBy"]["label"], "steering group");
    }

    async fn a_council_decides_its_case_and_all_of_them_the_milestone(app: App) {
        let world = app.world().await;
        let milestone = json!({ "number": "03", "title": "Budsjett behandlet", "plannedOn": "2018-02-01" });
        let milestone = add(&world, "milestones", milestone).await;
        let matter = add(&world, "matters", json!({ "subject": "budget", "title": "Budsjett", "milestoneId": milestone["id"] })).await;
        let recommendation = json!({ "number": "1", "text": "Gå videre", "status": "adopted", "adoptedById": matter["id"] });
        let recommendation = add(&world, "recommendations", recommendation).await;
        let case = case(&world, &world.project, &matter, &world.municipality).await;
        let step = decides(&world, &world.project, &case, "adopted").await;
        let shown = report(&app.as_admin(), &world, "decisions").await;
        let items = rows(&shown, "items");
        let council = of_record(items, &step);
        assert_eq!(council["decidedBy"]["label"], "kommunestyre, Lavangen kommune", "{council}");
        assert_eq!(council["changed"][0]["inWords"], "saken i Lavangen kommune: vedtatt");
        let all = of_record(items, &matter);
        let changed: Vec<(&Value, &Value)> = rows(all, "changed").iter().map(|one| (&one["record"]["id"], &one["to"])).collect();
        assert_eq!(changed, [(&milestone["id"], &json!("2018-01-25")), (&recommendation["id"], &json!("adopted"))], "{all}");
        assert_eq!(items.len(), 2, "the recommendation is told of with the matter: {shown}");
        let observer = world.as_a(Role::Observer).await;
        let seen = report(&observer, &world, "decisions").await;
        assert_eq!(rows(of_record(rows(&seen, "items"), &matter), "changed").len(), 1, "no recommendations: {seen}");
    }

    async fn the_status_tells_what_is_open_and_who_meets_next(app: App) {
        let world = app.world().await;
        let other = second_owner(&world).await;
        let soon = (Utc::now() + Days::new(3)).format("%Y-%m-%dT09:00:00Z").to_string();
        let meeting = |kind: &str, title: &str, starts_at: &str, status: &str| {
            json!({ "kind": kind, "title": title, "startsAt": starts_at, "status": status, "place": "Sjøvegan" })
        };
        let next = add(&world, "meetings", meeting("steering_group", "Neste møte", &soon, "summoned")).await;
        add(&world, "meetings", meeting("steering_group", "Avlyst møte", &soon, "cancelled")).await;
        let past = add(&world, "meetings", meeting("steering_group", "Forrige møte", "2017-12-01T09:00:00Z", "planned")).await;
        add(&world, "meetings", meeting("coordination", "Koordinering", &soon, "planned")).await;
        let point = add(&world, "decision-points", json!({ "number": "1", "theme": "Start", "plannedOn": "2017-11-01" })).await;
        let matter = add(&world, "matters", json!({ "subject": "budget", "title": "Budsjett" })).await;
        let case = case(&world, &world.project, &matter, &world.municipality).await;
        let later = json!({ "meetingId": past["id"], "text": "Valg av modell", "outcome": "postponed" });
        let later = add(&world, "resolutions", later).await;

        let manager = world.as_a(Role::Manager).await;
        let status = report(&manager, &world, "status").await;
        let meetings: Vec<&Value> = rows(&status, "nextMeetings").iter().map(|one| &one["title"]).collect();
        assert_eq!(meetings, ["Neste møte", "Koordinering"], "{status}");
        assert_eq!((&status["nextMeetings"][0]["id"], &status["nextMeetings"][0]["place"]), (&next["id"], &json!("Sjøvegan")));
        let open = rows(&status, "openDecisions");
        let order: Vec<&Value> = open.iter().map(|one| &one["record"]["id"]).collect();
        assert_eq!(order, [&point["id"], &matter["id"], &later["id"]], "by day, without a day last: {status}");
        assert_eq!((&open[0]["ready"], &open[0]["dueOn"]), (&json!(false), &json!("2017-11-01")), "no executive yet: {status}");
        assert!(!rows(&open[0], "unmet").is_empty(), "{status}");
        let awaits: Vec<&Value> = rows(&open[1], "awaits").iter().map(|one| &one["id"]).collect();
        assert!(awaits.len() == 2 && awaits.contains(&&other["id"]) && open[1]["dueOn"] == "2018-02-28", "{status}");
        assert_eq!(open[2]["inWords"], "utsatt i Forrige møte");
        let matrix = &status["politicalHandling"][0];
        assert_eq!((&matrix["inWords"], &matrix["municipalities"][1]["status"]), (&json!("0 av 1 har vedtatt, 1 venter"), &json!("not_sent")));
        assert_eq!(rows(&status, "latestDecisions").len(), 1, "the resolution that put it off: {status}");

        decides(&world, &world.project, &case, "adopted").await;
        let observer = world.as_a(Role::Observer).await;
        let status = report(&observer, &world, "status").await;
        assert_eq!(rows(&status, "nextMeetings").len(), 1, "no coordination for an observer: {status}");
        assert!(!rows(&status, "openDecisions").iter().any(|one| one["record"]["id"] == matter["id"]), "{status}");
        let first = &status["politicalHandling"][0]["municipalities"][0];
        assert_eq!((&first["outcome"], &first["decidedOn"]), (&json!("adopted"), &json!("2018-01-25")), "{status}");
    }

    async fn an_observer_sees_outcomes_and_nothing_that_is_not_open(app: App) {
        let world = app.world().await;
        let hidden = add(&world, "milestones", json!({ "number": "09", "title": "Intern tilstand", "internal": true })).await;
        let draft = add(&world, "documents", json!({ "kind": "budget", "title": "Budsjettutkast" })).await;
        let matter = json!({ "subject": "budget", "title": "Budsjett", "documentId": draft["id"], "milestoneId": hidden["id"] });
        let matter = add(&world, "matters", matter).await;
        let case = case(&world, &world.project, &matter, &world.municipality).await;
        let planned = json!({ "caseId": case["id"], "body": "committee", "meetingOn": "2018-01-05", "itemNumber": "PS 99/18" });
        add(&world, "political-steps", planned).await;
        decides(&world, &world.project, &case, "adopted").await;
        let meeting = json!({ "kind": "coordination", "title": "Koordinering", "startsAt": "2017-12-01T09:00:00Z" });
        let meeting = add(&world, "meetings", meeting).await;
        let resolution = json!({ "meetingId": meeting["id"], "text": "Dette er internt", "outcome": "noted" });
        let resolution = add(&world, "resolutions", resolution).await;
        let secret = ["Intern tilstand", "PS 99/18", "Dette er internt"].map(str::to_owned);
        let secret = secret.into_iter().chain([&hidden, &draft, &resolution].map(|one| one["id"].as_str().unwrap_or("?").to_owned()));
        let secret: Vec<String> = secret.collect();
        for role in [Role::Observer, Role::ObservingOrganisation] {
            let client = world.as_a(role).await;
            for name in ["political-handling", "decisions", "status"] {
                let shown = client.get(&world.report(name)).await.expect(200).text();
                for word in &secret {
                    assert!(!shown.contains(word), "{role:?} {name}: {word} in {shown}");
                }
                assert!(shown.contains("\"adopted\""), "{role:?} {name}: {shown}");
            }
        }
        let manager = world.as_a(Role::Manager).await;
        let told = report(&manager, &world, "political-handling").await.to_string() + &report(&manager, &world, "decisions").await.to_string();
        for word in &secret {
            assert!(told.contains(word), "the manager sees {word}: {told}");
        }
    }

    async fn a_no_and_an_interest_are_found_and_an_observer_is_not_told_of_interests(app: App) {
        let world = app.world().await;
        let member = world.member(Role::SteeringMember).await;
        let matter = add(&world, "matters", json!({ "subject": "budget", "title": "Budsjett" })).await;
        let case = case(&world, &world.project, &matter, &world.municipality).await;
        decides(&world, &world.project, &case, "rejected").await;
        let meeting = add(&world, "meetings", json!({ "kind": "steering_group", "title": "Møte" })).await;
        let item = add(&world, "agenda-items", json!({ "meetingId": meeting["id"], "number": "4/18", "title": "Valg av selskap" })).await;
        let there = json!({ "meetingId": meeting["id"], "personId": member.person["id"], "capacity": "member", "attended": true });
        add(&world, "attendances", there).await;
        let interest = json!({ "agendaItemId": item["id"], "personId": member.person["id"], "interest": "Styremedlem", "recused": false });
        let interest = add(&world, "interest-declarations", interest).await;
        let found = report(&world.as_a(Role::Manager).await, &world, "findings").await;
        let about = |found: &Value, rule: &str| {
            rows(found, "items").iter().filter(|one| one["rule"] == rule).map(|one| one["record"]["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(about(&found, "matter.rejected"), [case["id"].clone()], "{found}");
        assert_eq!(about(&found, "role.dual"), [interest["id"].clone()], "{found}");
        let seen = report(&world.as_a(Role::Observer).await, &world, "findings").await;
        assert_eq!(about(&seen, "matter.rejected"), [case["id"].clone()]);
        assert_eq!(about(&seen, "role.dual"), [Value::Null; 0], "{seen}");
    }

    async fn the_registers_are_cheap_to_poll_and_closed_to_strangers(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let stranger = world.as_a(Role::Stranger).await;
        let (manager, observer) = (world.as_a(Role::Manager).await, world.as_a(Role::Observer).await);
        for name in REPORTS {
            let address = world.report(name);
            stranger.get(&address).await.refused(404, "record.not_found");
            app.as_nobody().get(&address).await.refused(401, "auth.required");
            admin.get(&format!("{address}?colour=blue")).await.refused(400, "request.unknown_parameter");
            let first = admin.get(&address).await.expect(200);
            assert_eq!(admin.get(&address).if_none_match(&first.etag()).await.expect(304).bytes.len(), 0);
            add(&world, "matters", json!({ "subject": "other", "title": "Et spørsmål" })).await;
            admin.get(&address).if_none_match(&first.etag()).await.expect(200);
            let seen = manager.get(&address).await.expect(200);
            observer.get(&address).if_none_match(&seen.etag()).await.expect(200);
            let english = manager.with("accept-language", "en").get(&address).if_none_match(&seen.etag()).await.expect(200);
            assert_eq!(english.header("content-language"), "en");
        }
    }
}
