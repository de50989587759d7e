//! What there is to share, and what the sums of a key can have against it.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::Wrong;
use super::check::words;
use super::{Basis, Component, Party, exact_text};
use crate::text;

/// A total with the claims on it, from a key without faults: nothing here divides by zero.
pub(super) struct Burden {
    /// What each party pays before the rest is shared.
    fixed: Vec<BigRational>,
    /// What is left of the total.
    rest: BigRational,
    /// How the rest is shared.
    parts: Vec<Part>,
}

/// A weighted component with the claims that its parties have.
struct Part {
    /// Where it stands among the components.
    at: usize,
    basis: Basis,
    weight: BigRational,
    /// The figure of each party, less where it is a party for a part of the year.
    claims: Vec<BigRational>,
}

impl Burden {
    /// Sums what has been checked one by one; or says why the sums cannot be shared.
    pub fn new(
        total: &BigInt,
        components: &[Component],
        parties: &[Party],
        days_in_year: u32,
    ) -> Result<Self, Vec<Wrong>> {
        let presence: Vec<BigRational> =
            parties.iter().map(|party| BigRational::new(party.days.into(), days_in_year.into())).collect();
        let part = |(at, component): (usize, &Component)| Part::new(at, component, parties, &presence);
        let parts: Vec<Part> = components.iter().enumerate().filter_map(part).collect();
        let year: BigInt = components.iter().filter_map(Component::fixed_amount).sum();
        let fixed: Vec<BigRational> = presence.iter().map(|presence| presence * &year).collect();
        let rest = BigRational::from_integer(total.clone()) - fixed.iter().sum::<BigRational>();

        let mut faults: Vec<Wrong> = parts.iter().filter_map(Part::nothing_to_share_by).collect();
        if rest.is_negative() {
            faults.push(exceeds_total(total, components, &presence));
        } else if parts.is_empty() && !(rest.is_zero() && components.iter().any(Component::is_fixed)) {
            faults.push(no_weight(total, &rest));
        }
        if faults.is_empty() { Ok(Self { fixed, rest, parts }) } else { Err(faults) }
    }

    /// The exact share of each party.
    pub fn shares(self) -> Vec<BigRational> {
        let weights: BigRational = self.parts.iter().map(|part| &part.weight).sum();
        let mut shares = self.fixed;
        for part in &self.parts {
            let claims: BigRational = part.claims.iter().sum();
            let each = &self.rest * &part.weight / (&weights * claims);
            for (share, claim) in shares.iter_mut().zip(&part.claims) {
                *share += &each * claim;
            }
        }
        shares
    }
}

impl Part {
    /// A component that counts for something, with its claims; `None` for any other.
    fn new(at: usize, component: &Component, parties: &[Party], presence: &[BigRational]) -> Option<Self> {
        let (basis, weight) = component.weighing()?;
        // A figure is missing only where the party has no day.
        let claim = |(party, presence): (&Party, &BigRational)| {
            party.figures.by(basis).map(|figure| figure * presence).unwrap_or_default()
        };
        Some(Self { at, basis, weight: weight.clone(), claims: parties.iter().zip(presence).map(claim).collect() })
    }

    fn nothing_to_share_by(&self) -> Option<Wrong> {
        let (_, [nb, nn, en]) = words(self.basis);
        let message = text!(
            "alle partene har 0 i {nb}, så det er ikke noe å fordele etter; minst én må ha mer, ellers gi komponenten vekt 0",
            "alle partane har 0 i {nn}, så det er ikkje noko å fordele etter; minst éin må ha meir, elles gi komponenten vekt 0",
            "all parties have 0 in {en}, so there is nothing to share by; one must have more, or give the component the weight 0"
        );
        let nothing = self.claims.iter().all(Zero::is_zero);
        nothing.then(|| Wrong::at(format!("/components/{}", self.at), "nothing_to_share_by", message))
    }
}

/// The fault stands at the fixed amount that is one too many.
fn exceeds_total(total: &BigInt, components: &[Component], presence: &[BigRational]) -> Wrong {
    let years: BigRational = presence.iter().sum();
    let mut year = BigInt::zero();
    let too_many = components.iter().position(|component| {
        year += component.fixed_amount().unwrap_or_default();
        &years * &year > BigRational::from_integer(total.clone())
    });
    let (at, takes) = (too_many.unwrap_or_default(), exact_text(&(&years * &year)));
    let message = text!(
        "de faste beløpene til og med dette tar {takes} øre av partene, men totalen er bare {total} øre; sett dem ned",
        "dei faste beløpa til og med dette tek {takes} øre av partane, men totalen er berre {total} øre; set dei ned",
        "the fixed amounts up to this one take {takes} øre of the parties, but the total is only {total} øre; lower them"
    );
    Wrong::at(format!("/components/{at}"), "exceeds_total", message)
}

fn no_weight(total: &BigInt, rest: &BigRational) -> Wrong {
    let rest = exact_text(rest);
    let message = text!(
        "{rest} av {total} øre blir igjen, og ingen komponent har vekt til å dele dem; gi minst én en vekt over 0",
        "{rest} av {total} øre blir att, og ingen komponent har vekt til å dele dei; gi minst éin ei vekt over 0",
        "{rest} of {total} øre are left, and no component has the weight to share them; give at least one a weight above 0"
    );
    Wrong::at("/components", "no_weight", message)
}
