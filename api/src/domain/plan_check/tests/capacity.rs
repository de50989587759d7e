//! Rules on capacity and region, one by one.

use serde_json::{Value, json};

use super::sample::Sample;

/// A plan in a region with one member and what it draws on.
fn drawing_on(project: Value, provision: Value) -> Sample {
    let mut whole = json!({ "regionId": 1 });
    if let (Some(whole), Some(project)) = (whole.as_object_mut(), project.as_object()) {
        whole.extend(project.clone());
    }
    let mut record = json!({ "id": 1, "profileId": 1 });
    if let (Some(record), Some(provision)) = (record.as_object_mut(), provision.as_object()) {
        record.extend(provision.clone());
    }
    Sample::project(whole)
        .with("regions", json!({ "id": 1 }))
        .with("organisations", json!({ "id": 1, "name": "Salangen kommune" }))
        .with("organisations", json!({ "id": 2, "name": "Astafjord Utvikling AS" }))
        .with("region-members", json!({ "id": 1, "regionId": 1, "organisationId": 1 }))
        .with("service-profiles", json!({ "id": 1, "organisationId": 1, "asOf": "2017-09-28" }))
        .with("service-provisions", record)
}

#[test]
fn the_providers_fte_is_not_the_business_fte() {
    let rule = "capacity.provider_fte_differs";
    let found = |business: Value, provider: Value| {
        drawing_on(json!({}), json!({ "businessFte": business, "providerFte": provider, "providerId": 2 })).named(rule)
    };
    assert_eq!(found(json!(0.5), json!(3.5)), [1]);
    assert_eq!(found(json!(0.5), json!(0.5)), [0; 0]);
    assert_eq!(found(json!(0.5), Value::Null), [0; 0]);
    assert_eq!(found(Value::Null, json!(3.5)), [0; 0], "nothing goes into a sum");
    let message =
        drawing_on(json!({}), json!({ "businessFte": 0.5, "providerFte": 3.5, "providerId": 2 })).message(rule);
    assert_eq!(
        message,
        "Astafjord Utvikling AS har 3,5 årsverk, men bare 0,5 av dem er næringsarbeid for Salangen kommune; bare 0,5 regnes med."
    );
}

#[test]
fn an_estimate_in_a_sum_is_told() {
    let rule = "capacity.approximate";
    assert_eq!(drawing_on(json!({}), json!({ "businessFte": 0.2, "approximate": true })).named(rule), [1]);
    assert_eq!(drawing_on(json!({}), json!({ "businessFte": 0.2, "approximate": false })).named(rule), [0; 0]);
    assert_eq!(drawing_on(json!({}), json!({ "approximate": true })).named(rule), [0; 0]);
}

#[test]
fn capacity_lasts_as_long_as_the_plan() {
    let rule = "capacity.temporary";
    let until =
        |project: Value, valid_to: Value| drawing_on(project, json!({ "businessFte": 1.5, "validTo": valid_to }));
    assert_eq!(until(json!({}), json!("2018-03-31")).named(rule), [1]);
    assert_eq!(until(json!({}), json!("2018-04-30")).named(rule), [0; 0], "to the last day");
    assert_eq!(until(json!({}), Value::Null).named(rule), [0; 0]);
    assert_eq!(until(json!({}), json!("2017-12-31")).named(rule), [0; 0], "it has ended: it is in no sum");
    let months = json!({ "endsOn": null, "durationMonthsMin": 3, "durationMonthsMax": 6 });
    assert_eq!(until(months, json!("2018-04-29")).named(rule), [1], "six months from 2017-11-01");
    assert_eq!(until(json!({ "endsOn": null }), json!("2018-03-31")).named(rule), [0; 0], "no end is known");
}

#[test]
fn the_plan_goes_on_in_the_phases_that_build_on_it() {
    let rule = "capacity.temporary";
    let spire = || drawing_on(json!({}), json!({ "businessFte": 1.5, "validTo": "2018-12-31" }));
    let next = |status: &str| {
        json!({
            "id": 2, "code": "HP", "type": "main_project", "predecessorId": 1, "status": status, "durationMonthsMin": 12, "durationMonthsMax": 24
        })
    };
    assert_eq!(spire().named(rule), [0; 0]);
    assert_eq!(spire().with("projects", next("cancelled")).named(rule), [0; 0]);
    let message = spire().with("projects", next("pipeline")).message(rule);
    assert!(message.contains("2018-12-31") && message.contains("2020-04-30 (hovedprosjekt HP)"), "{message}");
    let ring = spire().with("projects", json!({ "id": 2, "predecessorId": 2, "durationMonthsMax": 12 }));
    assert_eq!(ring.named(rule), [0; 0], "a project that follows itself ends nowhere");
}

fn member(project: Value, membership: Value) -> Sample {
    let mut whole = json!({ "regionId": 1 });
    if let (Some(whole), Some(project)) = (whole.as_object_mut(), project.as_object()) {
        whole.extend(project.clone());
    }
    let mut record = json!({ "id": 1, "regionId": 1, "organisationId": 1 });
    if let (Some(record), Some(membership)) = (record.as_object_mut(), membership.as_object()) {
        record.extend(membership.clone());
    }
    Sample::project(whole)
        .with("organisations", json!({ "id": 1, "name": "Rissa kommune" }))
        .with("region-members", record)
}

#[test]
fn a_member_that_leaves_while_the_project_runs_is_told() {
    let rule = "region.membership_changes";
    for (valid_to, told) in
        [("2017-10-31", false), ("2017-11-01", true), ("2017-12-31", true), ("2018-04-29", true), ("2018-04-30", false)]
    {
        assert_eq!(!member(json!({}), json!({ "validTo": valid_to })).named(rule).is_empty(), told, "{valid_to}");
    }
    assert_eq!(member(json!({}), json!({})).named(rule), [0; 0]);
    assert_eq!(
        member(json!({}), json!({ "regionId": 2, "validTo": "2017-12-31" })).named(rule),
        [0; 0],
        "another region"
    );
    assert_eq!(
        member(json!({ "startsOn": null }), json!({ "validTo": "2017-12-31" })).named(rule),
        [0; 0],
        "no period is known"
    );
}

#[test]
fn a_municipality_without_a_number_any_more_has_merged_or_split() {
    let rule = "region.membership_changes";
    let code = |code: &str, valid_to: Value| json!({ "organisationId": 1, "code": code, "validTo": valid_to });
    let merged = member(json!({}), json!({})).with("municipality-codes", code("1624", json!("2017-12-31")));
    assert!(merged.message(rule).contains("kommunenummer"));
    let renumbered = member(json!({}), json!({}))
        .with("municipality-codes", code("1627", json!("2017-12-31")))
        .with("municipality-codes", code("5017", Value::Null));
    assert_eq!(renumbered.named(rule), [0; 0], "it goes on with another number");
    let both = member(json!({}), json!({ "validTo": "2017-12-31" }))
        .with("municipality-codes", code("1624", json!("2017-12-31")));
    assert_eq!(both.named(rule), [1], "said once");
    let left_before = member(json!({}), json!({ "validTo": "2017-06-30" }))
        .with("municipality-codes", code("1624", json!("2017-12-31")));
    assert_eq!(left_before.named(rule), [0; 0], "no member any more");
}
