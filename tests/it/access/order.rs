//! Rights come before content: who may not is told so, and not what is wrong with what it sent. `operations` tries it
//! with every operation; here are those that once did it the other way round.

use serde_json::{Value, json};
use support::{Answer, Client, Role, both};

both! {
    async fn who_signs_for_nobody_is_not_told_what_is_wrong_with_its_signature(app: App) {
        let world = app.world().await;
        let report = world.make("report-signatures").await["reportId"].clone();
        let path = format!("/api/v1/status-reports/{}/signatures", text(&report));
        for role in [Role::Observer, Role::SteeringMember, Role::GroupMember] {
            for answer in spoilt(&world.as_a(role).await, &path, "application/json").await {
                answer.refused(403, "access.forbidden");
            }
        }
        for answer in spoilt(&world.as_a(Role::Stranger).await, &path, "application/json").await {
            answer.refused(404, "record.not_found");
        }
        for role in [Role::MunicipalOfficer, Role::Manager] {
            world.as_a(role).await.post(&path, json!({ "nonsense": 1 })).await.faulted("/nonsense", "unknown_field");
        }
    }

    async fn who_writes_no_accounts_is_not_told_what_is_wrong_with_them(app: App) {
        let world = app.world().await;
        let budget = world.make("budgets").await;
        let path = format!("/api/v1/imports/accounting?budgetId={}", text(&budget["id"]));
        for role in [Role::Observer, Role::SteeringMember, Role::GroupMember] {
            for answer in spoilt(&world.as_a(role).await, &path, "text/csv").await {
                answer.refused(403, "access.forbidden");
            }
        }
        let manager = world.as_a(Role::Manager).await;
        manager.send("POST", &path).body("text/csv", "tull").await.refused(422, "record.invalid");
    }

    async fn who_writes_no_organisations_is_not_told_what_is_wrong_with_a_list_of_them(app: App) {
        let world = app.world().await;
        let path = "/api/v1/imports/municipalities";
        for role in [Role::Observer, Role::MunicipalOfficer, Role::Stranger] {
            for answer in spoilt(&world.as_a(role).await, path, "text/csv").await {
                answer.refused(403, "access.forbidden");
            }
        }
        let manager = world.as_a(Role::Manager).await;
        manager.send("POST", path).body("text/csv", "tull").await.refused(422, "record.invalid");
    }
}

/// The answers to what nobody can read: a parameter, a media type, a body.
async fn spoilt(client: &Client, path: &str, media_type: &str) -> Vec<Answer> {
    let join = if path.contains('?') { '&' } else { '?' };
    let send = |path: &str| client.send("POST", path);
    vec![
        send(&format!("{path}{join}nonsense=1")).body(media_type, "{").await,
        send(path).body("text/plain", "{").await,
        send(path).body(media_type, "{").await,
    ]
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
