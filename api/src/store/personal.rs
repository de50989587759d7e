//! What the journal tells of one person: for an export of everything about it, and for an erasure.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Cond, Expr, ExprTrait, Order, Query};
use sea_orm::{DbErr, Statement, Value as Sql};
use serde_json::{Value, json};
use uuid::Uuid;

use super::journal::{self, TABLE};
use crate::db::{Db, Found};
use crate::facts::{self, Facts, row};

/// Users that were deleted as the person's.
///
/// # Errors
/// When the database fails.
pub async fn deleted_users(db: &impl Db, person: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = "SELECT DISTINCT record_id AS id FROM journal j WHERE record_kind = 'user' AND after IS NULL \
        AND before ->> 'personId' = $1 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = j.record_id)";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [person.to_string().into()]);
    db.query_all_raw(statement).await?.iter().map(|found| found.try_get("", "id")).collect()
}

/// Every record, deleted ones as well, that goes with a person and its users: references of other systems to them, identities
/// of the users at other issuers, and posts of the person. It looks through the whole journal.
///
/// # Errors
/// When the database fails.
pub async fn traces(db: &impl Db, person: Uuid, users: &BTreeSet<Uuid>) -> Result<Vec<(&'static Facts, Uuid)>, DbErr> {
    let values: Vec<Sql> = [person].iter().chain(users).map(|id| id.to_string().into()).collect();
    let list = |from: usize| (from..=values.len()).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
    let (all, of_users) = (list(1), if users.is_empty() { "NULL".to_owned() } else { list(2) });
    let either = |member: &str, list: &str| format!("(before {member} IN ({list}) OR after {member} IN ({list}))");
    let sql = format!(
        "SELECT DISTINCT record_kind AS kind, record_id AS id FROM journal WHERE \
         record_kind = 'external_reference' AND {} OR record_kind = 'user_identity' AND {} OR record_kind = 'affiliation' AND {}",
        either("-> 'record' ->> 'id'", &all),
        either("->> 'userId'", &of_users),
        either("->> 'personId'", "$1"),
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let mut all = Vec::new();
    for found in db.query_all_raw(statement).await? {
        let kind: String = found.try_get("", "kind")?;
        if let Some(facts) = facts::by_kind(&kind) {
            all.push((facts, found.try_get("", "id")?));
        }
    }
    Ok(all)
}

/// Every entry of some records (the person, its users, what goes with them), and of all that name the person, oldest first,
/// each with its record. It looks through the whole journal.
///
/// # Errors
/// When the database fails.
pub async fn mentions(db: &impl Db, person: Uuid, own: &BTreeSet<Uuid>) -> Result<Vec<Value>, DbErr> {
    let names = |side: &'static str| Expr::col(side).cast_as("text").like(format!("%{person}%"));
    let own = Expr::col("record_id").is_in(own.iter().copied());
    let mut query = journal::entries();
    query.cond_where(Cond::any().add(own).add(names("before")).add(names("after"))).order_by("sequence", Order::Asc);
    let told = |found: &Found| {
        let entry = journal::read(found)?;
        let mut told = entry.json();
        told["record"] = json!({ "kind": entry.kind, "id": entry.record });
        Ok(told)
    };
    db.query_all(&query).await?.iter().map(told).collect()
}

/// What some users have done, oldest first, without content.
///
/// # Errors
/// When the database fails.
pub async fn actions(db: &impl Db, users: &BTreeSet<Uuid>) -> Result<Vec<Value>, DbErr> {
    let mut query = Query::select();
    query
        .columns(["sequence", "event", "record_kind", "record_id", "at", "reason"])
        .from(TABLE)
        .and_where(Expr::col("actor_id").is_in(users.iter().copied()))
        .order_by("sequence", Order::Asc);
    let told = |found: &Found| {
        let record = json!({
            "kind": found.try_get::<String>("", "record_kind")?, "id": found.try_get::<Uuid>("", "record_id")?,
        });
        Ok(json!({
            "sequence": found.try_get::<i64>("", "sequence")?,
            "event": found.try_get::<String>("", "event")?,
            "record": record,
            "at": row::instant(found.try_get("", "at")?),
            "reason": found.try_get::<Option<String>>("", "reason")?,
        }))
    };
    db.query_all(&query).await?.iter().map(told).collect()
}

/// What published reports hold of the person, frozen as it stood: the report, and every object in it that names the person.
///
/// # Errors
/// When the database fails.
pub async fn published(db: &impl Db, person: Uuid) -> Result<Vec<Value>, DbErr> {
    let sql = "SELECT report_id, whole FROM report_snapshots WHERE whole LIKE $1 ORDER BY report_id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [format!("%{person}%").into()]);
    let name = Value::from(person.to_string());
    let mut all = Vec::new();
    for found in db.query_all_raw(statement).await? {
        let whole: String = found.try_get("", "whole")?;
        let mut objects = Vec::new();
        naming(&serde_json::from_str(&whole).unwrap_or_default(), &name, &mut objects);
        all.push(json!({ "reportId": found.try_get::<Uuid>("", "report_id")?, "objects": objects }));
    }
    Ok(all)
}

/// The innermost objects that have an identifier as the value of a member.
fn naming(value: &Value, id: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) if members.values().any(|member| member == id) => found.push(value.clone()),
        Value::Object(members) => members.values().for_each(|member| naming(member, id, found)),
        Value::Array(items) => items.iter().for_each(|item| naming(item, id, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
