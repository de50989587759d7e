//! A milestone as its table has it, as its wire shows it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A row.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Milestone {
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub created_by: Option<Uuid>,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
    pub project_id: Uuid,
    pub number: String,
    pub title: String,
    pub activity_id: Option<Uuid>,
    pub planned_on: Option<NaiveDate>,
    pub forecast_on: Option<NaiveDate>,
    pub met_on: Option<NaiveDate>,
    pub cancelled_on: Option<NaiveDate>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub internal: bool,
    pub requires_document: bool,
    pub matter_id: Option<Uuid>,
    pub matter_state: Option<String>,
    pub status: String,
}

/// A page.
#[derive(Serialize)]
pub struct Page {
    pub items: Vec<Milestone>,
    pub next: Option<String>,
}

/// What a client writes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct New {
    pub project_id: Uuid,
    pub number: String,
    pub title: String,
    pub planned_on: Option<NaiveDate>,
}

/// What a client changes.
#[derive(Deserialize)]
pub struct Change {
    pub title: String,
}

/// Its columns; the status is computed from the dates, by the engine.
pub const COLUMNS: &str = "id, version, created_at, created_by, updated_at, updated_by, project_id, number, title, activity_id, \
    planned_on, forecast_on, met_on, cancelled_on, type, internal, requires_document, matter_id, matter_state, \
    CASE WHEN cancelled_on IS NOT NULL THEN 'cancelled' WHEN met_on IS NOT NULL THEN 'met' WHEN planned_on < $1 THEN 'overdue' \
    ELSE 'scheduled' END AS status";
