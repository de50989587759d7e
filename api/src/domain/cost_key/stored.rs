//! A key as it is stored, applied.

use chrono::{Datelike, NaiveDate};
use entity::Decimal4;
use entity::cost_keys::{self, CostBasis, CostComponent, CostComponents, CostFigures, CostParties, CostParty};
use num_bigint::BigInt;
use num_rational::BigRational;
use uuid::Uuid;

use super::Wrong;
use super::{Basis, Component, Figures, Party, Share, days, days_in_year, shares};

/// Shares an amount of the calendar year of `on` by stored components between stored parties.
///
/// # Errors
/// Every fault of the key; pointers are those of `{components, parties}`.
pub fn share(
    amount_ore: i64,
    components: &CostComponents,
    parties: &CostParties,
    on: NaiveDate,
    org_number: impl Fn(Uuid) -> Option<String>,
) -> Result<Vec<Share>, Vec<Wrong>> {
    let year = on.year();
    let components: Vec<Component> = components.0.iter().map(component).collect();
    let parties: Vec<Party> =
        parties.0.iter().map(|party| of_year(party, year, org_number(party.organisation_id))).collect();
    shares(amount_ore, &components, &parties, days_in_year(year))
}

/// Whether a key is in force on a day: from its first day on, when the municipalities have adopted what was put to them.
#[must_use]
pub fn in_force(key: &cost_keys::Model, on: NaiveDate) -> bool {
    let begun = key.valid_from.is_some_and(|from| from <= on);
    let lasts = key.valid_to.is_none_or(|to| on <= to);
    let adopted = key.adopted_by_matter_id.is_none() || key.adopted_on.is_some();
    begun && lasts && adopted
}

/// The key in force on a day: of several the one that began last.
#[must_use]
pub fn of_day(keys: &[cost_keys::Model], on: NaiveDate) -> Option<&cost_keys::Model> {
    keys.iter().filter(|key| in_force(key, on)).max_by_key(|key| (key.valid_from, key.id))
}

fn component(stored: &CostComponent) -> Component {
    let basis = match stored.kind {
        CostBasis::FixedAmount => {
            return Component::FixedAmount { amount_ore: stored.amount_ore.unwrap_or_default() };
        }
        CostBasis::Equal => Basis::Equal,
        CostBasis::Population => Basis::Population,
        CostBasis::Fte => Basis::Fte,
        CostBasis::Usage => Basis::Use,
        CostBasis::Custom => Basis::Custom,
    };
    // A component without a weight is the whole of what is shared.
    let weight = stored.weight.map_or_else(|| ratio(1, 1), |weight| ratio(weight.0, Decimal4::UNIT));
    Component::Weighted { basis, weight }
}

fn of_year(party: &CostParty, year: i32, org_number: Option<String>) -> Party {
    Party {
        organisation: party.organisation_id,
        org_number,
        figures: figures(party.figures.unwrap_or_default()),
        days: days(year, party.valid_from, party.valid_to),
    }
}

fn figures(stored: CostFigures) -> Figures {
    Figures {
        population: stored.population.map(|number| ratio(number, 1)),
        fte: stored.fte.map(|number| ratio(number.0, entity::Decimal2::UNIT)),
        use_: stored.usage.map(|number| ratio(number.0, Decimal4::UNIT)),
        custom: stored.custom.map(|number| ratio(number.0, Decimal4::UNIT)),
    }
}

fn ratio(number: i64, unit: i64) -> BigRational {
    BigRational::new(BigInt::from(number), BigInt::from(unit))
}

/// What keeps a key from sharing anything, whatever the amount and the year.
#[must_use]
pub fn faults(components: &CostComponents, parties: &CostParties) -> Vec<Wrong> {
    let fixed: i64 = components.0.iter().filter_map(|component| component.amount_ore).sum();
    let weighs = components
        .0
        .iter()
        .any(|one| one.kind != CostBasis::FixedAmount && one.weight.is_none_or(|weight| weight.0 > 0));
    let each = i64::try_from(parties.0.len()).unwrap_or(i64::MAX);
    // Large enough for every fixed amount; where nothing else is shared, just what they come to.
    let amount = if weighs { i64::MAX } else { fixed.saturating_mul(each) };
    let components: Vec<Component> = components.0.iter().map(component).collect();
    let whole = |party| Party { days: 1, ..of_year(party, 2000, None) };
    let parties: Vec<Party> = parties.0.iter().map(whole).collect();
    shares(amount, &components, &parties, 1).err().unwrap_or_default()
}
