//! Rules on the names of organisations, one by one.

use serde_json::{Value, json};

use super::sample::Sample;

fn named(names: &[&str]) -> Sample {
    names
        .iter()
        .zip(1..)
        .fold(Sample::new(), |sample, (name, id)| sample.with("organisations", json!({ "id": id, "name": name })))
}

#[test]
fn two_names_that_may_be_of_one_body_are_said_of_the_later() {
    let rule = "organisation.near_duplicate";
    assert_eq!(named(&["Proneo AS", "Vinn", "Porneo AS"]).named(rule), [3]);
    assert_eq!(named(&["Astafjord Utvikling", "Astafjord utvikling AS"]).named(rule), [2]);
    assert_eq!(named(&["Bardu kommune", "Lavangen kommune", "Vinn", "Finn"]).named(rule), [0; 0]);
}

#[test]
fn bodies_with_numbers_of_their_own_are_two() {
    let rule = "organisation.near_duplicate";
    let pair = |first: Value, second: Value| {
        let mut sample = Sample::new();
        for (id, extra) in [(1, first), (2, second)] {
            let mut record = json!({ "id": id, "name": "Herøy kommune" });
            if let (Some(record), Some(extra)) = (record.as_object_mut(), extra.as_object()) {
                record.extend(extra.clone());
            }
            sample = sample.with("organisations", record);
        }
        sample
    };
    assert_eq!(pair(json!({}), json!({})).named(rule), [2]);
    let numbered = |number: &str| json!({ "orgNumber": number });
    assert_eq!(pair(numbered("964978840"), numbered("872417982")).named(rule), [0; 0]);
    assert_eq!(pair(numbered("964978840"), json!({})).named(rule), [2], "of one the number is not known");
    assert_eq!(pair(json!({}), json!({ "parentId": 1 })).named(rule), [0; 0], "a part of the body");
    let coded = pair(json!({}), json!({}))
        .with("municipality-codes", json!({ "organisationId": 1, "code": "1515" }))
        .with("municipality-codes", json!({ "organisationId": 2, "code": "1818" }));
    assert_eq!(coded.named(rule), [0; 0]);
}

fn proneo() -> Sample {
    Sample::new().with("organisations", json!({
        "id": 1, "name": "Proneo AS",
        "altNames": [{ "name": "Proneo", "kind": "short" }, { "name": "Porneo AS", "kind": "misspelling" }, { "name": "Proneo As", "kind": "alias" }]
    }))
}

#[test]
fn a_known_misspelling_is_told_and_an_alias_by_itself_is_not() {
    let found = proneo().of("organisation.alias_used");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].pointer.as_str(), found[0].record.id.as_u128()), ("/altNames/1", 1));
    assert!(found[0].message.nb.contains("«Porneo AS»") && found[0].message.nb.contains("Proneo AS"));
}

#[test]
fn an_alias_in_the_place_of_a_name_is_told() {
    let rule = "organisation.alias_used";
    let another = proneo().with("organisations", json!({ "id": 2, "name": "Porneo AS" }));
    assert_eq!(another.named(rule), [1, 2]);
    let letter = |sender: &str| proneo().with("documents", json!({ "id": 5, "sender": sender, "recipient": "Ukjent" }));
    let suggestions = |sample: Sample| -> Vec<Option<Value>> {
        sample.of(rule).into_iter().filter(|one| one.record.kind == "document").map(|one| one.suggestion).collect()
    };
    assert_eq!(suggestions(letter("Porneo AS")), [Some(json!({ "sender": "Proneo AS" }))]);
    assert_eq!(suggestions(letter("Proneo As")), [Some(json!({ "sender": "Proneo AS" }))]);
    assert_eq!(suggestions(letter("Proneo AS")), []);
    assert_eq!(suggestions(letter("Proneo")), [], "a short form is no mistake");
}
