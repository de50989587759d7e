//! A status report as a page: a draft says what it says, a published report shows what was frozen in it.

use chrono::Utc;
use entity::status_reports::{self, ReportState};
use serde_json::Value;

use super::frozen::part_for;
use crate::access::Caller;
use crate::facts::{self, Row};
use crate::problem::{Error, Lang, codes};
use crate::reports::page;
use crate::standard::read;
use crate::standard::resource::Showing;
use crate::store::{self, Store};

/// Draws a report that the caller sees.
pub(super) fn drawn(store: Store, caller: Caller, row: Row, lang: Lang) -> Showing {
    Box::pin(async move {
        let report: status_reports::Model = row.typed()?;
        if report.state == ReportState::Published {
            let snapshot = store::snapshot(&store.read, report.id).await?.ok_or(&codes::NOT_FOUND)?;
            let (text, hash) = part_for(&caller, report, snapshot);
            return Ok(page::published(&parsed(&text)?, &hash, lang));
        }
        let project = project(&store, &caller, &report).await?;
        Ok(page::draft(&Value::Object(row.0), &project, lang))
    })
}

/// What was frozen, as JSON.
pub(super) fn parsed(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal("read a snapshot", error))
}

async fn project(store: &Store, caller: &Caller, report: &status_reports::Model) -> Result<String, Error> {
    let facts = facts::by_path("projects").ok_or(&codes::NO_ROUTE)?;
    let today = Utc::now().date_naive();
    let project = read::find(store, facts, caller, report.project_id, today).await?;
    Ok(project.text("name").unwrap_or_default().to_owned())
}
