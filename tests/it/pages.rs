//! Pages for people: what they say, what they keep to themselves, and how they look in a browser.

use std::sync::Arc;

use regex::Regex;
use serde_json::{Value, json};
use support::browser::{Browser, served_again};
use support::{Answer, App, Client, Role, World, both};

const HTML: &str = "text/html; charset=utf-8";

async fn act(client: &Client, report: &Value, method: &str) -> Answer {
    let current = client.read("status-reports", report).await;
    let address = format!("/api/v1/status-reports/{}/{method}", report["id"].as_str().expect("an identifier"));
    client.post(&address, json!({})).if_match(&format!("\"{}\"", current["version"])).await
}

/// A published report of a world that has all whom a project needs; answers the executive, too.
async fn published(world: &World) -> (Client, Value) {
    world.member(Role::SteeringMember).await;
    world.member(Role::Manager).await;
    let executive = world.as_a(Role::Executive).await;
    let new = json!({
        "projectId": world.project["id"], "periodFrom": "2017-11-01", "periodTo": "2017-12-31",
        "overall": { "status": "yellow", "trend": "worsening", "comment": "Én milepæl er flyttet" }, "achieved": "Møtt 2017-11-20",
    });
    let report = world.as_admin().create("status-reports", new).await;
    for method in ["submit", "approve", "publish"] {
        act(&executive, &report, method).await.expect(200);
    }
    let report = executive.read("status-reports", &report).await;
    (executive, report)
}

fn address(report: &Value) -> String {
    format!("/api/v1/status-reports/{}", report["id"].as_str().expect("an identifier"))
}

/// The words that a reader sees, without the pictures.
fn words(page: &Answer) -> String {
    let text = page.text();
    let style = Regex::new("(?s)<style>.*?</style>|<svg.*?</svg>").expect("a pattern");
    let tags = Regex::new("<[^>]*>").expect("a pattern");
    tags.replace_all(&style.replace_all(&text, ""), " ")
        .replace('\u{a0}', " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

both! {
    async fn the_status_is_a_page_that_loads_and_runs_nothing(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let evil = "<script>alert(1)</script>\" onload=\"x";
        let new = json!({ "projectId": world.project["id"], "number": "01", "title": evil, "plannedOn": "2017-12-15" });
        admin.create("milestones", new).await;
        let status = world.report("status");
        let page = admin.get(&format!("{status}?format=html")).await.expect(200);
        assert_eq!(page.header("content-type"), HTML);
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        let text = page.text();
        for never in ["<script", "<link", "<img", "<iframe", "<object", " style=", " src=", "javascript:", "http://127"] {
            assert!(!text.contains(never), "{never}: {text}");
        }
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x"), "{text}");
        assert!(text.contains("<html lang=\"nb\">") && text.contains("class=\"skip\" href=\"#content\"") && text.contains("scope=\"col\""), "{text}");
        assert_eq!(text.matches("<h1>").count(), 1);
        assert_eq!(text.matches("<style>").count(), 1, "one style, and its hash in the policy");
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(admin.get(&status).header("accept", browser).await.expect(200).bytes, page.bytes);
        admin.get(&format!("{status}?format=html")).if_none_match(&page.etag()).await.expect(304);
        let json = admin.get(&status).await.expect(200);
        assert_ne!(json.etag(), page.etag());
        admin.get(&format!("{status}?format=html")).if_none_match(&json.etag()).await.expect(200);
        admin.get(&format!("{status}?format=html&table=milestones")).await.refused(400, "request.invalid_parameter");
        app.as_nobody().get(&format!("{status}?format=html")).await.refused(401, "auth.required");
        world.as_a(Role::Stranger).await.get(&format!("{status}?format=html")).await.refused(404, "record.not_found");
    }

    async fn a_page_speaks_as_people_do_in_each_language(app: App) {
        let project = app.demo().await;
        let address = format!("/api/v1/projects/{project}/status?format=html");
        let iso = Regex::new(r"\b\d{4}-\d{2}-\d{2}\b").expect("a pattern");
        for (lang, said) in [
            ("nb", ["01.11.2017 – 30.04.2018", "ikke kjent ennå", "15.12.2018", "▲ forfalt", "Budsjett", "omtrent 4,7 årsverk til næring"]),
            ("nn", ["01.11.2017 – 30.04.2018", "ikkje kjent enno", "15.12.2018", "▲ forfallen", "Politisk handsaming", "om lag 4,7"]),
            ("en", ["1 November 2017 – 30 April 2018", "not known yet", "15 December 2018", "▲ overdue", "Political handling", "about 4.7"]),
        ] {
            let page = app.as_admin().with("accept-language", lang).get(&address).await.expect(200);
            assert_eq!(page.header("content-language"), lang);
            let words = words(&page);
            for words_of_it in said {
                assert!(words.contains(words_of_it), "{lang} {words_of_it}: {words}");
            }
            assert!(!iso.is_match(&words), "a date as programs write it: {words}");
        }
    }

    async fn an_observer_reads_on_the_page_what_the_json_says(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        for (number, internal) in [("01", false), ("02", true)] {
            let new = json!({ "projectId": world.project["id"], "number": number, "title": format!("Tilstand {number}"), "internal": internal, "plannedOn": "2030-01-01" });
            admin.create("milestones", new).await;
        }
        let activity = json!({ "projectId": world.project["id"], "title": "Arbeid i det stille", "kind": "other", "startsOn": "2018-01-01" });
        admin.create("activities", activity).await;
        let page = format!("{}?format=html", world.report("status"));
        let (all, seen) = (admin.get(&page).await.expect(200).text(), world.as_a(Role::Observer).await.get(&page).await.expect(200).text());
        for hidden in ["Tilstand 02", "Arbeid i det stille"] {
            assert!(all.contains(hidden) && !seen.contains(hidden), "{hidden}: {seen}");
        }
        assert!(seen.contains("Tilstand 01"), "{seen}");
    }

    async fn a_published_report_shows_what_was_frozen_and_never_today(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let new = json!({ "projectId": world.project["id"], "number": "01", "title": "Slik den het da", "plannedOn": "2017-12-15" });
        let milestone = admin.create("milestones", new).await;
        let hidden = json!({ "projectId": world.project["id"], "number": "02", "title": "Internt", "internal": true, "plannedOn": "2017-12-20" });
        admin.create("milestones", hidden).await;
        let (executive, report) = published(&world).await;
        let first = executive.get(&address(&report)).header("accept", "text/html").await.expect(200);
        let moved = json!({ "title": "Slik den heter nå", "plannedOn": "2018-02-01" });
        admin.change("milestones", &milestone, moved).because("Sykdom").await.expect(200);
        let page = executive.get(&format!("{}?format=html", address(&report))).await.expect(200);
        assert_eq!(page.bytes, first.bytes, "nothing reaches it");
        let said = words(&page);
        let sha256 = report["sha256"].as_str().expect("a hash");
        for part in ["Statusrapport 01.11.2017 – 31.12.2017", "Slik den het da", "15.12.2017", "◐ gul", "▲ verre", "Én milepæl er flyttet", "Møtt 20.11.2017", sha256, "Internt"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(page.text().contains("<svg") && !page.text().contains("Slik den heter nå"), "{said}");
        let snapshot = format!("{}/snapshot", address(&report));
        assert_eq!(executive.get(&format!("{snapshot}?format=html")).await.expect(200).bytes, page.bytes);
        assert_eq!(executive.get(&snapshot).header("accept", "text/html").await.expect(200).bytes, page.bytes);
        executive.get(&format!("{snapshot}?format=html")).if_none_match(&page.etag()).await.expect(304);
        executive.get(&snapshot).header("accept", "text/csv").await.refused(406, "request.not_acceptable");
        let observer = world.as_a(Role::Observer).await;
        let seen = words(&observer.get(&format!("{}?format=html", address(&report))).await.expect(200));
        let public = report["publicSha256"].as_str().expect("a hash");
        assert!(seen.contains("Slik den het da") && seen.contains(public) && !seen.contains("Internt"), "{seen}");
        let english = executive.with("accept-language", "en").get(&format!("{}?format=html", address(&report))).await.expect(200);
        assert!(english.text().contains("lang=\"nb\""), "what was written in Norwegian is marked so: {english}");
    }

    async fn a_draft_is_a_page_that_says_that_it_is_one(app: App) {
        let world = app.world().await;
        let new = json!({ "projectId": world.project["id"], "periodFrom": "2017-11-01", "periodTo": "2017-12-31", "next": "Workshop" });
        let draft = app.as_admin().create("status-reports", new).await;
        let page = app.as_admin().get(&format!("{}?format=html", address(&draft))).await.expect(200);
        let said = words(&page);
        for part in ["utkast", "Ikke publisert", "Workshop", "ikke kjent ennå", "Næringsvennlig region – forprosjekt"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let json = app.as_admin().get(&address(&draft)).await.expect(200);
        assert_eq!((json.etag().as_str(), json.header("content-type")), ("\"1\"", "application/json"));
        app.as_admin().get(&format!("{}?format=csv", address(&draft))).await.refused(400, "request.invalid_parameter");
        world.as_a(Role::Observer).await.get(&format!("{}?format=html", address(&draft))).await.refused(404, "record.not_found");
    }
}

/// Opens a page at both widths and on paper; the server answers others meanwhile.
async fn look_at(browser: &Arc<Browser>, page: Answer, name: &'static str) {
    let browser = Arc::clone(browser);
    tokio::task::spawn_blocking(move || looked_at(&browser, &page, name)).await.expect("it looks right");
}

fn looked_at(browser: &Browser, page: &Answer, name: &str) {
    let again = served_again(page);
    assert_eq!(browser.complaints(&again), Vec::<String>::new(), "{name}");
    for width in [390, 1280] {
        let measured = browser.measured(&page.text(), width);
        assert_eq!((measured.width, measured.faults.as_str()), (width, ""), "{name} at {width}");
        assert!(measured.words > 10, "{name} at {width} shows its picture: {measured:?}");
        let picture = browser.pictured(&again, &format!("{name}-{width}.png"), (width, 2400));
        assert!(picture.starts_with(b"\x89PNG") && picture.len() > 20_000, "{name} at {width}");
    }
    let paper = browser.printed(&again);
    assert!(paper.starts_with(b"%PDF-") && paper.len() > 10_000, "{name} on paper");
    if let Some(folder) = std::env::var_os("FRAMDRIFT_SCREENSHOTS") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), &paper).expect("it can be kept");
    }
}

/// Looks at the status of the demo project. Looking does not depend on the engine, and takes its time: it is done on one.
fn status_looks_right(lang: &'static str, name: &'static str) {
    let Some(browser) = Browser::find().map(Arc::new) else { return };
    support::run(support::Engine::Sqlite, async |app: App| {
        let status = format!("/api/v1/projects/{}/status?format=html", app.demo().await);
        let page = app.as_admin().with("accept-language", lang).get(&status).await.expect(200);
        look_at(&browser, page, name).await;
    });
}

#[test]
fn the_status_looks_right_in_a_browser() {
    status_looks_right("nb", "status-nb");
}

#[test]
fn the_status_looks_right_in_english() {
    status_looks_right("en", "status-en");
}

#[test]
fn a_report_looks_right_in_a_browser() {
    let Some(browser) = Browser::find().map(Arc::new) else { return };
    support::run(support::Engine::Sqlite, async |app: App| {
        let world = app.world().await;
        let admin = app.as_admin();
        for (number, planned, met) in
            [("01", "2017-11-15", Some("2017-11-20")), ("02", "2017-12-15", None), ("03", "2018-02-01", None)]
        {
            let title = "Tilstanden som er nådd når alle fire kommunestyrene har sagt sitt om avtaleverket";
            let new = json!({ "projectId": world.project["id"], "number": number, "title": title, "plannedOn": planned, "metOn": met });
            let milestone = admin.create("milestones", new).await;
            if met.is_none() {
                let moved = json!({ "plannedOn": "2018-01-10", "forecastOn": "2018-01-12" });
                admin.change("milestones", &milestone, moved).because("Sykdom").await.expect(200);
            }
        }
        let (executive, report) = published(&world).await;
        let page = executive.get(&format!("{}?format=html", address(&report))).await.expect(200);
        look_at(&browser, page, "report").await;
    });
}

#[test]
fn the_documentation_opens_without_a_complaint() {
    let Some(browser) = Browser::find() else { return };
    support::run(support::Engine::Sqlite, async |app: App| {
        let docs = format!("http://{}/docs/", app.address);
        // The server answers on this thread's runtime, so the browser gets one of its own.
        let complaints = tokio::task::spawn_blocking(move || browser.complaints(&docs)).await.expect("it ends");
        assert_eq!(complaints, Vec::<String>::new());
    });
}
