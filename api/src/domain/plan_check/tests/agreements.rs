//! Rules on agreements, one by one.

use serde_json::{Value, json};

use super::sample::Sample;

/// A cooperation agreement of two, which no law lists the contents of; in force from the day given.
fn agreement(kind: &str, valid_from: Value) -> Sample {
    let bodies = [(1, "Bardu kommune"), (2, "Lavangen kommune")];
    let sample = bodies.into_iter().fold(Sample::new(), |sample, (id, name)| {
        sample.with("organisations", json!({ "id": id, "name": name, "kind": "municipality" }))
    });
    let agreement =
        json!({ "id": 1, "kind": kind, "title": "Avtale om næring", "validFrom": valid_from, "documentId": 7 });
    sample.with("agreements", agreement).with("documents", json!({ "id": 7, "kind": "agreement" }))
}

fn party(id: u64, sha256: Value, signed_on: Value) -> Value {
    json!({ "id": id, "agreementId": 1, "organisationId": id, "adoptedVersionSha256": sha256, "signedOn": signed_on })
}

#[test]
fn an_agreement_in_force_has_what_is_required() {
    let rule = "agreement.incomplete";
    let signed = |sample: Sample| {
        let sample = sample.with("agreement-parties", party(1, json!(null), json!("2018-01-02")));
        sample.with("agreement-parties", party(2, json!(null), json!("2018-01-02")))
    };
    assert_eq!(signed(agreement("cooperation", json!("2018-01-10"))).named(rule), [0; 0]);
    assert_eq!(agreement("cooperation", json!(null)).named(rule), [0; 0], "a draft");
    assert_eq!(agreement("cooperation", json!("2018-01-16")).named(rule), [0; 0], "in force tomorrow");
    let message = agreement("cooperation", json!("2018-01-15")).message(rule);
    assert_eq!(message, "«Avtale om næring» gjelder uten det som kreves: færre enn to parter.");
    let unsigned = signed(agreement("cooperation", json!("2018-01-15"))).with(
        "agreement-parties",
        json!({
            "id": 3, "agreementId": 1, "organisationId": 2
        }),
    );
    assert_eq!(
        unsigned.message(rule),
        "«Avtale om næring» gjelder uten det som kreves: Lavangen kommune: ikke undertegnet."
    );
    let host = signed(agreement("host_municipality", json!("2018-01-10")));
    let found = host.of(rule);
    assert_eq!(found.iter().map(|one| one.pointer.as_str()).collect::<Vec<_>>(), ["/clauses"]);
    assert!(
        found[0].message.nb.ends_with("ting til."),
        "the first are named, the rest counted: {}",
        found[0].message.nb
    );
    let over = json!({ "id": 2, "kind": "cooperation", "validFrom": "2016-01-01", "validTo": "2018-01-14" });
    assert_eq!(Sample::new().with("agreements", over).named(rule), [0; 0], "no longer in force");
}

#[test]
fn councils_adopt_one_text() {
    let rule = "agreement.texts_differ";
    let (one, other) = (json!("a".repeat(64)), json!("b".repeat(64)));
    let adopted = |kind: &str, from: Value, second: &Value| {
        let sample = agreement(kind, from).with("agreement-parties", party(1, one.clone(), json!(null)));
        sample.with("agreement-parties", party(2, second.clone(), json!(null)))
    };
    assert_eq!(adopted("cooperation", json!(null), &one).named(rule), [0; 0]);
    assert_eq!(adopted("cooperation", json!(null), &json!(null)).named(rule), [0; 0], "the second has not adopted yet");
    let message = adopted("cooperation", json!(null), &other).message(rule);
    assert!(message.starts_with("Lavangen kommune har vedtatt en annen tekst"), "{message}");
    assert_eq!(adopted("iks", json!(null), &other).named(rule), [2]);
    let in_force = adopted("iks", json!("2018-01-10"), &other);
    assert_eq!(in_force.named(rule), [0; 0], "then the agreement is incomplete as a whole");
    assert_eq!(in_force.named("agreement.incomplete"), [1]);
}
