//! A project and what is around it; and a valid record of every collection, with all that it refers to.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::records::{self, Sample};
use crate::{App, Client};

/// A project in a programme and a region, owned by a municipality. Nobody has a role in it yet.
pub struct World {
    /// The server that it is on.
    pub app: App,
    /// The programme of the project.
    pub programme: Value,
    /// The region of the project.
    pub region: Value,
    /// The municipality that owns the project.
    pub municipality: Value,
    /// The project.
    pub project: Value,
    made: Mutex<HashMap<String, Value>>,
    count: AtomicU32,
}

impl World {
    /// Makes it.
    pub async fn new(app: App) -> Self {
        let admin = app.as_admin();
        let municipality = json!({ "name": "Lavangen kommune", "kind": "municipality" });
        let municipality = admin.create("organisations", municipality).await;
        let programme = admin.create("programmes", json!({ "name": "Næringsvennlig region" })).await;
        let region = json!({ "name": "Sør-Troms", "programmeId": programme["id"] });
        let region = admin.create("regions", region).await;
        let nth = app.worlds.fetch_add(1, Ordering::Relaxed);
        let code = if nth == 0 { "NVR".to_owned() } else { format!("NVR {nth}") };
        let project = json!({
            "code": code, "name": "Næringsvennlig region – forprosjekt", "type": "pre_project", "status": "active",
            "programmeId": programme["id"], "regionId": region["id"], "startsOn": "2017-11-01", "endsOn": "2018-04-30",
        });
        let project = admin.create("projects", project).await;
        let party = json!({ "projectId": project["id"], "organisationId": municipality["id"], "role": "owner" });
        admin.create("project-parties", party).await;
        let (made, count) = (Mutex::default(), AtomicU32::new(1 + nth * 2500));
        Self { app, programme, region, municipality, project, made, count }
    }

    /// The administrator.
    #[must_use]
    pub fn as_admin(&self) -> Client {
        self.app.as_admin()
    }

    /// The address of a report on the project.
    #[must_use]
    pub fn report(&self, name: &str) -> String {
        format!("/api/v1/projects/{}/{name}", self.project["id"].as_str().unwrap_or_default())
    }

    /// A number that nobody else in this world has.
    pub fn next(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// A new record of a collection, with every field given; as it is read, without what only its creation shows.
    pub async fn make(&self, collection: &str) -> Value {
        let body = self.body(collection).await;
        let mut record = self.app.as_admin().create(collection, body).await;
        if let Some(members) = record.as_object_mut() {
            members.remove("secret");
        }
        record
    }

    /// A valid body for a new record of a collection: every field given, and all that it refers to made.
    pub async fn body(&self, collection: &str) -> Value {
        let sample = records::sample(collection);
        let body = sample.numbered(self.next());
        self.filled(body).await
    }

    /// The changed value that the sample of a collection names, with all that it refers to made.
    pub async fn changed(&self, sample: &Sample) -> Value {
        let (field, value) = &sample.change;
        self.filled(json!({ *field: value })).await
    }

    /// Puts identifiers where a body says `→collection`.
    fn filled(&self, value: Value) -> Pin<Box<dyn Future<Output = Value> + '_>> {
        Box::pin(async move {
            match value {
                Value::String(text) => match text.strip_prefix('→') {
                    Some(reference) => self.referred(reference).await["id"].clone(),
                    None => text.into(),
                },
                Value::Array(items) => {
                    let mut filled = Vec::new();
                    for item in items {
                        filled.push(self.filled(item).await);
                    }
                    filled.into()
                }
                Value::Object(members) => {
                    let mut filled = serde_json::Map::new();
                    for (name, member) in members {
                        filled.insert(name, self.filled(member).await);
                    }
                    filled.into()
                }
                other => other,
            }
        })
    }

    /// The record that a reference means: `goals` is one that all share, `goals/b` another, `goals/new` always a new one;
    /// `organisations/new party` is one with a part in the project, `status-reports/published` is published.
    async fn referred(&self, reference: &str) -> Value {
        let (collection, which) = reference.split_once('/').unwrap_or((reference, ""));
        let own = match reference {
            "projects" => Some(self.project.clone()),
            "programmes" => Some(self.programme.clone()),
            "regions" => Some(self.region.clone()),
            _ => self.known(reference),
        };
        match own.filter(|_| !which.starts_with("new")) {
            Some(record) => record,
            None => {
                // While it is made it refers to nothing: a parent has no parent.
                self.keep(reference, Value::Null);
                let record = self.made_as(which, self.make(collection).await).await;
                self.keep(reference, record.clone());
                record
            }
        }
    }

    /// A record in the state that a reference asks for.
    async fn made_as(&self, which: &str, record: Value) -> Value {
        match which {
            "published" => self.published(record).await,
            "new party" => {
                let party =
                    json!({ "projectId": self.project["id"], "organisationId": record["id"], "role": "partner" });
                self.app.as_admin().create("project-parties", party).await;
                record
            }
            _ => record,
        }
    }

    /// Publishes a report, whatever the plan check has against the project.
    async fn published(&self, report: Value) -> Value {
        let admin = self.app.as_admin();
        let found = admin.get(&self.report("findings")).await.expect(200);
        for finding in found.items().iter().filter(|finding| finding["severity"] == "error") {
            let waiver = json!({
                "projectId": self.project["id"], "rule": finding["rule"], "record": finding["record"],
                "pointer": finding["pointer"], "reason": "Godtatt i prøven",
            });
            admin.create("finding-waivers", waiver).await;
        }
        let address = format!("/api/v1/status-reports/{}", report["id"].as_str().unwrap_or_default());
        let mut now = report;
        for method in ["submit", "approve", "publish"] {
            let tag = format!("\"{}\"", now["version"]);
            now = admin.post(&format!("{address}/{method}"), json!({})).if_match(&tag).await.expect(200).json;
        }
        now
    }

    fn keep(&self, reference: &str, record: Value) {
        self.made.lock().expect("no test panicked here").insert(reference.to_owned(), record);
    }

    fn known(&self, reference: &str) -> Option<Value> {
        self.made.lock().expect("no test panicked here").get(reference).cloned()
    }
}
