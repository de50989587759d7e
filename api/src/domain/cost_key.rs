//! How a total is shared between parties by a cost key (kostnadsnøkkel), exactly, and to the øre.
//!
//! Fixed amounts are taken first. Each weighted component then gets its part of the rest, and shares it in proportion to
//! the figures of the parties. Whoever is a party for a part of the year counts for that part, in fixed amounts too.
//! All of it is rational arithmetic; only the last step rounds to whole øre, by the method of the largest remainder, so
//! that the shares sum to the total and each is less than one øre from its exact value.
//!
//! That method is not monotone: when the total grows by an øre, the share of a party can fall by one (the Alabama
//! paradox). Nobody is ever more than one øre from the exact share, which is what parties compare.
//!
//! A negative total (a credit note) is the mirror of the positive one: every share changes its sign, the parts that are
//! fixed amounts as well. So a bill and its credit note leave nothing behind.

mod burden;
mod check;
mod number;
mod stored;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};
use uuid::Uuid;

use crate::problem::Text;

use burden::Burden;
pub use number::{days, days_in_year, exact_text};
pub use stored::{faults, in_force, of_day, share};

/// What is wrong with a key, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// A JSON pointer into `{components, parties}`.
    pub pointer: String,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub message: Text,
}

impl Wrong {
    fn at(pointer: impl Into<String>, code: &'static str, message: Text) -> Self {
        Self { pointer: pointer.into(), code, message }
    }
}

/// What a weighted component is shared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The same for every party.
    Equal,
    /// The number of inhabitants.
    Population,
    /// Full-time equivalents.
    Fte,
    /// Actual use, in a unit that the parties agree on.
    Use,
    /// A figure that the parties have agreed on.
    Custom,
}

/// One part of a cost key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Component {
    /// A part of what is left after the fixed amounts.
    Weighted {
        /// What it is shared by.
        basis: Basis,
        /// How much it weighs beside the others: 50 and 50 are the same as 1 and 1. With 0 it counts for nothing.
        weight: BigRational,
    },
    /// What every party pays before the rest is shared.
    FixedAmount {
        /// Øre for a whole year.
        amount_ore: i64,
    },
}

/// The figures of a party; only those that the key shares by must be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The number of inhabitants.
    pub population: Option<BigRational>,
    /// Full-time equivalents.
    pub fte: Option<BigRational>,
    /// Actual use.
    pub use_: Option<BigRational>,
    /// The figure that the parties have agreed on.
    pub custom: Option<BigRational>,
}

/// Who pays a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The organisation.
    pub organisation: Uuid,
    /// Its organisation number, which settles ties.
    pub org_number: Option<String>,
    /// Its figures.
    pub figures: Figures,
    /// On how many days of the year it is a party.
    pub days: u32,
}

/// What one party pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The organisation.
    pub organisation: Uuid,
    /// Whole øre; these sum to the total.
    pub amount_ore: i64,
    /// The share in øre before it was rounded; [`exact_text`] shows it.
    pub exact: BigRational,
}

/// Shares an amount between the parties, in their order; `days_in_year` is what [`Party::days`] are counted against.
///
/// # Errors
/// Every fault of the key, its figures and the total: pointers are those of `{components, parties}`.
pub fn shares(
    amount_ore: i64,
    components: &[Component],
    parties: &[Party],
    days_in_year: u32,
) -> Result<Vec<Share>, Vec<Wrong>> {
    let total = BigInt::from(amount_ore.unsigned_abs());
    check::check(components, parties, days_in_year)?;
    let exact = Burden::new(&total, components, parties, days_in_year)?.shares();
    let whole = largest_remainder(&total, &exact, parties);
    let sign = BigInt::from(amount_ore.signum());
    let share = |((party, exact), whole): ((&Party, BigRational), BigInt)| Share {
        organisation: party.organisation,
        amount_ore: (whole * &sign).to_i64().expect("a share is no larger than the total"),
        exact: exact * &sign,
    };
    Ok(parties.iter().zip(exact).zip(whole).map(share).collect())
}

/// Whole øre: each exact share rounded down, then one øre more where most was lost, until the total is reached.
fn largest_remainder(total: &BigInt, exact: &[BigRational], parties: &[Party]) -> Vec<BigInt> {
    let mut whole: Vec<BigInt> = exact.iter().map(|share| share.floor().to_integer()).collect();
    let left = total - whole.iter().sum::<BigInt>();
    let mut order: Vec<usize> = (0..parties.len()).collect();
    // The order of the parties must not matter, so ties go by what a party is.
    order.sort_by_cached_key(|at| {
        let party = &parties[*at];
        let number = party.org_number.as_deref();
        (Reverse(exact[*at].fract()), number.is_none(), number, party.organisation)
    });
    // Fewer are left than there are fractions, so each party gets one at the most.
    for at in order.into_iter().take(left.to_usize().unwrap_or_default()) {
        whole[at] += 1;
    }
    whole
}

impl Figures {
    /// The figure that a basis asks for; equal shares ask for none.
    fn by(&self, basis: Basis) -> Option<BigRational> {
        match basis {
            Basis::Equal => Some(BigRational::from_integer(1.into())),
            Basis::Population => self.population.clone(),
            Basis::Fte => self.fte.clone(),
            Basis::Use => self.use_.clone(),
            Basis::Custom => self.custom.clone(),
        }
    }
}

impl Component {
    /// The basis and weight of a component that counts for something.
    fn weighing(&self) -> Option<(Basis, &BigRational)> {
        match self {
            Self::Weighted { basis, weight } => (!weight.is_zero()).then_some((*basis, weight)),
            Self::FixedAmount { .. } => None,
        }
    }

    const fn is_fixed(&self) -> bool {
        match self {
            Self::FixedAmount { .. } => true,
            Self::Weighted { .. } => false,
        }
    }

    /// What every party pays for a whole year.
    fn fixed_amount(&self) -> Option<BigInt> {
        match self {
            Self::FixedAmount { amount_ore } => Some((*amount_ore).into()),
            Self::Weighted { .. } => None,
        }
    }
}
