//! The milestones of a project, and when and why their dates were moved.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::milestones::{self, MilestoneStatus, MilestoneType};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{Picture, schedule};
use crate::reports::Asked;
use crate::store::Entry;

/// The event of a date that was moved.
pub const RESCHEDULED: &str = "milestone.rescheduled";

/// Where a milestone stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneStanding {
    /// The milestone.
    pub id: Uuid,
    /// Its number as the plan writes it.
    #[schema(max_length = 20, example = "01")]
    pub number: String,
    /// The state reached.
    #[schema(max_length = 500)]
    pub title: String,
    /// What sort of state it is.
    #[serde(rename = "type")]
    #[schema(required = true)]
    pub milestone_type: Option<MilestoneType>,
    /// The activity that leads to it.
    #[schema(required = true)]
    pub activity_id: Option<Uuid>,
    /// The date of the plan.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// The date of the plan before it was first moved; null while it stands as first planned.
    #[schema(required = true)]
    pub first_planned_on: Option<NaiveDate>,
    /// The date now expected.
    #[schema(required = true)]
    pub forecast_on: Option<NaiveDate>,
    /// The date on which it was met.
    #[schema(required = true)]
    pub met_on: Option<NaiveDate>,
    /// Where it stands today.
    pub status: MilestoneStatus,
    /// Each time its dates were moved, oldest first.
    pub moves: Vec<Move>,
}

/// A date that was moved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Move {
    /// The field: `plannedOn` or `forecastOn`.
    #[schema(max_length = 40, example = "plannedOn")]
    pub field: String,
    /// The date before.
    #[schema(required = true)]
    pub from: Option<NaiveDate>,
    /// The date after.
    #[schema(required = true)]
    pub to: Option<NaiveDate>,
    /// When it was moved (UTC).
    #[schema(value_type = String, format = DateTime)]
    pub at: DateTime<Utc>,
    /// Why.
    #[schema(required = true, max_length = 1000)]
    pub reason: Option<String>,
}

/// Every milestone that the caller sees, in the order of their numbers.
pub(super) fn of(picture: &Picture, journal: &[Entry], asked: &Asked) -> Vec<MilestoneStanding> {
    let mut moves: BTreeMap<Uuid, Vec<Move>> = BTreeMap::new();
    for entry in journal.iter().filter(|entry| entry.event == RESCHEDULED) {
        moves.entry(entry.record).or_default().extend(moves_of(entry));
    }
    let mut own: Vec<&milestones::Model> =
        picture.milestones.iter().filter(|milestone| asked.sees_milestone(milestone)).collect();
    own.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    let standing = |milestone: &milestones::Model| {
        let moves = moves.remove(&milestone.id).unwrap_or_default();
        MilestoneStanding {
            id: milestone.id,
            number: milestone.number.clone(),
            title: milestone.title.clone(),
            milestone_type: milestone.milestone_type,
            activity_id: milestone.activity_id,
            planned_on: milestone.planned_on,
            first_planned_on: moves.iter().filter(|one| one.field == "plannedOn").find_map(|one| one.from),
            forecast_on: milestone.forecast_on,
            met_on: milestone.met_on,
            status: schedule::milestone_status(milestone, asked.today),
            moves,
        }
    };
    own.into_iter().map(standing).collect()
}

/// The date of the plan before it was first moved, of the milestones whose date was.
#[must_use]
pub fn first_planned(journal: &[Entry]) -> BTreeMap<Uuid, NaiveDate> {
    let mut first = BTreeMap::new();
    for entry in journal.iter().filter(|entry| entry.event == RESCHEDULED) {
        let moved = moves_of(entry).into_iter().filter(|one| one.field == "plannedOn");
        if let Some(from) = moved.filter_map(|one| one.from).next() {
            first.entry(entry.record).or_insert(from);
        }
    }
    first
}

fn moves_of(entry: &Entry) -> Vec<Move> {
    let date = |side: &Option<Value>, field: &str| {
        side.as_ref().and_then(|row| row[field].as_str()).and_then(|text| text.parse().ok())
    };
    let fields = ["plannedOn", "forecastOn"].into_iter().filter_map(|field| {
        let (from, to) = (date(&entry.before, field), date(&entry.after, field));
        (from != to).then(|| Move { field: field.to_owned(), from, to, at: entry.at, reason: entry.reason.clone() })
    });
    fields.collect()
}
