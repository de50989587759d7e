//! The published reports in the status: the latest, and those before it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::status_reports::{self, ReportKind, ReportState, Trend};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Picture;

/// A published report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishedReport {
    /// The report.
    pub id: Uuid,
    /// Whether it is of a period or the final one.
    pub kind: ReportKind,
    /// The first day of its period.
    pub period_from: NaiveDate,
    /// The last day of its period.
    pub period_to: NaiveDate,
    /// When it was published (UTC).
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    pub published_at: Option<DateTime<Utc>>,
    /// The hash of the part of it that every reader may verify.
    #[schema(required = true, max_length = 64)]
    pub public_sha256: Option<String>,
    /// The report that took its place; null while it stands.
    #[schema(required = true)]
    pub superseded_by_id: Option<Uuid>,
}

/// What the latest published report says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LatestReport {
    /// The report.
    #[serde(flatten)]
    pub report: PublishedReport,
    /// Where the project stands, dimension by dimension; what the report does not say is left out.
    pub dimensions: Vec<DimensionStanding>,
    /// What was reached in the period.
    #[schema(required = true, max_length = 20000)]
    pub achieved: Option<String>,
    /// What is planned for the next.
    #[schema(required = true, max_length = 20000)]
    pub next: Option<String>,
    /// Decisions that are wanted.
    #[schema(required = true, max_length = 20000)]
    pub decisions_wanted: Option<String>,
}

/// Where the project stands in one dimension, as the report says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DimensionStanding {
    /// `overall`, `time`, `economy`, `quality`, `risk` or `outcome`.
    #[schema(max_length = 20, example = "time")]
    pub dimension: String,
    /// A code of the dimension's own list (`GET /code-lists`).
    #[schema(max_length = 40, example = "on_plan")]
    pub status: String,
    /// Where it is going; null when not known.
    #[schema(required = true)]
    pub trend: Option<Trend>,
    /// Why, and what is done about it.
    #[schema(required = true, max_length = 10000)]
    pub comment: Option<String>,
}

macro_rules! standing {
    ($report:ident: $($dimension:ident),*) => {
        [$( $report.$dimension.as_ref().map(|said| DimensionStanding {
            dimension: stringify!($dimension).to_owned(),
            status: said.status.code().to_owned(),
            trend: said.trend,
            comment: said.comment.clone(),
        }) ),*]
    };
}

/// What the newest published report says, and every published report, the newest first by the time of its publication.
pub(super) fn of(picture: &Picture) -> (Option<LatestReport>, Vec<PublishedReport>) {
    let mut published: Vec<&status_reports::Model> =
        picture.status_reports.iter().filter(|report| report.state == ReportState::Published).collect();
    published.sort_by_key(|report| std::cmp::Reverse((report.published_at, report.id)));
    let all: Vec<PublishedReport> = published.iter().map(|report| shown(&published, report)).collect();
    let latest = published.first().zip(all.first()).map(|(report, shown)| LatestReport {
        report: shown.clone(),
        dimensions: standing!(report: overall, time, economy, quality, risk, outcome).into_iter().flatten().collect(),
        achieved: report.achieved.clone(),
        next: report.next.clone(),
        decisions_wanted: report.decisions_wanted.clone(),
    });
    (latest, all)
}

fn shown(published: &[&status_reports::Model], report: &status_reports::Model) -> PublishedReport {
    let newer = published.iter().find(|newer| newer.supersedes_id == Some(report.id));
    PublishedReport {
        id: report.id,
        kind: report.kind,
        period_from: report.period_from,
        period_to: report.period_to,
        published_at: report.published_at,
        public_sha256: report.public_sha256.clone(),
        superseded_by_id: newer.map(|newer| newer.id),
    }
}
