//! Every answer that holds how somebody is reached is written down, of whatever operation it is.

use framdrift::store::views;
use serde_json::{Value, json};
use support::{Answer, App, both};

both! {
    async fn the_history_of_a_user_tells_of_whom_the_user_is(app: App) {
        let admin = app.as_admin();
        let person = admin.create("people", json!({ "givenName": "Kari", "familyName": "Nordmann" })).await;
        let user = json!({ "email": "bruker@kommune.example", "name": "Kari", "personId": person["id"] });
        let user = admin.create("users", user).await;
        let history = format!("/api/v1/users/{}/history", user["id"].as_str().expect("an identifier"));
        let before = views(&app).await.0;
        let answer = admin.get(&history).await.expect(200);
        let whose = person["id"].as_str().expect("an identifier").to_owned();
        written_down(&app, before, &whose, &answer).await;
    }

    async fn a_write_that_answers_with_contact_details_is_written_down(app: App) {
        let admin = app.as_admin();
        let person = |n: u32| json!({ "givenName": "Kari", "familyName": "Nordmann", "email": format!("kari{n}@kommune.example"), "phone": "+47 77 00 11 22" });
        let first = admin.create("people", person(0)).await;
        let one = format!("/api/v1/people/{}", first["id"].as_str().expect("an identifier"));
        let user = json!({ "email": "bruker@kommune.example", "name": "Kari", "personId": first["id"] });
        let batch = json!({ "operations": [{ "method": "POST", "path": "/api/v1/people", "body": person(3) }] });
        for (method, path, body, whose) in [
            ("POST", "/api/v1/people", person(1), "/id"),
            ("PUT", "/api/v1/people/by-reference/lonn/2", person(2), "/id"),
            ("PUT", "/api/v1/people/by-reference/lonn/2", person(4), "/id"),
            ("POST", "/api/v1/batch", batch, "/results/0/body/id"),
            ("PATCH", one.as_str(), json!({ "phone": null }), "/id"),
            ("POST", "/api/v1/users", user, "/personId"),
        ] {
            let before = views(&app).await.0;
            let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            let request = admin.send(method, path).body(kind, body.to_string());
            let answer = if method == "PATCH" { request.if_match("*").await } else { request.await };
            assert!((200..300).contains(&answer.status), "{answer}");
            let whose = answer.json.pointer(whose).and_then(Value::as_str).expect("a person").to_owned();
            written_down(&app, before, &whose, &answer).await;
        }
    }
}

/// How many views are written down, and the newest.
async fn views(app: &App) -> (u64, Value) {
    views::flush(&app.store).await.expect("it is written down");
    let rows = app.as_admin().get("/api/v1/person-views?sort=-createdAt,-id&limit=1&count=true").await.expect(200);
    (rows["total"].as_u64().expect("a number"), rows.items().first().cloned().unwrap_or_default())
}

/// Holds that one view more is written down than before, and that it names this person.
async fn written_down(app: &App, before: u64, whose: &str, answer: &Answer) {
    let (after, newest) = views(app).await;
    assert_eq!(after, before + 1, "one is written down of {} {}", answer.method, answer.path);
    let named = newest["personIds"].as_array().into_iter().flatten().any(|person| person == whose);
    assert!(named, "{whose} is not in {newest}, of {} {}", answer.method, answer.path);
}
