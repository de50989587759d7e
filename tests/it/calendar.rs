//! Calendars and feeds: what other programs read, with a token or by a secret link.

use std::collections::BTreeMap;

use icalendar::parser::{Property, read_calendar, unfold};
use roxmltree::{Document, Node};
use serde_json::{Value, json};
use support::{Answer, Client, Role, World, both};

type Properties = BTreeMap<String, String>;

fn named(properties: &[Property<'_>]) -> Properties {
    properties.iter().map(|one| (one.name.as_str().to_owned(), one.val.as_str().to_owned())).collect()
}

/// The properties of a calendar, and of each of its events by its name; read by a parser that is not ours.
fn parsed(answer: &Answer) -> (Properties, BTreeMap<String, Properties>) {
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let text = answer.text();
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "a line is too long: {text}");
    let unfolded = unfold(&text);
    let calendar = read_calendar(&unfolded).unwrap_or_else(|error| panic!("{error}: {text}"));
    let events = calendar.components.iter().map(|event| {
        assert_eq!(event.name.as_str(), "VEVENT");
        let properties = named(&event.properties);
        for required in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"] {
            assert!(properties.contains_key(required), "{required}: {properties:?}");
        }
        (properties["UID"].clone(), properties)
    });
    (named(&calendar.properties), events.collect())
}

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an identifier")
}

fn uid(kind: &str, record: &Value) -> String {
    format!("{kind}-{}@framdrift", id(record))
}

/// A milestone that observers see, one that they do not, a decision point, meetings, and a case in a municipality.
async fn planned(world: &World) -> BTreeMap<&'static str, Value> {
    let admin = world.as_admin();
    let project = &world.project["id"];
    let milestone = |number: &str, internal: bool| {
        json!({
            "projectId": project, "number": number, "title": "Avtaler, budsjett; og \\ annet\npå to linjer, så langt at linja må brettes: æøå",
            "plannedOn": "2017-12-31", "internal": internal,
        })
    };
    let meeting = |kind: &str, status: &str| {
        json!({
            "projectId": project, "kind": kind, "title": "Møte", "startsAt": "2017-12-07T09:00:00Z", "endsAt": "2017-12-07T11:30:00Z",
            "place": "Kommunehuset, Setermoen", "status": status,
        })
    };
    let matter = json!({ "projectId": project, "subject": "budget", "title": "Budsjett 2018" });
    let matter = admin.create("matters", matter).await;
    let case = json!({
        "projectId": project, "matterId": matter["id"], "organisationId": world.municipality["id"],
        "windowFrom": "2017-11-01", "windowTo": "2017-11-30",
    });
    let point = json!({ "projectId": project, "number": "1", "theme": "Prosjektstart", "plannedOn": "2017-11-01" });
    BTreeMap::from([
        ("open", admin.create("milestones", milestone("01", false)).await),
        ("internal", admin.create("milestones", milestone("02", true)).await),
        ("steering", admin.create("meetings", meeting("steering_group", "planned")).await),
        ("working", admin.create("meetings", meeting("project_group", "planned")).await),
        ("cancelled", admin.create("meetings", meeting("workshop", "cancelled")).await),
        ("point", admin.create("decision-points", point).await),
        ("case", admin.create("political-cases", case).await),
    ])
}

/// The path of an address that the service gave.
fn path(address: &Value) -> String {
    let address = address.as_str().expect("an address");
    let (_, rest) = address.split_once("://").expect("a scheme");
    format!("/{}", rest.split_once('/').expect("a path").1)
}

async fn link(client: &Client, world: &World, body: Value) -> Answer {
    client.post(&world.report("calendar-links"), body).await.expect(201)
}

async fn published(executive: &Client, new: Value) -> Value {
    let report = executive.create("status-reports", new).await;
    for method in ["submit", "approve", "publish"] {
        let current = executive.read("status-reports", &report).await;
        let address = format!("/api/v1/status-reports/{}/{method}", id(&report));
        executive.post(&address, json!({})).if_match(&format!("\"{}\"", current["version"])).await.expect(200);
    }
    executive.read("status-reports", &report).await
}

both! {
    async fn a_calendar_updates_in_place(app: App) {
        let world = app.world().await;
        let admin = app.as_admin();
        let plan = planned(&world).await;
        let address = world.report("calendar.ics");
        let answer = admin.get(&address).await.expect(200);
        let (head, events) = parsed(&answer);
        let said = |of: &Properties, name: &str| of[name].clone();
        assert_eq!([said(&head, "VERSION"), said(&head, "METHOD"), said(&head, "REFRESH-INTERVAL")], ["2.0", "PUBLISH", "PT1H"]);
        assert_eq!(head["X-WR-CALNAME"], "Framdrift: Næringsvennlig region – forprosjekt");
        assert_eq!(events.len(), 7, "{events:?}");
        let first = &events[&uid("milestone", &plan["open"])];
        assert_eq!([said(first, "DTSTART"), said(first, "DTEND"), said(first, "SEQUENCE")], ["20171231", "20180101", "1"]);
        let title = plan["open"]["title"].as_str().expect("a title");
        assert_eq!(first["SUMMARY"], format!("Milepæl 01 {title}"), "read as it was written");
        let meeting = &events[&uid("meeting", &plan["steering"])];
        assert_eq!([said(meeting, "DTSTART"), said(meeting, "DTEND"), said(meeting, "STATUS")], ["20171207T090000Z", "20171207T113000Z", "TENTATIVE"]);
        assert_eq!(meeting["LOCATION"], "Kommunehuset, Setermoen");
        assert_eq!(events[&uid("meeting", &plan["cancelled"])]["STATUS"], "CANCELLED");
        let window = &events[&uid("political_case", &plan["case"])];
        assert_eq!([said(window, "DTSTART"), said(window, "DTEND")], ["20171101", "20171201"]);
        assert_eq!(events[&uid("decision_point", &plan["point"])]["SUMMARY"], "Beslutningspunkt 1 Prosjektstart");

        admin.get(&address).if_none_match(&answer.etag()).await.expect(304);
        admin.change("milestones", &plan["open"], json!({ "forecastOn": "2018-01-15" })).await.expect(200);
        let newer = admin.get(&address).if_none_match(&answer.etag()).await.expect(200);
        let second = parsed(&newer).1[&uid("milestone", &plan["open"])].clone();
        assert_eq!([said(&second, "SEQUENCE"), said(&second, "DTSTART")], ["2", "20180115"]);
        assert!(second["DTSTAMP"] >= first["DTSTAMP"], "{second:?}");
        let english = admin.with("accept-language", "en").get(&address).await.expect(200);
        assert!(english.text().contains("Milestone 01") && english.etag() != newer.etag());
        admin.get(&format!("{address}?format=csv")).await.refused(400, "request.unknown_parameter");
        app.as_nobody().get(&address).await.refused(401, "auth.required");
        world.as_a(Role::Stranger).await.get(&address).await.refused(404, "record.not_found");
    }

    async fn a_secret_link_shows_what_observers_see_until_it_is_revoked(app: App) {
        let world = app.world().await;
        let plan = planned(&world).await;
        let manager = world.as_a(Role::Manager).await;
        let made = link(&manager, &world, json!({ "name": "Outlook på jobb", "language": "en" })).await;
        assert_eq!(made.header("cache-control"), "no-store");
        let address = path(&made["url"]);
        let token = address.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
        assert_eq!(token.len(), 43, "256 bits: {made}");
        let nobody = app.as_nobody();
        let answer = nobody.get(&address).await.expect(200);
        let (_, events) = parsed(&answer);
        let there = |record: &Value| events.keys().any(|uid| uid.contains(id(record)));
        let seen: Vec<&str> = plan.iter().filter(|(_, record)| there(record)).map(|(name, _)| *name).collect();
        assert_eq!(seen, ["cancelled", "case", "open", "point", "steering"], "no working meeting, nothing internal");
        assert!(answer.text().contains("Milestone 01") && answer.header("content-language") == "en");
        nobody.get(&address).if_none_match(&answer.etag()).await.expect(304);
        let observer = parsed(&world.as_a(Role::Observer).await.get(&world.report("calendar.ics")).await.expect(200)).1;
        assert_eq!(observer.keys().collect::<Vec<_>>(), events.keys().collect::<Vec<_>>(), "what an observer sees, no less and no more");
        let listed = manager.get(&world.report("calendar-links")).await.expect(200);
        assert_eq!((listed.items().len(), &listed.items()[0]["name"]), (1, &json!("Outlook på jobb")));
        assert!(!listed.text().contains(&token) && !listed.text().contains("ha256"), "{listed}");
        nobody.get("/calendar/qL8R4QIcQ0ZsRzOAbcRfYhmRHhvtN5Wc1b8Txg3f9nE.ics").await.refused(404, "record.not_found");
        nobody.get(&format!("{address}?x=1")).await.refused(400, "request.unknown_parameter");
        let again = async || {
            let asked = manager.post(&world.report("calendar-links"), json!({ "name": "Telefon" }));
            asked.header("idempotency-key", "a-telephone").await.expect(201)
        };
        let (first, second) = (again().await, again().await);
        assert_eq!((&first["url"], second.header("idempotent-replayed")), (&second["url"], "true"), "a lost answer is told again");
        nobody.get(&path(&second["url"])).await.expect(200);
        let link = format!("/api/v1/calendar-links/{}", made.id());
        manager.delete(&link).await.expect(204);
        nobody.get(&address).await.refused(404, "record.not_found");
        nobody.get(&path(&made["feedUrl"])).await.refused(404, "record.not_found");
        manager.delete(&link).await.refused(404, "record.not_found");
    }

    async fn a_link_ends_with_the_sight_of_its_maker(app: App) {
        let world = app.world().await;
        let member = world.member(Role::Observer).await;
        let made = link(&member.client, &world, json!({})).await;
        assert_eq!((&made["language"], &made["name"]), (&json!("nb"), &json!(null)));
        let address = path(&made["url"]);
        app.as_nobody().get(&address).await.expect(200);
        app.as_admin().remove("assignments", &member.reason).await.expect(204);
        app.as_nobody().get(&address).await.refused(404, "record.not_found");
    }

    async fn a_link_is_its_makers_and_who_writes_the_project_may_revoke_it(app: App) {
        let world = app.world().await;
        let (observer, other) = (world.as_a(Role::Observer).await, world.as_a(Role::SteeringMember).await);
        let (manager, stranger) = (world.as_a(Role::Manager).await, world.as_a(Role::Stranger).await);
        let made = link(&observer, &world, json!({ "name": "Telefon" })).await;
        let address = format!("/api/v1/calendar-links/{}", made.id());
        let count = async |client: &Client| client.get(&world.report("calendar-links")).await.expect(200).items().len();
        assert_eq!((count(&observer).await, count(&other).await, count(&manager).await), (1, 0, 1));
        for foreign in [&other, &stranger] {
            foreign.delete(&address).await.refused(404, "record.not_found");
        }
        app.as_nobody().delete(&address).await.refused(401, "auth.required");
        stranger.post(&world.report("calendar-links"), json!({})).await.refused(404, "record.not_found");
        stranger.get(&world.report("calendar-links")).await.refused(404, "record.not_found");
        app.as_nobody().post(&world.report("calendar-links"), json!({})).await.refused(401, "auth.required");
        observer.post(&world.report("calendar-links"), json!({ "colour": "blue" })).await.faulted("/colour", "");
        observer.post(&world.report("calendar-links"), json!({ "language": "de" })).await.faulted("/language", "");
        for _ in 1..20 {
            link(&observer, &world, json!({})).await;
        }
        observer.post(&world.report("calendar-links"), json!({})).await.faulted("", "limit_reached");
        manager.delete(&address).await.expect(204);
        assert_eq!(count(&observer).await, 19);
        let document = app.as_admin().get(&world.report("document")).await.expect(200);
        assert!(!document.text().contains("calendar"), "a link is no part of the project: {document}");
        // It ends with the sight of the user who made it, so a machine has none.
        let machine = world.as_machine(&["framdrift:write"]).await;
        machine.post(&world.report("calendar-links"), json!({})).await.refused(403, "access.forbidden");
    }

    async fn published_reports_are_a_feed(app: App) {
        let world = app.world().await;
        world.member(Role::SteeringMember).await;
        world.member(Role::Manager).await;
        let executive = world.as_a(Role::Executive).await;
        let empty = executive.get(&world.report("reports.atom")).await.expect(200);
        assert_eq!(empty.header("content-type"), "application/atom+xml; charset=utf-8");
        let new = |achieved: &str, older: &Value| json!({
            "projectId": world.project["id"], "periodFrom": "2017-11-01", "periodTo": "2017-12-31", "achieved": achieved, "supersedesId": older,
        });
        let first = published(&executive, new("Møtt <b> & ferdig 2017-11-20", &Value::Null)).await;
        let second = published(&executive, new("Rettet", &first["id"])).await;
        executive.post("/api/v1/status-reports", new("Utkast som ingen skal se", &Value::Null)).await.expect(201);
        let feed = executive.get(&world.report("reports.atom")).if_none_match(&empty.etag()).await.expect(200);
        let text = feed.text();
        let parsed = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let root = parsed.root_element();
        let urn = |record: &Value| format!("urn:uuid:{}", id(record));
        let entries: Vec<Node<'_, '_>> = root.children().filter(|node| node.has_tag_name((ATOM, "entry"))).collect();
        assert_eq!(entries.iter().map(|entry| said(*entry, "id")).collect::<Vec<_>>(), [urn(&second), urn(&first)], "{text}");
        assert_eq!((json!(said(entries[1], "updated")), said(root, "id")), (first["publishedAt"].clone(), urn(&world.project)));
        assert_eq!(said(root, "updated"), said(entries[0], "updated"), "{text}");
        assert_eq!(said(entries[1], "title"), "Statusrapport 01.11.2017 – 31.12.2017");
        assert!(said(entries[1], "summary").contains("Møtt <b> & ferdig 20.11.2017") && !text.contains("Utkast"), "{text}");
        assert!(linked(entries[0], "predecessor-version").ends_with(id(&first)), "{text}");
        assert!(linked(entries[0], "alternate").ends_with("?format=html") && linked(root, "self").ends_with("/reports.atom"), "{text}");
        let observer = world.as_a(Role::Observer).await;
        assert_eq!(observer.get(&world.report("reports.atom")).await.expect(200).bytes, feed.bytes);
        let made = link(&observer, &world, json!({})).await;
        let behind = app.as_nobody().get(&path(&made["feedUrl"])).await.expect(200);
        assert_eq!(behind.text().matches("<entry>").count(), 2, "{behind}");
        app.as_nobody().get(&path(&made["feedUrl"])).if_none_match(&behind.etag()).await.expect(304);
        world.as_a(Role::Stranger).await.get(&world.report("reports.atom")).await.refused(404, "record.not_found");
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn said(node: Node<'_, '_>, name: &str) -> String {
    let found = node.children().find(|child| child.has_tag_name((ATOM, name)));
    found.and_then(|child| child.text().map(str::to_owned)).unwrap_or_default()
}

fn linked(node: Node<'_, '_>, relation: &str) -> String {
    let found = node.children().find(|child| child.attribute("rel") == Some(relation));
    found.and_then(|link| link.attribute("href").map(str::to_owned)).unwrap_or_default()
}
