//! Meetings resolve by the rule of their body, and observers observe.

use serde_json::{Value, json};
use support::{Role, World, both};

/// A steering group of three, and a meeting of it.
async fn steering_group(world: &World) -> (Value, Vec<Value>) {
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(world.member(Role::SteeringMember).await.person);
    }
    (world.make("meetings").await, people)
}

async fn attends(world: &World, meeting: &Value, person: &Value, attended: bool) {
    let body = json!({
        "projectId": world.project["id"], "meetingId": meeting["id"], "personId": person["id"],
        "capacity": "member", "attended": attended,
    });
    world.as_admin().create("attendances", body).await;
}

fn resolution(world: &World, meeting: &Value, votes: [i64; 2]) -> Value {
    json!({
        "projectId": world.project["id"], "meetingId": meeting["id"], "text": "Planen godkjennes",
        "outcome": "adopted", "adoptedOn": "2026-01-15", "votesFor": votes[0], "votesAgainst": votes[1],
    })
}

both! {
    async fn a_body_without_its_quorum_resolves_nothing(app: App) {
        let world = app.world().await;
        let (meeting, people) = steering_group(&world).await;
        attends(&world, &meeting, &people[0], true).await;
        attends(&world, &meeting, &people[1], false).await;
        let member = world.as_a(Role::SteeringMember).await;
        let path = "/api/v1/resolutions";
        member.post(path, resolution(&world, &meeting, [1, 0])).await.faulted("/outcome", "against_rule");
        attends(&world, &meeting, &people[2], true).await;
        member.post(path, resolution(&world, &meeting, [2, 0])).await.expect(201);
    }

    async fn votes_and_outcome_agree_by_the_rule_of_the_body(app: App) {
        let world = app.world().await;
        let (meeting, _) = steering_group(&world).await;
        let path = "/api/v1/resolutions";
        let manager = world.as_a(Role::Manager).await;
        manager.post(path, resolution(&world, &meeting, [1, 2])).await.faulted("/outcome", "against_rule");
        manager.post(path, resolution(&world, &meeting, [2, 1])).await.expect(201);
        let rule = json!({ "projectId": world.project["id"], "body": "steering_group", "majority": "unanimous" });
        world.as_admin().create("body-rules", rule).await;
        manager.post(path, resolution(&world, &meeting, [2, 1])).await.faulted("/outcome", "against_rule");
    }

    async fn an_observer_takes_part_without_a_vote(app: App) {
        let world = app.world().await;
        let observer = world.member(Role::Observer).await;
        let meeting = world.make("meetings").await;
        let part = |capacity: &str| json!({
            "projectId": world.project["id"], "meetingId": meeting["id"],
            "personId": observer.person["id"], "capacity": capacity,
        });
        let admin = world.as_admin();
        admin.post("/api/v1/attendances", part("member")).await.faulted("/capacity", "no_vote");
        admin.post("/api/v1/attendances", part("observer")).await.expect(201);
    }

    async fn a_meeting_that_was_held_has_been(app: App) {
        let world = app.world().await;
        let member = world.as_a(Role::GroupMember).await;
        let mut meeting = json!({
            "projectId": world.project["id"], "kind": "workshop", "title": "Workshop HA 2", "status": "held",
            "startsAt": "2199-01-15T09:00:00Z",
        });
        member.post("/api/v1/meetings", meeting.clone()).await.faulted("/startsAt", "too_late");
        meeting["startsAt"] = Value::Null;
        member.post("/api/v1/meetings", meeting).await.expect(201);
    }
}
