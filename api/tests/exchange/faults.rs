//! A document with a fault is kept out whole, and told where and why.

use framdrift::access::Caller;
use serde_json::{Value, json};

use crate::support::{Place, Result, Told, engines, told, whole};

type Spoil = fn(&mut Value);

const NOWHERE: &str = "0190e0a0-0000-7000-8000-0000000fffff";

/// What is done to a sound document, and what is told of it.
const CASES: &[(&str, Spoil, Told)] = &[
    ("no format", |d| d["format"] = Value::Null, &[("/format", "unknown_format")]),
    ("another format", |d| d["format"] = "framdrift.project/9".into(), &[("/format", "unknown_format")]),
    ("a member too many", |d| d["extra~/"] = 1.into(), &[("/extra~0~1", "unknown_field")]),
    ("no project", |d| remove(d, "projectId"), &[("/projectId", "required")]),
    ("a project that is no identifier", |d| d["projectId"] = "P2".into(), &[("/projectId", "wrong_format")]),
    ("a project that is nowhere", |d| d["projectId"] = NOWHERE.into(), &[("/projectId", "no_such_record")]),
    ("no records", |d| remove(d, "records"), &[("/records", "required")]),
    ("records as a list", |d| d["records"] = json!([]), &[("/records", "wrong_type")]),
    ("an unknown collection", |d| d["records"]["users"] = json!([]), &[("/records/users", "unknown_field")]),
    ("a collection as an object", |d| d["records"]["risks"] = json!({}), &[("/records/risks", "wrong_type")]),
    ("a collection that is null", |d| d["records"]["risks"] = Value::Null, &[("/records/risks", "wrong_type")]),
    ("a record as text", |d| d["records"]["risks"][0] = "x".into(), &[("/records/risks/0", "wrong_type")]),
    ("no identifier", |d| remove(&mut d["records"]["risks"][0], "id"), &[("/records/risks/0/id", "required")]),
    ("a wrong identifier", |d| d["records"]["risks"][0]["id"] = 7.into(), &[("/records/risks/0/id", "wrong_format")]),
    (
        "an identifier twice",
        |d| d["records"]["risks"][0]["id"] = d["records"]["goals"][0]["id"].clone(),
        &[("/records/risks/0/id", "duplicate")],
    ),
    ("a header", |d| d["records"]["risks"][0]["version"] = 3.into(), &[("/records/risks/0/version", "read_only")]),
    (
        "a computed field",
        |d| d["records"]["milestones"][0]["status"] = "met".into(),
        &[("/records/milestones/0/status", "read_only")],
    ),
    (
        "an unknown field",
        |d| d["records"]["risks"][0]["weight"] = 3.into(),
        &[("/records/risks/0/weight", "unknown_field")],
    ),
    (
        "a field that is missing",
        |d| remove(&mut d["records"]["risks"][0], "title"),
        &[("/records/risks/0/title", "required")],
    ),
    (
        "a wrong decision",
        |d| d["records"]["decision-points"][0]["outcome"] = "perhaps".into(),
        &[("/records/decision-points/0/outcome", "unknown_code")],
    ),
    (
        "a wrong value deep inside",
        |d| d["records"]["indicators"][0]["targets"][1]["value"] = 0.00001.into(),
        &[("/records/indicators/0/targets/1/value", "too_many_decimals")],
    ),
    (
        "a reference to nobody",
        |d| d["records"]["risks"][0]["ownerId"] = NOWHERE.into(),
        &[("/records/risks/0/ownerId", "no_such_record")],
    ),
    (
        "a provider that is nobody",
        |d| d["records"]["services"][0]["providers"][1] = NOWHERE.into(),
        &[("/records/services/0/providers/1", "no_such_record")],
    ),
    (
        "dates in the wrong order, told with the record's place",
        |d| d["records"]["activities"][0]["endsOn"] = "2017-10-31".into(),
        &[("/records/activities/0/endsOn", "out_of_order")],
    ),
    (
        "a number twice in a project",
        |d| d["records"]["milestones"][1]["number"] = "01".into(),
        &[("/records/milestones/1/number", "duplicate")],
    ),
    (
        "faults of several records at once",
        |d| {
            d["records"]["risks"] = json!([1]);
            d["records"]["goals"] = 2.into();
        },
        &[("/records/goals", "wrong_type"), ("/records/risks/0", "wrong_type")],
    ),
];

fn remove(value: &mut Value, name: &str) {
    if let Some(members) = value.as_object_mut() {
        members.shift_remove(name);
    }
}

#[tokio::test]
async fn every_fault_has_its_pointer_and_nothing_is_written() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        for (what, spoil, expected) in CASES {
            let mut document = whole()?;
            spoil(&mut document);
            let outcome = place.import(&Caller::operator(), &document).await?;
            assert_eq!(told(&outcome.errors), *expected, "{what} on {engine:?}");
        }
        assert_eq!(place.count("SELECT COUNT(*) FROM journal").await?, 0);
        assert_eq!(place.count("SELECT COUNT(*) FROM organisations").await?, 0);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_clashes_with_a_record_that_is_here_is_told_with_its_place() -> Result {
    for engine in engines() {
        let place = Place::new(engine).await?;
        let document = whole()?;
        place.import(&Caller::operator(), &document).await?;
        let mut other = document.clone();
        other["records"]["organisations"][0]["id"] = NOWHERE.into();
        other["records"]["milestones"][0]["id"] = "0190e0a0-0000-7000-8000-0000000ffffe".into();
        let outcome = place.import(&Caller::operator(), &other).await?;
        let expected = vec![("/records/organisations/0/orgNumber", "taken"), ("/records/milestones/0/number", "taken")];
        assert_eq!(told(&outcome.errors), expected);
        place.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_planned_date_moves_with_a_reason_only() -> Result {
    let place = Place::new(engines()[0]).await?;
    let mut document = whole()?;
    place.import(&Caller::operator(), &document).await?;
    document["records"]["milestones"][0]["plannedOn"] = "2017-12-15".into();
    let outcome = place.import(&Caller::operator(), &document).await?;
    assert_eq!(told(&outcome.errors), vec![("/records/milestones/0/plannedOn", "reason_required")]);
    let outcome = place.import_because(&Caller::operator(), &document, Some("Skrivefeil i planen")).await?;
    assert_eq!((told(&outcome.errors), outcome.updated), (vec![], 1));
    place.close().await
}

#[tokio::test]
async fn of_very_many_faults_the_first_are_told_and_how_many_more() -> Result {
    let place = Place::new(engines()[0]).await?;
    let mut document = whole()?;
    document["records"]["risks"] = vec![Value::Null; 1500].into();
    let faults = place.import(&Caller::operator(), &document).await?.faults();
    assert_eq!(faults.len(), 1001);
    assert_eq!(faults.last().map(|last| last.message.en.as_str()), Some("and 500 more faults"));
    place.close().await
}
