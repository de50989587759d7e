//! What can be wrong with a key and its figures before any of it is summed.

use std::collections::HashSet;

use num_traits::Signed;

use super::Wrong;
use super::{Basis, Component, Party, exact_text};
use crate::problem::Text;
use crate::text;

/// Every fault of the components, the parties and their figures.
pub(super) fn check(components: &[Component], parties: &[Party], days_in_year: u32) -> Result<(), Vec<Wrong>> {
    let mut faults = Vec::new();
    check_components(components, &mut faults);
    check_parties(parties, days_in_year, &mut faults);
    for (at, party) in parties.iter().enumerate() {
        check_figures(at, party, components, &mut faults);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn check_components(components: &[Component], faults: &mut Vec<Wrong>) {
    if components.is_empty() {
        let message = text!(
            "må ha minst én komponent som sier hvordan totalen fordeles",
            "må ha minst éin komponent som seier korleis totalen blir fordelt",
            "must have at least one component that says how the total is shared"
        );
        faults.push(Wrong::at("/components", "empty", message));
    }
    for (at, component) in components.iter().enumerate() {
        let (field, negative) = match component {
            Component::Weighted { weight, .. } => ("weight", weight.is_negative().then(|| exact_text(weight))),
            Component::FixedAmount { amount_ore } => ("amountOre", (*amount_ore < 0).then(|| amount_ore.to_string())),
        };
        if let Some(given) = negative {
            faults.push(Wrong::at(format!("/components/{at}/{field}"), "too_small", too_small(&given)));
        }
    }
}

fn too_small(given: &str) -> Text {
    text!("er {given}; må være minst 0", "er {given}; må vere minst 0", "is {given}; must be at least 0")
}

fn check_parties(parties: &[Party], days_in_year: u32, faults: &mut Vec<Wrong>) {
    if parties.is_empty() {
        let message = text!(
            "må ha minst én part som betaler",
            "må ha minst éin part som betaler",
            "must have at least one party that pays"
        );
        faults.push(Wrong::at("/parties", "empty", message));
    } else if parties.iter().all(|party| party.days == 0) {
        let message = text!(
            "ingen av partene er part en eneste dag i året; minst én må være det",
            "ingen av partane er part ein einaste dag i året; minst éin må vere det",
            "none of the parties is one on any day of the year; at least one must be"
        );
        faults.push(Wrong::at("/parties", "no_days", message));
    }
    let mut seen = HashSet::new();
    for (at, party) in parties.iter().enumerate() {
        let days = party.days;
        if days > days_in_year {
            let message = text!(
                "er part i {days} dager; året har {days_in_year}",
                "er part i {days} dagar; året har {days_in_year}",
                "is a party for {days} days; the year has {days_in_year}"
            );
            faults.push(Wrong::at(format!("/parties/{at}"), "too_large", message));
        }
        if !seen.insert(party.organisation) {
            let message = text!(
                "står alt i lista; hver organisasjon er part én gang",
                "står alt i lista; kvar organisasjon er part éin gong",
                "is in the list already; each organisation is a party once"
            );
            faults.push(Wrong::at(format!("/parties/{at}/organisationId"), "duplicate", message));
        }
    }
}

fn check_figures(at: usize, party: &Party, components: &[Component], faults: &mut Vec<Wrong>) {
    for basis in [Basis::Population, Basis::Fte, Basis::Use, Basis::Custom] {
        let (field, [nb, nn, en]) = words(basis);
        let pointer = || format!("/parties/{at}/figures/{field}");
        let Some(figure) = party.figures.by(basis) else {
            let asks = |component: &Component| component.weighing().is_some_and(|(asked, _)| asked == basis);
            // Whoever has no day pays nothing, and need not know its figures.
            let component = components.iter().position(asks).filter(|_| party.days > 0);
            faults.extend(component.map(|component| {
                let message = text!(
                    "mangler: /components/{component} fordeler etter {nb}; oppgi tallet, eller gi komponenten vekt 0",
                    "manglar: /components/{component} fordeler etter {nn}; gi opp talet, eller gi komponenten vekt 0",
                    "is missing: /components/{component} shares by {en}; give the figure, or give the component the weight 0"
                );
                Wrong::at(pointer(), "required", message)
            }));
            continue;
        };
        if figure.is_negative() {
            faults.push(Wrong::at(pointer(), "too_small", too_small(&exact_text(&figure))));
        }
    }
}

/// The member of the figures that a basis asks for, and what it is called.
pub(super) const fn words(basis: Basis) -> (&'static str, [&'static str; 3]) {
    match basis {
        Basis::Equal => ("equal", ["likt", "likt", "equal parts"]),
        Basis::Population => ("population", ["folketall", "folketal", "population"]),
        Basis::Fte => ("fte", ["årsverk", "årsverk", "full-time equivalents"]),
        Basis::Use => ("use", ["bruk", "bruk", "use"]),
        Basis::Custom => ("custom", ["avtalt tall", "avtalt tal", "agreed figure"]),
    }
}
