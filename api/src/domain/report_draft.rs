//! What the plan suggests for a report of a period: what was reached, moved, comes next, and waits for a decision.

mod economy;

use chrono::{Days, NaiveDate};
use entity::RecordRef;
use entity::decision_points::DecisionOutcome;
use entity::matters::MatterState;
use entity::meetings::MeetingStatus;
use entity::milestones;
use entity::status_reports::TimeStatus;
use uuid::Uuid;

use super::Picture;
use crate::problem::Text;
use crate::text;

pub use economy::economy;

/// Days by which a milestone may be late before the project is called delayed.
const MINOR_DELAY_DAYS: i64 = 30;

/// The period of a report, both ends inclusive.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    fn holds(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The last day of a period of the same length that comes after.
    fn next_end(self) -> NaiveDate {
        let days = u64::try_from((self.to - self.from).num_days()).unwrap_or(0) + 1;
        self.to.checked_add_days(Days::new(days)).unwrap_or(self.to)
    }
}

/// A milestone whose dates were moved.
#[derive(Clone, Debug)]
pub struct Move {
    /// The milestone.
    pub milestone: Uuid,
    /// The day on which it was moved.
    pub on: NaiveDate,
    /// Why.
    pub reason: Option<String>,
}

/// A line of a draft, and the record that it follows from.
#[derive(Clone, Debug)]
pub struct Line {
    /// The field that it is suggested for.
    pub field: &'static str,
    /// The line.
    pub text: Text,
    /// What it follows from.
    pub from: RecordRef,
}

fn line(field: &'static str, text: Text, kind: &str, id: Uuid) -> Line {
    Line { field, text, from: RecordRef { kind: kind.to_owned(), id } }
}

/// Every line that the plan suggests, by field, each in the order of its dates.
#[must_use]
pub fn lines(picture: &Picture, moved: &[Move], period: Period) -> Vec<Line> {
    let mut lines = achieved(picture, period);
    lines.extend(late(picture, period));
    lines.extend(rescheduled(picture, moved, period));
    lines.extend(next(picture, period));
    lines.extend(wanted(picture, period));
    lines
}

/// Where the project stands against its plan at the end of the period, by its milestones; `None` when nothing is late or
/// nothing is planned: that is for who writes the report to say.
#[must_use]
pub fn time(picture: &Picture, period: Period) -> Option<TimeStatus> {
    let days = own(picture).filter_map(|milestone| overdue(milestone, period)).max()?;
    Some(if days <= MINOR_DELAY_DAYS { TimeStatus::MinorDelay } else { TimeStatus::Delayed })
}

/// The milestones that the report is about: those of no interest outside stay inside.
fn own(picture: &Picture) -> impl Iterator<Item = &milestones::Model> {
    picture.milestones.iter().filter(|milestone| !milestone.internal && milestone.cancelled_on.is_none())
}

/// How many days a milestone is late at the end of the period.
fn overdue(milestone: &milestones::Model, period: Period) -> Option<i64> {
    let open = milestone.met_on.is_none_or(|met| met > period.to);
    milestone.planned_on.filter(|planned| open && *planned < period.to).map(|planned| (period.to - planned).num_days())
}

fn achieved(picture: &Picture, period: Period) -> Vec<Line> {
    let mut lines = Vec::new();
    for milestone in own(picture) {
        if let Some(on) = milestone.met_on.filter(|on| period.holds(*on)) {
            let (number, title) = (&milestone.number, &milestone.title);
            let text = text!(
                "Milepæl {number} nådd {on}: {title}",
                "Milepæl {number} nådd {on}: {title}",
                "Milestone {number} met on {on}: {title}"
            );
            lines.push((on, line("achieved", text, "milestone", milestone.id)));
        }
    }
    for point in &picture.decision_points {
        if let (Some(on), Some(outcome)) = (point.decided_on.filter(|on| period.holds(*on)), point.outcome) {
            let (number, label) = (&point.number, outcome.label());
            let (nb, nn, en) = (label.nb, label.nn, label.en);
            let text = text!(
                "Beslutningspunkt {number}: {nb} {on}",
                "Avgjerdspunkt {number}: {nn} {on}",
                "Decision point {number}: {en} on {on}"
            );
            lines.push((on, line("achieved", text, "decision_point", point.id)));
        }
    }
    for meeting in picture.meetings.iter().filter(|meeting| meeting.status == MeetingStatus::Held) {
        if let Some(on) = meeting.starts_at.map(|at| at.date_naive()).filter(|on| period.holds(*on)) {
            let title = &meeting.title;
            let text = text!("{title} holdt {on}", "{title} halde {on}", "{title}, held on {on}");
            lines.push((on, line("achieved", text, "meeting", meeting.id)));
        }
    }
    in_time(lines)
}

fn late(picture: &Picture, period: Period) -> Vec<Line> {
    let lines = own(picture).filter_map(|milestone| {
        let days = overdue(milestone, period)?;
        let (number, planned) = (&milestone.number, milestone.planned_on?);
        let text = text!(
            "Milepæl {number} skulle vært nådd {planned}, {days} dager før periodens slutt",
            "Milepæl {number} skulle ha vore nådd {planned}, {days} dagar før slutten av perioden",
            "Milestone {number} was due on {planned}, {days} days before the end of the period"
        );
        Some((planned, line("time", text, "milestone", milestone.id)))
    });
    in_time(lines.collect())
}

fn rescheduled(picture: &Picture, moved: &[Move], period: Period) -> Vec<Line> {
    let lines = moved.iter().filter(|one| period.holds(one.on)).filter_map(|one| {
        let milestone = own(picture).find(|milestone| milestone.id == one.milestone)?;
        let (number, on) = (&milestone.number, one.on);
        let why = one.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
        let text = text!(
            "Milepæl {number} flyttet {on}{why}",
            "Milepæl {number} flytta {on}{why}",
            "Milestone {number} moved on {on}{why}"
        );
        Some((on, line("time", text, "milestone", milestone.id)))
    });
    in_time(lines.collect())
}

fn next(picture: &Picture, period: Period) -> Vec<Line> {
    let lines = own(picture).filter(|milestone| milestone.met_on.is_none_or(|met| met > period.to)).filter_map(|one| {
        let on = one.forecast_on.or(one.planned_on).filter(|on| *on > period.to && *on <= period.next_end())?;
        let (number, title) = (&one.number, &one.title);
        let text = text!(
            "Milepæl {number} {on}: {title}",
            "Milepæl {number} {on}: {title}",
            "Milestone {number} on {on}: {title}"
        );
        Some((on, line("next", text, "milestone", one.id)))
    });
    in_time(lines.collect())
}

fn wanted(picture: &Picture, period: Period) -> Vec<Line> {
    let open = |outcome: Option<DecisionOutcome>| matches!(outcome, None | Some(DecisionOutcome::Postponed));
    let points = picture.decision_points.iter().filter(|point| open(point.outcome)).filter_map(|point| {
        let on = point.planned_on.filter(|on| *on <= period.next_end())?;
        let (number, theme) = (&point.number, &point.theme);
        let text = text!(
            "Beslutningspunkt {number}, {theme}, {on}",
            "Avgjerdspunkt {number}, {theme}, {on}",
            "Decision point {number}, {theme}, on {on}"
        );
        Some((on, line("decisionsWanted", text, "decision_point", point.id)))
    });
    let mut lines = in_time(points.collect());
    let waiting = picture.matters.iter().filter(|matter| {
        matter.project_id == picture.focus && matches!(matter.state, MatterState::Pending | MatterState::PartiallyMet)
    });
    lines.extend(waiting.map(|matter| {
        let (title, of) = (&matter.title, matter.roll_up.of);
        let said = matter.roll_up.adopted + matter.roll_up.adopted_with_conditions;
        let text = text!(
            "{title}: {said} av {of} kommuner har vedtatt",
            "{title}: {said} av {of} kommunar har vedteke",
            "{title}: {said} of {of} municipalities have adopted it"
        );
        line("decisionsWanted", text, "matter", matter.id)
    }));
    lines
}

fn in_time(mut lines: Vec<(NaiveDate, Line)>) -> Vec<Line> {
    lines.sort_by_key(|(on, line)| (*on, line.from.id));
    lines.into_iter().map(|(_, line)| line).collect()
}
