//! Rules on goals: how one would see that they are reached.

use std::collections::HashMap;

use entity::goals::Entity as Goal;
use entity::indicators;
use uuid::Uuid;

use super::finding::Found;
use super::plan::Plan;
use super::words;
use crate::problem::Text;
use crate::text;

/// A goal without an indicator that has a baseline, a target and the date of the target.
pub(super) fn not_measurable(plan: &Plan<'_>) -> Vec<Found> {
    let mut measuring: HashMap<Uuid, Vec<&indicators::Model>> = HashMap::new();
    for indicator in &plan.picture.indicators {
        measuring.entry(indicator.goal_id).or_default().push(indicator);
    }
    let own = plan.picture.goals.iter().filter(|goal| goal.project_id == plan.project.id);
    let found = own.filter_map(|goal| {
        let indicators = measuring.get(&goal.id).map(Vec::as_slice).unwrap_or_default();
        let nearest =
            indicators.iter().map(|indicator| (lacks(indicator), indicator)).min_by_key(|(lacks, _)| lacks.len());
        let text = words::shortened(&goal.text);
        let message = match nearest {
            Some((lacks, _)) if lacks.is_empty() => return None,
            Some((lacks, indicator)) => lacking(&text, indicator, &lacks),
            None => text!(
                "Målet «{text}» kan ikke måles: det har ingen indikator.",
                "Målet «{text}» kan ikkje målast: det har ingen indikator.",
                "The goal “{text}” cannot be measured: it has no indicator."
            ),
        };
        Some(Found::at::<Goal>(goal.id, "", message))
    });
    found.collect()
}

fn lacking(text: &str, indicator: &indicators::Model, lacks: &[Text]) -> Text {
    let name = &indicator.name;
    let Text { nb, nn, en } = words::listed(lacks);
    text!(
        "Målet «{text}» kan ikke måles: indikatoren «{name}» mangler {nb}.",
        "Målet «{text}» kan ikkje målast: indikatoren «{name}» manglar {nn}.",
        "The goal “{text}” cannot be measured: the indicator “{name}” lacks {en}."
    )
}

/// What an indicator lacks to show whether a goal is reached.
fn lacks(indicator: &indicators::Model) -> Vec<Text> {
    let baseline = indicator.baseline.is_none().then(|| text!("utgangsverdi", "utgangsverdi", "a baseline"));
    let targets = &indicator.targets.0;
    let target = if targets.is_empty() {
        Some(text!("målverdi", "målverdi", "a target"))
    } else {
        let dated = targets.iter().any(|target| target.by.is_some());
        (!dated).then(|| text!("dato for målverdien", "dato for målverdien", "a date of the target"))
    };
    baseline.into_iter().chain(target).collect()
}
