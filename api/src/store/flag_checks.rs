//! Which projects are to be looked at for flags, and what of each was looked at last.

use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{Statement, Value};
use uuid::Uuid;

use super::{Counters, DIRECTORY, Store, Write};
use crate::db::Db;
use crate::problem::Error;

/// Projects that were written since they were looked at, or whose surroundings were; those that were never looked at first.
const WRITTEN: &str = "SELECT p.id AS id FROM projects p JOIN scopes s ON s.id = p.id LEFT JOIN flag_checks c ON c.project_id = p.id \
    WHERE c.project_id IS NULL OR c.counter <> s.counter OR c.again > 0 ORDER BY COALESCE(c.looked_at, $2) LIMIT $1";

/// Projects that were looked at on another day, or before the directory was written. Clocks of replicas may differ around midnight:
/// a day ahead is no other one.
const AGED: &str = "SELECT project_id AS id FROM flag_checks WHERE checked_on < $2 OR checked_on > $3 \
    OR directory <> COALESCE((SELECT counter FROM scopes WHERE id = $4), 0) ORDER BY looked_at LIMIT $1";

/// What is shown in the reports of those that a project leads to is looked at there, too.
const LATER: &str = "UPDATE flag_checks SET again = again + 1 WHERE project_id <> $1 AND project_id IN (\
    WITH RECURSIVE later (id) AS (SELECT id FROM projects WHERE predecessor_id = $1 \
      UNION SELECT leads_to_project_id FROM recommendations WHERE project_id = $1 AND leads_to_project_id IS NOT NULL \
      UNION SELECT p.id FROM projects p JOIN later l ON p.predecessor_id = l.id) SELECT id FROM later)";

/// Some of the projects that are to be looked at, those that wait longest first.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// Projects that were written.
    pub written: Vec<Uuid>,
    /// Projects that only a day has passed over, or a write to the directory.
    pub aged: Vec<Uuid>,
}

/// What of a project is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Looked {
    counter: i64,
    directory: i64,
    again: i64,
    on: NaiveDate,
}

/// So many of each that are to be looked at.
///
/// # Errors
/// When the database fails.
pub async fn due(store: &Store, today: NaiveDate, most: i64) -> Result<Due, Error> {
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let written = found(store, WRITTEN, vec![most.into(), DateTime::UNIX_EPOCH.into()]).await?;
    let aged = found(store, AGED, vec![most.into(), today.into(), tomorrow.into(), DIRECTORY.into()]).await?;
    Ok(Due { aged: aged.into_iter().filter(|project| !written.contains(project)).collect(), written })
}

async fn found(store: &Store, sql: &str, values: Vec<Value>) -> Result<Vec<Uuid>, Error> {
    let db = store.first();
    let rows = Db::query_all_raw(db, Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

impl Looked {
    /// What a look at a project for a day is going to have seen at least; `None` when there is no such project. To be asked before
    /// its records are read: what is written in between is looked at again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn before(store: &Store, project: Uuid, on: NaiveDate) -> Result<Option<Self>, Error> {
        let db = store.first();
        let Counters { project: Some(counter), directory, .. } = super::counters(db, project).await? else {
            return Ok(None);
        };
        let sql = "SELECT again FROM flag_checks WHERE project_id = $1";
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [project.into()]);
        let again = Db::query_one_raw(db, statement).await?.map(|row| row.try_get("", "again")).transpose()?;
        Ok(Some(Self { counter, directory, again: again.unwrap_or_default(), on }))
    }
}

/// A project that cannot be looked at waits behind the others.
///
/// # Errors
/// When the database fails.
pub async fn put_off(store: &Store, project: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "UPDATE flag_checks SET looked_at = $2 WHERE project_id = $1";
    store.run(sql, [project.into(), now.into()]).await?;
    Ok(())
}

impl Write {
    /// Notes what of a project was looked at, whole or only in part; false, and nothing noted, where somebody has looked at more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looked_at(&self, project: Uuid, looked: Looked, whole: bool) -> Result<bool, Error> {
        let sql = "SELECT counter FROM flag_checks WHERE project_id = $1";
        let statement = Statement::from_sql_and_values(self.tx().get_database_backend(), sql, [project.into()]);
        let stood: Option<i64> =
            self.tx().query_one_raw(statement).await?.map(|row| row.try_get("", "counter")).transpose()?;
        if stood.is_some_and(|stood| stood > looked.counter) {
            return Ok(false);
        }
        if stood != Some(looked.counter) {
            self.flagging(LATER, vec![project.into()]).await?;
        }
        let sql = "INSERT INTO flag_checks (project_id, counter, directory, again, checked_on, looked_at) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (project_id) DO UPDATE SET counter = $2, directory = $3, again = flag_checks.again - $7 + $4, \
                   checked_on = $5, looked_at = $6";
        let values = vec![
            project.into(),
            looked.counter.into(),
            looked.directory.into(),
            i64::from(!whole).into(),
            looked.on.into(),
            self.now().into(),
            looked.again.into(),
        ];
        self.flagging(sql, values).await?;
        Ok(true)
    }

    /// Has a project looked at again that a record led to and leads to no longer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_again(&self, project: Uuid) -> Result<(), Error> {
        self.flagging("UPDATE flag_checks SET again = again + 1 WHERE project_id = $1", vec![project.into()]).await?;
        Ok(())
    }

    async fn flagging(&self, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
        let statement = Statement::from_sql_and_values(self.tx().get_database_backend(), sql, values);
        Ok(self.tx().execute_raw(statement).await?.rows_affected())
    }
}
