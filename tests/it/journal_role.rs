//! On PostgreSQL the service may be a role that cannot change the journal, as the README grants it: the statements are taken
//! from there.

use std::net::SocketAddr;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;
use support::cluster::Cluster;
use support::{Client, Place};

use crate::process::{added, on, served, token};

const EMAIL: &str = "a@framdrift.example";
const ROLE: &str = "framdrift_serve";

/// The statements of the README that name the role.
fn grants() -> &'static str {
    let readme = include_str!("../../README.md");
    let found = readme.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next());
    found.into_iter().find(|block| block.contains(ROLE)).expect("the README grants a role what it needs")
}

/// The same database, by way of another role.
fn by(place: &Place, role: &str) -> Place {
    let Place::Postgres(url, directory) = place else { panic!("PostgreSQL has roles") };
    Place::Postgres(url.replace("//postgres@", &format!("//{role}@")), directory.clone())
}

async fn connected(place: &Place) -> DatabaseConnection {
    let mut options = ConnectOptions::new(place.url());
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the role may log in")
}

#[test]
fn the_role_that_serves_cannot_change_the_journal() {
    let Some(cluster) = Cluster::start() else {
        eprintln!("skipped: PostgreSQL's programs are not installed");
        return;
    };
    let owner = cluster.place(cluster.address);
    let password = added(&owner, EMAIL);
    support::block_on(async {
        let db = connected(&owner).await;
        db.execute_unprepared(&format!("CREATE ROLE {ROLE} LOGIN")).await.expect("a role");
        db.execute_unprepared(grants()).await.expect("what the README says");
        db.close().await.expect("it closes");
    });
    let serving = by(&owner, ROLE);
    let (mut server, address) = served(&serving);
    support::block_on(async {
        works(address, &password).await;
        refused(&serving).await;
    });
    server.terminate();
    assert!(server.ended().success());
    let said = on(&serving).with(&["journal", "verify"]).printed();
    assert!(said.starts_with("The journal holds"), "{said}");
}

/// Everything that writes the journal or takes values of a person out of it.
async fn works(address: SocketAddr, password: &str) {
    let admin = Client::new(address).with_token(token(address, EMAIL, password).await);
    admin.create("programmes", json!({ "name": "Næringsvennlig region" })).await;
    let person = json!({ "givenName": "Kari", "familyName": "Nordmann", "email": "kari@kommune.example" });
    let person = admin.create("people", person).await;
    let person = admin.change("people", &person, json!({ "phone": "+47 77 00 11 22" })).await.expect(200).json;
    admin.post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
    let erase = format!("/api/v1/people/{}/erase", person["id"].as_str().expect("an identifier"));
    let reason = json!({ "reason": "Personen har bedt om det" });
    admin.post(&erase, reason).if_match(&format!("\"{}\"", person["version"])).await.expect(200);
    let hook = json!({ "url": "https://mottak.example/krok", "eventTypes": ["*"] });
    let hook = admin.post("/api/v1/webhooks", hook).await.expect(201).json;
    admin.remove("webhooks", &hook).await.expect(204);
    admin.post("/api/v1/retention/run", json!({})).await.expect(200);
    admin.post("/api/v1/journal/checkpoint", json!({})).await.expect(201);
    let told = admin.get("/api/v1/journal/verification").await.expect(200);
    assert_eq!((&told["valid"], &told["broken"]), (&json!(true), &json!(null)), "{told}");
}

/// What whoever has taken the service over would try first.
async fn refused(place: &Place) {
    let db = connected(place).await;
    let denied = "permission denied";
    let owner = "must be owner";
    for (statement, why) in [
        ("UPDATE journal SET reason = 'x'", denied),
        ("UPDATE journal SET event = 'x', after = after", denied),
        ("DELETE FROM journal", denied),
        ("TRUNCATE journal", denied),
        ("UPDATE journal_chain SET hash = hash", denied),
        ("DELETE FROM journal_chain", denied),
        ("UPDATE journal_checkpoints SET jws = jws", denied),
        ("DELETE FROM journal_checkpoints", denied),
        // What an erasure needs, and a trigger lets pass of an erasure alone.
        ("UPDATE journal SET after = NULL", "is only added to"),
        ("UPDATE journal SET before = '{}' WHERE before IS NOT NULL", "is only added to"),
        ("ALTER TABLE journal DISABLE TRIGGER ALL", owner),
        ("DROP TRIGGER journal_kept ON journal", owner),
        ("DROP TABLE journal_checkpoints", owner),
        ("ALTER TABLE journal OWNER TO CURRENT_USER", owner),
        ("SET session_replication_role = replica", denied),
        (
            "CREATE OR REPLACE FUNCTION framdrift_refused() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            owner,
        ),
        ("SET ROLE postgres", denied),
    ] {
        let done = db.execute_unprepared(statement).await;
        let error = done.err().unwrap_or_else(|| panic!("it is done: {statement}")).to_string();
        assert!(error.contains(why), "{statement}: {error}");
    }
    db.close().await.expect("it closes");
}
