//! Somebody who writes, whatever happens to the service: what got no answer, or a 503, is sent again until it has one.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use support::dice::Dice;
use support::{Answer, Client, Request};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Writers at a time.
const WRITERS: usize = 16;
/// Projects that they write in: writers of one project wait for each other, others do not.
const PROJECTS: usize = 4;
/// Records of a batch.
const BATCH: usize = 3;

/// Where the service is now, and what the writers have been answered.
pub struct Service {
    now: watch::Sender<Option<(u64, Client)>>,
    answered: watch::Sender<u64>,
    ended: watch::Sender<bool>,
}

/// A version that a writer was told of, in the order of its answers.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The kind of record.
    pub kind: &'static str,
    /// The record.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// The goal's text, or the SHA-256 of the document's content.
    pub content: String,
}

/// What a writer was told, and how.
#[derive(Debug, Default)]
pub struct Told {
    /// Every version, in the order of the answers.
    pub effects: Vec<Effect>,
    /// Requests that got no answer.
    pub unanswered: usize,
    /// Answers that said to come again.
    pub refused: usize,
    /// Answers to a repeated request that told what had been done at the first try.
    pub replayed: usize,
}

struct Writer {
    service: Arc<Service>,
    name: String,
    dice: Dice,
    project: Value,
    document: Effect,
    goals: Vec<Effect>,
    count: usize,
    told: Told,
}

impl Service {
    /// It is nowhere yet.
    pub fn new() -> Arc<Self> {
        let (now, answered) = (watch::Sender::new(None), watch::Sender::new(0));
        Arc::new(Self { now, answered, ended: watch::Sender::new(false) })
    }

    /// From now on it is there.
    pub fn is_at(&self, client: Client) {
        let generation = self.now.borrow().as_ref().map_or(0, |(generation, _)| generation + 1);
        self.now.send_replace(Some((generation, client)));
    }

    /// Waits until the writers have got so many answers more.
    pub async fn more(&self, count: u64) {
        let goal = *self.answered.borrow() + count;
        let enough = tokio::time::timeout(Duration::from_secs(60), async {
            self.answered.subscribe().wait_for(|answered| *answered >= goal).await.map(|answered| *answered)
        });
        let reached =
            enough.await.unwrap_or_else(|_| panic!("{} of {goal} answers in a minute", *self.answered.borrow()));
        reached.expect("the service outlives its writers");
    }

    /// Lets the writers end with their next answer.
    pub fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Whether the writers end.
    pub fn is_ending(&self) -> bool {
        *self.ended.borrow()
    }

    /// The client of the service from a generation on.
    async fn from(&self, generation: u64) -> (u64, Client) {
        let mut now = self.now.subscribe();
        let found = now.wait_for(|now| now.as_ref().is_some_and(|(is, _)| *is >= generation)).await;
        found.expect("the service outlives its writers").clone().expect("it is there")
    }
}

/// Starts the writers, each with a document of its own, in a few projects.
pub async fn start(service: &Arc<Service>, admin: &Client, dice: &mut Dice) -> Vec<JoinHandle<Told>> {
    let mut writers = Vec::new();
    let mut projects = Vec::new();
    for number in 0..PROJECTS {
        let project = json!({ "code": format!("P{number}"), "name": "Skrives i", "type": "pre_study" });
        projects.push(admin.create("projects", project).await["id"].clone());
    }
    for number in 0..WRITERS {
        let project = projects[number % PROJECTS].clone();
        let document = json!({ "projectId": project, "kind": "memo", "title": format!("Notat {number}") });
        let id = admin.create("documents", document).await["id"].as_str().expect("an identifier").to_owned();
        let document = Effect { kind: "document", id, version: 1, content: String::new() };
        let told = Told { effects: vec![document.clone()], ..Told::default() };
        let (service, name, dice) = (Arc::clone(service), format!("{number}"), dice.split());
        let writer = Writer { service, name, dice, project, document, goals: Vec::new(), count: 0, told };
        writers.push(tokio::spawn(writer.run()));
    }
    writers
}

impl Writer {
    async fn run(mut self) -> Told {
        while !self.service.is_ending() {
            self.count += 1;
            match self.dice.below(8) {
                0..=2 => self.make().await,
                3..=5 if !self.goals.is_empty() => self.change().await,
                6 => self.make_several().await,
                _ => self.put().await,
            }
            self.service.answered.send_modify(|answered| *answered += 1);
        }
        self.told
    }

    /// A text that nobody else writes.
    fn text(&self, part: usize) -> String {
        format!("Mål {}-{}-{part}", self.name, self.count)
    }

    fn key(&self) -> String {
        format!("{}-{}", self.name, self.count)
    }

    fn goal(&self, part: usize) -> Value {
        json!({ "projectId": self.project, "kind": "output", "text": self.text(part) })
    }

    async fn make(&mut self) {
        let (body, key) = (self.goal(0), self.key());
        let (answer, _) = self
            .answer(|client| client.post("/api/v1/goals", body.clone()).header("idempotency-key", key.as_str()))
            .await;
        let answer = answer.expect(201);
        self.made(&answer.json, 0);
    }

    async fn make_several(&mut self) {
        let operation = |part| json!({ "method": "POST", "path": "/goals", "body": self.goal(part) });
        let body = json!({ "operations": (0..BATCH).map(operation).collect::<Vec<_>>() });
        let key = self.key();
        let (answer, _) = self
            .answer(|client| client.post("/api/v1/batch", body.clone()).header("idempotency-key", key.as_str()))
            .await;
        let answer = answer.expect(200);
        let results = answer["results"].as_array().expect("a list");
        assert_eq!(results.len(), BATCH, "{answer}");
        for (part, result) in results.iter().enumerate() {
            assert_eq!(result["status"], 201, "{answer}");
            self.made(&result["body"], part);
        }
    }

    fn made(&mut self, goal: &Value, part: usize) {
        let id = goal["id"].as_str().expect("an identifier").to_owned();
        let effect = Effect { kind: "goal", id, version: 1, content: self.text(part) };
        assert_eq!((&goal["version"], &goal["text"]), (&json!(1), &json!(effect.content)), "{goal}");
        self.goals.push(effect.clone());
        self.told.effects.push(effect);
    }

    async fn change(&mut self) {
        let place = usize::try_from(self.dice.below(self.goals.len() as u64)).expect("an index");
        let goal = self.goals[place].clone();
        let (address, tag, text) =
            (format!("/api/v1/goals/{}", goal.id), format!("\"{}\"", goal.version), self.text(0));
        let patch = json!({ "text": text });
        let (answer, tries) = self.answer(|client| client.patch(&address, patch.clone()).if_match(&tag)).await;
        let now = self.written(answer, tries, &address).await;
        let effect = Effect { version: goal.version + 1, content: text, ..goal };
        assert_eq!((&now["version"], &now["text"]), (&json!(effect.version), &json!(effect.content)), "{now}");
        self.goals[place] = effect.clone();
        self.told.effects.push(effect);
    }

    async fn put(&mut self) {
        // Now and then more than one chunk of the store.
        let most = if self.dice.below(16) == 0 { 2_500_000 } else { 20_000 };
        let length = usize::try_from(1 + self.dice.below(most)).expect("a length");
        let bytes: Vec<u8> = self.text(length).into_bytes().into_iter().cycle().take(length).collect();
        let document = self.document.clone();
        let (address, tag) = (format!("/api/v1/documents/{}", document.id), format!("\"{}\"", document.version));
        let content = format!("{address}/content");
        let put = |client: &Client| client.send("PUT", &content).body("application/pdf", bytes.clone()).if_match(&tag);
        let (answer, tries) = self.answer(put).await;
        let now = self.written(answer, tries, &address).await;
        let effect = Effect { version: document.version + 1, content: hash(&bytes), ..document };
        assert_eq!((&now["version"], &now["sha256"]), (&json!(effect.version), &json!(effect.content)), "{now}");
        self.document = effect.clone();
        self.told.effects.push(effect);
    }

    /// The record after a change. Nobody else changes it: where a repeated change finds that somebody has, it was this
    /// writer's first try.
    async fn written(&mut self, answer: Answer, tries: usize, address: &str) -> Value {
        if answer.status == 412 && tries > 1 {
            self.told.replayed += 1;
            return self.answer(|client| client.get(address)).await.0.expect(200).json;
        }
        answer.expect(200).json
    }

    /// Sends a request until it has an answer; how often it was sent.
    async fn answer(&mut self, request: impl Fn(&Client) -> Request) -> (Answer, usize) {
        let (mut generation, mut client) = self.service.from(0).await;
        for tries in 1.. {
            match request(&client).tried().await {
                Some(answer) if answer.status == 503 => {
                    self.told.refused += 1;
                    let wait = answer.header("retry-after").parse().expect("seconds");
                    answer.refused(503, "server.unavailable");
                    tokio::time::sleep(Duration::from_secs(wait)).await;
                }
                Some(answer) => {
                    self.told.replayed += usize::from(answer.header("idempotent-replayed") == "true");
                    return (answer, tries);
                }
                None => {
                    self.told.unanswered += 1;
                    (generation, client) = self.service.from(generation + 1).await;
                }
            }
        }
        unreachable!("it is tried until it is answered")
    }
}

/// SHA-256 in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
