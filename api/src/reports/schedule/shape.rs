//! The schedule as the wire shows it.

use chrono::NaiveDate;
use entity::RecordRef;
use entity::activities::{ActivityKind, ActivityStatus};
use entity::decision_points::DecisionOutcome;
use entity::milestones::MilestoneStatus;
use entity::political_cases::HandlingStatus;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::reports::shapes::OrganisationName;

/// What is planned when, what is expected and what was reached.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// The day of the report.
    pub today: NaiveDate,
    /// The project and its period.
    pub project: ScheduledProject,
    /// Activities, each followed by those that it consists of.
    pub activities: Vec<ScheduledActivity>,
    /// Milestones, in the order of their numbers.
    pub milestones: Vec<ScheduledMilestone>,
    /// Decision points, in the order of their numbers.
    pub decision_points: Vec<ScheduledDecisionPoint>,
    /// The times in which municipalities treat matters.
    pub political_windows: Vec<PoliticalWindow>,
    /// What has no date: it stands above, too, and no picture can place it.
    pub undated: Vec<UndatedRecord>,
}

/// The project of a schedule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledProject {
    /// The project.
    pub id: Uuid,
    /// Its short name.
    #[schema(max_length = 40, example = "NVR-2017-02")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The first day.
    #[schema(required = true)]
    pub starts_on: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
}

/// An activity in the schedule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledActivity {
    /// The activity.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(required = true, max_length = 20, example = "HA 2")]
    pub number: Option<String>,
    /// What is to be done.
    #[schema(max_length = 500)]
    pub title: String,
    /// What sort of work it is.
    pub kind: ActivityKind,
    /// The activity that it is a part of.
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
    /// How deep it lies under others: 0 for a main activity.
    #[schema(minimum = 0, example = 0)]
    pub depth: usize,
    /// The first day.
    #[schema(required = true)]
    pub starts_on: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    /// How much of it is done, in per cent; null when nobody has said.
    #[schema(required = true, minimum = 0, maximum = 100)]
    pub progress_percent: Option<i64>,
    /// Where the work stands.
    pub status: ActivityStatus,
    /// Whether it begins or ends outside the project's period.
    pub outside_period: bool,
}

/// A milestone in the schedule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledMilestone {
    /// The milestone.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "01")]
    pub number: String,
    /// The state reached.
    #[schema(max_length = 500)]
    pub title: String,
    /// The activity that leads to it, as far as the caller sees activities.
    #[schema(required = true)]
    pub activity_id: Option<Uuid>,
    /// The date that was planned first: that of the plan, unless it was moved.
    #[schema(required = true)]
    pub baseline_on: Option<NaiveDate>,
    /// The date of the plan.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// The date now expected.
    #[schema(required = true)]
    pub forecast_on: Option<NaiveDate>,
    /// The date on which it was met.
    #[schema(required = true)]
    pub met_on: Option<NaiveDate>,
    /// Where it stands on the day of the report.
    pub status: MilestoneStatus,
    /// Whether it is planned or expected outside the project's period.
    pub outside_period: bool,
}

/// A decision point in the schedule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledDecisionPoint {
    /// The decision point.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "1")]
    pub number: String,
    /// What is decided.
    #[schema(max_length = 500)]
    pub theme: String,
    /// The date of the plan.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// The date of the decision.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
    /// What was decided.
    #[schema(required = true)]
    pub outcome: Option<DecisionOutcome>,
    /// Whether it is planned outside the project's period.
    pub outside_period: bool,
}

/// The time in which a municipality treats a matter.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PoliticalWindow {
    /// The matter.
    pub matter_id: Uuid,
    /// What is asked.
    #[schema(max_length = 500)]
    pub title: String,
    /// The municipality.
    pub organisation: OrganisationName,
    /// Its case.
    pub case_id: Uuid,
    /// The first day on which the case may be treated.
    #[schema(required = true)]
    pub window_from: Option<NaiveDate>,
    /// The last day, inclusive.
    #[schema(required = true)]
    pub window_to: Option<NaiveDate>,
    /// Where the municipality stands.
    pub status: HandlingStatus,
    /// The day of the final step.
    #[schema(required = true)]
    pub decided_on: Option<NaiveDate>,
}

/// Something that has no date.
#[derive(Debug, Serialize, ToSchema)]
pub struct UndatedRecord {
    /// The record.
    pub record: RecordRef,
    /// What it is called.
    #[schema(max_length = 1100)]
    pub title: String,
}
