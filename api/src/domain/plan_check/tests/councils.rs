//! Rules on what the municipalities decide, one by one.

use serde_json::{Value, json};
use uuid::Uuid;

use super::sample::Sample;

/// A plan with four municipalities.
fn municipalities(sample: Sample) -> Sample {
    let names = ["Bardu kommune", "Gratangen kommune", "Lavangen kommune", "Salangen kommune"];
    names.into_iter().zip(1..).fold(sample, |sample, (name, id)| {
        sample.with("organisations", json!({ "id": id, "name": name, "kind": "municipality" }))
    })
}

fn roll_up(of: u64, adopted: u64, rejected: u64) -> Value {
    json!({ "of": of, "adopted": adopted, "adoptedWithConditions": 0, "rejected": rejected, "postponed": 0, "pending": of - adopted - rejected })
}

fn no(id: u64, organisation: u64) -> Value {
    json!({ "id": id, "matterId": 1, "organisationId": organisation, "outcome": "rejected", "decidedOn": "2018-01-10" })
}

#[test]
fn a_no_says_what_follows_from_the_rule() {
    let rule = "matter.rejected";
    let matter = |by: &str, state: &str, adopted: u64, named: Value| {
        let matter = json!({ "id": 1, "rule": by, "state": state, "rollUp": roll_up(4, adopted, 1), "named": named });
        municipalities(Sample::new()).with("matters", matter).with("political-cases", no(5, 1))
    };
    let cases = [
        ("all", "not_met", 3, "alle kommunene må vedta"),
        ("majority", "met", 3, "flertallet har likevel vedtatt (3 av 4)"),
        (
            "majority",
            "partially_met",
            1,
            "flertallet kan fremdeles nås, 1 av 4 har vedtatt og 2 har ikke avgjort saken",
        ),
        ("majority", "not_met", 1, "flertallet kan ikke lenger nås"),
    ];
    for (by, state, adopted, says) in cases {
        let sample = matter(by, state, adopted, json!([]));
        assert_eq!(sample.named(rule), [5], "{by} {state}");
        let message = sample.message(rule);
        assert!(
            message.starts_with("Bardu kommune sa nei til «Budsjett 2018» 2018-01-10: ") && message.contains(says),
            "{message}"
        );
    }
    let named = |id: u128| json!([Uuid::from_u128(id)]);
    assert_eq!(matter("named", "not_met", 0, named(1)).named(rule), [5]);
    assert_eq!(matter("named", "pending", 0, named(2)).named(rule), [0; 0], "whom the matter does not count");
}

#[test]
fn a_yes_or_no_answer_is_no_finding() {
    let sample = municipalities(Sample::new()).with("matters", json!({ "id": 1, "rollUp": roll_up(2, 1, 0) }));
    let sample = sample.with("political-cases", json!({ "matterId": 1, "organisationId": 1, "outcome": "adopted" }));
    let sample = sample.with("political-cases", json!({ "matterId": 1, "organisationId": 2 }));
    assert_eq!(sample.named("matter.rejected"), [0; 0]);
}

/// A project that follows another, whose continuation the municipalities were asked about.
fn followed(matter: Value) -> Sample {
    let mut whole = json!({ "id": 1, "projectId": 2, "subject": "continuation", "title": "Videreføring" });
    if let (Some(whole), Some(more)) = (whole.as_object_mut(), matter.as_object()) {
        whole.extend(more.clone());
    }
    Sample::project(json!({ "predecessorId": 2 }))
        .with("projects", json!({ "id": 2, "code": "FS", "endsOn": "2017-06-30" }))
        .with("matters", whole)
}

#[test]
fn the_municipalities_decide_before_the_project_starts() {
    let rule = "project.before_mandate";
    let met = |on: &str| followed(json!({ "state": "met", "metOn": on, "rollUp": roll_up(4, 4, 0) }));
    assert_eq!(met("2017-10-31").named(rule), [0; 0]);
    assert_eq!(met("2017-11-01").named(rule), [0; 0], "on its first day");
    let late = met("2017-11-15");
    assert!(late.message(rule).contains("ble ikke vedtatt av kommunene før 2017-11-15"), "{}", late.message(rule));
    assert_eq!(late.of(rule)[0].suggestion, Some(json!({ "startsOn": "2017-11-15" })));
    let pending = followed(json!({ "state": "partially_met", "rollUp": roll_up(4, 3, 0) }));
    assert!(
        pending.message(rule).ends_with("kommunene har ikke vedtatt «Videreføring»: 3 av 4 har vedtatt, 1 venter.")
    );
    let refused = followed(json!({ "state": "not_met", "rollUp": roll_up(4, 3, 1) }));
    assert!(refused.message(rule).contains("1 har sagt nei"));
}

#[test]
fn their_decision_stands_above_the_recommendation_and_other_matters_decide_nothing() {
    let rule = "project.before_mandate";
    let proposed = json!({ "projectId": 2, "leadsToProjectId": 1, "status": "proposed" });
    let met = json!({ "state": "met", "metOn": "2017-10-20" });
    assert_eq!(followed(met.clone()).with("recommendations", proposed.clone()).named(rule), [0; 0]);
    let budget = json!({ "subject": "budget", "state": "pending" });
    assert_eq!(followed(budget.clone()).named(rule), [0; 0]);
    assert_eq!(followed(budget).with("recommendations", proposed).named(rule), [1]);
    let report = json!({ "subject": "final_report", "state": "pending", "rollUp": roll_up(4, 0, 0) });
    assert_eq!(followed(report.clone()).named(rule), [1]);
    let both = followed(report).with(
        "matters",
        json!({
            "projectId": 2, "subject": "continuation", "state": "met", "metOn": "2017-10-20"
        }),
    );
    assert_eq!(both.named(rule), [0; 0], "continuation is what decides");
}

/// A decision point on a day, and a matter whose windows end on another.
fn waiting(point: &str, window_to: &str, matter: Value) -> Sample {
    let mut whole = json!({ "id": 1 });
    if let (Some(whole), Some(more)) = (whole.as_object_mut(), matter.as_object()) {
        whole.extend(more.clone());
    }
    Sample::new()
        .with("decision-points", json!({ "id": 1, "number": "1", "plannedOn": "2017-11-01", "outcome": "approved" }))
        .with("decision-points", json!({ "id": 2, "number": "2", "theme": "Avslutning", "plannedOn": point }))
        .with("matters", whole)
        .with("political-cases", json!({ "matterId": 1, "organisationId": 1, "windowTo": "2018-01-01" }))
        .with("political-cases", json!({ "matterId": 1, "organisationId": 2, "windowTo": window_to }))
}

#[test]
fn a_decision_waits_two_weeks_for_what_the_municipalities_decide() {
    let rule = "decision_point.no_slack";
    let asks = json!({ "decisionPointId": 2, "documentKind": "budget" });
    let slack = |point: &str, end: &str| waiting(point, end, json!({})).with("decision-requirements", asks.clone());
    assert_eq!(slack("2018-02-15", "2018-02-01").named(rule), [0; 0], "fourteen days");
    assert_eq!(slack("2018-02-14", "2018-02-01").named(rule), [2], "thirteen");
    let message = slack("2018-02-14", "2018-02-01").message(rule);
    assert!(
        message.contains("2018-02-14, bare 13 dager etter at fristen for kommunenes vedtak om «Budsjett 2018»"),
        "{message}"
    );
    assert!(slack("2018-02-01", "2018-02-01").message(rule).contains("samme dag som fristen"));
    assert!(slack("2018-01-20", "2018-02-01").message(rule).contains("før fristen"));
    assert_eq!(slack("2018-02-01", "2018-02-01").of(rule)[0].suggestion, Some(json!({ "plannedOn": "2018-02-15" })));
    assert_eq!(slack("2018-04-30", "2018-04-30").of(rule)[0].suggestion, None, "the project ends before");
    assert_eq!(waiting("2018-02-01", "2018-02-01", json!({})).named(rule), [0; 0], "nothing ties them");
}

#[test]
fn what_is_decided_is_not_waited_for() {
    let rule = "decision_point.no_slack";
    let requirement = json!({ "decisionPointId": 2, "documentKind": "budget" });
    let decided = Sample::new()
        .with("decision-points", json!({ "id": 2, "plannedOn": "2018-02-01" }))
        .with("decision-requirements", requirement)
        .with("matters", json!({ "id": 1 }))
        .with(
            "political-cases",
            json!({ "matterId": 1, "organisationId": 1, "windowTo": "2018-02-01", "outcome": "adopted" }),
        );
    assert_eq!(decided.named(rule), [0; 0]);
}

#[test]
fn document_milestone_and_start_tie_a_decision_to_a_matter() {
    let rule = "decision_point.no_slack";
    let by_document = waiting("2018-02-01", "2018-02-01", json!({ "subject": "other", "documentId": 9 }))
        .with("decision-requirements", json!({ "decisionPointId": 2, "documentId": 9 }));
    assert_eq!(by_document.named(rule), [2]);
    let milestone = |planned: &str| {
        waiting("2018-02-01", "2018-02-01", json!({ "subject": "other", "milestoneId": 8 }))
            .with("milestones", json!({ "id": 8, "number": "03", "plannedOn": planned }))
    };
    assert_eq!(milestone("2018-01-31").named(rule), [2], "the next decision point after it");
    assert_eq!(milestone("2018-02-02").named(rule), [0; 0], "comes after it");
    assert_eq!(milestone("2017-10-31").named(rule), [0; 0], "was for the one before, which is decided");
    let start = |subject: &str| {
        followed(json!({ "subject": subject, "state": "pending" }))
            .with("decision-points", json!({ "id": 4, "number": "1", "plannedOn": "2017-11-01" }))
            .with("decision-points", json!({ "id": 5, "number": "2", "plannedOn": "2018-04-30" }))
            .with(
                "political-cases",
                json!({ "projectId": 2, "matterId": 1, "organisationId": 1, "windowTo": "2017-10-31" }),
            )
    };
    assert_eq!(start("continuation").named(rule), [4], "F10: zero slack");
    assert_eq!(start("final_report").named(rule), [4]);
    assert_eq!(start("budget").named(rule), [0; 0]);
}
