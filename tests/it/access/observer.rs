//! What an observer sees, field by field: canaries stand in everything else, and no answer has one.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::{Cursor, Read};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use framdrift::access::observed;
use framdrift::access::{Area, Role as Seat, Sight, policy};
use framdrift::facts::{Facts, Field, Kind};
use framdrift::routes;
use serde_json::{Value, json};
use support::{Answer, Client, Role, World, both, document};
use zip::ZipArchive;

use super::golden::compare;

/// What stands in hidden text.
const CANARY: &str = "kanarifugl";

#[test]
fn the_list_of_what_observers_see_is_the_one_that_is_kept() {
    let mut table = String::from("What an observer sees of a project, field by field; everything else is hidden.\n\n");
    for facts in of_projects() {
        let shown: Vec<&str> = names(facts, true);
        let hidden: Vec<&str> = names(facts, false);
        let rows = match (observed::shows_some(facts), facts.published) {
            (false, _) => "none".to_owned(),
            (true, None) => "all".to_owned(),
            (true, Some(sql)) => format!("where {sql}"),
        };
        let _ = writeln!(table, "{}\n  rows    {rows}", facts.path);
        if observed::shows_some(facts) {
            let _ = writeln!(table, "  shown   {}\n  hidden  {}", shown.join(" "), hidden.join(" "));
        }
    }
    compare("observed.txt", &table);
}

#[test]
fn what_is_hidden_can_be_left_out_and_what_is_listed_exists() {
    let known: BTreeSet<&str> = of_projects().map(|facts| facts.path).collect();
    for (path, fields) in observed::FIELDS {
        assert!(known.contains(path), "{path} is no collection of a project");
        let facts = of_projects().find(|facts| facts.path == path).expect("a collection");
        let sight = policy::rights(Seat::Observer, facts.area).sight;
        assert_eq!(sight, Sight::Published, "{path} is on the list, and its area is not");
        for field in fields {
            assert!(facts.field(field).is_some(), "{path} has no {field}");
        }
        for field in facts.fields.iter().filter(|field| !observed::shows(facts, &field.name)) {
            assert!(field.nullable || field.schema["type"] == "array", "{path}.{} cannot be left out", field.name);
        }
    }
}

both! {
    async fn no_answer_to_an_observer_has_what_is_hidden(app: App) {
        let world = app.world().await;
        let planted = plant(&world).await;
        assert!(planted > 60, "{planted} canaries were planted");
        // The manager meets them: the test would find one.
        let manager = world.as_a(Role::Manager).await;
        assert!(has(&manager.get("/api/v1/documents?limit=200").await.expect(200)));
        assert!(has(&manager.get("/api/v1/documents?limit=200&format=xlsx").await.expect(200)));
        for role in [Role::Observer, Role::ReferenceMember] {
            let client = world.as_a(role).await;
            for address in addresses(&world).await {
                let answer = client.get(&address).await;
                assert!(!has(&answer), "{role:?} was told what is hidden by {answer}");
            }
        }
    }

    async fn what_is_hidden_cannot_be_told_by_order_filter_or_search(app: App) {
        let world = app.world().await;
        plant(&world).await;
        let observer = world.as_a(Role::Observer).await;
        let admin = app.as_admin();
        let mut tried = 0;
        for facts in of_projects().filter(|facts| observed::shows_some(facts)) {
            let list = format!("/api/v1/{}?limit=200", facts.path);
            let in_order = ids(&observer, &format!("{list}&sort=id")).await;
            let all = admin.get(&list).await.expect(200);
            for field in facts.fields.iter().filter(|field| field.listable() && !observed::shows(facts, &field.name)) {
                let name = &field.name;
                for sort in [format!("{name},id"), format!("-{name},id")] {
                    assert_eq!(ids(&observer, &format!("{list}&sort={sort}")).await, in_order, "{} by {sort}", facts.path);
                }
                let nothing = observer.get(&format!("{list}&{name}=null&count=true")).await.expect(200);
                assert_eq!(nothing["total"], in_order.len(), "{}: to the observer {name} says nothing", facts.path);
                for value in all.items().iter().map(|record| &record[name]).filter(|value| !value.is_null()) {
                    for parameter in said(field, value) {
                        let found = observer.get(&format!("{list}&{parameter}&count=true")).await.expect(200);
                        assert_eq!(found["total"], 0, "{} told by {parameter}: {found}", facts.path);
                        tried += 1;
                    }
                }
                for record in observer.get(&format!("{list}&fields={name}")).await.expect(200).items() {
                    assert!(record[name].is_null() || record[name] == json!([]), "{}.{name}: {record}", facts.path);
                }
                if in_order.len() > 1 {
                    let page = observer.get(&format!("/api/v1/{}?limit=1&sort={name}", facts.path)).await.expect(200);
                    let cursor = page["next"].as_str().expect("there is a next page");
                    let inside = URL_SAFE_NO_PAD.decode(cursor).expect("a cursor is base64");
                    assert!(!String::from_utf8_lossy(&inside).contains(CANARY), "{}.{name} in a cursor", facts.path);
                }
            }
            let found = observer.get(&format!("{list}&q={CANARY}&count=true")).await.expect(200);
            assert_eq!((found.items().len(), &found["total"]), (0, &json!(0)), "{}", facts.path);
        }
        assert!(tried > 40, "{tried} were tried");
    }

    async fn who_observes_one_project_and_runs_another_sees_all_of_that_one(app: App) {
        let (watched, run) = (app.world().await, app.world().await);
        let member = watched.member(Role::Observer).await;
        let seat = json!({ "projectId": run.project["id"], "personId": member.person["id"], "role": "project_manager" });
        app.as_admin().create("assignments", seat).await;
        let (part, whole) = (watched.make("project-parties").await, run.make("project-parties").await);
        let list = member.client.get("/api/v1/project-parties?limit=200&sort=-note,id").await.expect(200);
        let note = |record: &Value| {
            list.items().iter().find(|item| item["id"] == record["id"]).map(|item| item["note"].clone())
        };
        assert_eq!((note(&part), note(&whole)), (Some(Value::Null), Some(whole["note"].clone())), "{list}");
        let found = |word: &str| format!("/api/v1/project-parties?q={word}&projectId={}", word_project(&run));
        assert!(!member.client.get(&found("arbeidsgruppa")).await.expect(200).items().is_empty());
    }
}

fn word_project(world: &World) -> &str {
    world.project["id"].as_str().unwrap_or_default()
}

/// Every resource of a project, and projects themselves.
fn of_projects() -> impl Iterator<Item = &'static Facts> {
    let all = routes::resources().iter().map(|resource| resource.facts);
    all.filter(|facts| (facts.of_project || facts.path == "projects") && Area::PROJECT.contains(&facts.area))
}

fn names(facts: &'static Facts, shown: bool) -> Vec<&'static str> {
    let fields = facts.fields.iter().filter(|field| observed::shows(facts, &field.name) == shown);
    fields.map(|field| field.name.as_str()).collect()
}

/// Text fields that take any text.
fn free_text(field: &Field) -> bool {
    field.kind == Kind::Text && field.schema["pattern"].is_null() && field.schema["format"].is_null()
}

/// What a finding or a sum may name although its record is not listed: what is done, and under which heading.
const NAMED: [(&str, &str); 4] =
    [("activities", "title"), ("activities", "number"), ("finding-waivers", "reason"), ("finding-waivers", "pointer")];

/// Puts a canary into everything that an observer must not see, of every resource, and answers how many.
async fn plant(world: &World) -> usize {
    let admin = world.as_admin();
    let mut planted = 0;
    for facts in of_projects().filter(|facts| facts.path != "projects" && !facts.read_only) {
        let rounds = if matches!(facts.path, "report-signatures") { 1 } else { 2 };
        for _ in 0..rounds {
            let mut body = world.body(facts.path).await;
            if facts.path == "documents" {
                body["access"] = json!("public");
                body["exemptionBasis"] = Value::Null;
            }
            planted += sing(facts, &mut body, !observed::shows_some(facts), world.next());
            admin.create(facts.path, body).await;
        }
        if let Some(hidden) = unpublished(facts.path) {
            let mut body = world.body(facts.path).await;
            for (name, value) in hidden.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            planted += sing(facts, &mut body, true, world.next());
            admin.create(facts.path, body).await;
        }
    }
    planted += plant_inner(world).await;
    let own = json!({ "background": CANARY, "scope": CANARY, "exclusions": CANARY, "constraints": CANARY });
    let project = admin.read("projects", &world.project).await;
    admin.change("projects", &project, own).because(CANARY).await.expect(200);
    planted + 5
}

/// Canaries in the text of a body: in what is hidden, or in all of it.
fn sing(facts: &Facts, body: &mut Value, all: bool, n: u32) -> usize {
    let mut planted = 0;
    for field in facts.writable().filter(|field| free_text(field)) {
        let named = NAMED.contains(&(facts.path, field.name.as_str()));
        let longest = field.schema["maxLength"].as_u64().unwrap_or(200);
        if body[&field.name].is_string() && longest >= 20 && !named && (all || !observed::shows(facts, &field.name)) {
            body[&field.name] = format!("{CANARY} {n}").into();
            planted += 1;
        }
    }
    planted
}

/// What keeps a record of a collection from those who see what is published.
fn unpublished(path: &str) -> Option<Value> {
    Some(match path {
        "milestones" => json!({ "internal": true }),
        "documents" => json!({ "status": "draft", "adoptedOn": null, "access": "public", "exemptionBasis": null }),
        "meetings" => json!({ "kind": "project_group" }),
        "budgets" => json!({ "status": "indicative" }),
        "funding-sources" => {
            json!({ "state": "rejected", "acceptDueOn": null, "acceptedOn": null, "reportDueOn": null, "reportedOn": null })
        }
        // A draft, and a key that nobody has adopted.
        "status-reports" | "cost-keys" => json!({}),
        "agreements" => json!({ "validFrom": null, "validTo": null }),
        "political-steps" => json!({ "outcome": null, "isFinal": false, "conditions": null }),
        _ => return None,
    })
}

/// What is hidden because of what it is in: a meeting of the project group, a budget that does not bind; an exempt
/// document; and contact details.
async fn plant_inner(world: &World) -> usize {
    let admin = world.as_admin();
    let mut planted = 0;
    let mut meeting = world.body("meetings").await;
    meeting["kind"] = json!("coordination");
    let meeting = admin.create("meetings", meeting).await;
    let mut budget = world.body("budgets").await;
    budget["status"] = json!("indicative");
    let budget = admin.create("budgets", budget).await;
    for (path, field, of) in [
        ("agenda-items", "meetingId", &meeting),
        ("resolutions", "meetingId", &meeting),
        ("action-items", "meetingId", &meeting),
        ("budget-lines", "budgetId", &budget),
    ] {
        let facts = of_projects().find(|facts| facts.path == path).expect("a collection");
        let mut body = world.body(path).await;
        body[field] = of["id"].clone();
        planted += sing(facts, &mut body, true, world.next());
        admin.create(path, body).await;
    }
    let mut exempt = world.body("documents").await;
    exempt["title"] = json!(CANARY);
    admin.create("documents", exempt).await;
    for role in ["project_manager", "steering_group_chair"] {
        let person = json!({
            "givenName": "Kari", "familyName": "Nordmann", "email": format!("{CANARY}{}@a.example", world.next()),
            "phone": "+47 00 00 00 01",
        });
        let person = admin.create("people", person).await;
        let seat = json!({ "projectId": world.project["id"], "personId": person["id"], "role": role });
        admin.create("assignments", seat).await;
        planted += 1;
    }
    planted + 1
}

async fn ids(client: &Client, list: &str) -> Vec<String> {
    client.get(list).await.expect(200).ids().into_iter().map(str::to_owned).collect()
}

/// Parameters of a list that ask for a value of a field.
fn said(field: &Field, value: &Value) -> Vec<String> {
    let text = match value {
        Value::String(text) => text.replace('\\', "\\\\").replace(',', "\\,"),
        Value::Object(_) | Value::Array(_) => return Vec::new(),
        other => other.to_string(),
    };
    let text: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let exact = format!("{}={text}", field.name);
    match field.kind {
        Kind::Integer | Kind::Decimal { .. } | Kind::Date | Kind::Instant => {
            vec![exact, format!("{}.gte={text}", field.name), format!("{}.lte={text}", field.name)]
        }
        _ => vec![exact],
    }
}

/// Every address that the client can read, in every form: lists in every order, with every field and every expansion,
/// records, histories, reports, documents, the feed; as JSON, CSV, XLSX, HTML and SVG.
async fn addresses(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for (method, path) in document::operations() {
        if method != "GET" || path.ends_with("/snapshot") {
            continue;
        }
        let collection = path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
        let resource = routes::resources().iter().map(|resource| resource.facts).find(|facts| facts.path == collection);
        let at = match (path.contains("{id}"), collection) {
            (false, _) => vec![path.replace("{code}", "record.not_found")],
            (true, "projects") => vec![path.replace("{id}", word_project(world))],
            (true, "programmes") => vec![path.replace("{id}", world.programme["id"].as_str().unwrap_or_default())],
            (true, "regions") => vec![path.replace("{id}", world.region["id"].as_str().unwrap_or_default())],
            (true, _) => {
                // Everything that there is: what the client does not see is asked for too.
                let there = world.as_admin().get(&format!("/api/v1/{collection}?limit=200")).await.expect(200);
                there.ids().into_iter().take(3).map(|id| path.replace("{id}", id)).collect()
            }
        };
        for address in at {
            let since = if path.ends_with("/changes") { "?since=2000-01-01" } else { "" };
            let join = if since.is_empty() { '?' } else { '&' };
            all.push(format!("{address}{since}"));
            let operation = &document::document()["paths"][&path]["get"];
            let takes = |name: &str| {
                let mut parameters = operation["parameters"].as_array().into_iter().flatten();
                parameters.any(|one| {
                    let shared = one["$ref"].as_str().and_then(|to| to.rsplit('/').next());
                    one["name"] == name || shared == Some(name)
                })
            };
            if takes("format") {
                for format in ["csv", "xlsx", "html", "svg"] {
                    all.push(format!("{address}{since}{join}format={format}"));
                }
            }
            if takes("table") {
                let tables =
                    operation["parameters"].as_array().into_iter().flatten().find(|one| one["name"] == "table");
                for table in tables.and_then(|one| one["schema"]["enum"].as_array()).into_iter().flatten() {
                    all.push(format!("{address}{since}{join}format=csv&table={}", table.as_str().unwrap_or_default()));
                }
            }
            if takes("asOf") {
                all.push(format!("{address}{since}{join}asOf={}", chrono::Utc::now().format("%Y-%m-%d")));
            }
            if takes("expand") {
                let facts = resource.expect("what is expanded is of a collection");
                for reference in &facts.references {
                    let name = reference.field.trim_end_matches("Id");
                    all.push(format!("{address}?expand={name}"));
                }
            }
        }
        if let Some(facts) = resource.filter(|facts| path == format!("/api/v1/{}", facts.path)) {
            let fields: Vec<&str> = facts.fields.iter().map(|field| field.name.as_str()).collect();
            all.push(format!("{path}?limit=200&fields={}", fields.join(",")));
            all.push(format!("{path}?limit=2&sort=-updatedAt&count=true"));
        }
    }
    all
}

/// Whether an answer has a canary in it: in its fields, its body, or inside a workbook.
fn has(answer: &Answer) -> bool {
    let in_fields = answer.headers.values().any(|value| String::from_utf8_lossy(value.as_bytes()).contains(CANARY));
    let mut texts = vec![answer.text()];
    if answer.bytes.starts_with(b"PK") {
        let mut archive = ZipArchive::new(Cursor::new(&answer.bytes)).expect("a workbook is a ZIP");
        for place in 0..archive.len() {
            let mut part = Vec::new();
            archive.by_index(place).expect("a part").read_to_end(&mut part).expect("a part is read");
            texts.push(String::from_utf8_lossy(&part).into_owned());
        }
    }
    in_fields || texts.iter().any(|text| text.contains(CANARY))
}
