//! The Sør-Troms project, which the plan check was made for.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{Finding, FindingSeverity, check};
use super::sample::day;
use crate::domain::Picture;

const DOCUMENT: &str = include_str!("../../../../demo/sor-troms.json");
const PRE_STUDY: &str = "015ec5c8-6c00-700b-8000-000000000001";
const PRE_PROJECT: &str = "015ec5c8-6c00-700b-8000-000000000002";
const MILESTONE_02: &str = "015ec5c8-6c00-7013-8000-000000000002";
/// Before, during and long after.
const DAYS: [&str; 4] = ["2017-10-01", "2017-11-01", "2018-02-15", "2026-11-25"];

/// A project of the document with the directory around it, as the store gives it; `change` may correct the document.
fn picture(project: &str, change: impl Fn(&str, &mut Value)) -> Picture {
    let document: Value = serde_json::from_str(DOCUMENT).expect("the demo is JSON");
    let mut picture = Picture { focus: project.parse().expect("an identifier"), ..Picture::default() };
    let records = document["records"].as_object().expect("records by collection");
    for (path, records) in records {
        for record in records.as_array().expect("a list") {
            let mut whole =
                json!({ "version": 1, "createdAt": "2017-09-28T08:00:00Z", "updatedAt": "2017-09-28T08:00:00Z" });
            whole.as_object_mut().expect("an object").extend(record.as_object().expect("a record").clone());
            change(path, &mut whole);
            let foreign = whole.get("projectId").is_some_and(|of| of != project);
            if !foreign || whole["leadsToProjectId"] == project {
                picture.add(path, whole).unwrap_or_else(|error| panic!("{path}: {error}"));
            }
        }
    }
    picture
}

fn as_written(project: &str) -> Picture {
    picture(project, |_, _| {})
}

fn errors(found: &[Finding]) -> Vec<(&str, Uuid)> {
    let errors = found.iter().filter(|one| one.severity == FindingSeverity::Error);
    errors.map(|one| (one.rule.code(), one.record.id)).collect()
}

#[test]
fn milestone_02_is_outside_the_period_and_out_of_sequence_and_nothing_else_is_an_error() {
    let picture = as_written(PRE_PROJECT);
    let milestone: Uuid = MILESTONE_02.parse().expect("an identifier");
    for today in DAYS {
        let found = check(&picture, day(today));
        assert_eq!(
            errors(&found),
            [("milestone.out_of_sequence", milestone), ("milestone.outside_project_period", milestone)],
            "{today}"
        );
        let typos: Vec<&Finding> = found.iter().filter(|one| one.rule.code() == "milestone.likely_typo").collect();
        assert_eq!(typos.len(), 1, "{today}");
        assert_eq!(typos[0].suggestion, Some(json!({ "plannedOn": "2017-12-15" })), "{today}");
    }
}

#[test]
fn with_the_suggestion_taken_there_is_no_error_and_no_doubt_about_the_date() {
    let corrected = picture(PRE_PROJECT, |_, record| {
        if record["id"] == MILESTONE_02 {
            record["plannedOn"] = "2017-12-15".into();
        }
    });
    for today in DAYS {
        let found = check(&corrected, day(today));
        assert_eq!(errors(&found), [], "{today}");
        let about_dates = ["milestone.likely_typo", "milestone.non_working_day"];
        assert!(!found.iter().any(|one| about_dates.contains(&one.rule.code())), "{today}");
    }
}

#[test]
fn the_facts_that_a_reader_would_point_at_are_found() {
    let found = check(&as_written(PRE_PROJECT), day("2017-10-01"));
    let count = |rule: &str| found.iter().filter(|one| one.rule.code() == rule).count();
    let expected = [
        ("milestone.outside_project_period", 1),  // F01
        ("milestone.out_of_sequence", 1),         // F02
        ("milestone.likely_typo", 1),             // F03
        ("milestone.non_working_day", 1),         // F03
        ("activity.number_gap", 1),               // F05: HA 1
        ("activity.without_schedule", 6),         // F07
        ("budget.missing", 1),                    // F08
        ("decision_point.before_budget", 1),      // F08
        ("funding.indicative_only", 1),           // F08: "kan finansieres av"
        ("cost_key.missing", 1),                  // F08: own shares unknown
        ("matter.after_budget_year", 1),          // F09
        ("project.before_mandate", 1),            // F10
        ("decision_point.ambiguous_approver", 2), // F11
        ("role.dual", 1),                         // F12: Severinsen
        ("steering_group.unequal_seats", 1),      // F13: Gratangen
        ("role.observer_funds", 1),               // F14: Innovasjon Norge
        ("role.double_affiliation", 2),           // F16, F17: Nordmo, Flaaten-Stokkan
        ("organisation.alias_used", 1),           // F18: Porneo AS
        ("capacity.provider_fte_differs", 1),     // F20: Astafjord Utvikling AS
        ("capacity.approximate", 1),              // F22: Vinn
        ("capacity.temporary", 1),                // F23: SPIRE
        ("goal.not_measurable", 4),               // F33
    ];
    for (rule, times) in expected {
        assert_eq!(count(rule), times, "{rule}");
    }
    assert_eq!(found.len(), expected.iter().map(|(_, times)| times).sum::<usize>(), "and nothing else");
}

#[test]
fn a_workshop_that_is_over_asks_for_its_memo() {
    let memos = |today: &str| {
        let found = check(&as_written(PRE_PROJECT), day(today));
        found.iter().filter(|one| one.rule.code() == "milestone.evidence_missing").count() // F40
    };
    assert_eq!([memos("2017-11-14"), memos("2017-11-15"), memos("2026-11-25")], [0, 1, 2]);
}

#[test]
fn the_pre_study_is_over_and_is_left_in_peace() {
    for today in DAYS {
        let found = check(&as_written(PRE_STUDY), day(today));
        let rules: Vec<&str> = found.iter().map(|one| one.rule.code()).collect();
        assert_eq!(rules, ["organisation.alias_used"], "{today}");
    }
}

#[test]
fn later_phases_without_a_plan_are_not_asked_for_one() {
    for project in ["3", "4", "5", "6"] {
        let project = format!("015ec5c8-6c00-700b-8000-00000000000{project}");
        for today in DAYS {
            let found = check(&as_written(&project), day(today));
            assert_eq!(errors(&found), [], "{project} {today}");
            let about_the_plan = found
                .iter()
                .filter(|one| !one.record.kind.starts_with("service_") && one.record.kind != "organisation");
            assert_eq!(about_the_plan.count(), 0, "{project} {today}: {found:?}");
        }
    }
}

#[test]
fn fosen_loses_members_while_a_project_there_runs() {
    let fosen = "015ec5c8-6c00-700b-8000-000000000006";
    let dated = picture(fosen, |_, record| {
        if record["id"] == fosen {
            record["startsOn"] = "2017-11-01".into();
            record["endsOn"] = "2018-04-30".into();
        }
    });
    let found = check(&dated, day("2017-11-01"));
    let leaving = found.iter().filter(|one| one.rule.code() == "region.membership_changes");
    assert_eq!(leaving.count(), 2, "F28: Leksvik and Rissa");
}

#[test]
fn every_message_is_a_sentence_in_three_languages_with_nothing_left_open() {
    for project in [PRE_STUDY, PRE_PROJECT] {
        for finding in check(&as_written(project), day("2026-11-25")) {
            for sentence in [&finding.message.nb, &finding.message.nn, &finding.message.en] {
                let rule = finding.rule.code();
                assert!(sentence.ends_with('.') || sentence.ends_with('?'), "{rule}: {sentence}");
                assert!(!sentence.contains(['{', '}']) && !sentence.contains("  "), "{rule}: {sentence}");
                assert!(sentence.chars().count() <= 600, "{rule}: {sentence}");
            }
            assert!(finding.pointer.is_empty() || finding.pointer.starts_with('/'), "{}", finding.pointer);
        }
    }
}
