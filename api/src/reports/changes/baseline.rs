//! What a report is held against: a day, an instant, a published report or a decision.

use chrono::{DateTime, NaiveTime, Utc};
use entity::status_reports::ReportState;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;
use crate::http::query::invalid;
use crate::problem::Error;
use crate::reports::{Asked, moment};
use crate::text;

/// The moment that a report is held against, and what makes it one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Baseline {
    /// The moment (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTime<Utc>,
    /// The report or the decision point; null for a day or an instant, and for the project's own beginning.
    #[schema(required = true)]
    pub record: Option<entity::RecordRef>,
}

/// The baseline that a parameter names.
///
/// # Errors
/// 400 for what is neither a day, an instant, a published report nor a decision of the project.
pub fn named(picture: &Picture, parameter: &str, text: &str) -> Result<Baseline, Error> {
    let found = match text.parse::<Uuid>() {
        Ok(id) => of_record(picture, id),
        Err(_) => moment(parameter, text).ok().map(|(at, _)| Baseline { at, record: None }),
    };
    found.ok_or_else(|| {
        invalid(
            parameter,
            &text!(
                "må være en dato, et tidspunkt, id-en til en publisert rapport eller til et beslutningspunkt som er avgjort",
                "må vere ein dato, eit tidspunkt, id-en til ein publisert rapport eller til eit avgjerdspunkt som er avgjort",
                "must be a date, an instant, the id of a published report or of a decision point that is decided"
            ),
        )
    })
}

fn of_record(picture: &Picture, id: Uuid) -> Option<Baseline> {
    let named = |kind: &str| Some(entity::RecordRef { kind: kind.to_owned(), id });
    let report = picture.status_reports.iter().find(|one| one.id == id && one.state == ReportState::Published);
    if let Some(at) = report.and_then(|report| report.published_at) {
        return Some(Baseline { at, record: named("status_report") });
    }
    decided(picture, id).map(|at| Baseline { at, record: named("decision_point") })
}

/// The end of the day of a decision.
fn decided(picture: &Picture, id: Uuid) -> Option<DateTime<Utc>> {
    let point = picture.decision_points.iter().find(|point| point.id == id)?;
    Some(point.decided_on?.succ_opt()?.and_time(NaiveTime::MIN).and_utc())
}

/// What the plan is held against unless something is named: the first decision (PLP: BP 1), else the first published
/// report, else the plan as it was first written.
#[must_use]
pub fn usual(asked: &Asked, picture: &Picture) -> Baseline {
    let points = picture.decision_points.iter().filter(|point| point.decided_on.is_some());
    let first = points.min_by_key(|point| (point.decided_on, point.id)).and_then(|point| of_record(picture, point.id));
    let reports = || picture.status_reports.iter().filter(|one| one.published_at.is_some());
    let first = first.filter(|one| one.at <= Utc::now());
    let began = picture.project().map_or_else(Utc::now, |project| project.created_at);
    first
        .filter(|one| asked.as_of.is_none_or(|at| one.at <= at) && one.at >= began)
        .or_else(|| reports().min_by_key(|one| one.published_at).and_then(|one| of_record(picture, one.id)))
        .unwrap_or(Baseline { at: began, record: None })
}
