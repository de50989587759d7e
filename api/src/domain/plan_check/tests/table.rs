//! The table of rules, and how the check does on a very large plan.

use std::collections::HashSet;

use chrono::Days;
use entity::CodeList;
use entity::finding_waivers::FindingRule;
use serde_json::json;

use super::super::rules::RULES;
use super::sample::{Sample, day};

#[test]
fn every_rule_of_the_code_list_is_in_the_table_once() {
    let listed: Vec<&str> = FindingRule::LABELS.iter().map(|label| label.code).collect();
    let asked: Vec<&str> = RULES.iter().map(|rule| rule.rule.code()).collect();
    assert_eq!(asked, listed);
    assert_eq!(asked.iter().collect::<HashSet<_>>().len(), asked.len());
}

#[test]
fn a_code_list_says_in_three_languages_what_each_rule_holds_against() {
    for label in FindingRule::LABELS {
        for sentence in [label.nb, label.nn, label.en] {
            assert!((20..=200).contains(&sentence.chars().count()), "{}: {sentence}", label.code);
        }
        assert_ne!(label.nb, label.en);
    }
}

#[test]
fn a_closed_project_is_not_asked_for_time_people_or_money() {
    let plan = |status: &str| {
        Sample::project(json!({ "status": status }))
            .with("activities", json!({ "number": "HA 2", "kind": "workshop" }))
            .with("decision-points", json!({ "approver": null, "plannedOn": "2017-11-01" }))
            .with("goals", json!({}))
            .with("milestones", json!({ "number": "1", "plannedOn": "2017-12-16" }))
    };
    assert!(plan("active").findings().len() >= 8, "{:?}", plan("active").findings());
    for status in ["closed", "cancelled"] {
        assert!(plan(status).findings().is_empty(), "{status}: {:?}", plan(status).findings());
    }
    let slipped = Sample::project(json!({ "status": "closed" })).milestones(&[("1", "2018-12-14")]);
    assert_eq!(slipped.named("milestone.outside_project_period"), [1], "a wrong date is wrong in the archive, too");
}

#[test]
fn in_a_plan_of_ten_thousand_milestones_the_hundred_that_are_out_of_order_are_named() {
    let mut sample = Sample::project(json!({ "startsOn": "2018-01-01", "endsOn": "2027-12-31" }));
    let misplaced = |id: u64| id.is_multiple_of(100);
    for id in 1..=10_000_u64 {
        // Four a day; one in a hundred stands sixty days before its place.
        let day = day("2018-03-05") + Days::new(id / 4) - Days::new(if misplaced(id) { 60 } else { 0 });
        sample = sample.with(
            "milestones",
            json!({ "id": id, "number": id.to_string(), "title": format!("HA {id} er ferdig"), "plannedOn": day }),
        );
    }
    for id in 1..=1000_u64 {
        sample = sample
            .with("activities", json!({ "id": id, "number": format!("HA {id}"), "kind": "workshop", "parentId": id - 1 }))
            .with("people", json!({ "id": id }))
            .with("assignments", json!({ "id": id, "personId": id, "role": "steering_group_member", "organisationId": 1 }))
            .with("goals", json!({ "id": id }))
            .with("decision-points", json!({ "id": id, "plannedOn": "2018-01-01" }))
            .with("finding-waivers", json!({ "rule": "milestone.out_of_sequence", "record": { "kind": "milestone", "id": id }, "reason": "Slik er det" }));
    }
    let found = sample.of("milestone.out_of_sequence");
    let named: Vec<u128> = found.iter().map(|one| one.record.id.as_u128()).collect();
    assert_eq!(named, (1..=100).map(|hundred| hundred * 100).collect::<Vec<u128>>());
    assert_eq!(found.iter().filter(|one| one.waiver.is_some()).count(), 10, "of the first thousand");
    assert_eq!(sample.named("milestone.without_activity").len(), 10_000);
}
