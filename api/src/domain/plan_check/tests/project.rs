//! Rules on the project as a whole and on its goals.

use serde_json::{Value, json};

use super::sample::Sample;

#[test]
fn the_start_waits_for_the_decision_to_continue() {
    let rule = "project.before_mandate";
    let recommended = |status: &str| {
        Sample::new().with("recommendations", json!({ "projectId": 2, "leadsToProjectId": 1, "status": status }))
    };
    assert_eq!(Sample::new().named(rule), [0; 0], "nothing is known of a recommendation");
    assert!(recommended("proposed").message(rule).contains("status: foreslått"));
    assert_eq!(recommended("deferred").named(rule), [1]);
    assert_eq!(recommended("adopted").named(rule), [0; 0]);
    let elsewhere = json!({ "projectId": 2, "leadsToProjectId": 3, "status": "proposed" });
    assert_eq!(Sample::new().with("recommendations", elsewhere).named(rule), [0; 0]);
    let without_start = Sample::project(json!({ "startsOn": null }));
    let proposed = json!({ "projectId": 2, "leadsToProjectId": 1, "status": "proposed" });
    assert_eq!(without_start.with("recommendations", proposed).named(rule), [0; 0]);
}

#[test]
fn a_project_does_not_start_before_the_one_that_it_builds_on_has_ended() {
    let rule = "project.before_mandate";
    let after = |end: &str| {
        Sample::project(json!({ "predecessorId": 2 })).with("projects", json!({ "id": 2, "code": "FS", "endsOn": end }))
    };
    assert_eq!(after("2017-10-31").named(rule), [0; 0]);
    assert!(after("2017-11-01").message(rule).contains("(FS)"));
}

#[test]
fn a_project_with_a_start_has_a_budget() {
    let rule = "budget.missing";
    let waiting = || Sample::project(json!({ "startsOn": null, "endsOn": null, "status": "pipeline" }));
    assert_eq!(Sample::new().named(rule), [1]);
    assert_eq!(Sample::new().with("documents", json!({ "kind": "budget", "status": "draft" })).named(rule), [0; 0]);
    assert_eq!(Sample::new().with("documents", json!({ "kind": "budget", "status": "superseded" })).named(rule), [1]);
    assert_eq!(Sample::project(json!({ "status": "closed" })).named(rule), [0; 0]);
    assert_eq!(waiting().named(rule), [0; 0], "not planned yet");
}

#[test]
fn a_goal_has_an_indicator_with_baseline_target_and_date() {
    let rule = "goal.not_measurable";
    let goal = || Sample::new().with("goals", json!({ "id": 2 }));
    let indicator = |baseline: Value, targets: Value| json!({ "goalId": 2, "baseline": baseline, "targets": targets });
    assert!(goal().message(rule).contains("ingen indikator"));
    let whole = indicator(json!(0), json!([{ "value": 25, "by": "2018-12-31" }]));
    assert_eq!(goal().with("indicators", whole.clone()).named(rule), [0; 0]);
    let revised = indicator(json!(0), json!([{ "value": 25 }, { "value": 80, "by": "2018-12-31" }]));
    assert_eq!(goal().with("indicators", revised).named(rule), [0; 0]);
    let lacking = [
        (indicator(Value::Null, json!([{ "value": 25, "by": "2018-12-31" }])), "mangler utgangsverdi."),
        (indicator(json!(0), json!([])), "mangler målverdi."),
        (indicator(json!(0), json!([{ "value": 25 }])), "mangler dato for målverdien."),
        (indicator(Value::Null, json!([])), "mangler utgangsverdi og målverdi."),
    ];
    for (indicator, lacks) in lacking {
        let message = goal().with("indicators", indicator.clone()).message(rule);
        assert!(message.ends_with(lacks), "{message}");
        let one_is_enough = goal().with("indicators", indicator).with("indicators", whole.clone());
        assert_eq!(one_is_enough.named(rule), [0; 0]);
    }
}
