//! The rule on a municipality that says no.

use entity::matters::{MatterRule, MatterState, Model as Matter};
use entity::political_cases::{Entity as Case, Model};
use entity::political_steps::StepOutcome;

use super::finding::Found;
use super::plan::Plan;
use crate::problem::Text;
use crate::text;

/// A municipality that said no to what the project asked, and what follows from the rule of the matter. A no from one
/// that the matter does not count has no consequence, and is none of the plan's business.
pub(super) fn rejected(plan: &Plan<'_>) -> Vec<Found> {
    let said_no = |case: &&Model| case.project_id == plan.project.id && case.outcome == Some(StepOutcome::Rejected);
    let found = plan.picture.political_cases.iter().filter(said_no).filter_map(|case| {
        let matter = plan.picture.matters.iter().find(|matter| matter.id == case.matter_id)?;
        let counts = matter.rule != MatterRule::Named || matter.named.0.contains(&case.organisation_id);
        let name = counts.then(|| plan.organisation(case.organisation_id)).flatten().map(|body| &body.name)?;
        let title = &matter.title;
        let Text { nb, nn, en } = consequence(matter);
        let message = match case.decided_on {
            Some(on) => text!(
                "{name} sa nei til «{title}» {on}: {nb}",
                "{name} sa nei til «{title}» {on}: {nn}",
                "{name} said no to “{title}” on {on}: {en}"
            ),
            None => text!(
                "{name} sa nei til «{title}»: {nb}",
                "{name} sa nei til «{title}»: {nn}",
                "{name} said no to “{title}”: {en}"
            ),
        };
        Some(Found::at::<Case>(case.id, "/outcome", message))
    });
    found.collect()
}

fn consequence(matter: &Matter) -> Text {
    let (yes, of) = (matter.roll_up.adopted + matter.roll_up.adopted_with_conditions, matter.roll_up.of);
    let open = matter.roll_up.pending + matter.roll_up.postponed;
    match (matter.rule, matter.state) {
        (MatterRule::Majority, MatterState::Met) => text!(
            "flertallet har likevel vedtatt ({yes} av {of}), men kommunen er ikke bundet av det.",
            "fleirtalet har likevel vedteke ({yes} av {of}), men kommunen er ikkje bunden av det.",
            "the majority has adopted all the same ({yes} of {of}), but it does not bind the municipality."
        ),
        (MatterRule::Majority, MatterState::Pending | MatterState::PartiallyMet) => text!(
            "flertallet kan fremdeles nås, {yes} av {of} har vedtatt og {open} har ikke avgjort saken.",
            "fleirtalet kan framleis bli nådd, {yes} av {of} har vedteke og {open} har ikkje avgjort saka.",
            "a majority is still possible, {yes} of {of} have adopted and {open} have not decided."
        ),
        (MatterRule::Majority, MatterState::NotMet) => text!(
            "flertallet kan ikke lenger nås, så saken er ikke nådd.",
            "fleirtalet kan ikkje lenger bli nådd, så saka er ikkje nådd.",
            "a majority is no longer possible, so the matter is not met."
        ),
        (MatterRule::All, _) => text!(
            "alle kommunene må vedta, så saken er ikke nådd.",
            "alle kommunane må vedta, så saka er ikkje nådd.",
            "all municipalities must adopt, so the matter is not met."
        ),
        (MatterRule::Named, _) => text!(
            "hver av de navngitte kommunene må vedta, så saken er ikke nådd.",
            "kvar av dei namngjevne kommunane må vedta, så saka er ikkje nådd.",
            "each of the named municipalities must adopt, so the matter is not met."
        ),
    }
}
