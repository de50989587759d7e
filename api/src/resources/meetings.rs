//! The resource `meetings`.

use entity::meetings::{self, MeetingStatus};

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// What of a meeting an observer sees: those of the steering group, and what all are invited to. For records of a
/// meeting.
pub const OPEN: &str = "meeting_id IN (SELECT id FROM meetings WHERE kind NOT IN ('project_group', 'coordination'))";

/// The facts and rules of meetings.
pub fn resource() -> Resource {
    Resource::of::<meetings::Entity>(Area::Meetings)
        .search(&["title", "place"])
        .order("startsAt,title")
        .refers("activityId", "activities")
        .refers("minutesId", "documents")
        .dates("startsAt", "endsAt")
        .published("kind NOT IN ('project_group', 'coordination')")
        .rule(|write, change| Box::pin(std::future::ready(Ok(held_in_the_past(write, &change)))))
        .event(event)
        .tells(&["summoned", "held", "cancelled"])
        .done()
}

/// A meeting that was held is not in the future; when it was may be unknown, as of the meetings of old minutes.
fn held_in_the_past(write: &Write, change: &Change<meetings::Model>) -> Faults {
    let held = change.after().filter(|after| after.status == MeetingStatus::Held);
    if held.and_then(|after| after.starts_at).is_some_and(|starts| starts > write.now()) {
        let message = text!(
            "er fram i tid: et møte som er avholdt, har vært",
            "er fram i tid: eit møte som er halde, har vore",
            "is in the future: a meeting that was held has been"
        );
        return vec![Fault::at("/startsAt", "too_late", message)];
    }
    Vec::new()
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("status"))?;
    match after.text("status") {
        Some("summoned") => Some("summoned"),
        Some("held") => Some("held"),
        Some("cancelled") => Some("cancelled"),
        _ => None,
    }
}
