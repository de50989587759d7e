//! The table itself: nothing is left out of it.

use std::collections::BTreeSet;

use support::records;

use super::resources;

#[test]
fn every_resource_has_a_row_and_every_row_a_resource() {
    let resources: BTreeSet<&str> = resources().map(|(facts, _)| facts.path).collect();
    let rows: BTreeSet<&str> = records::all().iter().map(|sample| sample.path).collect();
    assert_eq!(rows, resources, "tests/support/records.rs needs one row for every resource of api/src/routes.rs");
}

#[test]
fn every_field_that_a_client_may_write_is_written() {
    for (facts, sample) in resources() {
        for field in facts.writable() {
            let given = !sample.body[&field.name].is_null();
            let left_out = sample.without.contains(&field.name.as_str());
            assert!(
                given != left_out,
                "{}: give {} a value in its row, or name it in `without`",
                sample.path,
                field.name
            );
        }
    }
}

#[test]
fn every_row_says_what_to_change_clear_and_refuse() {
    for (facts, sample) in resources() {
        assert!(
            !sample.change.0.is_empty() && sample.body[sample.change.0] != sample.change.1,
            "{}: changes",
            sample.path
        );
        assert!(!sample.wrong.0.is_empty(), "{}: refuses", sample.path);
        let clearable = facts.writable().any(|field| field.nullable);
        assert!(!clearable || !sample.clear.is_empty(), "{}: clears", sample.path);
    }
}
