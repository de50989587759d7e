//! A milestone as its table has it, as its wire shows it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
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

impl New {
    /// The row that is made of it, as it is known before it is written.
    pub fn made(&self, id: Uuid, at: DateTime<Utc>) -> Milestone {
        let (title, number) = (self.title.clone(), self.number.clone());
        Milestone {
            id,
            version: 1,
            created_at: at,
            created_by: None,
            updated_at: at,
            updated_by: None,
            project_id: self.project_id,
            number,
            title,
            activity_id: None,
            planned_on: self.planned_on,
            forecast_on: None,
            met_on: None,
            cancelled_on: None,
            kind: None,
            internal: false,
            requires_document: false,
            matter_id: None,
            matter_state: None,
            status: String::new(),
        }
    }
}

/// What a client changes.
#[derive(Deserialize)]
pub struct Change {
    pub title: String,
}

/// Its columns; the status is computed from the dates and the day, by the engine.
fn columns(day: &str) -> String {
    format!(
        "id, version, created_at, created_by, updated_at, updated_by, project_id, number, title, activity_id, planned_on, forecast_on, \
         met_on, cancelled_on, type, internal, requires_document, matter_id, matter_state, CASE WHEN cancelled_on IS NOT NULL \
         THEN 'cancelled' WHEN met_on IS NOT NULL THEN 'met' WHEN planned_on < {day} THEN 'overdue' ELSE 'scheduled' END AS status"
    )
}

/// Adds a row ($1 to $6), and tells it as [`one`] does, by the day ($7). SQLite numbers parameters as they come, whatever they are called.
pub fn insert() -> String {
    format!(
        "INSERT INTO milestones (id, version, created_at, updated_at, search_text, project_id, number, title, planned_on, internal, \
         requires_document) VALUES ($1, 1, $2, $2, $3, $4, $5, $3, $6, false, false) RETURNING {}",
        columns("$7")
    )
}

/// Changes when ($1) and the title ($2) of a row ($3) if it still has its version ($4), and tells it, by the day ($5).
pub fn update() -> String {
    format!(
        "UPDATE milestones SET version = version + 1, updated_at = $1, title = $2 WHERE id = $3 AND version = $4 RETURNING {}",
        columns("$5")
    )
}

/// What of a row ($1) the journal is told that it was before it is changed.
pub const FORMER: &str = "SELECT title, updated_at FROM milestones WHERE id = $1";

/// Both in one statement, for an engine that can: [`FORMER`] comes behind the row.
pub fn update_telling() -> String {
    format!(
        "WITH former AS (SELECT title AS was, updated_at AS since FROM milestones WHERE id = $3 FOR UPDATE) \
         UPDATE milestones SET version = version + 1, updated_at = $1, title = $2 FROM former WHERE id = $3 AND version = $4 \
         RETURNING {}, was, since",
        columns("$5")
    )
}

/// Adds an entry of the journal.
pub const NOTE: &str = "INSERT INTO journal (event, record_kind, record_id, project_id, version, actor_kind, at, before, after) \
    VALUES ('milestone.changed', 'milestone', $1, $2, $3, 'user', $4, $5, $6)";

/// A row, by the day ($1) and its identifier.
pub fn one() -> String {
    format!("SELECT {} FROM milestones WHERE id = $2", columns("$1"))
}

/// A milestone's day as the table's index has it.
macro_rules! day {
    () => {
        "COALESCE(planned_on, 'infinity')"
    };
}

/// The rows of the page after the day ($3) and the identifier ($4) of a row, for an engine that enters an index with both.
pub const BEHIND: &str = concat!("AND (", day!(), ", id) > ($3, $4) ");

/// The same for one that enters it with the first alone.
pub const BEHIND_FROM: &str = concat!("AND ", day!(), " >= $3 AND (", day!(), ", id) > ($3, $4) ");

/// A page of a project, by the day ($1) and the project: the first, or the one after a row.
pub fn page(behind: Option<&str>) -> String {
    format!(
        concat!(
            "SELECT {} FROM milestones WHERE project_id = $2 AND internal = false {}ORDER BY ",
            day!(),
            ", id LIMIT 51"
        ),
        columns("$1"),
        behind.unwrap_or_default()
    )
}

/// What a row was before it was changed.
pub type Former = (String, DateTime<Utc>);

/// What the journal keeps of a row, as the service's does: all of it before, and after.
pub fn versions(row: &Milestone, former: Option<Former>) -> serde_json::Result<(Option<Value>, Value)> {
    let mut after = serde_json::to_value(row)?;
    if let Some(members) = after.as_object_mut() {
        members.remove("status");
    }
    let before = former.map(|(title, updated_at)| {
        let mut before = after.clone();
        before["version"] = (row.version - 1).into();
        before["title"] = title.into();
        before["updatedAt"] = json!(updated_at);
        before
    });
    Ok((before, after))
}

/// A milestone from a row of [`columns`], by the name of what reads one of its columns.
macro_rules! milestone {
    ($row:ident, $get:ident) => {
        Milestone {
            id: $row.$get(0)?,
            version: $row.$get(1)?,
            created_at: $row.$get(2)?,
            created_by: $row.$get(3)?,
            updated_at: $row.$get(4)?,
            updated_by: $row.$get(5)?,
            project_id: $row.$get(6)?,
            number: $row.$get(7)?,
            title: $row.$get(8)?,
            activity_id: $row.$get(9)?,
            planned_on: $row.$get(10)?,
            forecast_on: $row.$get(11)?,
            met_on: $row.$get(12)?,
            cancelled_on: $row.$get(13)?,
            kind: $row.$get(14)?,
            internal: $row.$get(15)?,
            requires_document: $row.$get(16)?,
            matter_id: $row.$get(17)?,
            matter_state: $row.$get(18)?,
            status: $row.$get(19)?,
        }
    };
}
pub(crate) use milestone;
