//! What somebody asks next, drawn at random: what is its own and what is another's, by every way that there is.

use framdrift::facts::{self, Facts, Kind};
use serde_json::{Value, json};
use support::{Answer, Client, Request, document};

use super::model::{CANARY, Model, Tenant, all_ours, text};
use crate::access::same::NOTHING;

/// Most that are remembered of each sort.
const MOST: usize = 200;

/// What is of no record.
const FEEDS: [&str; 6] = [
    "/api/v1/events?limit=200",
    "/api/v1/portfolio",
    "/api/v1/me",
    "/api/v1/projects?limit=200&expand=programme",
    "/api/v1/external-references?limit=200",
    "/api/v1/people?limit=200",
];

/// A number that looks random and can be had again.
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        // What is all zeros stays so.
        Self(seed | 1 << 63)
    }

    /// A number below this one: xorshift64*, Vigna 2014.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or_default() % most
    }

    /// One of these.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A request without the caller.
#[derive(Clone, Debug)]
pub struct Ask {
    method: &'static str,
    /// The address.
    pub path: String,
    body: Option<Value>,
    fields: Vec<(&'static str, String)>,
    /// The record that it is about.
    pub at: Option<String>,
    /// The project that it would write into.
    pub into: Option<usize>,
}

impl Ask {
    /// Reads an address.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None, fields: Vec::new(), at: None, into: None }
    }

    fn sent(method: &'static str, path: impl Into<String>, body: Value) -> Self {
        Self { method, body: Some(body), ..Self::get(path) }
    }

    fn about(self, id: &str) -> Self {
        Self { at: Some(id.to_owned()), ..self }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Sends it for somebody.
    pub fn send(&self, client: &Client) -> Request {
        let request = match (&self.body, self.method) {
            (Some(body), "PATCH") => client.patch(&self.path, body.clone()),
            (Some(body), _) => client.post(&self.path, body.clone()),
            (None, method) => client.send(method, &self.path),
        };
        self.fields.iter().fold(request, |request, (name, value)| request.header(name, value))
    }

    /// All that it says.
    pub fn text(&self) -> String {
        format!("{} {:?} {}", self.path, self.fields, self.body.as_ref().map(Value::to_string).unwrap_or_default())
    }

    /// The key under which it may be sent again.
    pub fn key(&self) -> Option<&str> {
        self.fields.iter().find(|(name, _)| *name == "idempotency-key").map(|(_, key)| key.as_str())
    }
}

/// What others were given and somebody might try: cursors, entity tags, keys.
#[derive(Default)]
pub struct Pools {
    cursors: Vec<String>,
    tags: Vec<(String, String, String)>,
    keyed: Vec<Ask>,
}

impl Pools {
    /// Remembers what an answer gave.
    pub fn learn(&mut self, ask: &Ask, answer: &Answer) {
        if let (Some(next), "GET", true) = (answer["next"].as_str(), ask.method, ask.path.contains("limit=1&")) {
            put(&mut self.cursors, format!("{}&cursor={next}", ask.path));
        }
        let tag = answer.header("etag");
        if let (Some(id), "GET", 200, false) = (&ask.at, ask.method, answer.status, tag.is_empty()) {
            put(&mut self.tags, (ask.path.clone(), id.clone(), tag.to_owned()));
        }
        if answer.status == 201 && ask.key().is_some() {
            put(&mut self.keyed, ask.clone());
        }
    }
}

/// Adds one, and forgets the oldest of too many.
fn put<T>(all: &mut Vec<T>, one: T) {
    if all.len() == MOST {
        all.remove(0);
    }
    all.push(one);
}

/// The next request.
pub fn next(dice: &mut Dice, model: &Model, pools: &Pools, who: usize) -> Ask {
    let number = dice.below(model.tenants.len());
    let tenant = &model.tenants[number];
    let (path, id) = dice.of(&tenant.records).clone();
    let list = format!("/api/v1/{path}");
    let at = format!("{list}/{id}");
    let project = text(&tenant.world.project["id"]);
    match dice.below(20) {
        0 => Ask::get(format!("{list}?limit=200")),
        1 => Ask::get(format!("{list}?limit=50&sort=-updatedAt&count=true&format=csv")),
        2 => Ask::get(format!("{list}?q={CANARY}&limit=50&count=true")),
        3 => Ask::get(format!("{list}?limit=1&sort=-createdAt")),
        4 => Ask::get(at).about(&id),
        5 => Ask::get(format!("{at}/history")).about(&id),
        6 => Ask::sent("PATCH", at, json!({})).with("if-match", *dice.of(&["*", "\"1\"", "\"9\""])).about(&id),
        7 => Ask { method: "DELETE", ..Ask::get(at) }.with("if-match", "\"99\"").about(&id),
        8 => below(dice, "/api/v1/projects/{id}/", project),
        9 => below(dice, &format!("/api/v1/{path}/{{id}}"), &id),
        10 => Ask::get(*dice.of(&FEEDS)),
        11 => expanded(dice, path),
        12 => filtered(dice, model, path),
        13 => in_batch(dice, &at, project),
        14 | 15 => created(dice, model, number),
        16 => created(dice, model, number).with("idempotency-key", format!("{who}-{}", dice.below(1 << 30))),
        17 if !pools.keyed.is_empty() => dice.of(&pools.keyed).clone(),
        18 if !pools.cursors.is_empty() => Ask::get(dice.of(&pools.cursors)),
        19 if !pools.tags.is_empty() => {
            let (path, id, tag) = dice.of(&pools.tags);
            Ask::get(path).about(id).with("if-none-match", tag)
        }
        _ => Ask::get(at).about(&id),
    }
}

/// One of the operations below an address that read.
fn below(dice: &mut Dice, start: &str, id: &str) -> Ask {
    let reads = |(method, path): &(String, String)| method == "GET" && path.starts_with(start);
    let all: Vec<String> = document::operations().into_iter().filter(reads).map(|(_, path)| path).collect();
    let path = dice.of(&all).replace("{id}", id);
    let query = match path.rsplit('/').next() {
        Some("changes") => "?since=2000-01-01",
        Some("shares") => "?amountOre=100",
        Some("findings" | "decisions" | "finance" | "results") if dice.below(2) == 0 => "?format=csv",
        Some("status") => *dice.of(&["", "?format=html", "?format=csv", "?asOf=2026-11-27"]),
        _ => "",
    };
    Ask::get(format!("{path}{query}")).about(id)
}

fn expanded(dice: &mut Dice, path: &str) -> Ask {
    let names: Vec<&str> = facts::by_path(path)
        .into_iter()
        .flat_map(|facts| facts.references.iter().map(|reference| reference.field.trim_end_matches("Id")))
        .collect();
    if names.is_empty() {
        return Ask::get(format!("/api/v1/{path}?limit=200"));
    }
    Ask::get(format!("/api/v1/{path}?limit=50&expand={}", dice.of(&names)))
}

/// A list by what somebody's record refers to.
fn filtered(dice: &mut Dice, model: &Model, path: &str) -> Ask {
    let references: Vec<_> = facts::by_path(path).into_iter().flat_map(by_id).collect();
    if references.is_empty() {
        return Ask::get(format!("/api/v1/{path}?limit=200&fields=id"));
    }
    let (field, target) = *dice.of(&references);
    let id = of_collection(dice, model, target).unwrap_or_else(|| NOTHING.to_owned());
    Ask::get(format!("/api/v1/{path}?{field}={id}&count=true"))
}

/// The fields that refer to one record, and the collections of those.
fn by_id(facts: &Facts) -> impl Iterator<Item = (&str, &str)> {
    let single = move |field: &str| facts.field(field).is_some_and(|field| field.kind == Kind::Id);
    facts.references.iter().filter(move |one| single(one.field)).map(|one| (one.field, one.target))
}

/// A record of a collection in any of the projects.
fn of_collection(dice: &mut Dice, model: &Model, path: &str) -> Option<String> {
    let tenant: &Tenant = dice.of(&model.tenants);
    let all: Vec<&String> = tenant.records.iter().filter(|(known, _)| *known == path).map(|(_, id)| id).collect();
    if all.is_empty() { None } else { Some((*dice.of(&all)).clone()) }
}

fn in_batch(dice: &mut Dice, at: &str, project: &str) -> Ask {
    let new = json!({
        "method": "POST", "path": "/api/v1/goals",
        "body": { "projectId": project, "kind": "output", "text": "et mål" },
    });
    let one = json!({ "method": dice.of(&["PATCH", "DELETE"]), "path": at, "body": {}, "ifMatch": "\"1\"" });
    let operations = if dice.below(2) == 0 { json!([one]) } else { json!([new, one]) };
    Ask::sent("POST", "/api/v1/batch?dryRun=true", json!({ "operations": operations }))
}

/// A new record in a project; now and then it refers to another's.
fn created(dice: &mut Dice, model: &Model, number: usize) -> Ask {
    let all: Vec<&Facts> = all_ours().collect();
    let facts = *dice.of(&all);
    let mut body = model.tenants[number].bodies[facts.path].clone();
    let references: Vec<_> = by_id(facts).filter(|(_, target)| *target != "projects").collect();
    if dice.below(3) == 0 && !references.is_empty() {
        let (field, target) = *dice.of(&references);
        if let Some(id) = of_collection(dice, model, target) {
            body[field] = id.into();
        }
    }
    let ask = Ask::sent("POST", format!("/api/v1/{}", facts.path), body);
    Ask { into: Some(number), ..ask }
}
