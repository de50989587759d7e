//! Holds what is there against what the writers were told: nothing lost, nothing twice, nothing by half, all in order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::{TimeDelta, Utc};
use framdrift::access::Outbound;
use framdrift::store::{self, Database, feed};
use framdrift::webhooks::deliver::Deliverer;
use sea_orm::{DbErr, Statement};
use serde_json::Value;
use support::receiver::Received;
use support::{Client, Place};

use super::writer::{Effect, Told, hash};
use framdrift::db::Db;

/// What all writers were told, in one line.
pub fn summary(told: &[Told]) -> String {
    let sum = |of: fn(&Told) -> usize| told.iter().map(of).sum::<usize>();
    format!(
        "{} versions; {} requests without an answer, {} told to come again, {} found done at an earlier try",
        sum(|told| told.effects.len()),
        sum(|told| told.unanswered),
        sum(|told| told.refused),
        sum(|told| told.replayed)
    )
}

/// Everything that a client can see.
pub async fn records(client: &Client, told: &[Told]) -> Vec<Value> {
    let mut last: BTreeMap<&str, &Effect> = BTreeMap::new();
    for effect in told.iter().flat_map(|told| &told.effects) {
        let before = last.insert(&effect.id, effect).map_or(0, |before| before.version);
        assert_eq!(before + 1, effect.version, "{effect:?}");
    }
    let of = |kind: &str| last.values().filter(|effect| effect.kind == kind).copied().collect::<Vec<_>>();
    let (goals, documents) = (of("goal"), of("document"));
    let found = client.walk("/api/v1/goals?limit=200").await;
    let known: HashMap<&str, &Value> = found.iter().filter_map(|goal| Some((goal["id"].as_str()?, goal))).collect();
    for goal in &goals {
        let found =
            known.get(goal.id.as_str()).unwrap_or_else(|| panic!("a write that was answered is lost: {goal:?}"));
        let is = (found["version"].as_u64(), found["text"].as_str());
        assert_eq!(is, (Some(goal.version), Some(goal.content.as_str())), "{goal:?}");
    }
    assert_eq!(found.len(), goals.len(), "what no writer was told of is there: by half, or twice");
    for document in &documents {
        let address = format!("/api/v1/documents/{}", document.id);
        assert_eq!(client.get(&address).await.expect(200)["version"], document.version, "{document:?}");
        if !document.content.is_empty() {
            let content = client.get(&format!("{address}/content")).await.expect(200);
            assert_eq!(hash(&content.bytes), document.content, "{document:?}");
        }
    }
    events(client, told).await
}

/// The feed: every version once, each writer's in the order in which it was answered.
async fn events(client: &Client, told: &[Told]) -> Vec<Value> {
    let mut events = Vec::new();
    let mut page = client.get("/api/v1/events?limit=200").await.expect(200);
    while !page.items().is_empty() {
        events.extend(page.items().iter().cloned());
        let next = page["next"].as_str().expect("a cursor").to_owned();
        page = client.get(&format!("/api/v1/events?limit=200&after={next}")).await.expect(200);
    }
    let version = |event: &Value| {
        let record = &event["record"];
        (record["kind"].to_string(), record["id"].to_string(), event["version"].as_u64().unwrap_or_default())
    };
    let mut places = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        assert!(places.insert(version(event), place).is_none(), "it is told twice: {event}");
    }
    let mut written = 0;
    for writer in told {
        let mut before = None;
        for effect in &writer.effects {
            let name = (format!("\"{}\"", effect.kind), format!("\"{}\"", effect.id), effect.version);
            let place = places.get(&name).unwrap_or_else(|| panic!("the feed does not tell of {effect:?}"));
            assert!(before < Some(*place) || before.is_none(), "{effect:?} is told before what was answered before it");
            before = Some(*place);
            written += 1;
        }
    }
    let told = events.iter().filter(|event| matches!(event["record"]["kind"].as_str(), Some("goal" | "document")));
    assert_eq!(told.count(), written, "the feed tells of what no writer was told of");
    events
}

/// What is due, at whatever time, is sent by somebody who comes after the service.
pub async fn delivered(place: &Place) {
    let database = framdrift::app::open(&place.config()).await.expect("the database opens");
    let store = database.open().await.expect("the database opens");
    feed::seal(&store).await.expect("the feed is sealed");
    let key = store::secret(&store, "webhooks").await.expect("the service has a key");
    let deliverer = Deliverer::new(store, key, Outbound::Anywhere).expect("it can send");
    let mut now = Utc::now() + TimeDelta::hours(1);
    // A step that finds nothing may have found what was on its way; an hour later it is not.
    while deliverer.step(now).await.expect("it is delivered") > 0 {
        now += TimeDelta::hours(1);
    }
    drop(deliverer);
    database.close().await.expect("the database closes");
}

/// Every event came at least once, and always under one name.
pub fn received(events: &[Value], received: &[Received]) {
    let mut names: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for one in received {
        names.entry(one.json["data"]["id"].as_str().unwrap_or_default()).or_default().insert(one.id());
    }
    let since = events.iter().position(|event| event["type"] == "webhook.created").expect("a webhook was made");
    for event in &events[since + 1..] {
        let id = event["id"].as_str().unwrap_or_default();
        let count = names.get(id).map_or(0, BTreeSet::len);
        assert_eq!(count, 1, "names under which {event} came");
    }
}

/// SQLite's own integrity check and every reference, on a copy: the service finds its files as it left them.
pub async fn sound(place: &Place) {
    let Place::Sqlite(directory) = place else { return };
    let copy = tempfile::tempdir().expect("a directory");
    for name in ["framdrift.db", "framdrift.db-wal"] {
        let file = directory.path().join(name);
        if file.exists() {
            std::fs::copy(&file, copy.path().join(name)).expect("a file is copied");
        }
    }
    assert_eq!(faults(copy.path()).await, [] as [String; 0]);
}

/// What SQLite has against the database of a directory.
pub async fn faults(directory: &Path) -> Vec<String> {
    let database = Database::sqlite(directory, 1).await.expect("the database opens");
    let store = database.open().await.expect("the database opens");
    let faults = unsound(&store.read).await.expect("the database can be checked");
    database.close().await.expect("the database closes");
    faults
}

/// What SQLite has against a database: its own integrity check, and every reference.
pub async fn unsound(db: &impl Db) -> Result<Vec<String>, DbErr> {
    let ask = async |pragma: &str| {
        db.query_all_raw(Statement::from_string(db.get_database_backend(), format!("PRAGMA {pragma}"))).await
    };
    let mut faults: Vec<String> = Vec::new();
    for row in ask("integrity_check").await? {
        faults.push(row.try_get_by_index(0)?);
    }
    faults.retain(|fault| fault != "ok");
    faults.extend(ask("foreign_key_check").await?.iter().map(|row| format!("{row:?}")));
    Ok(faults)
}
