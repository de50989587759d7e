//! What the service's reports are made of: the rows of its own statements (`tests/support/statements.py` writes them down), as they come.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

/// The statements; `$1` is the project, or `$1` to `$50` are those of a page, and `$51` is the day.
#[derive(Default, Deserialize)]
pub struct Questions {
    pub counters: String,
    pub picture: String,
    pub journal: String,
    pub happened: String,
    pub page: String,
    pub told: String,
    pub budgets: String,
    pub webhooks: String,
}

/// Rows that are read by the names of their columns, on either engine.
macro_rules! rows {
    ($( $(#[doc = $doc:tt])* $name:ident { $( $field:ident: $kind:ty ),* $(,)? } )*) => { $(
        $(#[doc = $doc])*
        #[derive(Serialize)]
        pub struct $name {
            $( pub $field: $kind, )*
        }

        impl<'r, R: Row> FromRow<'r, R> for $name
        where
            &'static str: ColumnIndex<R>,
            $( $kind: Decode<'r, R::Database> + Type<R::Database>, )*
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                Ok(Self { $( $field: row.try_get(stringify!($field).trim_start_matches("r#"))?, )* })
            }
        }
    )* };
}

rows! {
    /// How often something was written: what the tag of a report is made of.
    Counter { place: String, counter: i64 }

    /// A record of a project or around it, as JSON that the engine makes.
    Record { record: String }

    /// An entry of the journal.
    Entry {
        sequence: i64, event: String, record_kind: String, record_id: Uuid, project_id: Option<Uuid>, version: i64,
        actor_kind: String, actor_id: Option<Uuid>, at: DateTime<Utc>, reason: Option<String>, before: Option<Value>,
        after: Option<Value>, via: Option<Value>,
    }

    /// A project.
    Head {
        id: Uuid, version: i64, created_at: DateTime<Utc>, created_by: Option<Uuid>, updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>, code: String, name: String, r#type: String, stage: Option<i64>, programme_id: Option<Uuid>,
        region_id: Option<Uuid>, predecessor_id: Option<Uuid>, conditional: bool, status: String, starts_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>, duration_months_min: Option<i64>, duration_months_max: Option<i64>, purpose: Option<String>,
        background: Option<String>, scope: Option<String>, exclusions: Option<String>, constraints: Option<String>,
        archive: Option<Value>,
    }

    /// What is told of a project beside it.
    Told {
        project: Uuid, milestones: i64, met: i64, overdue: i64, point: Option<Uuid>, number: Option<String>,
        theme: Option<String>, planned_on: Option<NaiveDate>, published_at: Option<DateTime<Utc>>, overall: Option<Value>,
        bound: Option<i64>, spent: Option<i64>, worked: Option<i64>,
    }

    /// A budget.
    Budget {
        id: Uuid, version: i64, created_at: DateTime<Utc>, created_by: Option<Uuid>, updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>, project_id: Uuid, name: Option<String>, number: Option<i64>, status: String, kind: String,
        matter_id: Option<Uuid>, adopted_on: Option<NaiveDate>, cash_ore: Option<i64>, in_kind_ore: Option<i64>,
        total_ore: Option<i64>, lines_not_known: i64,
    }

    /// A webhook of no project that the service gave up; there is none.
    Webhook { id: Uuid, url: String, state: String, disabled_reason: Option<String> }
}

/// What the status of a project and its findings are made of.
pub struct Project {
    pub counters: Vec<Counter>,
    pub records: Vec<Record>,
    pub entries: Vec<Entry>,
}

impl Project {
    /// All of it. The records are JSON already.
    pub fn json(&self) -> serde_json::Result<String> {
        let records: Vec<&str> = self.records.iter().map(|one| one.record.as_str()).collect();
        let (counters, entries) = (serde_json::to_string(&self.counters)?, serde_json::to_string(&self.entries)?);
        Ok(format!(r#"{{"counters":{counters},"records":[{}],"entries":{entries}}}"#, records.join(",")))
    }
}

/// What a page of the portfolio is made of.
#[derive(Serialize)]
pub struct Portfolio {
    pub happened: i64,
    pub items: Vec<Head>,
    pub told: Vec<Told>,
    pub budgets: Vec<Budget>,
    pub webhooks: Vec<Webhook>,
    pub next: Option<Uuid>,
}
