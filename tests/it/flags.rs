//! Flags: what the plan check finds is raised, and cleared when it is found no longer, whether somebody writes or a day passes.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta, Utc};
use framdrift::store::feed;
use framdrift::watch::Watcher;
use serde_json::{Value, json};
use support::{App, Client, Role, both};

use crate::process::{added, served_with, token};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// Somebody looks at all that is due on a day; answers at how many projects.
async fn look(app: &App, on: NaiveDate) -> usize {
    Watcher::of(app.store.clone()).step(on).await.expect("it is looked at")
}

/// What is flagged or found: rule, weight, record, field.
fn told(items: &[Value]) -> BTreeSet<String> {
    items.iter().map(|one| json!([one["rule"], one["severity"], one["record"], one["pointer"]]).to_string()).collect()
}

/// The flags that stand about a record, by their rules.
async fn standing(client: &Client, record: &Value) -> Vec<String> {
    let flags = client.walk("/api/v1/flags?state=raised&sort=rule").await;
    let own = flags.iter().filter(|flag| flag["record"]["id"] == record["id"]);
    own.map(|flag| text(&flag["rule"]).to_owned()).collect()
}

/// The names of the events that come after a cursor, and what they are of.
async fn events(client: &Client, after: &str, types: &str) -> Vec<(String, Value)> {
    let page = client.get(&format!("/api/v1/events?limit=200&after={after}{types}")).await.expect(200);
    page.items().iter().map(|event| (text(&event["type"]).to_owned(), event["record"].clone())).collect()
}

async fn now(client: &Client) -> String {
    let page = client.get("/api/v1/events?after=now").await.expect(200);
    text(&page["next"]).to_owned()
}

both! {
    async fn what_is_found_is_raised_and_what_is_mended_is_cleared(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        let findings = admin.get(&format!("/api/v1/projects/{project}/findings")).await.expect(200);
        let status = format!("/api/v1/projects/{project}/status");
        let (kept, portfolio) = (admin.get(&status).await.expect(200).etag(), admin.get("/api/v1/portfolio").await.expect(200).etag());
        let after = now(&admin).await;
        assert!(look(&app, today()).await >= 3, "every project");
        let flags = admin.walk(&format!("/api/v1/flags?projectId={project}")).await;
        assert_eq!(told(&flags), told(findings.items()), "what is found is flagged, and nothing else");
        assert!(flags.iter().all(|flag| flag["state"] == "raised" && flag["clearedAt"].is_null() && flag["createdBy"].is_null()));
        assert_eq!(look(&app, today()).await, 0, "what was looked at is not due again");
        // It is no write to the project: whoever has a report still has it, and feeds that do not ask for it go on as they did.
        admin.get(&status).if_none_match(&kept).await.expect(304);
        admin.get("/api/v1/portfolio").if_none_match(&portfolio).await.expect(304);
        for every in ["", "&types=*", "&types=milestone.*,project.changed"] {
            assert_eq!(events(&admin, &after, every).await, [], "{every}");
        }
        let raised = events(&admin, &after, &format!("&projectId={project}&types=flag.*")).await;
        assert_eq!(raised.len(), flags.len());
        assert!(raised.iter().all(|(name, _)| name == "flag.raised"), "{raised:?}");

        let milestone = admin.get("/api/v1/milestones?number=02").await.expect(200).items()[0].clone();
        let about = standing(&admin, &milestone).await;
        assert!(about.contains(&"milestone.outside_project_period".to_owned()), "{about:?}");
        let after = now(&admin).await;
        admin.change("milestones", &milestone, json!({ "plannedOn": "2017-12-15" })).because("Skrivefeil i planen").await.expect(200);
        assert!(look(&app, today()).await >= 1);
        let told_now = events(&admin, &after, "&types=*,flag.raised,flag.cleared").await;
        assert_eq!(told_now[0].0, "milestone.rescheduled");
        let cleared: Vec<&Value> = told_now.iter().filter(|(name, _)| name == "flag.cleared").map(|(_, record)| record).collect();
        for rule in ["milestone.outside_project_period", "milestone.out_of_sequence", "milestone.likely_typo"] {
            let id = text(&milestone["id"]);
            let flag = admin.get(&format!("/api/v1/flags?rule={rule}&record=milestone:{id}")).await.expect(200);
            let [flag] = flag.items() else { panic!("one: {flag}") };
            assert_eq!((&flag["state"], &flag["version"], flag["clearedAt"].is_string()), (&json!("cleared"), &json!(2), true), "{flag}");
            assert!(cleared.contains(&&json!({ "kind": "flag", "id": flag["id"] })), "{rule}: {cleared:?}");
            assert_eq!(&admin.read("flags", flag).await, flag);
        }
        let found = admin.get(&format!("/api/v1/projects/{project}/findings")).await.expect(200);
        assert_eq!(told(&admin.walk(&format!("/api/v1/flags?projectId={project}&state=raised")).await), told(found.items()));
        // Back as it was: the same flags, raised again.
        let now = admin.read("milestones", &milestone).await;
        admin.change("milestones", &now, json!({ "plannedOn": "2018-12-15" })).because("Som planen sier").await.expect(200);
        look(&app, today()).await;
        let again = admin.walk(&format!("/api/v1/flags?projectId={project}&rule=milestone.outside_project_period")).await;
        assert_eq!((again.len(), &again[0]["state"], &again[0]["version"]), (1, &json!("raised"), &json!(3)), "{again:?}");
        assert!(again[0]["clearedAt"].is_null());
        let changes = admin.get(&format!("/api/v1/projects/{project}/changes?since=2017-01-01")).await.expect(200).text();
        assert!(!changes.contains("\"flag\""), "it is nothing that somebody has changed");
        let document = admin.get(&format!("/api/v1/projects/{project}/document")).await.expect(200).text();
        assert!(!document.contains("raisedAt"), "nor a part of the plan");
    }

    async fn a_flag_comes_and_goes_with_the_days(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let ends = today() + TimeDelta::days(300);
        let far = json!({ "startsOn": "2017-11-01", "endsOn": ends });
        admin.change("projects", &world.project, far).because("Forlenget").await.expect(200);
        let planned = today() + TimeDelta::days(10);
        let milestone = admin.create("milestones", json!({
            "projectId": world.project["id"], "number": "07", "title": "Notat", "plannedOn": planned, "requiresDocument": true,
        })).await;
        let missing = "milestone.evidence_missing".to_owned();
        look(&app, today()).await;
        assert!(!standing(&admin, &milestone).await.contains(&missing), "it is not due");
        let after = now(&admin).await;
        assert_eq!(look(&app, planned + TimeDelta::days(1)).await, 1, "a day has passed over it");
        assert!(standing(&admin, &milestone).await.contains(&missing), "nobody has written");
        assert!(!events(&admin, &after, "&types=flag.raised").await.is_empty());
        assert_eq!(look(&app, planned + TimeDelta::days(1)).await, 0);
        assert_eq!(look(&app, today()).await, 1, "a clock that was wrong is put right");
        assert!(!standing(&admin, &milestone).await.contains(&missing));
        // What is written in the directory around it may be found in any project.
        admin.create("organisations", json!({ "name": "Salangen kommune", "kind": "municipality" })).await;
        assert_eq!(look(&app, today()).await, 1);
    }

    async fn what_projects_before_it_say_is_looked_at_in_the_next(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let main = |code: &str, before: &Value| json!({ "code": code, "name": "Hovedprosjekt", "type": "main_project", "predecessorId": before });
        let next = admin.create("projects", main("NESTE", &world.project["id"])).await;
        let last = admin.create("projects", main("SISTE", &next["id"])).await;
        let leads = |to: &Value| json!({ "projectId": world.project["id"], "number": "R1", "text": "Går videre", "leadsToProjectId": to });
        let recommended = admin.create("recommendations", leads(&next["id"])).await;
        look(&app, today()).await;
        assert_eq!(look(&app, today()).await, 0);
        let goal = |of: &Value| json!({ "projectId": of["id"], "kind": "impact", "text": "Vekst" });
        admin.create("goals", goal(&world.project)).await;
        assert_eq!(look(&app, today()).await, 3, "the one that was written, and those that it leads to");
        assert_eq!(look(&app, today()).await, 0, "once");
        admin.create("goals", goal(&next)).await;
        assert_eq!(look(&app, today()).await, 2, "none of those before it");
        admin.create("goals", goal(&last)).await;
        assert_eq!(look(&app, today()).await, 1);
        let alone = admin.create("projects", json!({ "code": "ALENE", "name": "Alene", "type": "main_project" })).await;
        look(&app, today()).await;
        let elsewhere = admin.change("recommendations", &recommended, json!({ "leadsToProjectId": alone["id"] })).await.expect(200).json;
        assert_eq!(look(&app, today()).await, 4, "that which it leads to now, too");
        admin.remove("recommendations", &elsewhere).await.expect(204);
        assert_eq!(look(&app, today()).await, 4, "and that which it led to");
    }

    async fn a_flag_keeps_nothing_from_being_deleted(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let wrong = json!({ "projectId": world.project["id"], "number": "01", "title": "For sent", "plannedOn": "2030-01-07" });
        let milestone = admin.create("milestones", wrong).await;
        let bare = json!({ "code": "TOMT", "name": "Et tomt prosjekt", "type": "pre_study", "status": "active" });
        let bare = admin.create("projects", bare).await;
        look(&app, today()).await;
        assert!(!standing(&admin, &milestone).await.is_empty());
        admin.remove("milestones", &milestone).await.expect(204);
        look(&app, today()).await;
        assert_eq!(standing(&admin, &milestone).await, [] as [String; 0], "what is gone is found no longer");
        let id = text(&bare["id"]);
        let list = format!("/api/v1/flags?projectId={id}");
        assert!(!admin.walk(&list).await.is_empty(), "nobody has a role in it");
        let after = now(&admin).await;
        admin.remove("projects", &bare).await.expect(204);
        assert_eq!(admin.walk(&list).await.len(), 0);
        let gone = events(&admin, &after, "&types=flag.*,project.*").await;
        assert_eq!(gone[0].0, "project.deleted");
        assert!(gone.len() > 1 && gone[1..].iter().all(|(name, _)| name == "flag.deleted"), "{gone:?}");
        assert_eq!(look(&app, today()).await, 1, "the project was in the directory of the other");
    }

    async fn observers_are_told_of_what_is_published_to_them(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let late = |number: &str, internal: bool| json!({
            "projectId": world.project["id"], "number": number, "title": "For sent", "plannedOn": "2030-01-07", "internal": internal,
        });
        let open = admin.create("milestones", late("01", false)).await;
        let hidden = admin.create("milestones", late("02", true)).await;
        let observer = world.as_a(Role::Observer).await;
        let (member, stranger) = (world.as_a(Role::GroupMember).await, app.world().await.as_a(Role::Manager).await);
        let after = now(&observer).await;
        look(&app, today()).await;
        for (somebody, sees) in [(&observer, false), (&member, true), (&admin, true)] {
            assert!(!standing(somebody, &open).await.is_empty());
            assert_eq!(!standing(somebody, &hidden).await.is_empty(), sees);
        }
        assert!(standing(&stranger, &open).await.is_empty(), "nor who has no part in it");
        let flags = |about: &Value| {
            let (admin, id) = (admin.clone(), text(&about["id"]).to_owned());
            async move { admin.walk(&format!("/api/v1/flags?record=milestone:{id}")).await }
        };
        let of_hidden = flags(&hidden).await;
        observer.get(&format!("/api/v1/flags/{}", text(&of_hidden[0]["id"]))).await.refused(404, "record.not_found");
        let heard = events(&observer, &after, "&types=flag.raised").await;
        let of_open = flags(&open).await;
        let about = |flags: &[Value], record: &Value| flags.iter().any(|flag| flag["id"] == record["id"]);
        assert!(heard.iter().any(|(_, record)| about(&of_open, record)), "{heard:?}");
        assert!(!heard.iter().any(|(_, record)| about(&of_hidden, record)), "{heard:?}");
        // What becomes internal is at once, before anybody has looked again.
        admin.change("milestones", &open, json!({ "internal": true })).await.expect(200);
        assert_eq!(standing(&observer, &open).await, [] as [String; 0]);
        assert_eq!(events(&observer, &after, "&types=flag.*").await.iter().filter(|(_, record)| about(&of_open, record)).count(), 0);
        look(&app, today()).await;
        assert!(standing(&observer, &open).await.is_empty() && !standing(&member, &open).await.is_empty());
        admin.post("/api/v1/flags", json!({})).await.refused(405, "method.not_allowed");
    }

    async fn a_webhook_gets_flags_that_it_asks_for_by_name(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let hook = |types: &[&str]| json!({ "url": "https://example.com/inn", "eventTypes": types, "projectId": world.project["id"] });
        let every = admin.create("webhooks", hook(&["*"])).await;
        let named = admin.create("webhooks", hook(&["flag.raised"])).await;
        admin.post("/api/v1/webhooks", hook(&["flag.mended"])).await.faulted("/eventTypes/0", "unknown_event");
        look(&app, today()).await;
        feed::seal(&app.store).await.expect("the feed is sealed");
        let deliveries = admin.walk("/api/v1/webhook-deliveries").await;
        let of = |webhook: &Value| -> BTreeSet<String> {
            let own = deliveries.iter().filter(|one| one["webhookId"] == webhook["id"]);
            own.map(|one| text(&one["eventType"]).to_owned()).collect()
        };
        assert_eq!(of(&named), BTreeSet::from(["flag.raised".to_owned()]));
        assert!(!of(&every).contains("flag.raised") && !of(&every).is_empty(), "{:?}", of(&every));
    }

    async fn several_who_look_raise_each_flag_once(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        // Of several processes one looks; should it be thought to be gone and is not, two do.
        let (one, other) = (Watcher::of(app.store.clone()), Watcher::of(app.store.clone()));
        let looked = futures_util::future::join_all([one.step(today()), one.step(today()), other.step(today())]).await;
        assert!(looked.iter().all(Result::is_ok), "{looked:?}");
        while look(&app, today()).await > 0 {}
        let findings = admin.get(&format!("/api/v1/projects/{project}/findings")).await.expect(200);
        let flags = admin.walk(&format!("/api/v1/flags?projectId={project}")).await;
        assert_eq!((flags.len(), told(&flags)), (told(findings.items()).len(), told(findings.items())));
        assert!(flags.iter().all(|flag| flag["version"] == 1), "each once");
    }

    async fn what_is_accepted_stands_and_says_so(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        look(&app, today()).await;
        let rule = "milestone.outside_project_period";
        let list = format!("/api/v1/flags?projectId={project}&rule={rule}");
        let before = admin.get(&list).await.expect(200).items()[0].clone();
        assert_eq!((&before["state"], &before["waived"]), (&json!("raised"), &json!(false)));
        let after = now(&admin).await;
        let waiver = json!({ "projectId": project, "rule": rule, "record": before["record"], "pointer": before["pointer"], "reason": "Vedtatt slik" });
        admin.create("finding-waivers", waiver).await;
        look(&app, today()).await;
        let now = admin.get(&list).await.expect(200).items()[0].clone();
        assert_eq!((&now["state"], &now["waived"], &now["raisedAt"]), (&json!("raised"), &json!(true), &before["raisedAt"]));
        assert_eq!(events(&admin, &after, "&types=flag.*").await, [("flag.changed".to_owned(), json!({ "kind": "flag", "id": now["id"] }))]);
    }

    async fn a_document_of_a_project_is_the_same_with_its_flags(app: App) {
        let project = app.demo().await;
        let admin = app.as_admin();
        let document = format!("/api/v1/projects/{project}/document");
        let before = admin.get(&document).await.expect(200);
        look(&app, today()).await;
        assert_eq!(admin.get(&document).await.expect(200).bytes, before.bytes);
        let now = Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let past = admin.get(&format!("/api/v1/projects/{project}/findings?asOf={now}")).await.expect(200);
        assert_eq!(told(past.items()), told(admin.get(&format!("/api/v1/projects/{project}/findings")).await.expect(200).items()));
    }

    async fn a_plan_full_of_faults_is_flagged_in_parts(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let late = |number: u32| json!({ "method": "POST", "path": "/api/v1/milestones", "body": {
            "projectId": world.project["id"], "number": format!("M{number:03}"), "title": "For sent", "plannedOn": "2030-01-05",
        } });
        let operations: Vec<Value> = (0..120).map(late).collect();
        admin.post("/api/v1/batch", json!({ "operations": operations })).await.expect(200);
        assert!(look(&app, today()).await > 1, "more than one transaction holds");
        let findings = admin.get(&world.report("findings")).await.expect(200);
        let flags = admin.walk("/api/v1/flags").await;
        assert!(flags.len() > 200, "{}", flags.len());
        assert_eq!(told(&flags), told(findings.items()));
    }
}

both! {
    async fn what_was_written_before_a_kill_is_flagged_after_it(place: Place) {
        let password = added(&place, "a@framdrift.example");
        let serve = || served_with(&place, &["--flag-watch", "true"]);
        let (server, address) = serve();
        let admin = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        let project = json!({
            "code": "NVR", "name": "Forprosjekt", "type": "pre_project", "status": "active", "startsOn": "2017-11-01", "endsOn": "2018-04-30",
        });
        let project = admin.create("projects", project).await;
        let wrong = json!({ "projectId": project["id"], "number": "02", "title": "Workshop", "plannedOn": "2018-12-15" });
        let milestone = admin.create("milestones", wrong).await;
        // SIGKILL, before anybody has had the time to look.
        drop(server);
        let (_server, address) = serve();
        let admin = Client::new(address).with_token(token(address, "a@framdrift.example", &password).await);
        // Another process takes over when the one that is gone has been silent for long enough.
        let mut after = String::new();
        for _ in 0..4 {
            if standing(&admin, &milestone).await.contains(&"milestone.outside_project_period".to_owned()) {
                return;
            }
            let page = admin.get(&format!("/api/v1/events?types=flag.raised&wait=30{after}")).await.expect(200);
            after = format!("&after={}", text(&page["next"]));
        }
        panic!("nothing was raised for two minutes");
    }
}
