//! What another project has is not told by any way around: in bodies, filters, expansions, batches, cursors, tags, keys.

use framdrift::access::Area;
use framdrift::facts::{self, Facts, Kind};
use framdrift::routes;
use serde_json::{Value, json};
use support::{Answer, Client, Role, World, both};

use super::same::{NOTHING, assert_same};

/// A manager of one project, and a record of every kind in the project of others.
pub struct Stage {
    /// Where the manager is one.
    pub own: World,
    /// The project of others.
    pub foreign: World,
    /// The manager.
    pub manager: Client,
}

impl Stage {
    /// Makes both projects and the manager.
    pub async fn new(app: &support::App) -> Self {
        let (own, foreign) = (app.world().await, app.world().await);
        let manager = own.as_a(Role::Manager).await;
        Self { own, foreign, manager }
    }
}

/// Asks with an identifier.
type Ask<'a> = Box<dyn Fn(&str) -> support::Request + 'a>;

/// Two answers that tell nothing apart, whatever the identifier was that they were asked with.
#[track_caller]
pub fn same(id: &str, foreign: Answer, nothing: &Answer) {
    let mut foreign = foreign;
    foreign.bytes = foreign.text().replace(id, NOTHING).into_bytes();
    assert_same("the manager of another project", &foreign, nothing);
}

both! {
    async fn no_reference_in_a_body_tells_another_projects_record_from_none(app: App) {
        let stage = Stage::new(&app).await;
        let mut tried = 0;
        for facts in of_projects() {
            let body = stage.own.body(facts.path).await;
            for (pointer, target) in references(facts, &body) {
                // What is open to everybody is no secret.
                let Some(target) = facts::by_path(target).filter(|target| target.of_project || target.path == "projects") else {
                    continue;
                };
                let foreign = stage.foreign.make(target.path).await;
                let id = foreign["id"].as_str().expect("an identifier");
                let with = |id: &str| {
                    let mut body = body.clone();
                    *body.pointer_mut(&pointer).expect("the reference is there") = id.into();
                    body
                };
                let at = format!("/api/v1/{}", facts.path);
                let nothing = stage.manager.post(&at, with(NOTHING)).await;
                let answer = stage.manager.post(&at, with(id)).await;
                assert!(matches!(answer.status, 403 | 404 | 422), "{} {pointer}: {answer}", facts.path);
                same(id, answer, &nothing);
                tried += 1;
            }
        }
        assert!(tried >= 60, "{tried} references were tried");
    }

    async fn no_filter_finds_what_is_anothers(app: App) {
        let stage = Stage::new(&app).await;
        for facts in of_projects() {
            let record = stage.foreign.make(facts.path).await;
            let own = stage.own.make(facts.path).await;
            assert_eq!(stage.manager.get(&format!("/api/v1/{}?id={}", facts.path, text(&own["id"]))).await.expect(200).items().len(), 1);
            for reference in facts.references.iter().filter(|one| facts.field(one.field).is_some_and(|field| field.kind == Kind::Id)) {
                let Some(id) = record[reference.field].as_str() else { continue };
                // Of the directory it may be the own project's as well.
                if !facts::by_path(reference.target).is_some_and(|target| target.of_project || target.path == "projects") {
                    continue;
                }
                let list = |id: &str| format!("/api/v1/{}?{}={id}&count=true", facts.path, reference.field);
                let (foreign, nothing) = (stage.manager.get(&list(id)).await.expect(200), stage.manager.get(&list(NOTHING)).await.expect(200));
                same(id, foreign, &nothing);
            }
            let id = text(&record["id"]);
            let list = |id: &str| format!("/api/v1/{}?id={id}&count=true&sort=-updatedAt&expand=project", facts.path);
            let list = |id: &str| if facts.of_project { list(id) } else { list(id).replace("&expand=project", "") };
            same(id, stage.manager.get(&list(id)).await, &stage.manager.get(&list(NOTHING)).await);
        }
    }

    async fn no_address_no_tag_and_no_key_tells_of_it(app: App) {
        let stage = Stage::new(&app).await;
        let manager = &stage.manager;
        for facts in of_projects() {
            let record = stage.foreign.make(facts.path).await;
            let id = text(&record["id"]);
            let at = |id: &str| format!("/api/v1/{}/{id}", facts.path);
            for tag in ["\"1\"", "*", "W/\"1\""] {
                let ask = |id: &str| manager.get(&at(id)).if_none_match(tag);
                same(id, ask(id).await, &ask(NOTHING).await);
                let write = |id: &str| manager.patch(&at(id), json!({})).if_match(tag);
                same(id, write(id).await, &write(NOTHING).await);
                let delete = |id: &str| manager.delete(&at(id)).if_match(tag);
                same(id, delete(id).await, &delete(NOTHING).await);
            }
            let head = |id: &str| manager.send("HEAD", &at(id));
            same(id, head(id).await, &head(NOTHING).await);
            let history = |id: &str| manager.get(&format!("{}/history", at(id)));
            same(id, history(id).await, &history(NOTHING).await);
            let in_batch = |id: &str| {
                let one = json!({ "method": "PATCH", "path": at(id), "body": {}, "ifMatch": "\"1\"" });
                manager.post("/api/v1/batch", json!({ "operations": [one] }))
            };
            same(id, in_batch(id).await, &in_batch(NOTHING).await);
            let reference = |id: &str| {
                let record = json!({ "kind": facts.kind, "id": id });
                manager.post("/api/v1/external-references", json!({ "system": "a", "key": "b", "record": record }))
            };
            same(id, reference(id).await, &reference(NOTHING).await);
        }
    }

    async fn what_somebody_elses_cursor_and_key_open_stays_shut(app: App) {
        let stage = Stage::new(&app).await;
        let theirs = stage.foreign.as_a(Role::Manager).await;
        for _ in 0..3 {
            stage.foreign.make("risks").await;
            stage.own.make("risks").await;
        }
        let page = theirs.get("/api/v1/risks?limit=1").await.expect(200);
        let cursor = text(&page["next"]);
        stage.manager.get(&format!("/api/v1/risks?limit=1&cursor={cursor}")).await.refused(400, "request.invalid_cursor");
        let risk = stage.foreign.make("risks").await;
        theirs.change("risks", &risk, json!({ "probability": 5 })).await.expect(200);
        let history = format!("/api/v1/risks/{}/history", text(&risk["id"]));
        let cursor = theirs.get(&format!("{history}?limit=1")).await.expect(200)["next"].clone();
        stage.manager.get(&format!("{history}?limit=1&cursor={}", text(&cursor))).await.refused(400, "request.invalid_cursor");
        let body = stage.foreign.body("risks").await;
        theirs.post("/api/v1/risks", body.clone()).header("idempotency-key", "en").await.expect(201);
        let again = stage.manager.post("/api/v1/risks", body).header("idempotency-key", "en").await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (404, ""), "{again}");
    }

    async fn no_method_takes_what_is_anothers(app: App) {
        let stage = Stage::new(&app).await;
        let (own, foreign) = (&stage.own, &stage.foreign);
        let executive = own.as_a(Role::Executive).await;
        let (point, document, report) =
            (own.make("decision-points").await, own.make("documents").await, own.make("report-signatures").await);
        let (resolution, recommendation, budget, milestone) = (
            foreign.make("resolutions").await, foreign.make("recommendations").await, foreign.make("budgets").await,
            foreign.make("milestones").await,
        );
        let published = foreign.make("report-signatures").await["reportId"].clone();
        let (decide, adopt) = (
            format!("/api/v1/decision-points/{}/decide", text(&point["id"])),
            format!("/api/v1/documents/{}/adopt", text(&document["id"])),
        );
        let sign = format!("/api/v1/status-reports/{}/signatures", text(&report["reportId"]));
        let tries: Vec<(&Value, Ask<'_>)> = vec![
            (&resolution, Box::new(|id| executive.post(&decide, json!({ "outcome": "approved", "resolutionId": id })).if_match("\"1\""))),
            (&resolution, Box::new(|id| executive.post(&adopt, json!({ "resolutionId": id })).if_match("\"1\""))),
            (&recommendation, Box::new(|id| {
                let body = json!({ "recommendationId": id, "type": "main_project", "code": "X", "name": "Neste" });
                executive.post(&own.report("continue"), body)
            })),
            (&budget, Box::new(|id| {
                let path = format!("/api/v1/imports/accounting?dryRun=true&budgetId={id}");
                executive.send("POST", &path).body("text/csv", "Dato;Beløp\n2018-01-01;1\n")
            })),
            (&foreign.municipality, Box::new(|id| executive.post(&sign, json!({ "organisationId": id })))),
            (&foreign.project, Box::new(|id| {
                executive.post("/api/v1/webhooks", json!({ "url": "https://a.example/", "eventTypes": ["risk.*"], "projectId": id }))
            })),
            (&foreign.project, Box::new(|id| executive.get(&format!("/api/v1/events?projectId={id}")))),
            (&foreign.project, Box::new(|id| executive.get(&format!("/api/v1/portfolio?projectId={id}")))),
            (&published, Box::new(|id| executive.get(&own.report(&format!("changes?since={id}"))))),
            (&published, Box::new(|id| executive.get(&own.report(&format!("variance?against={id}"))))),
            (&milestone, Box::new(|id| {
                let created = json!({ "method": "POST", "path": "/api/v1/goals", "body": { "projectId": own.project["id"], "kind": "output", "text": "a" } });
                let one = json!({ "method": "DELETE", "path": format!("/api/v1/milestones/{id}"), "ifMatch": "\"1\"" });
                executive.post("/api/v1/batch?dryRun=true", json!({ "operations": [created, one] }))
            })),
            (&foreign.project, Box::new(|id| {
                let patch = json!({ "predecessorId": id });
                executive.patch(&format!("/api/v1/projects/{}", text(&own.project["id"])), patch).if_match("*")
            })),
        ];
        for (foreign, ask) in tries {
            let id = if foreign.is_string() { text(foreign) } else { text(&foreign["id"]) };
            let (answer, nothing) = (ask(id).await, ask(NOTHING).await);
            let parties = answer.path.ends_with("/signatures");
            if parties {
                // An organisation is no secret; that it has no part here is.
                assert_eq!((answer.status, nothing.status), (422, 422), "{answer}");
            } else {
                same(id, answer, &nothing);
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The resources of projects that callers write.
pub fn of_projects() -> impl Iterator<Item = &'static Facts> {
    let all = routes::resources().iter().map(|resource| resource.facts);
    all.filter(|facts| !facts.read_only && facts.of_project && facts.area != Area::Webhooks)
}

/// Where a body refers to a record, and to which collection.
pub fn references(facts: &Facts, body: &Value) -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &'static str)> = facts
        .references
        .iter()
        .filter(|reference| body[reference.field].is_string())
        .map(|reference| (format!("/{}", reference.field), reference.target))
        .collect();
    for field in facts.fields.iter().filter(|field| field.kind == Kind::Reference && body[&field.name].is_object()) {
        let kind = body[&field.name]["kind"].as_str().and_then(facts::by_kind);
        all.extend(kind.map(|target| (format!("/{}/id", field.name), target.path)));
    }
    all
}
