//! The shares of known keys, and what is wrong with others.

mod decimal;
mod faults;
mod properties;

use super::*;
use decimal::decimal;

const YEAR: u32 = 365;

fn number(text: &str) -> BigRational {
    decimal(text).expect("a number")
}

fn weighted(basis: Basis, weight: &str) -> Component {
    Component::Weighted { basis, weight: number(weight) }
}

const fn fixed(amount_ore: i64) -> Component {
    Component::FixedAmount { amount_ore }
}

/// A party for the whole year.
fn party(id: u128, figures: Figures) -> Party {
    Party { organisation: Uuid::from_u128(id), org_number: None, figures, days: YEAR }
}

fn inhabitants(id: u128, population: &str) -> Party {
    party(id, Figures { population: Some(number(population)), ..Figures::default() })
}

fn equals(count: u128) -> Vec<Party> {
    (1..=count).map(|id| party(id, Figures::default())).collect()
}

/// Bardu, Gratangen, Lavangen and Salangen on 1 January 2013.
fn four() -> Vec<Party> {
    let figures = ["3933", "1119", "1012", "2220"];
    (1..).zip(figures).map(|(id, population)| inhabitants(id, population)).collect()
}

fn amounts(total: i64, components: &[Component], parties: &[Party]) -> Vec<i64> {
    let shares = shares(total, components, parties, YEAR).expect("shares");
    shares.into_iter().map(|share| share.amount_ore).collect()
}

#[test]
fn a_million_is_shared_as_in_the_worked_example() {
    use Basis::{Equal, Population};
    let key = |equal, population| vec![weighted(Equal, equal), weighted(Population, population)];
    let table = [
        (vec![weighted(Equal, "100")], [250_000, 250_000, 250_000, 250_000]),
        (vec![weighted(Population, "100")], [474_771, 135_080, 122_163, 267_986]),
        (key("50", "50"), [362_385, 192_540, 186_082, 258_993]),
        (key("40", "60"), [384_862, 181_048, 173_298, 260_792]),
        (key("20", "80"), [429_816, 158_064, 147_731, 264_389]),
    ];
    for (components, expected) in table {
        assert_eq!(amounts(1_000_000, &components, &four()), expected);
    }
}

#[test]
fn weights_are_what_they_are_beside_each_other() {
    use Basis::{Equal, Population};
    let of = |one, other| amounts(987_654_321, &[weighted(Equal, one), weighted(Population, other)], &four());
    assert_eq!(of("50", "50"), of("0.5", "0.5"));
    assert_eq!(of("50", "50"), of("1", "1e0"));
}

#[test]
fn the_exact_share_is_shown_as_a_fraction_or_whole() {
    let shares = |basis| shares(100_000_000, &[weighted(basis, "1")], &four(), YEAR).expect("shares");
    assert_eq!(exact_text(&shares(Basis::Population)[0].exact), "5175000000/109");
    assert_eq!(exact_text(&shares(Basis::Equal)[0].exact), "25000000");
}

#[test]
fn what_does_not_divide_goes_to_the_first_by_organisation_number_and_those_without_one_come_last() {
    let mut parties = equals(4);
    assert_eq!(amounts(100_001, &[weighted(Basis::Equal, "1")], &parties), [25_001, 25_000, 25_000, 25_000]);
    parties[2].org_number = Some("959469881".to_owned());
    parties[3].org_number = Some("940755603".to_owned());
    assert_eq!(amounts(100_001, &[weighted(Basis::Equal, "1")], &parties), [25_000, 25_000, 25_000, 25_001]);
    assert_eq!(amounts(100_003, &[weighted(Basis::Equal, "1")], &parties), [25_001, 25_000, 25_001, 25_001]);
}

#[test]
fn percentages_that_were_rounded_for_print_share_all_of_the_total() {
    let custom = |figure: &str| Figures { custom: Some(number(figure)), ..Figures::default() };
    let mut parties: Vec<Party> = (1..=6).map(|id| party(id, custom("14.29"))).collect();
    parties.push(party(7, custom("14.26")));
    let shares = amounts(1_000_000, &[weighted(Basis::Custom, "1")], &parties);
    assert_eq!(shares, [142_900, 142_900, 142_900, 142_900, 142_900, 142_900, 142_600]);
    assert_eq!(amounts(7, &[weighted(Basis::Custom, "1")], &parties), [1; 7]);
    assert_eq!(amounts(1, &[weighted(Basis::Custom, "1")], &parties), [1, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_party_for_half_the_year_counts_for_half() {
    let mut parties = equals(3);
    parties[2].days = 73;
    // A fifth of the year: 1 + 1 + 0.2.
    assert_eq!(amounts(2_200, &[weighted(Basis::Equal, "1")], &parties), [1_000, 1_000, 200]);
    assert_eq!(amounts(4_400, &[fixed(1_000), weighted(Basis::Equal, "1")], &parties), [2_000, 2_000, 400]);
    let mut four = four();
    four[0].days = 0;
    four[0].figures = Figures::default();
    assert_eq!(amounts(4_351, &[weighted(Basis::Population, "1")], &four), [0, 1_119, 1_012, 2_220]);
}

#[test]
fn fixed_amounts_come_first_and_alone_only_when_they_are_the_total() {
    let key = [fixed(10_000), weighted(Basis::Population, "1"), fixed(5_000)];
    assert_eq!(amounts(60_000 + 8_284, &key, &four()), [18_933, 16_119, 16_012, 17_220]);
    assert_eq!(amounts(60_000, &key, &four()), [15_000; 4]);
    assert_eq!(amounts(60_000, &[fixed(10_000), fixed(5_000)], &four()), [15_000; 4]);
    assert_eq!(amounts(60_000, &[fixed(15_000), weighted(Basis::Fte, "0")], &four()), [15_000; 4]);
}

#[test]
fn a_credit_note_is_the_mirror_of_its_bill() {
    let key = [fixed(10_000), weighted(Basis::Population, "1")];
    let bill = amounts(100_003, &key, &four());
    let credit: Vec<i64> = bill.iter().map(|share| -share).collect();
    assert_eq!(amounts(-100_003, &key, &four()), credit);
    assert_eq!(amounts(i64::MIN, &[weighted(Basis::Equal, "1")], &equals(1)), [i64::MIN]);
}

#[test]
fn an_ore_more_in_total_can_be_an_ore_less_for_a_party() {
    let parties = [inhabitants(1, "6"), inhabitants(2, "6"), inhabitants(3, "2")];
    let key = [weighted(Basis::Population, "1")];
    assert_eq!(amounts(10, &key, &parties), [4, 4, 2]);
    assert_eq!(amounts(11, &key, &parties), [5, 5, 1]);
}

#[test]
fn a_number_is_read_exactly_or_not_at_all() {
    for (text, exact) in
        [("14.29", "1429/100"), ("1e2", "100"), ("-0.50", "-1/2"), ("2.5E-1", "1/4"), ("1e+2", "100"), ("-0", "0")]
    {
        assert_eq!(decimal(text).map(|number| exact_text(&number)).as_deref(), Some(exact), "{text}");
    }
    let long = "1".repeat(101);
    for text in
        ["", "-", ".5", "1.", "1,5", "+1", "1e", "1e101", "1e-101", "1e99999999999999999999", "0x1", "1_0", &long]
    {
        assert_eq!(decimal(text), None, "{text}");
    }
}

#[test]
fn days_are_counted_inside_the_calendar_year_with_both_ends() {
    let day = |text: &str| Some(text.parse().expect("a date"));
    assert_eq!(days(2018, None, None), 365);
    assert_eq!(days_in_year(2020), 366);
    assert_eq!(days(2018, day("2018-07-01"), None), 184);
    assert_eq!(days(2018, day("2017-11-01"), day("2018-04-30")), 120);
    assert_eq!(days(2018, day("2018-05-17"), day("2018-05-17")), 1);
    assert_eq!(days(2018, day("2018-05-18"), day("2018-05-17")), 0);
    assert_eq!(days(2018, day("2019-01-01"), None), 0);
    assert_eq!(days(2018, None, day("2017-12-31")), 0);
    assert_eq!(days(i32::MAX, None, None), 0);
}
