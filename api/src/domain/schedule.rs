//! Where milestones stand on a day; the same rule as the SQL of the computed field `status`.

use chrono::NaiveDate;
use entity::matters::MatterState;
use entity::milestones::{self, MilestoneStatus};

/// The status of a milestone on a day: what was decided first, then what is true on the day.
#[must_use]
pub fn milestone_status(milestone: &milestones::Model, today: NaiveDate) -> MilestoneStatus {
    if milestone.cancelled_on.is_some() {
        return MilestoneStatus::Cancelled;
    }
    match milestone.matter_state {
        Some(MatterState::NotMet) => return MilestoneStatus::NotMet,
        Some(MatterState::PartiallyMet) => return MilestoneStatus::PartiallyMet,
        Some(MatterState::Met) => return MilestoneStatus::Met,
        Some(MatterState::Pending) | None => {}
    }
    let due = milestone.forecast_on.or(milestone.planned_on);
    match milestone.met_on {
        Some(_) => MilestoneStatus::Met,
        None if due.is_some_and(|due| due < today) => MilestoneStatus::Overdue,
        None => MilestoneStatus::Scheduled,
    }
}
