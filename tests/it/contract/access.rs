//! Who is let in: 401 before 404 before 403 before everything else.

use serde_json::{Value, json};
use support::{Answer, Client, Role, both};

use super::{at, closed, of_projects, one, resources};

both! {
    async fn without_a_valid_token_everything_is_401(app: App) {
        let forged = app.as_nobody().with_token("eyJhbGciOiJub25lIn0.e30.".to_owned());
        let basic = app.as_nobody().with("authorization", "Basic YWRtaW46YWRtaW4=");
        for (facts, _) in resources() {
            let nothing = json!({ "id": "0190e0a0-0000-7000-8000-000000000000", "version": 1 });
            for answer in everything(&app.as_nobody(), facts.path, &nothing).await {
                let answer = answer.refused(401, "auth.required");
                assert_eq!(answer.challenge(), "Bearer");
            }
            for answer in everything(&basic, facts.path, &nothing).await {
                answer.refused(401, "auth.required");
            }
            for answer in everything(&forged, facts.path, &nothing).await {
                let answer = answer.refused(401, "auth.invalid_token");
                assert_eq!(answer.challenge(), "Bearer error=\"invalid_token\"");
            }
        }
    }

    async fn a_stranger_gets_404_for_what_exists(app: App) {
        let world = app.world().await;
        let stranger = world.as_a(Role::Stranger).await;
        for (facts, _) in of_projects().chain(closed()) {
            let record = world.make(facts.path).await;
            let nobody = json!({ "id": "0190e0a0-0000-7000-8000-000000000000", "version": 1 });
            for known in [&record, &nobody] {
                stranger.get(&one(facts, known)).await.refused(404, "record.not_found");
                stranger.get(&format!("{}/history", one(facts, known))).await.refused(404, "record.not_found");
                stranger.change(facts.path, known, json!({})).await.refused(404, "record.not_found");
                stranger.patch(&one(facts, known), json!(3)).await.refused(404, "record.not_found");
                stranger.delete(&one(facts, known)).await.refused(404, "record.not_found");
            }
            let list = stranger.get(&format!("{}?count=true", at(facts))).await.expect(200);
            assert_eq!((list.items().len(), &list["total"]), (0, &json!(0)), "{}", facts.path);
        }
    }

    async fn a_stranger_cannot_tell_a_project_that_exists_from_one_that_does_not(app: App) {
        let world = app.world().await;
        let stranger = world.as_a(Role::Stranger).await;
        for (facts, _) in of_projects().filter(|(facts, _)| facts.of_project) {
            let body = world.body(facts.path).await;
            let mut elsewhere = body.clone();
            elsewhere["projectId"] = json!("0190e0a0-0000-7000-8000-000000000000");
            let known = stranger.post(&at(facts), body).await;
            let unknown = stranger.post(&at(facts), elsewhere).await;
            assert!(known.status == 403 || known.status == 404, "{known}");
            assert_eq!((known.status, &known["code"], &known["detail"]), (unknown.status, &unknown["code"], &unknown["detail"]));
        }
    }

    async fn a_reader_gets_403_for_every_write(app: App) {
        let world = app.world().await;
        let (officer, stranger) = (world.as_a(Role::MunicipalOfficer).await, world.as_a(Role::Stranger).await);
        for (facts, _) in resources().filter(|(facts, _)| closed().all(|(closed, _)| closed.path != facts.path)) {
            let record = if facts.path == "projects" { world.project.clone() } else { world.make(facts.path).await };
            // What is no project's is everybody's to read, so there a stranger is a reader.
            let known = facts.of_project || matches!(facts.path, "projects" | "external-references");
            let reader = if known { &officer } else { &stranger };
            reader.get(&one(facts, &record)).await.expect(200);
            reader.post(&at(facts), world.body(facts.path).await).await.refused(403, "access.forbidden");
            reader.change(facts.path, &record, json!({})).await.refused(403, "access.forbidden");
            reader.remove(facts.path, &record).await.refused(403, "access.forbidden");
            // Who may not write is told so before what is wrong with the request.
            reader.patch(&one(facts, &record), json!({ "nonsense": 1 })).await.refused(403, "access.forbidden");
            reader.delete(&one(facts, &record)).await.refused(403, "access.forbidden");
            assert_eq!(app.as_admin().read(facts.path, &record).await["version"], record["version"], "{}", facts.path);
        }
    }

    async fn users_are_the_administrators_alone(app: App) {
        let world = app.world().await;
        let executive = world.as_a(Role::Executive).await;
        executive.post("/api/v1/users", world.body("users").await).await.refused(403, "access.forbidden");
        let list = executive.get("/api/v1/users").await.expect(200);
        assert!(list.items().is_empty(), "{list}");
    }
}

/// Every standard method on a collection and a record.
async fn everything(client: &Client, path: &str, record: &Value) -> Vec<Answer> {
    let collection = format!("/api/v1/{path}");
    let record = format!("{collection}/{}", record["id"].as_str().expect("a record has an identifier"));
    vec![
        client.get(&collection).await,
        client.post(&collection, json!({})).await,
        client.get(&record).await,
        client.get(&format!("{record}/history")).await,
        client.patch(&record, json!({})).await,
        client.delete(&record).await,
    ]
}
