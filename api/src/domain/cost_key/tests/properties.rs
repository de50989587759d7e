//! What holds for every key, every set of parties and every total.

use std::collections::HashMap;

use num_traits::{One, Signed};
use proptest::collection::vec;
use proptest::option::weighted as sometimes;
use proptest::prelude::*;

use super::*;

/// Few, since exact numbers are slow without optimisation; all of this has held for 10 000.
const CASES: u32 = 100;

const MOST: i64 = 1_000_000_000_000_000;

const BASES: [Basis; 5] = [Basis::Equal, Basis::Population, Basis::Fte, Basis::Use, Basis::Custom];

fn hundredths(most: u64) -> impl Strategy<Value = BigRational> {
    (0..=most).prop_map(|number| BigRational::new(number.into(), 100.into()))
}

fn figures() -> impl Strategy<Value = Figures> {
    let figure = || hundredths(100_000_000).prop_map(Some);
    (figure(), figure(), figure(), figure()).prop_map(|(population, fte, use_, custom)| Figures {
        population,
        fte,
        use_,
        custom,
    })
}

/// Parties of whom the first has something to share by.
fn parties() -> impl Strategy<Value = Vec<Party>> {
    // Few numbers, so that there are ties and doubles.
    vec((sometimes(0.8, 900_000_000_u32..900_000_010), figures(), 0..=YEAR), 1..=60).prop_map(|all| {
        let mut parties: Vec<Party> = (1_u128..)
            .zip(all)
            .map(|(id, (number, figures, days))| Party {
                organisation: Uuid::from_u128(id.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
                org_number: number.map(|number| number.to_string()),
                figures,
                days,
            })
            .collect();
        let some = || Some(BigRational::one());
        parties[0].figures = Figures { population: some(), fte: some(), use_: some(), custom: some() };
        parties[0].days = YEAR;
        parties
    })
}

/// Components of which the first weighs something, with fixed amounts that no total of `size` falls short of.
fn components(size: u64) -> impl Strategy<Value = Vec<Component>> {
    let most = i64::try_from(size / (60 * 5)).unwrap_or_default();
    let basis = prop::sample::select(BASES.as_slice());
    let weighted = (basis, hundredths(10_000)).prop_map(|(basis, weight)| Component::Weighted { basis, weight });
    let fixed = (0..=most).prop_map(|amount_ore| Component::FixedAmount { amount_ore });
    vec(prop_oneof![3 => weighted, 1 => fixed], 0..=4).prop_map(|mut all| {
        all.insert(0, Component::Weighted { basis: Basis::Population, weight: BigRational::one() });
        all
    })
}

fn total_and_key() -> impl Strategy<Value = (i64, Vec<Component>)> {
    prop_oneof![4 => -MOST..=MOST, 1 => -100_i64..=100]
        .prop_flat_map(|total| (Just(total), components(total.unsigned_abs())))
}

fn by_party(shares: Vec<Share>) -> HashMap<Uuid, Share> {
    shares.into_iter().map(|share| (share.organisation, share)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn shares_sum_to_the_total_and_each_is_within_an_ore_of_exact((total, key) in total_and_key(), parties in parties()) {
        let shares = shares(total, &key, &parties, YEAR).expect("shares");
        prop_assert_eq!(shares.iter().map(|share| i128::from(share.amount_ore)).sum::<i128>(), i128::from(total));
        let exact: BigRational = shares.iter().map(|share| &share.exact).sum();
        prop_assert_eq!(exact, BigRational::from_integer(total.into()));
        for (share, party) in shares.iter().zip(&parties) {
            let off = &share.exact - BigRational::from_integer(share.amount_ore.into());
            prop_assert!(off.abs() < BigRational::one(), "{} of {}", share.amount_ore, share.exact);
            prop_assert_eq!(share.organisation, party.organisation);
            prop_assert!(party.days > 0 || share.amount_ore == 0);
        }
    }

    #[test]
    fn the_order_of_the_parties_changes_nothing(
        (total, key) in total_and_key(),
        (parties, shuffled) in parties().prop_flat_map(|parties| (Just(parties.clone()), Just(parties).prop_shuffle())),
    ) {
        let of = |parties: &[Party]| by_party(shares(total, &key, parties, YEAR).expect("shares"));
        prop_assert_eq!(of(&parties), of(&shuffled));
    }

    #[test]
    fn the_order_and_scale_of_the_components_change_nothing(
        (total, key) in total_and_key(), parties in parties(), scale in 1_u32..1000,
    ) {
        let scaled: Vec<Component> = key.iter().rev().cloned().map(|component| match component {
            Component::Weighted { basis, weight } => {
                Component::Weighted { basis, weight: weight / BigRational::from_integer(scale.into()) }
            }
            fixed @ Component::FixedAmount { .. } => fixed,
        }).collect();
        let of = |key: &[Component]| shares(total, key, &parties, YEAR).expect("shares");
        prop_assert_eq!(of(&key), of(&scaled));
    }

    #[test]
    fn a_negative_total_is_the_mirror_of_the_positive((total, key) in total_and_key(), parties in parties()) {
        let bill = shares(total, &key, &parties, YEAR).expect("shares");
        let credit = shares(-total, &key, &parties, YEAR).expect("shares");
        for (bill, credit) in bill.iter().zip(&credit) {
            prop_assert_eq!(bill.amount_ore, -credit.amount_ore);
            prop_assert_eq!(&bill.exact, &-credit.exact.clone());
        }
    }

    #[test]
    fn any_key_is_shared_or_refused_with_reasons(
        total in any::<i64>(),
        key in vec((prop::sample::select(BASES.as_slice()), any::<i64>(), any::<bool>()), 0..5),
        parties in vec((sometimes(0.7, any::<i64>()), any::<u32>(), 0..4_u128), 0..6),
        days_in_year in 0..400_u32,
    ) {
        let key: Vec<Component> = key.into_iter().map(|(basis, number, is_fixed)| {
            if is_fixed { fixed(number) } else { Component::Weighted { basis, weight: BigRational::from_integer(number.into()) } }
        }).collect();
        let parties: Vec<Party> = parties.into_iter().map(|(figure, days, id)| {
            let figure = figure.map(|figure| BigRational::from_integer(figure.into()));
            let figures = Figures { population: figure.clone(), fte: figure.clone(), use_: figure.clone(), custom: figure };
            Party { days: days % 400, ..party(id, figures) }
        }).collect();
        match shares(total, &key, &parties, days_in_year) {
            Ok(shares) => {
                let sum: i128 = shares.iter().map(|share| i128::from(share.amount_ore)).sum();
                prop_assert_eq!(sum, i128::from(total));
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    #[test]
    fn a_decimal_is_read_as_it_is_written(number in any::<i64>(), places in 0_usize..10) {
        let size = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
        let (whole, fraction) = size.split_at(size.len() - places);
        let point = if places == 0 { "" } else { "." };
        let sign = if number < 0 { "-" } else { "" };
        let expected = BigRational::new(number.into(), BigInt::from(10).pow(places.try_into().unwrap_or_default()));
        prop_assert_eq!(decimal(&format!("{sign}{whole}{point}{fraction}")), Some(expected));
    }
}
