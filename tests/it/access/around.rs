//! More ways around: changes and upserts that name what is another's, other formats, the past, and what was let in before.

use chrono::{TimeDelta, Utc};
use framdrift::facts;
use serde_json::{Value, json};
use support::{Answer, Client, Role, both};

use super::indirect::{Stage, of_projects, references, same};
use super::same::{NOTHING, assert_same};

both! {
    async fn no_reference_in_a_change_or_an_upsert_tells_another_projects_record_from_none(app: App) {
        let stage = Stage::new(&app).await;
        let mut tried = 0;
        for facts in of_projects() {
            let body = stage.own.body(facts.path).await;
            let record = app.as_admin().create(facts.path, body.clone()).await;
            for (pointer, target) in references(facts, &body) {
                let Some(target) = facts::by_path(target).filter(|target| target.of_project || target.path == "projects") else {
                    continue;
                };
                let foreign = stage.foreign.make(target.path).await;
                let id = text(&foreign["id"]);
                let member = pointer.split('/').nth(1).expect("a member").to_owned();
                let with = |id: &str| {
                    let mut body = body.clone();
                    *body.pointer_mut(&pointer).expect("the reference is there") = id.into();
                    body
                };
                let address = format!("/api/v1/{}/{}", facts.path, text(&record["id"]));
                let change = |id: &str| stage.manager.patch(&address, json!({ (&member): with(id)[&member] })).if_match("*");
                let upsert = |id: &str| stage.manager.put(&format!("/api/v1/{}/by-reference/system/{tried}", facts.path), with(id));
                for (way, answer, nothing) in [
                    ("change", change(id).await, change(NOTHING).await),
                    ("upsert", upsert(id).await, upsert(NOTHING).await),
                ] {
                    assert!((400..500).contains(&answer.status), "{way} of {} {pointer}: {answer}", facts.path);
                    same(id, answer, &nothing);
                }
                tried += 1;
            }
            assert_eq!(app.as_admin().read(facts.path, &record).await["version"], record["version"], "{}", facts.path);
        }
        assert!(tried >= 60, "{tried} references were tried");
    }

    async fn no_format_no_search_and_no_page_tells_of_it(app: App) {
        let stage = Stage::new(&app).await;
        let mut tried = 0;
        for facts in of_projects() {
            let record = stage.foreign.make(facts.path).await;
            let id = text(&record["id"]);
            for format in ["csv", "xlsx", "json"] {
                let list = |id: &str| stage.manager.get(&format!("/api/v1/{}?id={id}&format={format}&count=true", facts.path));
                assert_same("the manager of another project", &list(id).await, &list(NOTHING).await);
                tried += 1;
            }
            let told = record.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str()).flat_map(str::split_whitespace);
            let plain = |word: &&str| word.len() > 8 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
            for word in told.filter(plain).take(2) {
                let found = stage.manager.get(&format!("/api/v1/{}?q={word}&count=true", facts.path)).await.expect(200);
                assert!(!found.text().contains(id) && found["total"] == found.items().len(), "{} by {word}: {found}", facts.path);
            }
            for page in ["fields=id", "sort=id&limit=1", "sort=-createdAt", "updatedAt.gte=2000-01-01T00:00:00Z"] {
                let list = stage.manager.get(&format!("/api/v1/{}?{page}", facts.path)).await.expect(200);
                assert!(!list.text().contains(id), "{} with {page}: {list}", facts.path);
            }
        }
        assert!(tried >= 100, "{tried} were tried");
    }

    async fn no_report_and_no_record_of_it_is_told_in_any_form(app: App) {
        let stage = Stage::new(&app).await;
        let project = text(&stage.foreign.project["id"]).to_owned();
        let at = |id: &str, rest: &str| format!("/api/v1/projects/{id}/{rest}");
        let mut tried = 0;
        for rest in [
            "status", "status?format=html", "status?format=xlsx", "status?asOf=2020-01-01", "findings", "findings?format=csv", "schedule", "schedule.svg", "organisation",
            "finance", "political-handling", "results", "decisions", "deadlines", "document", "document?asOf=2020-01-01", "calendar.ics", "calendar-links",
            "changes?since=2017-01-01", "variance?against=2017-01-01", "saksfaser", "archive-package", "rf1350", "public-journal", "oc4ids", "catalogue", "reports.atom", "history",
        ] {
            let ask = |id: &str| stage.manager.get(&at(id, rest));
            let answer = ask(&project).await;
            assert!((400..500).contains(&answer.status), "{answer}");
            same(&project, answer, &ask(NOTHING).await);
            let tag = |id: &str| stage.manager.get(&at(id, rest)).if_none_match("*");
            same(&project, tag(&project).await, &tag(NOTHING).await);
            tried += 2;
        }
        for (method, rest, body) in [
            ("POST", "continue", json!({})), ("POST", "calendar-links", json!({ "name": "a" })), ("PATCH", "", json!({ "name": "Mitt" })), ("DELETE", "", json!(null)),
        ] {
            let ask = |id: &str| {
                let request = stage.manager.send(method, at(id, rest).trim_end_matches('/')).if_match("*");
                let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
                if body.is_null() { request } else { request.body(kind, body.to_string()) }
            };
            same(&project, ask(&project).await, &ask(NOTHING).await);
            tried += 1;
        }
        assert!(tried > 50, "{tried} were tried");
    }

    async fn the_past_is_not_open_to_whom_the_present_is_shut(app: App) {
        let (world, admin) = (app.world().await, app.as_admin());
        let member = world.member(Role::SteeringMember).await;
        let stranger = world.as_a(Role::Stranger).await;
        let had = instant();
        let past = |report: &str| format!("{}?asOf={had}", world.report(report));
        let reports = ["status", "document", "findings", "decisions", "finance", "organisation"];
        for report in reports {
            member.client.get(&past(report)).await.expect(200);
            stranger.get(&past(report)).await.refused(404, "record.not_found");
        }
        let yesterday = (Utc::now().date_naive() - TimeDelta::days(1)).to_string();
        let ended = admin.change("assignments", &member.reason, json!({ "validTo": yesterday })).await.expect(200).json;
        for report in reports {
            let gone = member.client.get(&past(report)).await;
            assert_same("who had a seat", &gone, &stranger.get(&past(report)).await);
        }
        member.client.get(&format!("{}?since={had}", world.report("changes"))).await.refused(404, "record.not_found");
        let milestone = world.make("milestones").await;
        let history = format!("/api/v1/milestones/{}/history", text(&milestone["id"]));
        member.client.get(&history).await.refused(404, "record.not_found");
        // Rights are those of today, of whatever day is asked for.
        admin.change("assignments", &ended, json!({ "validTo": null })).await.expect(200);
        member.client.get(&past("status")).await.expect(200);
        let newcomer = world.as_a(Role::SteeringMember).await;
        newcomer.get(&past("status")).await.expect(200);
    }

    async fn what_was_internal_then_or_is_now_is_in_no_past_that_observers_see(app: App) {
        let (world, admin) = (app.world().await, app.as_admin());
        let observer = world.as_a(Role::Observer).await;
        let milestone = async |number: &str, internal: bool, title: &str| {
            let body = json!({ "projectId": world.project["id"], "number": number, "title": title, "plannedOn": "2018-01-05", "internal": internal });
            admin.create("milestones", body).await
        };
        let (opened, closed) = (milestone("81", true, "hemmelig-da").await, milestone("82", false, "kjent-da").await);
        let kept = milestone("83", false, "kjent-hele-tiden").await;
        let then = instant();
        admin.change("milestones", &opened, json!({ "internal": false, "title": "kjent-nå" })).await.expect(200);
        admin.change("milestones", &closed, json!({ "internal": true, "title": "hemmelig-nå" })).await.expect(200);
        for report in ["status", "schedule", "findings", "deadlines", "decisions", "results"] {
            let past = observer.get(&format!("{}?asOf={then}", world.report(report))).await.expect(200);
            let now = observer.get(&world.report(report)).await.expect(200);
            for secret in ["hemmelig-da", "hemmelig-nå", "kjent-da"] {
                assert!(!past.text().contains(secret) && !now.text().contains(secret), "{report} tells {secret}: {past} {now}");
            }
        }
        let past = observer.get(&format!("{}?asOf={then}", world.report("status"))).await.expect(200);
        assert!(past.text().contains("kjent-hele-tiden"), "{past}");
        for record in [&opened, &closed, &kept] {
            let history = observer.get(&format!("/api/v1/milestones/{}/history", text(&record["id"]))).await;
            assert!(matches!(history.status, 403 | 404), "{history}");
        }
        let changes = observer.get(&format!("{}?since={then}", world.report("changes"))).await;
        assert!(!changes.text().contains("hemmelig"), "{changes}");
    }

    async fn nobody_reaches_contact_details_by_asking_around(app: App) {
        let (world, other) = (app.world().await, app.world().await);
        let manager = world.as_a(Role::Manager).await;
        let contact = json!({ "givenName": "Kari", "familyName": "Kanarifugl", "email": "kanari.fugl@kommune.example", "phone": "+47 77 00 11 22" });
        let person = app.as_admin().create("people", contact).await;
        let seat = json!({ "projectId": other.project["id"], "personId": person["id"], "role": "project_group_member" });
        app.as_admin().create("assignments", seat).await;
        let employed = json!({ "personId": person["id"], "organisationId": other.municipality["id"] });
        let employed = app.as_admin().create("affiliations", employed).await;
        let id = text(&person["id"]);
        let told = |answer: &Answer| answer.text().contains("kanari.fugl") || answer.text().contains("77 00 11 22");
        for address in [
            format!("/api/v1/people/{id}"), format!("/api/v1/people/{id}?fields=email,phone"), format!("/api/v1/people/{id}/history"), format!("/api/v1/people?id={id}"),
            format!("/api/v1/people?id={id}&format=csv"), format!("/api/v1/people?id={id}&format=xlsx"), format!("/api/v1/people/{id}/data-export"),
            format!("/api/v1/affiliations/{}?expand=person", text(&employed["id"])), format!("/api/v1/affiliations/{}/history", text(&employed["id"])),
            "/api/v1/people?q=kanari.fugl".to_owned(), "/api/v1/people?q=77001122".to_owned(), format!("/api/v1/events?organisationId={}", text(&other.municipality["id"])),
            format!("/api/v1/person-views?personId={id}"), "/api/v1/users".to_owned(),
        ] {
            let answer = manager.get(&address).await;
            assert!(!told(&answer), "{answer}");
        }
        for word in ["kanari.fugl", "kanari.fugl@kommune.example", "77001122", "+47"] {
            let found = manager.with("accept-language", "en").get(&format!("/api/v1/people?q={}", word.replace('+', "%2B"))).await.expect(200);
            assert!(!found.ids().contains(&id), "{word} finds the person: {found}");
        }
        for parameter in ["email=kanari.fugl@kommune.example", "email.contains=kanari", "phone=null", "sort=email", "sort=-phone"] {
            let answer = manager.get(&format!("/api/v1/people?{parameter}")).await;
            assert_eq!(answer.status, 400, "{answer}");
        }
        // A write does not tell them either, nor does what was written before.
        let change = manager.change("people", &person, json!({ "givenName": "Kari" })).await;
        assert!(!told(&change) && matches!(change.status, 403 | 404), "{change}");
        let upsert = json!({ "givenName": "Kari", "familyName": "Kanarifugl" });
        let reference = json!({ "system": "lonn", "key": "17", "record": { "kind": "person", "id": id } });
        app.as_admin().create("external-references", reference).await;
        let upserted = manager.put("/api/v1/people/by-reference/lonn/17", upsert).await;
        assert!(!told(&upserted), "{upserted}");
        let theirs = app.as_admin().read("people", &person).await;
        assert_eq!((&theirs["email"], &theirs["version"]), (&person["email"], &person["version"]), "{theirs}");
    }

    async fn a_machine_is_told_no_more_than_its_organisation(app: App) {
        let (own, foreign) = (app.world().await, app.world().await);
        let machine = own.as_machine(&["framdrift:read", "framdrift:archive"]).await;
        let status = own.as_machine(&["framdrift:status"]).await;
        let hidden = json!({ "projectId": own.project["id"], "number": "77", "title": "Internt", "internal": true });
        let hidden = app.as_admin().create("milestones", hidden).await;
        for path in ["milestones", "documents", "risks", "political-cases", "cost-entries", "meetings"] {
            let record = foreign.make(path).await;
            for client in [&machine, &status] {
                not_told(client, path, text(&record["id"])).await;
            }
        }
        machine.get(&format!("/api/v1/milestones/{}", text(&hidden["id"]))).await.expect(200);
        status.get(&format!("/api/v1/milestones/{}", text(&hidden["id"]))).await.refused(404, "record.not_found");
        for client in [&machine, &status] {
            for address in [foreign.report("status"), foreign.report("document"), foreign.report("archive-package"), foreign.report("calendar.ics")] {
                let refused = client.get(&address).await;
                assert!(matches!(refused.status, 403 | 404), "{refused}");
                let nothing = client.get(&address.replace(text(&foreign.project["id"]), NOTHING)).await;
                assert_same("a machine", &refused, &nothing);
            }
            assert!(client.get(&format!("/api/v1/events?projectId={}", text(&foreign.project["id"]))).await.expect(200).items().is_empty());
        }
    }
}

async fn not_told(client: &Client, path: &str, id: &str) {
    let read = |id: &str| client.get(&format!("/api/v1/{path}/{id}"));
    let (answer, nothing) = (read(id).await, read(NOTHING).await);
    assert!(matches!(answer.status, 403 | 404), "{answer}");
    same(id, answer, &nothing);
    let list = client.get(&format!("/api/v1/{path}?id={id}")).await;
    assert!(list.status == 403 || list.items().is_empty(), "{list}");
}

/// An instant after all that was written, and before all that will be.
fn instant() -> String {
    let next = |than: i64| loop {
        let now = Utc::now();
        if now.timestamp_millis() > than {
            return now;
        }
    };
    let between = next(Utc::now().timestamp_millis());
    next(between.timestamp_millis());
    between.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
