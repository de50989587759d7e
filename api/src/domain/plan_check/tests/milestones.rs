//! Rules on milestones, one by one.

use serde_json::{Value, json};

use super::super::typo::{Slip, likeliest};
use super::sample::{Sample, day};

#[test]
fn a_date_before_the_start_or_after_the_end_is_outside() {
    let rule = "milestone.outside_project_period";
    let planned = [("1", "2017-10-31"), ("2", "2017-11-01"), ("3", "2018-04-30"), ("4", "2018-05-01"), ("5", "")];
    assert_eq!(Sample::new().milestones(&planned).named(rule), [1, 4]);
    let open = Sample::project(json!({ "startsOn": null, "endsOn": null }));
    assert_eq!(open.milestones(&planned).named(rule), [0; 0], "where no period is known nothing is outside it");
    let message = Sample::new().milestones(&[("02", "2018-12-15")]).message(rule);
    assert!(message.contains("229 dager"), "{message}");
    let message = Sample::new().milestones(&[("02", "2017-10-31")]).message(rule);
    assert!(message.contains("1 dag før"), "{message}");
}

#[test]
fn the_forecast_and_the_day_of_truth_may_lie_outside() {
    let late = json!({ "plannedOn": "2018-04-01", "forecastOn": "2018-06-01", "metOn": "2018-06-15" });
    assert_eq!(Sample::new().with("milestones", late).named("milestone.outside_project_period"), [0; 0]);
}

#[test]
fn what_was_given_up_is_no_finding() {
    let cancelled =
        json!({ "number": "2", "plannedOn": "2018-12-15", "cancelledOn": "2018-01-01", "requiresDocument": true });
    let sample = Sample::new().milestones(&[("1", "2017-11-15"), ("3", "2018-02-01")]).with("milestones", cancelled);
    let about_milestones: Vec<_> = sample.findings().into_iter().filter(|one| one.record.kind == "milestone").collect();
    assert!(about_milestones.is_empty(), "{about_milestones:?}");
}

#[test]
fn the_likeliest_slip_is_the_year_then_the_swap_and_a_working_day_comes_first() {
    let table = [
        // The demo: 2018-02-15 would be in the period, but after milestone 03.
        ("2018-12-15", "2017-11-15", "2018-02-01", Some((Slip::Year, "2017-12-15"))),
        // Both the year and the month would do: the year is the likelier.
        ("2018-12-15", "2017-11-15", "2018-04-30", Some((Slip::Year, "2017-12-15"))),
        ("2018-10-02", "2018-01-15", "2018-03-01", Some((Slip::Swapped, "2018-02-10"))),
        ("2018-08-12", "2018-01-15", "2018-03-01", Some((Slip::Month, "2018-02-12"))),
        ("2018-03-31", "2018-03-01", "2018-03-20", Some((Slip::Day, "2018-03-01"))),
        // 2018-12-15 is a Saturday, 2017-12-15 a Friday.
        ("2019-12-15", "2017-12-01", "2018-12-31", Some((Slip::Year, "2017-12-15"))),
        ("2018-01-20", "2018-01-15", "2018-01-31", None),
        ("2018-12-31", "2018-02-01", "2018-02-10", None),
    ];
    for (date, earliest, latest, meant) in table {
        let found = likeliest(day(date), Some(day(earliest)), Some(day(latest)));
        assert_eq!(found, meant.map(|(slip, meant)| (slip, day(meant))), "{date}");
    }
}

#[test]
fn a_typo_is_suggested_only_where_it_fits_period_and_sequence() {
    let rule = "milestone.likely_typo";
    let demo = [("01", "2017-11-15"), ("02", "2018-12-15"), ("03", "2018-02-01"), ("04", "2018-03-01")];
    let found = Sample::new().milestones(&demo).of(rule);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].suggestion, Some(json!({ "plannedOn": "2017-12-15" })));
    assert_eq!(found[0].pointer, "/plannedOn");
    let sound = [("01", "2017-11-15"), ("02", "2017-12-15"), ("03", "2018-02-01")];
    assert_eq!(Sample::new().milestones(&sound).named(rule), [0; 0]);
    let hopeless = [("01", "2018-01-29"), ("02", "2023-07-17"), ("03", "2018-01-30")];
    assert_eq!(Sample::new().milestones(&hopeless).named(rule), [0; 0]);
}

#[test]
fn without_a_period_the_nearest_date_is_suggested() {
    let open = Sample::project(json!({ "startsOn": null, "endsOn": null }));
    let found = open
        .milestones(&[("01", "2018-12-14"), ("02", "2018-02-01"), ("03", "2018-03-01")])
        .of("milestone.likely_typo");
    assert_eq!(
        found.iter().map(|one| one.suggestion.clone()).collect::<Vec<_>>(),
        [Some(json!({ "plannedOn": "2017-12-14" }))]
    );
}

#[test]
fn days_off_are_named_while_the_milestone_waits() {
    let rule = "milestone.non_working_day";
    let planned = [("1", "2017-12-15"), ("2", "2017-12-16"), ("3", "2017-12-25"), ("4", "2018-03-29")];
    assert_eq!(Sample::new().milestones(&planned).named(rule), [2, 3, 4]);
    let met = json!({ "plannedOn": "2017-12-16", "metOn": "2017-12-16" });
    assert_eq!(Sample::new().with("milestones", met).named(rule), [0; 0]);
    let moved = json!({ "plannedOn": "2017-12-16", "forecastOn": "2017-12-18" });
    assert_eq!(Sample::new().with("milestones", moved).named(rule), [0; 0], "the forecast is what counts");
    let moved = json!({ "plannedOn": "2017-12-15", "forecastOn": "2017-12-17" });
    let found = Sample::new().with("milestones", moved).of(rule);
    assert_eq!(found[0].pointer, "/forecastOn");
    assert!(found[0].message.nn.contains("ein sundag"), "{}", found[0].message.nn);
}

#[test]
fn a_milestone_is_tied_to_an_activity_and_a_named_one_is_suggested() {
    let rule = "milestone.without_activity";
    let suggestion = |title: &str| -> Option<Value> {
        let sample = Sample::new()
            .with("activities", json!({ "id": 2, "number": "HA 2" }))
            .with("activities", json!({ "id": 3, "number": "HA 3" }))
            .with("activities", json!({ "id": 4, "number": "4" }))
            .with("milestones", json!({ "id": 5, "title": title }));
        let found = sample.of(rule);
        assert_eq!(found.len(), 1, "{title}");
        found[0].suggestion.as_ref().map(|patch| patch["activityId"].clone())
    };
    let id = |number: u128| Some(Value::from(uuid::Uuid::from_u128(number).to_string()));
    assert_eq!(suggestion("Gjennomført workshop HA 3 – kompetansebehov"), id(3));
    assert_eq!(suggestion("Innholdet er klart (ha2)"), id(2));
    assert_eq!(suggestion("Budsjett behandlet i 4 kommuner"), None, "a bare figure is no activity");
    assert_eq!(suggestion("HA 2 og HA 3 er ferdige"), None, "two are named");
    assert_eq!(suggestion("HA 7 er ferdig"), None, "there is no such activity");
    let tied = json!({ "activityId": 2 });
    let met = json!({ "metOn": "2017-12-01" });
    assert_eq!(Sample::new().with("milestones", tied).with("milestones", met).named(rule), [0; 0]);
}

fn asking(id: u64, planned_on: &str) -> Value {
    json!({ "id": id, "number": id.to_string(), "plannedOn": planned_on, "requiresDocument": true })
}

#[test]
fn evidence_is_missing_where_no_finished_document_can_be_it() {
    let rule = "milestone.evidence_missing";
    let two = || Sample::new().with("milestones", asking(1, "2017-11-15")).with("milestones", asking(2, "2017-12-15"));
    let memo = |status: &str, on: Option<&str>| json!({ "kind": "memo", "status": status, "documentOn": on });
    assert_eq!(two().named(rule), [1, 2]);
    assert_eq!(two().on("2017-11-15").named(rule), [1], "the second is not due");
    assert_eq!(two().on("2017-11-14").named(rule), [0; 0]);
    assert_eq!(two().with("documents", memo("final", Some("2017-11-20"))).named(rule), [2]);
    assert_eq!(two().with("documents", memo("adopted", Some("2017-12-20"))).named(rule), [2], "one shows one");
    assert_eq!(two().with("documents", memo("draft", Some("2017-12-20"))).named(rule), [1, 2], "a draft shows nothing");
    assert_eq!(two().with("documents", memo("superseded", Some("2017-12-20"))).named(rule), [1, 2]);
    assert_eq!(two().with("documents", memo("final", Some("2017-11-01"))).named(rule), [1, 2], "older than both");
    assert_eq!(two().with("documents", memo("final", None)).named(rule), [2], "without a date it may show any");
    let both =
        two().with("documents", memo("final", Some("2017-12-20"))).with("documents", memo("final", Some("2017-11-16")));
    assert_eq!(both.named(rule), [0; 0]);
    let plan = json!({ "kind": "project_plan", "status": "adopted", "documentOn": "2018-01-01" });
    assert_eq!(two().with("documents", plan).named(rule), [1, 2], "a plan shows no result");
    let bound = two()
        .with("documents", json!({ "id": 7, "status": "final", "documentOn": "2018-01-01" }))
        .with("decision-requirements", json!({ "decisionPointId": 1, "documentId": 7 }));
    assert_eq!(bound.named(rule), [1, 2], "it answers a decision point already");
}

#[test]
fn in_a_closed_project_only_what_was_met_asks_for_evidence() {
    let rule = "milestone.evidence_missing";
    let met = json!({ "id": 3, "metOn": "2018-01-10", "requiresDocument": true });
    let closed = Sample::project(json!({ "status": "closed" })).with("milestones", asking(1, "2017-11-15"));
    assert_eq!(closed.with("milestones", met).named(rule), [3]);
    let no_document = json!({ "metOn": "2018-01-10", "requiresDocument": false });
    assert_eq!(Sample::new().with("milestones", no_document).named(rule), [0; 0]);
}
