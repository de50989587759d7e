//! What the database sums of costs and hours: a row for each group, however many entries there are.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Statement;
use uuid::Uuid;

use crate::db::{Db, Found};
use crate::domain::finance::{Spent, Worked};
use crate::facts;
use crate::problem::{Error, codes};
use crate::store;

/// First by day, in the order of an index, and then by year: what is held in memory grows with the days, not with the entries. The
/// text of a date begins with its year on both engines.
const SPENT: &str = "SELECT line, CAST(SUBSTR(CAST(day AS text), 1, 4) AS bigint) AS year, CAST(SUM(amount) AS bigint) AS amount \
FROM (SELECT budget_line_id AS line, incurred_on AS day, SUM(amount_ore) AS amount FROM {stood} \
WHERE project_id = $1 AND incurred_on <= $2 GROUP BY budget_line_id, incurred_on) AS days \
GROUP BY line, SUBSTR(CAST(day AS text), 1, 4) ORDER BY line, year";

const WORKED: &str = "SELECT organisation, activity, counts, CAST(SUBSTR(CAST(day AS text), 1, 4) AS bigint) AS year, \
CAST(SUM(hours) AS bigint) AS hours, CAST(SUM(amount) AS bigint) AS amount, CAST(SUM(without) AS bigint) AS without \
FROM (SELECT organisation_id AS organisation, activity_id AS activity, counts_as_funding AS counts, worked_on AS day, \
SUM(hours) AS hours, SUM(amount_ore) AS amount, SUM(CASE WHEN amount_ore IS NULL THEN hours ELSE 0 END) AS without \
FROM {stood} WHERE project_id = $1 AND worked_on <= $2 \
GROUP BY organisation_id, activity_id, counts_as_funding, worked_on) AS days \
GROUP BY organisation, activity, counts, SUBSTR(CAST(day AS text), 1, 4) ORDER BY organisation, activity, counts, year";

/// The costs of a project until a day, by line and year; of an instant as they stood in the journal.
///
/// # Errors
/// When the database fails.
pub async fn spent(
    db: &impl Db,
    project: Uuid,
    as_of: Option<DateTime<Utc>>,
    until: NaiveDate,
) -> Result<Vec<Spent>, Error> {
    let read = |row: &Found| {
        Ok(Spent {
            line: row.try_get("", "line")?,
            year: row.try_get("", "year")?,
            amount_ore: row.try_get("", "amount")?,
        })
    };
    ask(db, SPENT, "cost-entries", (project, as_of), until).await?.iter().map(read).collect()
}

/// The hours of a project until a day, by organisation, activity and year; of an instant as they stood in the journal.
///
/// # Errors
/// When the database fails.
pub async fn worked(
    db: &impl Db,
    project: Uuid,
    as_of: Option<DateTime<Utc>>,
    until: NaiveDate,
) -> Result<Vec<Worked>, Error> {
    let read = |row: &Found| {
        Ok(Worked {
            organisation: row.try_get("", "organisation")?,
            activity: row.try_get("", "activity")?,
            year: row.try_get("", "year")?,
            counts: row.try_get("", "counts")?,
            hours: row.try_get("", "hours")?,
            amount_ore: row.try_get("", "amount")?,
            hours_without_rate: row.try_get("", "without")?,
        })
    };
    ask(db, WORKED, "time-entries", (project, as_of), until).await?.iter().map(read).collect()
}

/// One statement, over the table or over what the journal had.
async fn ask(
    db: &impl Db,
    sql: &str,
    path: &str,
    (project, as_of): (Uuid, Option<DateTime<Utc>>),
    until: NaiveDate,
) -> Result<Vec<Found>, Error> {
    let facts = facts::by_path(path).ok_or(&codes::NO_ROUTE)?;
    let backend = db.get_database_backend();
    let mut values = vec![project.into(), until.into()];
    let rows = match as_of {
        None => facts.table.to_owned(),
        Some(at) => {
            values.push(at.into());
            store::relation(facts, backend)
        }
    };
    let statement = Statement::from_sql_and_values(backend, sql.replace("{stood}", &rows), values);
    Ok(db.query_all_raw(statement).await?)
}
