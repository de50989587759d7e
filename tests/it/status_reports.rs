//! A report is written, approved and published; published, it stands still and can be proved.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use support::{Answer, Client, Role, World, both};

use crate::economy::Budget;

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an identifier")
}

async fn act(client: &Client, report: &Value, method: &str) -> Answer {
    let current = client.read("status-reports", report).await;
    let address = format!("/api/v1/status-reports/{}/{method}", id(report));
    client.post(&address, json!({})).if_match(&format!("\"{}\"", current["version"])).await
}

/// Everybody whom a project needs, so that the plan check has no errors; answers the executive.
pub async fn staffed(world: &World) -> Client {
    world.member(Role::SteeringMember).await;
    world.member(Role::Manager).await;
    world.as_a(Role::Executive).await
}

/// A report that somebody begins to write.
pub async fn draft(world: &World, from: &str, to: &str) -> Value {
    let new = json!({ "projectId": world.project["id"], "periodFrom": from, "periodTo": to });
    world.as_admin().create("status-reports", new).await
}

/// The report, submitted, approved and published.
pub async fn publish(executive: &Client, report: &Value) -> Value {
    for method in ["submit", "approve", "publish"] {
        act(executive, report, method).await.expect(200);
    }
    executive.read("status-reports", report).await
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn address(report: &Value, part: &str) -> String {
    format!("/api/v1/status-reports/{}/{part}", id(report))
}

both! {
    async fn a_draft_comes_filled_from_the_plan_and_says_from_what(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        let milestone = |number: &str, planned: &str, met: Option<&str>| json!({
            "projectId": project, "number": number, "title": "Tilstand", "plannedOn": planned, "metOn": met,
        });
        let met = admin.create("milestones", milestone("01", "2017-11-15", Some("2017-11-20"))).await;
        let late = admin.create("milestones", milestone("02", "2017-12-15", None)).await;
        let next = admin.create("milestones", milestone("03", "2018-02-01", None)).await;
        let report = draft(&world, "2017-11-01", "2017-12-31").await;
        let line = |field: &str| report[field].as_str().unwrap_or_default().to_owned();
        assert!(line("achieved").contains("Milepæl 01 nådd 2017-11-20"), "{report}");
        assert!(line("next").contains("Milepæl 03 2018-02-01"), "{report}");
        assert_eq!(report["time"]["status"], "minor_delay", "{report}");
        let from = |record: &Value, field: &str| report["suggestions"].as_array().expect("a list").iter()
            .any(|one| one["field"] == field && one["from"] == json!({ "kind": "milestone", "id": record["id"] }));
        assert!(from(&met, "achieved") && from(&late, "time") && from(&next, "next"), "{report}");
        let own = json!({ "projectId": project, "periodFrom": "2017-11-01", "periodTo": "2017-12-31", "achieved": "Mye" });
        assert_eq!(admin.create("status-reports", own).await["achieved"], "Mye", "what is given stands");
    }

    async fn a_draft_says_what_is_over_the_budget_that_binds(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let project = &world.project["id"];
        let activity = json!({ "projectId": project, "number": "HA 2", "title": "Studietur", "kind": "study_visit" });
        let activity = admin.create("activities", activity).await;
        let lines = [json!({ "amountOre": 100_000, "activityId": activity["id"] }), json!({ "amountOre": 1_000_000 })];
        let budget = Budget::of(&world, json!({ "status": "committed" }), &lines).await;
        let spend = async |line: usize, ore: i64, on: &str| {
            let cost = json!({ "projectId": project, "budgetLineId": budget.lines[line]["id"], "amountOre": ore, "incurredOn": on });
            admin.create("cost-entries", cost).await;
        };
        let economy = async || draft(&world, "2017-11-01", "2017-12-31").await;
        assert_eq!(economy().await["economy"], Value::Null, "nothing is spent");
        spend(0, 100_000, "2017-11-15").await;
        spend(0, 900_000, "2018-01-01").await;
        assert_eq!(economy().await["economy"], Value::Null, "no more than planned until the end of the period");
        spend(0, 20_050, "2017-12-31").await;
        let report = economy().await;
        assert_eq!(report["economy"]["status"], "minor_overrun", "the whole budget holds: {report}");
        let line = "HA 2 Studietur: 1\u{a0}200,50 kr brukt av 1\u{a0}000 kr, 200,50 kr over budsjettet";
        assert_eq!(report["economy"]["comment"], line);
        let from = json!({ "field": "economy", "text": line, "from": { "kind": "activity", "id": activity["id"] } });
        assert!(report["suggestions"].as_array().is_some_and(|all| all.contains(&from)), "{report}");
        spend(1, 1_050_000, "2017-12-01").await;
        let report = economy().await;
        assert_eq!(report["economy"]["status"], "over_budget", "by 6.4 per cent: {report}");
        assert!(report["economy"]["comment"].as_str().is_some_and(|said| said.starts_with("Hele budsjettet: 11\u{a0}700,50 kr")), "{report}");
        let own = json!({ "projectId": project, "periodFrom": "2017-11-01", "periodTo": "2017-12-31", "economy": { "status": "on_budget" } });
        assert_eq!(admin.create("status-reports", own).await["economy"]["status"], "on_budget", "what is given stands");
    }

    async fn what_is_published_never_changes_and_can_be_proved(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let goal = world.make("goals").await;
        let report = publish(&executive, &draft(&world, "2017-11-01", "2017-12-31").await).await;
        assert_eq!(report["state"], "published");
        let frozen = executive.get(&address(&report, "snapshot")).await.expect(200);
        assert_eq!(json!(sha256(&frozen.bytes)), report["sha256"], "the hash is that of the bytes");
        assert_eq!(frozen.etag(), format!("\"{}\"", report["sha256"].as_str().expect("a hash")));
        assert!(frozen["document"]["records"]["goals"].to_string().contains(id(&goal)), "{frozen}");
        assert!(frozen["document"]["records"]["people"].is_array(), "{frozen}");
        assert!(!frozen.text().contains("kare"), "people's contact details are not frozen");
        executive.change("goals", &goal, json!({ "text": "Et helt annet mål" })).await.expect(200);
        let again = executive.get(&address(&report, "snapshot")).await.expect(200);
        assert_eq!(again.bytes, frozen.bytes);
        executive.get(&address(&report, "snapshot")).if_none_match(&frozen.etag()).await.expect(304);
        let proof = executive.get(&address(&report, "verification")).await.expect(200);
        assert_eq!((&proof["valid"], &proof["sha256"]), (&json!(true), &report["sha256"]), "{proof}");
        executive.change("status-reports", &report, json!({ "achieved": "Mer" })).await.refused(409, "record.locked");
        executive.remove("status-reports", &report).await.refused(409, "record.locked");
        act(&executive, &report, "publish").await.refused(409, "record.wrong_state");
    }

    async fn what_is_tampered_with_is_found(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let report = publish(&executive, &draft(&world, "2017-11-01", "2017-12-31").await).await;
        app.sql("UPDATE report_snapshots SET whole = replace(whole, '2017-12-31', '2017-12-30')").await;
        let proof = executive.get(&address(&report, "verification")).await.expect(200);
        assert_eq!(proof["valid"], false, "{proof}");
        assert_ne!(proof["computedSha256"], proof["sha256"], "{proof}");
    }

    async fn errors_of_the_plan_keep_a_report_back_until_they_are_waived(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let admin = app.as_admin();
        let outside = json!({ "projectId": world.project["id"], "number": "01", "title": "Etter slutten", "plannedOn": "2018-12-15" });
        let milestone = admin.create("milestones", outside).await;
        let report = draft(&world, "2017-11-01", "2017-12-31").await;
        act(&executive, &report, "submit").await.expect(200);
        let refused = act(&executive, &report, "approve").await.refused(409, "report.blocked");
        assert_eq!(refused["unmet"][0]["record"]["id"], milestone["id"], "{refused}");
        let waiver = json!({
            "projectId": world.project["id"], "rule": "milestone.outside_project_period",
            "record": { "kind": "milestone", "id": milestone["id"] }, "reason": "Avklart med styringsgruppa",
        });
        admin.create("finding-waivers", waiver).await;
        act(&executive, &report, "approve").await.expect(200);
    }

    async fn a_report_goes_forward_by_those_who_may(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let manager = world.as_a(Role::Manager).await;
        let report = draft(&world, "2017-11-01", "2017-12-31").await;
        act(&executive, &report, "publish").await.refused(409, "record.wrong_state");
        act(&manager, &report, "submit").await.expect(200);
        act(&manager, &report, "approve").await.refused(403, "access.forbidden");
        act(&executive, &report, "approve").await.expect(200);
        let approved = manager.read("status-reports", &report).await;
        manager.change("status-reports", &approved, json!({ "next": "Noe annet" })).await.refused(409, "record.locked");
        manager.change("status-reports", &approved, json!({ "state": "published" })).await.faulted("/state", "read_only");
        let observer = world.as_a(Role::Observer).await;
        observer.get(&format!("/api/v1/status-reports/{}", id(&report))).await.refused(404, "record.not_found");
        observer.get(&address(&report, "snapshot")).await.refused(404, "record.not_found");
        manager.get(&address(&report, "snapshot")).await.refused(409, "record.wrong_state");
        act(&executive, &report, "publish").await.expect(200);
        let history = manager.get(&address(&report, "history")).await.expect(200);
        let events: Vec<&str> = history.items().iter().filter_map(|entry| entry["event"].as_str()).collect();
        assert_eq!(events, ["status_report.published", "status_report.approved", "status_report.submitted", "status_report.created"]);
    }

    async fn an_observer_reads_and_verifies_what_observers_see(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let internal = json!({ "projectId": world.project["id"], "number": "99", "title": "Bare for oss", "internal": true });
        app.as_admin().create("milestones", internal).await;
        let report = publish(&executive, &draft(&world, "2017-11-01", "2017-12-31").await).await;
        let observer = world.as_a(Role::Observer).await;
        let seen = observer.get(&address(&report, "snapshot")).await.expect(200);
        assert!(!seen.text().contains("Bare for oss"), "{seen}");
        assert!(executive.get(&address(&report, "snapshot")).await.text().contains("Bare for oss"));
        assert_eq!(json!(sha256(&seen.bytes)), observer.read("status-reports", &report).await["publicSha256"]);
        assert_eq!(observer.get(&address(&report, "verification")).await.expect(200)["valid"], true);
    }

    async fn a_period_without_a_published_report_is_found(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let overdue = async || {
            let found = executive.get(&world.report("findings")).await.expect(200);
            let of = |finding: &&Value| finding["rule"] == "report.overdue";
            found.items().iter().find(of).map(|finding| finding["record"]["id"].clone())
        };
        assert_eq!(overdue().await, None, "who does not report here is not asked");
        let report = publish(&executive, &draft(&world, "2017-11-01", "2017-12-31").await).await;
        assert_eq!(overdue().await, Some(report["id"].clone()), "the period after it has ended");
        let now = publish(&executive, &draft(&world, "2018-01-01", "2199-12-31").await).await;
        assert_eq!(overdue().await, None, "{now}");
    }

    async fn organisations_sign_over_the_hash(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let report = draft(&world, "2017-11-01", "2017-12-31").await;
        let own = json!({ "organisationId": world.municipality["id"] });
        let officer = world.as_a(Role::MunicipalOfficer).await;
        officer.post(&address(&report, "signatures"), own.clone()).await.faulted("/reportId", "not_published");
        let report = publish(&executive, &report).await;
        let signed = officer.post(&address(&report, "signatures"), own.clone()).await.expect(201);
        assert_eq!((&signed["sha256"], &signed["reportId"]), (&report["sha256"], &report["id"]), "{signed}");
        assert_eq!(signed.header("location"), format!("/api/v1/report-signatures/{}", signed.id()));
        officer.post(&address(&report, "signatures"), own).await.refused(409, "record.conflict");
        let stranger = world.make("organisations").await;
        let other = json!({ "organisationId": stranger["id"] });
        officer.post(&address(&report, "signatures"), other.clone()).await.refused(403, "access.forbidden");
        executive.post(&address(&report, "signatures"), other).await.faulted("/organisationId", "not_a_party");
        let proof = executive.get(&address(&report, "verification")).await.expect(200);
        assert_eq!((&proof["valid"], &proof["signatures"][0]["valid"]), (&json!(true), &json!(true)), "{proof}");
    }

    async fn the_latest_report_is_the_newest_published_and_a_correction_supersedes(app: App) {
        let world = app.world().await;
        let executive = staffed(&world).await;
        let status = world.report("status");
        assert!(executive.get(&status).await.expect(200)["latestReport"].is_null());
        let second = draft(&world, "2018-01-01", "2018-02-28").await;
        let first = publish(&executive, &draft(&world, "2017-11-01", "2017-12-31").await).await;
        let shown = executive.get(&status).await.expect(200);
        assert_eq!(shown["latestReport"]["id"], first["id"], "a newer draft is not published: {shown}");
        publish(&executive, &second).await;
        let late = json!({
            "projectId": world.project["id"], "periodFrom": "2017-11-01", "periodTo": "2017-12-31", "supersedesId": first["id"],
        });
        let correction = publish(&executive, &app.as_admin().create("status-reports", late).await).await;
        let shown = executive.get(&status).await.expect(200);
        assert_eq!(shown["latestReport"]["id"], correction["id"], "by the time of publication: {shown}");
        let reports = shown["reports"].as_array().expect("a list");
        assert_eq!((reports.len(), &reports[2]["supersededById"]), (3, &correction["id"]), "{shown}");
        let draft = draft(&world, "2018-03-01", "2018-03-31").await;
        let wrong = json!({
            "projectId": world.project["id"], "periodFrom": "2018-03-01", "periodTo": "2018-03-31", "supersedesId": draft["id"],
        });
        executive.post("/api/v1/status-reports", wrong).await.faulted("/supersedesId", "not_published");
    }
}
