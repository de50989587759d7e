//! What is wrong with a key is told where it stands.

use super::*;

/// The pointers and codes of what is wrong.
fn wrong(total: i64, components: &[Component], parties: &[Party]) -> Vec<(String, &'static str)> {
    let faults = shares(total, components, parties, YEAR).expect_err("faults");
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn at(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn a_key_needs_parties_and_components() {
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "1")], &[]), at("/parties", "empty"));
    assert_eq!(wrong(1, &[], &four()), at("/components", "empty"));
    assert_eq!(wrong(1, &[], &[]).len(), 2);
}

#[test]
fn a_key_without_weight_shares_nothing_but_its_fixed_amounts() {
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "0")], &four()), at("/components", "no_weight"));
    assert_eq!(wrong(0, &[weighted(Basis::Equal, "0")], &four()), at("/components", "no_weight"));
    let faults = shares(60_001, &[fixed(10_000), fixed(5_000)], &four(), YEAR).expect_err("faults");
    assert_eq!((faults[0].pointer.as_str(), faults[0].code), ("/components", "no_weight"));
    assert!(faults[0].message.en.starts_with("1 of 60001 øre are left"), "{:?}", faults[0].message);
    let mut late = equals(2);
    late[1].days = 1;
    assert_eq!(wrong(20_000, &[fixed(10_000)], &late), at("/components", "no_weight"));
}

#[test]
fn fixed_amounts_beyond_the_total_are_refused_at_the_one_too_many() {
    let key = [weighted(Basis::Equal, "1"), fixed(10_000), fixed(5_001)];
    assert_eq!(wrong(60_000, &key, &four()), at("/components/2", "exceeds_total"));
    assert_eq!(wrong(-60_000, &key, &four()), at("/components/2", "exceeds_total"));
    let faults = shares(60_000, &key, &four(), YEAR).expect_err("faults");
    assert!(faults[0].message.nb.contains("tar 60004 øre av partene, men totalen er bare 60000"));
    assert_eq!(wrong(1, &[fixed(i64::MAX), fixed(i64::MAX)], &four()), at("/components/0", "exceeds_total"));
}

#[test]
fn nothing_is_less_than_nothing() {
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "-0.5")], &four()), at("/components/0/weight", "too_small"));
    assert_eq!(
        wrong(1, &[weighted(Basis::Equal, "1"), fixed(-1)], &four()),
        at("/components/1/amountOre", "too_small")
    );
    let mut parties = four();
    parties[1].figures.fte = Some(number("-2"));
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "1")], &parties), at("/parties/1/figures/fte", "too_small"));
}

#[test]
fn a_figure_is_asked_for_once_and_only_where_it_counts() {
    let mut parties = four();
    parties[2].figures.population = None;
    let key =
        |weight| [weighted(Basis::Population, "0"), weighted(Basis::Equal, "1"), weighted(Basis::Population, weight)];
    assert_eq!(wrong(1, &key("1"), &parties), at("/parties/2/figures/population", "required"));
    let faults = shares(1, &key("1"), &parties, YEAR).expect_err("faults");
    assert!(faults[0].message.nn.starts_with("manglar: /components/2 fordeler etter folketal"));
    assert!(shares(1, &key("0"), &parties, YEAR).is_ok());
    let twice = [weighted(Basis::Population, "1"), weighted(Basis::Population, "2")];
    assert_eq!(wrong(1, &twice, &parties), at("/parties/2/figures/population", "required"));
    for (basis, member) in [(Basis::Fte, "fte"), (Basis::Use, "use"), (Basis::Custom, "custom")] {
        let all = wrong(1, &[weighted(basis, "1")], &parties);
        let expected = [0, 1, 2, 3].map(|party| (format!("/parties/{party}/figures/{member}"), "required"));
        assert_eq!(all, expected);
    }
}

#[test]
fn figures_that_sum_to_nothing_cannot_be_shared_by() {
    let mut parties = equals(3);
    for party in &mut parties {
        party.figures.use_ = Some(BigRational::zero());
    }
    let key = [weighted(Basis::Equal, "1"), weighted(Basis::Use, "1")];
    assert_eq!(wrong(1, &key, &parties), at("/components/1", "nothing_to_share_by"));
    // Who has used something is no longer a party.
    parties[0].figures.use_ = Some(number("7"));
    parties[0].days = 0;
    assert_eq!(wrong(1, &key, &parties), at("/components/1", "nothing_to_share_by"));
}

#[test]
fn an_organisation_is_a_party_once() {
    let mut parties = four();
    parties[3].organisation = parties[0].organisation;
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "1")], &parties), at("/parties/3/organisationId", "duplicate"));
}

#[test]
fn somebody_must_be_a_party_in_the_year_and_nobody_for_longer() {
    let mut parties = equals(2);
    parties[1].days = 366;
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "1")], &parties), at("/parties/1", "too_large"));
    for party in &mut parties {
        party.days = 0;
    }
    assert_eq!(wrong(1, &[weighted(Basis::Equal, "1")], &parties), at("/parties", "no_days"));
    let faults = shares(1, &[weighted(Basis::Equal, "1")], &parties, 0).expect_err("a year without days");
    assert_eq!(faults[0].code, "no_days");
}
