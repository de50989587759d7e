//! Every role tries every standard method on every resource.

use std::fmt::Write;

use framdrift::facts::Facts;
use framdrift::routes;
use serde_json::{Value, json};
use support::{Client, Role, World, both};

use super::golden::compare;

both! {
    async fn every_role_on_every_record_of_a_project(app: App) {
        let world = app.world().await;
        let paths: Vec<&str> =
            written().filter(|facts| facts.of_project).map(|facts| facts.path).collect();
        compare("matrix-of-projects.txt", &matrix(&world, &paths).await);
    }

    async fn every_role_on_the_directory(app: App) {
        let world = app.world().await;
        let paths: Vec<&str> =
            written().filter(|facts| !facts.of_project).map(|facts| facts.path).collect();
        compare("matrix-of-the-directory.txt", &matrix(&world, &paths).await);
    }
}

/// The resources that callers write.
fn written() -> impl Iterator<Item = &'static Facts> {
    routes::resources().iter().map(|resource| resource.facts).filter(|facts| !facts.read_only)
}

/// Records that an observer does not see although it sees others of their kind.
const HIDDEN: [(&str, &str, &str); 2] = [("milestones", "internal", "true"), ("documents", "status", "\"draft\"")];

/// Resource by role: `l` stands in the list, `r` is read, `c` is created, `u` is changed, `d` is deleted, `-` is refused.
async fn matrix(world: &World, paths: &[&str]) -> String {
    let mut clients = vec![("Administrator".to_owned(), world.as_admin())];
    for role in Role::ALL {
        clients.push((format!("{role:?}"), world.as_a(role).await));
    }
    let mut table = String::from("l in the list, r read, c created, u changed, d deleted, - refused\n\n");
    let header = clients.iter().fold(format!("{:<34}", ""), |line, (name, _)| line + &format!("{name:<23}"));
    let _ = writeln!(table, "{}", header.trim_end());
    for path in paths {
        let _ = writeln!(table, "{}", line(world, &clients, path, path, &json!({})).await);
        for (_, field, value) in HIDDEN.iter().filter(|(known, _, _)| known == path) {
            let with = json!({ *field: serde_json::from_str::<Value>(value).expect("a value") });
            let label = format!("{path} ({field} {})", value.trim_matches('"'));
            let _ = writeln!(table, "{}", line(world, &clients, path, &label, &with).await);
        }
    }
    table
}

async fn line(world: &World, clients: &[(String, Client)], path: &str, label: &str, with: &Value) -> String {
    let mut line = format!("{label:<34}");
    for (name, client) in clients {
        let mut body = world.body(path).await;
        for (field, value) in with.as_object().into_iter().flatten() {
            body[field] = value.clone();
        }
        let record = world.as_admin().create(path, body).await;
        let acts = tried(world, client, path, &record).await;
        assert!(acts.starts_with("lr") || acts == "-----" || acts == "--c--", "{name} on {label}: {acts}");
        line += &format!("{acts:<23}");
    }
    line.trim_end().to_owned()
}

/// What somebody may do with a record, tried.
async fn tried(world: &World, client: &Client, path: &str, record: &Value) -> String {
    let id = record["id"].as_str().expect("an identifier");
    let listed = client.get(&format!("/api/v1/{path}?id={id}")).await.expect(200).items().len() == 1;
    let read = client.get(&format!("/api/v1/{path}/{id}")).await.status;
    let seen = read == 200;
    let mut fresh = world.body(path).await;
    if path == "recommendations" {
        // The project that it leads to is none that every role sees, and what is not seen cannot be named.
        fresh["leadsToProjectId"] = Value::Null;
    }
    let created = client.post(&format!("/api/v1/{path}"), fresh).await;
    assert!(matches!(created.status, 201 | 403 | 404), "{created}");
    let sample = support::records::sample(path);
    let changed = client.change(path, record, world.changed(sample).await).because("Prøvd").await;
    let current = if changed.status == 200 { &changed.json } else { record };
    let deleted = client.remove(path, current).await;
    for (answer, done) in [(&changed, 200), (&deleted, 204)] {
        let refused = if seen { 403 } else { 404 };
        assert!(answer.status == done || answer.status == refused, "seen is {seen}: {answer}");
    }
    let acts = [
        (listed, 'l'),
        (seen, 'r'),
        (created.status == 201, 'c'),
        (changed.status == 200, 'u'),
        (deleted.status == 204, 'd'),
    ];
    acts.iter().map(|(may, letter)| if *may { *letter } else { '-' }).collect()
}
