//! What stood when a report was published, as the text that was hashed. It is written once.

use sea_orm::{DbErr, Statement};
use uuid::Uuid;

use super::Write;
use crate::db::{Db, Found};
use crate::problem::Error;

/// The frozen texts of a report.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// All of the project, canonical JSON.
    pub whole: String,
    /// The part that observers read, canonical JSON.
    pub public: String,
}

impl Write {
    /// Keeps what stood; a report that has a snapshot keeps the one that it has.
    ///
    /// # Errors
    /// When the report has one, or the database fails.
    pub async fn keep_snapshot(&self, report: Uuid, snapshot: &Snapshot) -> Result<(), Error> {
        let sql = "INSERT INTO report_snapshots (report_id, whole, public) VALUES ($1, $2, $3)";
        let values = [report.into(), snapshot.whole.as_str().into(), snapshot.public.as_str().into()];
        let backend = self.tx().get_database_backend();
        self.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }
}

/// What stood when a report was published.
///
/// # Errors
/// When the database fails.
pub async fn snapshot(db: &impl Db, report: Uuid) -> Result<Option<Snapshot>, Error> {
    let sql = "SELECT whole, public FROM report_snapshots WHERE report_id = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [report.into()]);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some(Snapshot { whole: row.try_get("", "whole")?, public: row.try_get("", "public")? }))
}

/// The published reports of a project, each with how many bytes all that was frozen in it has.
///
/// # Errors
/// When the database fails.
pub async fn snapshot_sizes(db: &impl Db, project: Uuid) -> Result<Vec<(Uuid, i64)>, Error> {
    let sql = "SELECT s.report_id, CAST(OCTET_LENGTH(s.whole) AS bigint) AS size FROM report_snapshots s \
               JOIN status_reports r ON r.id = s.report_id WHERE r.project_id = $1 ORDER BY s.report_id";
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [project.into()])).await?;
    let read = |row: &Found| Ok((row.try_get("", "report_id")?, row.try_get("", "size")?));
    Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
}
