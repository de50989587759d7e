//! The table itself: nothing is left out of it.

use std::collections::BTreeSet;

use framdrift::routes;
use support::records;

#[test]
fn every_resource_has_a_row_and_every_row_a_resource() {
    let resources: BTreeSet<&str> = routes::resources().iter().map(|resource| resource.facts.path).collect();
    let rows: BTreeSet<&str> = records::all().iter().map(|sample| sample.path).collect();
    assert_eq!(rows, resources, "tests/support/records.rs needs one row for every resource of api/src/routes.rs");
}

#[test]
fn every_field_that_a_client_may_write_is_written() {
    for resource in routes::resources() {
        let sample = records::sample(resource.facts.path);
        for field in resource.facts.writable() {
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
    for resource in routes::resources() {
        let sample = records::sample(resource.facts.path);
        assert!(
            !sample.change.0.is_empty() && sample.body[sample.change.0] != sample.change.1,
            "{}: changes",
            sample.path
        );
        assert!(!sample.wrong.0.is_empty(), "{}: refuses", sample.path);
        let clearable = resource.facts.writable().any(|field| field.nullable);
        assert!(!clearable || !sample.clear.is_empty(), "{}: clears", sample.path);
    }
}
