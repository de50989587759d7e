//! Rules on money.

use serde_json::json;
use uuid::Uuid;

use super::sample::Sample;

#[test]
fn a_budget_with_an_amount_is_one_and_one_without_is_not() {
    let rule = "budget.missing";
    let budget = |total: Option<i64>| json!({ "id": 5, "status": "indicative", "kind": "original", "totalOre": total });
    assert_eq!(Sample::new().with("budgets", budget(None)).named(rule), [1], "not known is not a budget");
    assert_eq!(Sample::new().with("budgets", budget(Some(1))).named(rule), [0; 0]);
}

#[test]
fn what_binds_is_covered_by_what_is_promised() {
    let rule = "budget.unbalanced";
    let budget =
        |status: &str| json!({ "id": 5, "status": status, "kind": "original", "cashOre": 10_000, "totalOre": 15_000 });
    let source = |state: &str, amount: Option<i64>| json!({ "organisationId": 3, "state": state, "amountOre": amount });
    let with = |state: &str, amount| {
        Sample::new().with("budgets", budget("committed")).with("funding-sources", source(state, amount))
    };
    assert_eq!(with("committed", Some(9_999)).named(rule), [5]);
    assert_eq!(with("applied", Some(20_000)).named(rule), [5], "applied for is not promised");
    assert_eq!(with("paid", Some(10_000)).named(rule), [0; 0], "what is worked off pays for itself");
    assert_eq!(with("committed", None).named(rule), [0; 0], "what is not known may cover it");
    assert_eq!(Sample::new().with("budgets", budget("indicative")).named(rule), [0; 0]);
    let message = with("committed", Some(5_000)).message(rule);
    assert!(message.contains("100 kr") && message.contains("50 kr mangler"), "{message}");
}

#[test]
fn funding_that_nobody_applied_for_is_only_possible() {
    let rule = "funding.indicative_only";
    let source = |state: &str| json!({ "organisationId": 3, "state": state });
    assert_eq!(Sample::new().named(rule), [0; 0], "no source is not a weak one");
    assert_eq!(Sample::new().with("funding-sources", source("possible")).named(rule), [1]);
    let applied = Sample::new().with("funding-sources", source("possible")).with("funding-sources", source("applied"));
    assert_eq!(applied.named(rule), [0; 0]);
    assert_eq!(Sample::new().with("funding-sources", source("rejected")).named(rule), [0; 0]);
}

#[test]
fn a_payer_gets_its_report_in_time() {
    let rule = "funding.report_overdue";
    let source = |state: &str, due: &str, sent: Option<&str>| json!({ "id": 7, "organisationId": 3, "state": state, "reportDueOn": due, "reportedOn": sent });
    let of = |source| Sample::new().on("2018-01-15").with("funding-sources", source).named(rule);
    assert_eq!(of(source("committed", "2018-01-14", None)), [7]);
    assert_eq!(of(source("committed", "2018-01-15", None)), [0; 0], "the day itself is in time");
    assert_eq!(of(source("committed", "2018-01-14", Some("2018-01-20"))), [0; 0]);
    assert_eq!(of(source("applied", "2018-01-14", None)), [0; 0], "nobody asks before it is committed");
}

#[test]
fn several_owners_share_by_a_key_in_force() {
    let rule = "cost_key.missing";
    let owner = |id: u64| json!({ "organisationId": id, "role": "owner" });
    let owned = || Sample::new().with("project-parties", owner(3)).with("project-parties", owner(4));
    let key = |from: Option<&str>, matter: Option<u64>| {
        json!({
            "name": "Likt", "components": [{ "type": "equal", "weight": 1 }], "parties": [{ "organisationId": Uuid::from_u128(3) }],
            "validFrom": from, "adoptedByMatterId": matter
        })
    };
    assert_eq!(Sample::new().with("project-parties", owner(3)).named(rule), [0; 0], "one bears it all");
    assert_eq!(owned().named(rule), [1]);
    assert_eq!(owned().with("cost-keys", key(None, None)).named(rule), [1], "a draft is not in force");
    assert_eq!(owned().with("cost-keys", key(Some("2017-11-01"), Some(9))).named(rule), [1], "not adopted yet");
    assert_eq!(owned().with("cost-keys", key(Some("2017-11-01"), None)).named(rule), [0; 0]);
}

#[test]
fn a_budget_matter_comes_before_the_year_that_it_is_for() {
    let rule = "matter.after_budget_year";
    let matter = json!({ "id": 5, "subject": "budget", "title": "Budsjett", "milestoneId": 1 });
    let treated = |on: &str| Sample::new().milestones(&[("01", on)]).with("matters", matter.clone());
    assert_eq!(treated("2018-02-01").named(rule), [5], "the project ends in 2018");
    assert_eq!(treated("2017-12-15").named(rule), [0; 0]);
    let line = json!({ "budgetId": 6, "kind": "cash", "year": 2019 });
    let budget = json!({ "id": 6, "status": "indicative", "kind": "original", "matterId": 5 });
    assert_eq!(
        treated("2018-02-01").with("budgets", budget).with("budget-lines", line).named(rule),
        [0; 0],
        "for 2019"
    );
    let case = json!({ "matterId": 5, "organisationId": 3, "decidedOn": "2018-01-02" });
    assert_eq!(treated("2017-12-15").with("political-cases", case).named(rule), [5], "as it was decided");
}
