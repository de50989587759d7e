//! The resource `decision-points`; how one is decided stands beside it.

mod about;
mod decide;

use entity::decision_points;

use crate::access::Area;
use crate::facts::{Change, Row};
use crate::standard::Resource;

pub use about::about_decide;
pub use decide::decide;

/// The facts and rules of decision points.
pub fn resource() -> Resource {
    Resource::of::<decision_points::Entity>(Area::Decisions)
        .search(&["number", "theme"])
        .order("number")
        .unique(&["number"])
        .carried(&["decidedOn", "outcome", "conditions", "resolutionId", "overrideReason"])
        .approval(approves)
        .locked(|row| row.text("outcome").is_some())
        .event(event)
        .tells(&["decided"])
        .done()
}

/// Letting a project through is an approval, and so is stopping it.
fn approves(before: Option<&Row>, after: &Row) -> bool {
    let decided = after.text("outcome");
    decided.is_some() && before.and_then(|row| row.text("outcome")) != decided
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some())?;
    (change.touches("outcome") && after.text("outcome").is_some()).then_some("decided")
}
