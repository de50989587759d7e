//! Requests made from the document: each operation for a record of the own project, of another one, and of none.

use std::collections::BTreeMap;

use chrono::Utc;
use framdrift::access::Area;
use framdrift::facts::{self, Facts};
use framdrift::routes;
use framdrift::store::views;
use framdrift::watch::Watcher;
use serde_json::{Value, json};
use support::{Answer, App, Client, Role, World, document};

use super::same::NOTHING;

const LINKS: &str = "/api/v1/calendar-links/{id}";
const RECEIPT: &str = "<arkivmeldingKvittering/>";
const ACCOUNTS: &str = "Dato;Belop\n";

/// Whether an address is of what only those see who take part in it.
pub fn closed(path: &str) -> bool {
    let resource = facts::by_path(collection(path));
    let directory = [Area::Directory, Area::Programmes, Area::ServiceProfiles];
    let mixed = ["/api/v1/external-references", "/api/v1/cost-keys/preview", "/api/v1/journal"];
    resource.is_none_or(|facts| !directory.contains(&facts.area)) && !mixed.iter().any(|start| path.starts_with(start))
}

/// Whether an operation takes no token.
pub fn public(method: &str, path: &str) -> bool {
    operation(method, path)["security"] == json!([])
}

/// Whether an operation changes something of a project or the directory: a question that is too long for an address and
/// the caller's own session, password and links do not.
pub fn changes(method: &str, path: &str) -> bool {
    let own = ["/auth/", "/oauth/", "/calendar-links", "/cost-keys/preview"];
    method != "GET" && !own.iter().any(|part| path.contains(part))
}

fn operation(method: &str, path: &str) -> &'static Value {
    &document::document()["paths"][path][method.to_lowercase()]
}

fn collection(path: &str) -> &str {
    path.trim_start_matches("/api/v1/").split(['/', '?']).next().unwrap_or_default()
}

/// A request without the caller.
#[derive(Clone)]
pub struct Asked {
    path: String,
    body: Option<(&'static str, Vec<u8>)>,
    /// The identifier that it asks for.
    names: String,
}

impl Asked {
    fn of(path: String, names: &str) -> Self {
        Self { path, body: None, names: names.to_owned() }
    }

    fn with(self, media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some((media_type, body.into())), ..self }
    }

    fn json(self, body: &Value) -> Self {
        self.with("application/json", body.to_string())
    }

    /// Sends it for somebody.
    pub async fn send(&self, client: &Client, method: &str) -> Answer {
        let request = client.send(method, &self.path);
        match &self.body {
            Some((media_type, body)) => request.body(media_type, body.clone()).await,
            None => request.await,
        }
    }

    /// The same with what nobody understands: in the query, and as a body where it has one.
    pub fn spoilt(&self) -> Vec<Self> {
        let join = if self.path.contains('?') { '&' } else { '?' };
        let mut all = vec![Self { path: format!("{}{join}nonsense=1", self.path), ..self.clone() }];
        if self.body.is_some() {
            all.extend(["text/plain", "application/json"].map(|media_type| self.clone().with(media_type, "{")));
        }
        all
    }

    /// The answer without what was asked for.
    pub fn unnamed(&self, answer: &Answer) -> Answer {
        let mut answer = answer.clone();
        answer.bytes = answer.text().replace(&self.names, NOTHING).into_bytes();
        answer
    }
}

/// A project with a record of every kind.
pub struct Side {
    /// The project.
    pub world: World,
    records: BTreeMap<&'static str, Value>,
    bodies: BTreeMap<&'static str, Value>,
    link: Value,
    document: Value,
}

impl Side {
    async fn new(app: &App) -> Self {
        let world = app.world().await;
        let (mut records, mut bodies) = (BTreeMap::new(), BTreeMap::new());
        for facts in written() {
            let mut body = world.body(facts.path).await;
            municipal(&world, &records, facts.path, &mut body);
            bodies.insert(facts.path, body);
            let record = open(&world, &records, facts.path).await;
            records.insert(facts.path, record);
        }
        records.insert("projects", world.project.clone());
        records.insert("programmes", world.programme.clone());
        records.insert("regions", world.region.clone());
        let admin = world.as_admin();
        let hook = records["webhooks"]["id"].as_str().expect("an identifier");
        let sent = admin.post(&format!("/api/v1/webhooks/{hook}/test"), json!({})).await.expect(201).json;
        records.insert("webhook-deliveries", sent);
        records.insert("journal-checkpoints", admin.send("POST", "/api/v1/journal/checkpoint").await.json);
        let [erased, seen] = of_privacy(app, &world).await;
        records.insert("erasures", erased);
        records.insert("person-views", seen);
        records.insert("flags", flag(app, &world).await);
        let link = link(&world).await;
        for facts in written().filter(|facts| facts.has_keys()) {
            let record = json!({ "kind": facts.kind, "id": records[facts.path]["id"] });
            let named = json!({ "system": "matrise", "key": key(&world, facts.path), "record": record });
            admin.create("external-references", named).await;
        }
        let document = admin.get(&world.report("document")).await.expect(200).json;
        Self { world, records, bodies, link, document }
    }

    fn id(&self, collection: &str) -> &str {
        let found = self.records.get(collection).and_then(|record| record["id"].as_str());
        found.unwrap_or_else(|| panic!("give {collection} a record in tests/it/access/requests.rs"))
    }

    /// The secret of the address of a link.
    fn token(&self) -> String {
        let url = self.link["url"].as_str().and_then(|url| url.rsplit('/').next()).expect("an address");
        url.trim_end_matches(".ics").to_owned()
    }
}

/// The record of an erasure, and that of contact details that were shown.
async fn of_privacy(app: &App, world: &World) -> [Value; 2] {
    let admin = world.as_admin();
    let gone = world.make("people").await;
    let gone = gone["id"].as_str().expect("an identifier");
    let erase = admin.post(&format!("/api/v1/people/{gone}/erase"), json!({ "reason": "Personen har bedt om det" }));
    let erased = erase.if_match("\"1\"").await.expect(200);
    let seen = world.make("people").await;
    let seen = seen["id"].as_str().expect("an identifier");
    admin.get(&format!("/api/v1/people/{seen}")).await.expect(200);
    views::flush(&app.store).await.expect("it is written down");
    let views = admin.get(&format!("/api/v1/person-views?personId={seen}")).await.expect(200);
    [json!({ "id": erased["erasureId"] }), views.items()[0].clone()]
}

/// A flag that whoever sees the project sees.
async fn flag(app: &App, world: &World) -> Value {
    Watcher::of(app.store.clone()).step(Utc::now().date_naive()).await.expect("it is looked at");
    let project = world.project["id"].as_str().expect("an identifier");
    let flags = world.as_admin().get(&format!("/api/v1/flags?projectId={project}&internal=false")).await.expect(200);
    flags.items()[0].clone()
}

/// A secret link to the project, made by the administrator.
async fn link(world: &World) -> Value {
    world.as_admin().post(&world.report("calendar-links"), json!({ "name": "Outlook" })).await.expect(201).json
}

/// What another system calls the record of a collection.
fn key(world: &World, collection: &str) -> String {
    format!("{collection}-{}", world.project["id"].as_str().unwrap_or_default())
}

/// Lets a record be the own municipality's where there are several, so that its officers and machines may write it.
fn municipal(world: &World, records: &BTreeMap<&str, Value>, path: &str, body: &mut Value) {
    let (field, value) = match path {
        "political-cases" | "agreement-parties" | "report-signatures" | "time-entries" | "budget-lines"
        | "municipality-codes" | "region-members" | "service-profiles" => ("organisationId", &world.municipality["id"]),
        "political-steps" => ("caseId", &records["political-cases"]["id"]),
        "cost-entries" => ("budgetLineId", &records["budget-lines"]["id"]),
        "service-provisions" => ("profileId", &records["service-profiles"]["id"]),
        _ => return,
    };
    body[field] = value.clone();
}

/// A record that those see who see only what is published; of the directory, one that the project uses.
async fn open(world: &World, records: &BTreeMap<&str, Value>, path: &'static str) -> Value {
    let admin = world.as_admin();
    match path {
        "organisations" => world.municipality.clone(),
        "people" => world.member(Role::GroupMember).await.person,
        "status-reports" => json!({ "id": world.make("report-signatures").await["reportId"] }),
        "documents" => {
            let mut body = world.body(path).await;
            body["access"] = json!("public");
            body["exemptionBasis"] = Value::Null;
            let made = admin.create(path, body).await;
            let address = format!("/api/v1/documents/{}/content", made["id"].as_str().expect("an identifier"));
            admin.send("PUT", &address).body("text/plain", "Innhold").if_match("\"1\"").await.expect(200);
            made
        }
        _ => {
            let mut body = world.body(path).await;
            municipal(world, records, path, &mut body);
            admin.create(path, body).await
        }
    }
}

/// The own project and the one beside it.
pub struct Stage {
    /// The project in which the callers have their roles.
    pub own: Side,
    foreign: Side,
}

impl Stage {
    /// Makes both.
    pub async fn new(app: &App) -> Self {
        Self { own: Side::new(app).await, foreign: Side::new(app).await }
    }

    /// The requests of an operation: own, another's, none; or one, when it names no record.
    pub async fn requests(&self, method: &str, path: &str) -> Vec<Asked> {
        let collection = collection(path);
        let resource = facts::by_path(collection);
        let list = resource.is_some_and(|facts| path == format!("/api/v1/{}", facts.path));
        match (method, resource) {
            ("DELETE", _) if path == LINKS => self.links().await,
            (_, Some(facts)) if path.contains("/by-reference/") => self.by_reference(facts, path),
            _ if path.contains("{id}") => self.by_id(method, path, collection),
            ("GET", Some(_)) if list => {
                let ids = [self.own.id(collection), self.foreign.id(collection), NOTHING];
                ids.map(|id| Asked::of(format!("{path}?id={id}"), id)).into()
            }
            ("POST", Some(facts)) if list => self.creations(facts, path),
            _ => self.beside(method, path),
        }
    }

    /// A link of its own for every caller, since who may deletes it.
    async fn links(&self) -> Vec<Asked> {
        let (own, foreign) = (link(&self.own.world).await, self.foreign.link.clone());
        let ids = [own["id"].clone(), foreign["id"].clone(), NOTHING.into()];
        ids.map(|id| {
            let id = id.as_str().expect("an identifier");
            Asked::of(LINKS.replace("{id}", id), id)
        })
        .into()
    }

    fn by_reference(&self, facts: &Facts, path: &str) -> Vec<Asked> {
        let keys = [key(&self.own.world, facts.path), key(&self.foreign.world, facts.path), "ukjent".to_owned()];
        let of = |(which, key): (&str, String)| {
            let (body, names) = self.creation(facts, which);
            Asked::of(path.replace("{system}", "matrise").replace("{key}", &key), &names).json(&body)
        };
        ["own", "foreign", "nothing"].into_iter().zip(keys).map(of).collect()
    }

    fn by_id(&self, method: &str, path: &str, collection: &str) -> Vec<Asked> {
        let of = |id: &str| with_example(method, path, Asked::of(path.replace("{id}", id), id));
        [self.own.id(collection), self.foreign.id(collection), NOTHING].map(of).into()
    }

    fn creations(&self, facts: &Facts, path: &str) -> Vec<Asked> {
        let body = |which| {
            let (body, names) = self.creation(facts, which);
            Asked::of(path.to_owned(), &names).json(&body)
        };
        match anchor(facts, &self.own.bodies[facts.path]) {
            Some(_) => ["own", "foreign", "nothing"].map(body).into(),
            None => vec![body("own")],
        }
    }

    /// The operations that name a record in their body or their query.
    fn beside(&self, method: &str, path: &str) -> Vec<Asked> {
        let goals = facts::by_path("goals").expect("goals");
        let projects = [self.own.id("projects"), self.foreign.id("projects"), NOTHING];
        match path {
            "/api/v1/batch" => ["own", "foreign", "nothing"]
                .map(|which| {
                    let (body, names) = self.creation(goals, which);
                    let one = json!({ "method": "POST", "path": "/api/v1/goals", "body": body });
                    Asked::of(path.to_owned(), &names).json(&json!({ "operations": [one] }))
                })
                .into(),
            "/api/v1/imports/projects" => {
                let theirs = &self.foreign.document;
                let nothing = theirs.to_string().replace(projects[1], NOTHING);
                let documents = [self.own.document.to_string(), theirs.to_string(), nothing];
                let whole =
                    |(id, document): (&str, String)| Asked::of(path.to_owned(), id).with("application/json", document);
                projects.into_iter().zip(documents).map(whole).collect()
            }
            "/api/v1/imports/accounting" => [self.own.id("budgets"), self.foreign.id("budgets"), NOTHING]
                .map(|id| Asked::of(format!("{path}?budgetId={id}"), id).with("text/csv", ACCOUNTS))
                .into(),
            "/api/v1/events" => projects.map(|id| Asked::of(format!("{path}?projectId={id}"), id)).into(),
            "/calendar/{token}.ics" | "/reports/{token}.atom" => {
                let tokens = [self.own.token(), self.foreign.token(), "ukjent".to_owned()];
                tokens.map(|token| Asked::of(path.replace("{token}", &token), &token)).into()
            }
            "/problems/{code}" => vec![Asked::of("/problems/record.not_found".to_owned(), NOTHING)],
            _ => vec![with_example(method, path, Asked::of(path.to_owned(), NOTHING))],
        }
    }

    /// A new record in the own project, in the other one or in none, and the identifier that says which; with a member
    /// that no record has, so that who may add it does not.
    fn creation(&self, facts: &Facts, which: &str) -> (Value, String) {
        let side = if which == "foreign" { &self.foreign } else { &self.own };
        let mut body = side.bodies[facts.path].clone();
        let place = anchor(facts, &body).and_then(|pointer| body.pointer_mut(&pointer));
        let names = match place {
            Some(place) if which == "nothing" => {
                *place = NOTHING.into();
                NOTHING.to_owned()
            }
            Some(place) => place.as_str().unwrap_or(NOTHING).to_owned(),
            None => NOTHING.to_owned(),
        };
        body["nonsense"] = json!(1);
        (body, names)
    }
}

/// Where a body says what it belongs to.
fn anchor(facts: &Facts, body: &Value) -> Option<String> {
    let named = ["/projectId", "/record/id", "/programmeId", "/regionId", "/profileId", "/organisationId", "/personId"];
    // A person who logs in is the administrators' to say.
    let found = named.into_iter().find(|pointer| body.pointer(pointer).is_some_and(Value::is_string));
    found.filter(|_| facts.path != "users").map(str::to_owned)
}

/// The example of the document as query and body, with a member that is none of it.
fn with_example(method: &str, template: &str, asked: Asked) -> Asked {
    let asked = match template {
        _ if template.ends_with("/changes") => Asked { path: format!("{}?since=2000-01-01", asked.path), ..asked },
        _ if template.ends_with("/shares") => Asked { path: format!("{}?amountOre=100", asked.path), ..asked },
        _ => asked,
    };
    let content = &operation(method, template)["requestBody"]["content"];
    let Some(media_type) = content.as_object().and_then(|content| content.keys().next()) else { return asked };
    let mut example = example(&content[media_type]);
    example["nonsense"] = json!(1);
    match media_type.as_str() {
        "*/*" => asked.with("text/plain", "Innhold"),
        "text/csv" => asked.with("text/csv", ACCOUNTS),
        "application/xml" => asked.with("application/xml", RECEIPT),
        "application/x-www-form-urlencoded" => asked.with("application/x-www-form-urlencoded", "grant_type=nonsense"),
        "application/merge-patch+json" => asked.with("application/merge-patch+json", example.to_string()),
        _ => asked.json(&example),
    }
}

fn example(content: &Value) -> Value {
    let first = content["examples"].as_object().and_then(|all| all.values().next()).map(|one| one["value"].clone());
    let found = first.unwrap_or_else(|| content["example"].clone());
    if found.is_object() { found } else { json!({}) }
}

/// The resources that callers write.
fn written() -> impl Iterator<Item = &'static Facts> {
    routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only)
}
