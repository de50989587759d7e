//! Findings that are accepted, and the order of all.

use serde_json::{Value, json};

use super::super::FindingSeverity;
use super::sample::Sample;

/// Two milestones outside the period: 1 and 2.
fn outside() -> Sample {
    Sample::new().milestones(&[("01", "2018-05-15"), ("02", "2018-06-15")])
}

fn waived(sample: &Sample, rule: &str) -> Vec<u128> {
    sample.of(rule).iter().filter(|one| one.waiver.is_some()).map(|one| one.record.id.as_u128()).collect()
}

#[test]
fn a_waiver_accepts_by_rule_record_and_field_and_the_finding_stays() {
    let rule = "milestone.outside_project_period";
    let record = |id: u64| json!({ "kind": "milestone", "id": id });
    let cases: [(Value, &[u128]); 8] = [
        (json!({ "rule": rule }), &[1, 2]),
        (json!({ "rule": rule, "record": record(2) }), &[2]),
        (json!({ "rule": rule, "record": record(2), "pointer": "/plannedOn" }), &[2]),
        (json!({ "rule": rule, "pointer": "/plannedOn" }), &[1, 2]),
        (json!({ "rule": rule, "pointer": "/forecastOn" }), &[]),
        (json!({ "rule": rule, "record": { "kind": "activity", "id": 2 } }), &[]),
        (json!({ "rule": "milestone.out_of_sequence", "record": record(2) }), &[]),
        (json!({ "rule": rule, "record": record(2), "projectId": 7 }), &[]),
    ];
    for (mut waiver, accepted) in cases {
        waiver["reason"] = "Vedtatt".into();
        let sample = outside().with("finding-waivers", waiver.clone());
        assert_eq!(sample.named(rule), [1, 2], "it stays in the list: {waiver}");
        assert_eq!(waived(&sample, rule), accepted, "{waiver}");
    }
}

#[test]
fn the_waiver_that_says_most_exactly_what_it_accepts_is_given() {
    let rule = "milestone.outside_project_period";
    let sample = outside().with("finding-waivers", json!({ "rule": rule, "reason": "alle" })).with(
        "finding-waivers",
        json!({ "rule": rule, "record": { "kind": "milestone", "id": 2 }, "reason": "denne" }),
    );
    let reasons: Vec<String> =
        sample.of(rule).into_iter().filter_map(|one| one.waiver).map(|(_, reason)| reason).collect();
    assert_eq!(reasons, ["alle", "denne"]);
}

#[test]
fn errors_come_first_then_warnings_then_infos_each_by_rule_and_record() {
    let found = outside().milestones(&[("03", "2018-02-03"), ("04", "2018-02-04")]).findings();
    let places: Vec<(FindingSeverity, &str, u128)> =
        found.iter().map(|one| (one.severity, one.rule.code(), one.record.id.as_u128())).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(found.first().map(|one| one.severity), Some(FindingSeverity::Error));
    assert_eq!(found.last().map(|one| one.severity), Some(FindingSeverity::Info));
}
