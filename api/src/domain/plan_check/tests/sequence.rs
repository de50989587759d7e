//! The rule of the sequence, against all short plans.

use chrono::{Days, NaiveDate};

use super::super::sequence::in_order;
use super::sample::{Sample, day};

fn dates(days: &[u64]) -> Vec<(NaiveDate, bool)> {
    // Every third day counts as outside the period.
    days.iter().map(|add| (day("2018-01-01") + Days::new(*add), add % 3 != 0)).collect()
}

/// The best that any choice can keep: how many, and how many of those in the period.
fn by_trying_all(dates: &[(NaiveDate, bool)]) -> (usize, usize) {
    let chosen =
        |choice: u32| dates.iter().enumerate().filter(move |(place, _)| choice >> place & 1 == 1).map(|(_, one)| one);
    let in_order = |choice: &u32| chosen(*choice).map(|(date, _)| date).is_sorted();
    let worth = |choice: u32| (chosen(choice).count(), chosen(choice).filter(|(_, inside)| *inside).count());
    (0..1_u32 << dates.len()).filter(in_order).map(worth).max().unwrap_or_default()
}

fn assert_best(days: &[u64]) {
    let dates = dates(days);
    let kept = in_order(&dates);
    let left: Vec<&(NaiveDate, bool)> =
        dates.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(date, _)| date).collect();
    assert!(left.iter().map(|(date, _)| date).is_sorted(), "{days:?}: {kept:?}");
    let worth = (left.len(), left.iter().filter(|(_, inside)| *inside).count());
    assert_eq!(worth, by_trying_all(&dates), "{days:?}: {kept:?}");
}

#[test]
fn what_is_left_is_in_order_and_nothing_less_is_taken_out() {
    for length in 0..=5_u32 {
        for plan in 0..5_u64.pow(length) {
            let days: Vec<u64> = (0..length).map(|place| plan / 5_u64.pow(place) % 5).collect();
            assert_best(&days);
        }
    }
}

#[test]
fn it_holds_for_longer_plans_of_every_shape() {
    // A full-period congruential generator (Knuth's MMIX): the same plans at every run.
    let mut state = 1_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..1500 {
        let length = 6 + draw(3);
        let days: Vec<u64> = (0..length).map(|_| draw(9)).collect();
        assert_best(&days);
    }
}

#[test]
fn the_order_in_which_records_come_does_not_matter() {
    let plan = [
        ("01", "2017-11-15"),
        ("02", "2018-03-15"),
        ("03", "2018-01-10"),
        ("04", "2018-01-05"),
        ("5", "2018-02-01"),
        ("10", "2018-01-20"),
    ];
    let named = |order: &[usize]| {
        let sample = order.iter().fold(Sample::new(), |sample, place| {
            let (number, planned_on) = plan[*place];
            sample.with("milestones", serde_json::json!({ "id": place + 1, "number": number, "plannedOn": planned_on }))
        });
        sample.named("milestone.out_of_sequence")
    };
    let first = named(&[0, 1, 2, 3, 4, 5]);
    assert_eq!(first.len(), 3);
    assert_eq!(named(&[5, 4, 3, 2, 1, 0]), first);
    assert_eq!(named(&[3, 0, 5, 1, 4, 2]), first);
}

#[test]
fn the_one_that_breaks_the_order_is_named_not_those_that_it_passes() {
    /// What it is, numbers with planned days, and those named.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u128]);
    let cases: [Case<'_>; 9] = [
        ("in order", &[("01", "2017-11-15"), ("02", "2017-12-15"), ("03", "2018-02-01")], &[]),
        ("the same day twice", &[("01", "2017-11-15"), ("02", "2017-11-15")], &[]),
        ("far ahead", &[("01", "2017-11-15"), ("02", "2018-04-15"), ("03", "2018-02-01"), ("04", "2018-03-01")], &[2]),
        ("far behind", &[("01", "2017-12-15"), ("02", "2018-01-15"), ("03", "2017-11-15"), ("04", "2018-03-01")], &[3]),
        ("2 before 10", &[("2", "2017-11-15"), ("10", "2018-01-15"), ("9", "2018-01-10")], &[]),
        ("of two the one outside the period", &[("01", "2018-12-15"), ("02", "2018-02-01")], &[1]),
        ("of two that are alike the later", &[("01", "2018-03-01"), ("02", "2018-02-01")], &[2]),
        ("two series side by side", &[("A1", "2018-03-01"), ("A2", "2018-04-01"), ("B1", "2018-01-01")], &[]),
        ("without a date", &[("01", "2018-03-01"), ("02", ""), ("03", "2018-04-01")], &[]),
    ];
    for (case, planned, named) in cases {
        assert_eq!(Sample::new().milestones(planned).named("milestone.out_of_sequence"), named, "{case}");
    }
}

#[test]
fn milestones_of_one_number_may_come_in_any_order() {
    let planned = [("1", "2018-01-15"), ("01", "2017-12-01"), ("2", "2018-02-01")];
    assert_eq!(Sample::new().milestones(&planned).named("milestone.out_of_sequence"), [0; 0]);
}

#[test]
fn the_message_names_the_neighbour_that_is_passed() {
    let ahead = Sample::new().milestones(&[
        ("01", "2017-11-15"),
        ("02", "2018-04-15"),
        ("03", "2018-02-01"),
        ("04", "2018-03-01"),
    ]);
    let message = ahead.message("milestone.out_of_sequence");
    assert!(
        message.contains("2018-04-15") && message.contains("etter milepæl 03") && message.contains("2018-02-01"),
        "{message}"
    );
    let behind = Sample::new().milestones(&[
        ("01", "2017-12-15"),
        ("02", "2018-01-15"),
        ("03", "2017-11-15"),
        ("04", "2018-03-01"),
    ]);
    let message = behind.message("milestone.out_of_sequence");
    assert!(message.contains("før milepæl 02"), "{message}");
}

#[test]
fn an_internal_neighbour_is_not_named_to_those_who_do_not_see_it() {
    let milestone = |number: &str, day: &str, internal: bool| serde_json::json!({ "number": number, "plannedOn": day, "internal": internal });
    let sample = Sample::new()
        .with("milestones", milestone("01", "2018-03-15", false))
        .with("milestones", milestone("02", "2018-02-01", true))
        .with("milestones", milestone("03", "2018-03-01", true));
    let message = sample.message("milestone.out_of_sequence");
    assert!(
        message.contains("2018-03-15") && !message.contains("2018-02-01") && !message.contains("milepæl 02"),
        "{message}"
    );
}
