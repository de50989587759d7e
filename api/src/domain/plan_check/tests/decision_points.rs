//! Rules on decision points, one by one.

use serde_json::{Value, json};

use super::sample::Sample;

#[test]
fn a_decision_point_asks_for_something() {
    let rule = "decision_point.without_requirement";
    let sample = Sample::new()
        .with("decision-points", json!({ "id": 1 }))
        .with("decision-points", json!({ "id": 2, "outcome": "approved", "decidedOn": "2017-11-01" }))
        .with("decision-points", json!({ "id": 3, "outcome": "postponed" }))
        .with("decision-points", json!({ "id": 4 }))
        .with("decision-requirements", json!({ "decisionPointId": 4 }));
    assert_eq!(sample.named(rule), [1, 3]);
}

#[test]
fn one_approver_decides() {
    let approvers = [
        (json!("project_executive"), false),
        (json!("steering_group"), false),
        (json!("project_owners"), false),
        (json!("project_executive_or_steering_group"), true),
        (Value::Null, true),
    ];
    for (approver, ambiguous) in approvers {
        let sample = Sample::new().with("decision-points", json!({ "id": 2, "approver": approver }));
        assert_eq!(!sample.named("decision_point.ambiguous_approver").is_empty(), ambiguous, "{approver}");
    }
    let decided = json!({ "approver": null, "outcome": "approved", "decidedOn": "2017-11-01" });
    assert_eq!(Sample::new().with("decision-points", decided).named("decision_point.ambiguous_approver"), [0; 0]);
}

fn started() -> Sample {
    Sample::new()
        .with("decision-points", json!({ "id": 1, "number": "1", "plannedOn": "2017-11-01" }))
        .with("decision-points", json!({ "id": 2, "number": "2", "plannedOn": "2018-04-30" }))
}

#[test]
fn the_start_waits_for_an_adopted_budget() {
    let rule = "decision_point.before_budget";
    let budget =
        |status: &str, adopted_on: &str| json!({ "kind": "budget", "status": status, "adoptedOn": adopted_on });
    assert_eq!(started().named(rule), [1], "the start, not the end");
    assert_eq!(started().with("documents", budget("adopted", "2017-11-01")).named(rule), [0; 0]);
    assert_eq!(started().with("documents", budget("adopted", "2017-11-02")).named(rule), [1], "adopted after it");
    assert_eq!(started().with("documents", budget("final", "2017-10-01")).named(rule), [1], "not adopted");
}

#[test]
fn the_start_is_what_asks_for_the_plan_even_when_it_is_late() {
    let sample = started()
        .with("decision-points", json!({ "id": 3, "number": "1b", "plannedOn": "2017-11-20" }))
        .with("decision-requirements", json!({ "decisionPointId": 3, "documentKind": "project_plan" }));
    assert_eq!(sample.named("decision_point.before_budget"), [3]);
    let late = json!({ "id": 4, "plannedOn": "2017-11-01", "decidedOn": "2017-11-03", "outcome": "approved" });
    assert_eq!(Sample::new().with("decision-points", late).named("decision_point.before_budget"), [4]);
    let only_an_end = Sample::new().with("decision-points", json!({ "plannedOn": "2018-04-30" }));
    assert_eq!(only_an_end.named("decision_point.before_budget"), [0; 0]);
    let decided = json!({ "decidedOn": "2017-10-25", "outcome": "approved" });
    let found = Sample::new().with("decision-points", decided).of("decision_point.before_budget");
    assert_eq!(found.iter().map(|one| one.pointer.as_str()).collect::<Vec<_>>(), ["/decidedOn"]);
    assert!(found[0].message.nb.contains("ble godkjent 2017-10-25"), "{}", found[0].message.nb);
    let refused = json!({ "plannedOn": "2017-11-01", "decidedOn": "2017-11-01", "outcome": "rejected" });
    assert_eq!(Sample::new().with("decision-points", refused).named("decision_point.before_budget"), [0; 0]);
}

#[test]
fn the_milestone_on_financing_that_comes_later_is_named_unless_it_is_internal() {
    let financing = |internal: bool| json!({ "number": "03", "type": "financing", "plannedOn": "2018-02-01", "internal": internal });
    let message = started().with("milestones", financing(false)).message("decision_point.before_budget");
    assert!(message.contains("milepæl 03") && message.contains("2018-02-01"), "{message}");
    let message = started().with("milestones", financing(true)).message("decision_point.before_budget");
    assert!(!message.contains("03"), "{message}");
}
