//! What the accounts suggest for a report: what is over budget.

use entity::budgets::BudgetStatus;
use entity::status_reports::EconomyStatus;
use entity::{RecordRef, activities};
use uuid::Uuid;

use super::{Line, Period};
use crate::domain::Picture;
use crate::domain::finance::{self, Figures, Spent};
use crate::domain::money::kroner;
use crate::problem::Text;
use crate::text;

/// How much costs may exceed the whole budget before that is no longer called minor, in per cent.
const MINOR_OVERRUN_PERCENT: i64 = 5;

/// What is over the budget that binds at the end of the period, and the dimension's status for it; nothing while no budget binds
/// or nothing is over: that is for who writes the report to say.
#[must_use]
pub fn economy(picture: &Picture, spent: &[Spent], period: Period) -> Option<(EconomyStatus, Vec<Line>)> {
    // What is only indicative was approved by nobody, and the report's readers do not see it.
    let binding = picture.budgets.iter().filter(|budget| budget.status == BudgetStatus::Committed);
    let budget = finance::in_force(binding)?;
    let all = finance::figures(picture, Some(budget), spent, &[], period.to);
    let mut lines: Vec<Line> = finance::by(&all, |place| place.activity)
        .into_iter()
        .filter_map(|(activity, figures)| {
            let (used, planned) = over(&figures)?;
            let activity = activity.and_then(|id| picture.activities.iter().find(|one| one.id == id));
            let (what, from) = match activity {
                Some(one) => (named(one), ("activity", one.id)),
                None => (text!("Uten aktivitet", "Utan aktivitet", "Without an activity"), ("budget", budget.id)),
            };
            Some(line(&what, used, planned, from))
        })
        .collect();
    let total = over(&finance::total(&all));
    if let Some((used, planned)) = total {
        let whole = text!("Hele budsjettet", "Heile budsjettet", "The whole budget");
        lines.insert(0, line(&whole, used, planned, ("budget", budget.id)));
    }
    if lines.is_empty() {
        return None;
    }
    let minor = |(used, planned): (i64, i64)| {
        i128::from(used - planned) * 100 <= i128::from(planned) * i128::from(MINOR_OVERRUN_PERCENT)
    };
    let status = if total.is_none_or(minor) { EconomyStatus::MinorOverrun } else { EconomyStatus::OverBudget };
    Some((status, lines))
}

/// What was used and planned in cash, where more was used; a plan that is not wholly known cannot be exceeded for certain.
fn over(figures: &Figures) -> Option<(i64, i64)> {
    let (used, planned) = figures.actual.zip(figures.cash)?;
    (used > planned && figures.lines_not_known == 0).then_some((used, planned))
}

fn named(activity: &activities::Model) -> Text {
    let number = activity.number.as_deref().map(|number| format!("{number} ")).unwrap_or_default();
    let title = &activity.title;
    text!("{number}{title}", "{number}{title}", "{number}{title}")
}

fn line(what: &Text, used: i64, planned: i64, (kind, id): (&str, Uuid)) -> Line {
    let [used, planned, more] = [used, planned, used.saturating_sub(planned)].map(kroner);
    let text = Text {
        nb: format!("{}: {} kr brukt av {} kr, {} kr over budsjettet", what.nb, used.nb, planned.nb, more.nb),
        nn: format!("{}: {} kr brukt av {} kr, {} kr over budsjettet", what.nn, used.nn, planned.nn, more.nn),
        en: format!("{}: NOK {} used of NOK {}, NOK {} over budget", what.en, used.en, planned.en, more.en),
    };
    Line { field: "economy", text, from: RecordRef { kind: kind.to_owned(), id } }
}
