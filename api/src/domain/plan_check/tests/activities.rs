//! Rules on activities, one by one.

use serde_json::json;

use super::sample::Sample;

fn numbered(numbers: &[&str]) -> Sample {
    numbers
        .iter()
        .zip(1..)
        .fold(Sample::new(), |sample, (number, id)| sample.with("activities", json!({ "id": id, "number": number })))
}

#[test]
fn a_missing_number_is_said_of_the_activity_that_comes_after_it() {
    let cases: [(&[&str], &[u128]); 11] = [
        (&["HA 2", "HA 3", "HA 4", "HA 5"], &[1]),
        (&["HA 1", "HA 2", "HA 3"], &[]),
        (&["HA 1", "HA 2", "HA 4"], &[3]),
        (&["HA 1", "HA 5"], &[2]),
        (&["HA 2"], &[1]),
        (&["1", "2", "4", "6"], &[3, 4]),
        (&["HA 1", "HA 1.1", "HA 1.3", "HA 2"], &[3]),
        (&["A 1", "B 1", "B 2"], &[]),
        (&["10", "20", "30"], &[]),
        (&["10", "20", "40"], &[3]),
        (&["2017", "2018"], &[]),
    ];
    for (numbers, named) in cases {
        assert_eq!(numbered(numbers).named("activity.number_gap"), named, "{numbers:?}");
    }
}

#[test]
fn the_message_names_what_is_missing() {
    let message = |numbers: &[&str]| numbered(numbers).message("activity.number_gap");
    assert_eq!(message(&["HA 2", "HA 3"]), "HA 1 mangler i rekken før HA 2.");
    assert_eq!(message(&["HA 1", "HA 5"]), "HA 2 til HA 4 mangler i rekken før HA 5.");
    assert_eq!(message(&["10", "30"]), "20 mangler i rekken før 30.");
}

#[test]
fn an_activity_that_was_given_up_keeps_its_number() {
    let sample = numbered(&["HA 2", "HA 3"]).with("activities", json!({ "number": "HA 1", "status": "cancelled" }));
    assert_eq!(sample.named("activity.number_gap"), [0; 0]);
}

#[test]
fn main_activities_workshops_and_numbered_ones_lead_to_a_milestone() {
    let sample = Sample::new()
        .with("activities", json!({ "id": 1, "kind": "main_activity" }))
        .with("activities", json!({ "id": 2, "kind": "workshop" }))
        .with("activities", json!({ "id": 3, "kind": "communication", "number": "HA 1" }))
        .with("activities", json!({ "id": 4, "kind": "communication" }))
        .with("activities", json!({ "id": 5, "kind": "workshop", "status": "done" }))
        .with("activities", json!({ "id": 6, "kind": "workshop", "status": "cancelled" }))
        .with("activities", json!({ "id": 7, "kind": "workshop", "parentId": 1 }))
        .with("activities", json!({ "id": 8, "kind": "workshop" }))
        .with("milestones", json!({ "activityId": 8 }));
    assert_eq!(sample.named("activity.without_milestone"), [1, 2, 3]);
}

#[test]
fn a_milestone_of_a_part_is_one_of_the_whole() {
    let sample = Sample::new()
        .with("activities", json!({ "id": 1, "kind": "main_activity" }))
        .with("activities", json!({ "id": 2, "parentId": 1 }))
        .with("activities", json!({ "id": 3, "parentId": 2 }))
        .with("milestones", json!({ "activityId": 3 }));
    assert_eq!(sample.named("activity.without_milestone"), [0; 0]);
    let given_up = Sample::new()
        .with("activities", json!({ "id": 1, "kind": "main_activity" }))
        .with("milestones", json!({ "activityId": 1, "cancelledOn": "2018-01-01" }));
    assert_eq!(given_up.named("activity.without_milestone"), [1]);
}

#[test]
fn work_has_a_date_of_its_own_or_of_what_it_belongs_to() {
    let sample = Sample::new()
        .with("activities", json!({ "id": 1 }))
        .with("activities", json!({ "id": 2, "startsOn": "2017-11-10" }))
        .with("activities", json!({ "id": 3, "endsOn": "2017-12-10" }))
        .with("activities", json!({ "id": 4, "parentId": 2 }))
        .with("activities", json!({ "id": 5 }))
        .with("activities", json!({ "id": 6, "parentId": 5, "startsOn": "2018-01-01" }))
        .with("activities", json!({ "id": 7, "parentId": 5 }))
        .with("activities", json!({ "id": 8, "status": "done" }))
        .with("activities", json!({ "id": 9 }))
        .with("milestones", json!({ "activityId": 9, "plannedOn": "2018-02-01" }))
        .with("activities", json!({ "id": 10 }))
        .with("milestones", json!({ "number": "2", "activityId": 10 }));
    assert_eq!(sample.named("activity.without_schedule"), [1, 7, 10]);
}

#[test]
fn of_a_whole_and_its_parts_without_a_date_the_whole_is_named() {
    let sample = Sample::new()
        .with("activities", json!({ "id": 1 }))
        .with("activities", json!({ "id": 2, "parentId": 1 }))
        .with("activities", json!({ "id": 3, "parentId": 2 }));
    assert_eq!(sample.named("activity.without_schedule"), [1]);
    let whole_given_up = Sample::new()
        .with("activities", json!({ "id": 1, "status": "cancelled" }))
        .with("activities", json!({ "id": 2, "parentId": 1 }));
    assert_eq!(whole_given_up.named("activity.without_schedule"), [2]);
}
