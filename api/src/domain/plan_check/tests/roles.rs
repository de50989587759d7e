//! Rules on roles, one by one.

use serde_json::json;

use super::sample::Sample;

/// A plan with some people, each with the seats that the roles name; identifiers count from 1.
fn seats(seats: &[(u64, &str)]) -> Sample {
    let people = (1..=9).fold(Sample::new(), |sample, id| sample.with("people", json!({ "id": id })));
    seats.iter().zip(1..).fold(people, |sample, ((person, role), id)| {
        sample.with("assignments", json!({ "id": id, "personId": person, "role": role }))
    })
}

#[test]
fn a_project_under_way_has_executive_manager_and_steering_group() {
    let rule = "role.missing";
    let all = seats(&[(1, "project_executive"), (2, "project_manager"), (3, "steering_group_chair")]);
    assert_eq!(all.named(rule), [0; 0]);
    let none = Sample::new();
    assert_eq!(
        none.message(rule),
        "Prosjektet pågår, men mangler prosjektansvarlig, prosjektleder og styringsgruppe (2018-01-15)."
    );
    let no_manager = seats(&[(1, "project_executive"), (3, "steering_group_member")]);
    assert_eq!(no_manager.message(rule), "Prosjektet pågår, men mangler prosjektleder (2018-01-15).");
    for status in ["pipeline", "finalisation", "closed", "cancelled", "suspended"] {
        assert_eq!(Sample::project(json!({ "status": status })).named(rule), [0; 0], "{status}");
    }
}

#[test]
fn a_seat_counts_while_it_is_held() {
    let held = |from: &str, to: &str| {
        seats(&[(1, "project_executive"), (3, "steering_group_chair")])
            .with("assignments", json!({ "personId": 2, "role": "project_manager", "validFrom": from, "validTo": to }))
    };
    assert_eq!(held("2017-11-01", "2018-12-31").named("role.missing"), [0; 0]);
    assert_eq!(held("2017-11-01", "2018-01-14").named("role.missing"), [1], "left yesterday");
    assert_eq!(held("2018-01-16", "2018-12-31").named("role.missing"), [1], "comes tomorrow");
    assert_eq!(
        held("2017-11-01", "2018-12-31").on("2017-10-01").named("role.missing"),
        [0; 0],
        "there from the first day"
    );
    assert_eq!(
        held("2017-11-01", "2018-12-31").on("2019-01-01").named("role.missing"),
        [1],
        "late, and nobody leads it"
    );
}

#[test]
fn one_person_does_not_hold_roles_that_check_each_other() {
    let cases: [(&[&str], bool); 12] = [
        (&["project_executive", "project_manager"], true),
        (&["project_executive", "steering_group_member"], true),
        (&["project_executive", "steering_group_chair"], false),
        (&["project_manager", "steering_group_member"], true),
        (&["project_manager", "steering_group_chair"], true),
        (&["project_manager", "project_group_member"], false),
        (&["project_group_member", "steering_group_member"], true),
        (&["observer", "steering_group_member"], true),
        (&["observer", "project_group_member"], false),
        (&["steering_group_member", "steering_group_chair"], false),
        (&["deputy", "steering_group_member"], false),
        (&["reference_group_member", "project_group_member"], false),
    ];
    for (roles, dual) in cases {
        let held: Vec<(u64, &str)> = roles.iter().map(|role| (1, *role)).collect();
        assert_eq!(seats(&held).named("role.dual"), if dual { vec![2] } else { vec![] }, "{roles:?}");
    }
    let two_people = seats(&[(1, "project_executive"), (2, "project_manager")]);
    assert_eq!(two_people.named("role.dual"), [0; 0]);
}

#[test]
fn a_person_with_many_roles_is_one_finding() {
    let sample =
        seats(&[(1, "project_manager"), (1, "project_executive"), (1, "steering_group_member"), (1, "deputy")]);
    assert_eq!(sample.named("role.dual"), [3]);
    let message = sample.message("role.dual");
    assert!(message.contains("prosjektansvarlig, prosjektleder og medlem av styringsgruppa"), "{message}");
}

#[test]
fn who_has_an_interest_in_an_item_steps_aside() {
    let rule = "role.dual";
    let meeting = |declared: serde_json::Value, attended: serde_json::Value| {
        let mut declaration = json!({ "id": 5, "agendaItemId": 4, "personId": 1 });
        declaration["recused"] = declared;
        let mut attendance = json!({ "meetingId": 3, "personId": 1 });
        if let (Some(attendance), Some(more)) = (attendance.as_object_mut(), attended.as_object()) {
            attendance.extend(more.clone());
        }
        seats(&[(1, "steering_group_member")])
            .with("meetings", json!({ "id": 3 }))
            .with("agenda-items", json!({ "id": 4, "meetingId": 3 }))
            .with("interest-declarations", declaration)
            .with("attendances", attendance)
    };
    assert_eq!(meeting(json!(true), json!({})).named(rule), [0; 0], "stepped aside");
    assert!(meeting(json!(false), json!({})).message(rule).contains("var med på å behandle den"));
    assert!(meeting(json!(null), json!({})).message(rule).contains("det er ikke sagt om Kari Nordmann fratrådte"));
    assert_eq!(meeting(json!(false), json!({})).named(rule), [5]);
    for elsewhere in [
        json!({ "attended": false }),
        json!({ "attended": null }),
        json!({ "capacity": "guest" }),
        json!({ "meetingId": 9 }),
    ] {
        assert_eq!(meeting(json!(false), elsewhere.clone()).named(rule), [0; 0], "{elsewhere}");
    }
}

fn employed(organisations: &[(u64, &str)]) -> Sample {
    let sample = seats(&[(1, "project_group_member"), (1, "deputy")]);
    organisations.iter().fold(sample, |sample, (id, name)| {
        sample
            .with("organisations", json!({ "id": id, "name": name }))
            .with("affiliations", json!({ "personId": 1, "organisationId": id, "fraction": 0.5 }))
    })
}

#[test]
fn two_employers_matter_where_one_is_or_may_become_a_party() {
    let rule = "role.double_affiliation";
    let both = || employed(&[(1, "Salangen kommune"), (2, "Astafjord Utvikling AS")]);
    let party = json!({ "organisationId": 1, "role": "owner" });
    let provider = json!({ "profileId": 1, "providerId": 2 });
    assert_eq!(both().named(rule), [0; 0], "neither has a part in it");
    assert_eq!(both().with("project-parties", party.clone()).named(rule), [1]);
    assert_eq!(both().with("service-provisions", provider).named(rule), [1]);
    assert_eq!(employed(&[(1, "Salangen kommune")]).with("project-parties", party.clone()).named(rule), [0; 0]);
    let message = both().with("project-parties", party.clone()).message(rule);
    assert!(message.contains("Salangen kommune (50 %) og Astafjord Utvikling AS (50 %)"), "{message}");
    let former = employed(&[(1, "Salangen kommune")])
        .with("organisations", json!({ "id": 2, "name": "Astafjord Utvikling AS" }))
        .with("affiliations", json!({ "personId": 1, "organisationId": 2, "validTo": "2017-12-31" }))
        .with("project-parties", party);
    assert_eq!(former.named(rule), [0; 0], "the second post is left");
}

#[test]
fn an_observer_who_funds_is_said_once() {
    let rule = "role.observer_funds";
    let funder = json!({ "id": 1, "organisationId": 1, "role": "funder" });
    let observer = json!({ "id": 2, "organisationId": 1, "role": "observer" });
    let body = || seats(&[]).with("organisations", json!({ "id": 1, "name": "Innovasjon Norge" }));
    let person = json!({ "id": 3, "personId": 1, "role": "observer", "organisationId": 1 });
    assert_eq!(body().with("project-parties", funder.clone()).named(rule), [0; 0]);
    assert_eq!(body().with("project-parties", observer.clone()).named(rule), [0; 0]);
    let both = || body().with("project-parties", funder.clone()).with("project-parties", observer.clone());
    assert_eq!(both().named(rule), [2]);
    assert_eq!(both().with("assignments", person).named(rule), [3], "the person who observes");
}

fn owners(counts: &[u64]) -> Sample {
    let mut seat = 0;
    counts.iter().zip(1..).fold(seats(&[]), |sample, (count, owner)| {
        let sample = sample
            .with("organisations", json!({ "id": owner, "name": format!("Kommune {owner}") }))
            .with("project-parties", json!({ "id": owner, "organisationId": owner, "role": "owner" }));
        (0..*count).fold(sample, |sample, _| {
            seat += 1;
            sample.with(
                "assignments",
                json!({ "id": 100 + seat, "personId": seat, "role": "steering_group_member", "organisationId": owner }),
            )
        })
    })
}

#[test]
fn the_owner_with_another_number_of_seats_is_named() {
    let rule = "steering_group.unequal_seats";
    let cases: [(&[u64], &[u128]); 8] = [
        (&[2, 1, 1, 1], &[1]),
        (&[1, 1, 1, 0], &[4]),
        (&[1, 1, 1, 1], &[]),
        (&[0, 0], &[]),
        (&[2, 1], &[1]),
        (&[1, 0], &[2]),
        (&[3, 1, 2, 1], &[1, 3]),
        (&[2], &[]),
    ];
    for (counts, named) in cases {
        assert_eq!(owners(counts).named(rule), named, "{counts:?}");
    }
}

#[test]
fn only_voting_seats_count_and_a_part_of_an_owner_sits_for_it() {
    let rule = "steering_group.unequal_seats";
    let more = |assignment: serde_json::Value| owners(&[1, 1, 1]).with("assignments", assignment);
    let member = |extra: serde_json::Value| {
        let mut seat = json!({ "personId": 9, "role": "steering_group_member", "organisationId": 1 });
        if let (Some(seat), Some(extra)) = (seat.as_object_mut(), extra.as_object()) {
            seat.extend(extra.clone());
        }
        seat
    };
    assert_eq!(more(member(json!({}))).named(rule), [1]);
    assert_eq!(more(member(json!({ "votes": 0 }))).named(rule), [0; 0]);
    assert_eq!(more(member(json!({ "role": "project_group_member" }))).named(rule), [0; 0]);
    assert_eq!(more(member(json!({ "personId": 1 }))).named(rule), [0; 0], "a second title of the same person");
    let of_part = more(member(json!({ "organisationId": 8 })))
        .with("organisations", json!({ "id": 8, "name": "SPIRE", "parentId": 1 }));
    assert_eq!(of_part.named(rule), [1]);
}
