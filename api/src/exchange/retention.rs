//! Retention: how long data about people is kept is data itself (`retention-rules`), and this does what the rules say.
//!
//! What is due is found by the same statement whether it is only told or done, so a dry run tells what a run does. A run
//! that is repeated, or that two replicas do at once, finds nothing left.

use std::path::Path;

use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::retention_rules::{DataClass, Model as Rule};
use sea_orm::sea_query::Order;
use sea_orm::{DbErr, Statement, Value as Sql};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::erasure::{Extent, erase};
use crate::db::{Db, Found};
use crate::facts::{Row, row};
use crate::problem::Error;
use crate::standard::by_path;
use crate::store::{Source, Store, Writer};

/// People who take part in nothing since a day, and of whom there is something to erase. A role ends with its last day, or with
/// its project; a user who can log in takes part.
const PEOPLE: &str = "SELECT p.id AS id FROM people p WHERE p.updated_at < $1 \
    AND (p.email IS NOT NULL OR p.phone IS NOT NULL \
      OR EXISTS (SELECT 1 FROM users u WHERE u.person_id = p.id AND u.email NOT LIKE 'erased-%')) \
    AND NOT EXISTS (SELECT 1 FROM users u WHERE u.person_id = p.id AND (u.disabled_at IS NULL OR u.disabled_at >= $1)) \
    AND NOT EXISTS (SELECT 1 FROM assignments a JOIN projects r ON r.id = a.project_id WHERE a.person_id = p.id \
      AND (a.valid_to IS NULL OR a.valid_to >= $2) AND (r.status NOT IN ('closed', 'cancelled') OR r.updated_at >= $1)) \
    AND NOT EXISTS (SELECT 1 FROM programme_assignments a WHERE a.person_id = p.id \
      AND (a.valid_to IS NULL OR a.valid_to >= $2)) ORDER BY p.id";
const SESSIONS: &str = "sessions WHERE expires_at < $1 OR revoked_at < $1";
const ACCESS_LOG: &str = "person_views WHERE created_at < $1";

/// What a rule reaches, or has reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionEffect {
    /// The class of data.
    #[schema(max_length = 40, example = "contact_details")]
    pub data_class: String,
    /// What happens to it.
    #[schema(max_length = 40, example = "erase")]
    pub action: String,
    /// Months that it is kept.
    #[schema(minimum = 1, maximum = 1200, example = 24)]
    pub months: i64,
    /// What is from before this instant is due (UTC).
    #[schema(value_type = String, format = DateTime, example = "2024-11-27T12:00:00Z")]
    pub before: DateTime<Utc>,
    /// How many records, or people, that is.
    #[schema(minimum = 0, example = 3)]
    pub records: u64,
    /// The people whose data is erased; empty for other classes.
    #[schema(max_items = 1_000_000)]
    pub person_ids: Vec<Uuid>,
}

/// What the rules reach at an instant, without doing it.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &impl Db, now: DateTime<Utc>) -> Result<Vec<RetentionEffect>, Error> {
    let mut all = Vec::new();
    for rule in in_force(db, now.date_naive()).await? {
        let mut effect = told(&rule, now);
        match rule.data_class {
            DataClass::ContactDetails => {
                effect.person_ids = people(db, effect.before).await?;
                effect.records = effect.person_ids.len() as u64;
            }
            DataClass::Sessions => effect.records = counted(db, SESSIONS, effect.before).await?,
            DataClass::AccessLog => effect.records = counted(db, ACCESS_LOG, effect.before).await?,
        }
        all.push(effect);
    }
    Ok(all)
}

/// Does what the rules say, each person and each class in a transaction of its own, and answers what was done. The log of
/// erasures is brought in line, where there is one.
///
/// # Errors
/// When the database fails; what was done before that stays so, and the next run does the rest.
pub async fn run(store: &Store, now: DateTime<Utc>, log: Option<&Path>) -> Result<Vec<RetentionEffect>, Error> {
    let mut done = Vec::new();
    let mut erased = false;
    for rule in in_force(&store.read, now.date_naive()).await? {
        let mut effect = told(&rule, now);
        match rule.data_class {
            DataClass::ContactDetails => {
                for person in people(&store.read, effect.before).await? {
                    if let_go(store, &rule, person, effect.before).await? {
                        effect.person_ids.push(person);
                    }
                }
                effect.records = effect.person_ids.len() as u64;
                erased = erased || effect.records > 0;
            }
            DataClass::Sessions => effect.records = deleted(store, SESSIONS, effect.before).await?,
            DataClass::AccessLog => effect.records = deleted(store, ACCESS_LOG, effect.before).await?,
        }
        done.push(effect);
    }
    if erased {
        if let Some(log) = log {
            store.keep_erasures(log.to_owned()).await?;
        }
        store.scrub().await?;
    }
    Ok(done)
}

/// The rules in force: of each class the one that decides.
///
/// # Errors
/// When the database fails.
pub async fn in_force(db: &impl Db, today: NaiveDate) -> Result<Vec<Rule>, Error> {
    let facts = by_path("retention-rules")?.facts;
    let mut query = row::select(facts, today);
    query.order_by("data_class", Order::Asc).order_by("months", Order::Asc);
    let found = db.rows(facts, &query).await?;
    let mut rules = found.iter().map(Row::typed).collect::<Result<Vec<Rule>, Error>>()?;
    // Of several rules for a class the shortest one decides.
    rules.dedup_by(|longer, shorter| longer.data_class == shorter.data_class);
    Ok(rules)
}

fn told(rule: &Rule, now: DateTime<Utc>) -> RetentionEffect {
    let months = u32::try_from(rule.months).unwrap_or(u32::MAX);
    RetentionEffect {
        data_class: rule.data_class.code().to_owned(),
        action: rule.action.code().to_owned(),
        months: rule.months,
        before: now.checked_sub_months(Months::new(months)).unwrap_or(DateTime::UNIX_EPOCH),
        records: 0,
        person_ids: Vec::new(),
    }
}

async fn people(db: &impl Db, before: DateTime<Utc>) -> Result<Vec<Uuid>, Error> {
    let values = [before.into(), before.date_naive().into()];
    let found = ask(db, PEOPLE.to_owned(), values).await?;
    Ok(found.iter().map(|found| found.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Erases a person that is still due; whoever was faster, or came back meanwhile, has the last word.
async fn let_go(store: &Store, rule: &Rule, person: Uuid, before: DateTime<Utc>) -> Result<bool, Error> {
    let reason = format!("{} months of retention", rule.months);
    let write = store.write(Writer::service(Some(reason.clone()))).await?;
    let sql = PEOPLE.replace(" ORDER BY p.id", " AND p.id = $3");
    let values: [Sql; 3] = [before.into(), before.date_naive().into(), person.into()];
    if ask(write.tx(), sql, values).await?.is_empty() {
        return Ok(false);
    }
    let erased = erase(&write, person, Extent::Permitted, &reason, None).await?;
    write.commit().await?;
    Ok(erased.erasure.is_some())
}

async fn counted(db: &impl Db, what: &str, before: DateTime<Utc>) -> Result<u64, Error> {
    let found = ask(db, format!("SELECT COUNT(*) AS n FROM {what}"), [before.into()]).await?;
    let count: i64 = found.first().map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(count.unsigned_abs())
}

async fn deleted(store: &Store, what: &str, before: DateTime<Utc>) -> Result<u64, Error> {
    let write = store.write(Writer::service(None)).await?;
    let backend = write.tx().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, format!("DELETE FROM {what}"), [before.into()]);
    let done = write.tx().execute_raw(statement).await?.rows_affected();
    write.commit().await?;
    Ok(done)
}

async fn ask<const N: usize>(db: &impl Db, sql: String, values: [Sql; N]) -> Result<Vec<Found>, DbErr> {
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await
}
