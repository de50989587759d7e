//! The rule on reports that are due.

use chrono::{Days, NaiveDate};
use entity::status_reports::{Entity, Model, ReportKind, ReportState};

use super::finding::Found;
use super::plan::Plan;
use crate::text;

/// Days after the end of a period within which its report is published.
const GRACE_DAYS: u64 = 14;

/// The last period that was agreed on and has no published report: one that somebody began to write, or the one that
/// follows the newest published report at the same pace. A project that does not report here is not asked.
pub(super) fn overdue(plan: &Plan<'_>) -> Vec<Found> {
    let own = || plan.picture.status_reports.iter().filter(|report| report.kind == ReportKind::Status);
    let newest = own().filter(|report| report.state == ReportState::Published).max_by_key(|report| report.period_to);
    let begun = own()
        .filter(|report| report.state != ReportState::Published && report.supersedes_id.is_none())
        .filter(|report| newest.is_none_or(|newest| newest.period_to < report.period_to))
        .max_by_key(|report| report.period_to);
    let (report, ended) = match (begun, newest) {
        (Some(begun), _) => (begun, begun.period_to),
        (None, Some(newest)) => (newest, next_end(newest)),
        (None, None) => return Vec::new(),
    };
    let due = ended.checked_add_days(Days::new(GRACE_DAYS)).unwrap_or(ended);
    if plan.today <= due {
        return Vec::new();
    }
    let message = text!(
        "Perioden som sluttet {ended}, har ingen publisert rapport; den skulle vært publisert innen {due}.",
        "Perioden som slutta {ended}, har ingen publisert rapport; han skulle ha vore publisert innan {due}.",
        "The period that ended on {ended} has no published report; it was due by {due}."
    );
    vec![Found::at::<Entity>(report.id, "/periodTo", message)]
}

/// The last day of the period that follows, of the same length.
fn next_end(report: &Model) -> NaiveDate {
    let days = u64::try_from((report.period_to - report.period_from).num_days()).unwrap_or_default() + 1;
    report.period_to.checked_add_days(Days::new(days)).unwrap_or(report.period_to)
}
