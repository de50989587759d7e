//! Everything that the service holds of one person, in one document.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use sea_orm::DbErr;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::db::{Db, Found};
use crate::facts::{self, Facts, Kind, row};
use crate::problem::Error;
use crate::store::{self, Source};

/// The format and its version.
const FORMAT: &str = "framdrift.person/1";

/// Gathers it: a statement per collection that names people or users, and some more.
///
/// # Errors
/// When the database fails.
pub async fn everything(db: &impl Db, person: Uuid, standing: Option<Value>) -> Result<Value, Error> {
    let today = Utc::now().date_naive();
    let mut one = One { person, users: BTreeSet::new() };
    let users = match facts::by_kind("user") {
        Some(facts) => one.named_in(db, facts, today).await?,
        None => Vec::new(),
    };
    one.users = users.iter().filter_map(|user| user["id"].as_str()?.parse().ok()).collect();
    let mut records = Map::new();
    for facts in facts::all().iter().copied().filter(|facts| facts.kind != "user") {
        let rows = one.named_in(db, facts, today).await?;
        if !rows.is_empty() {
            records.insert(facts.path.to_owned(), rows.into());
        }
    }
    let deleted = store::deleted_users(db, person).await?;
    let all_users: BTreeSet<Uuid> = one.users.iter().copied().chain(deleted).collect();
    let traces = store::traces(db, person, &all_users).await?;
    let own: BTreeSet<Uuid> =
        traces.iter().map(|(_, id)| *id).chain(all_users.iter().copied()).chain([person]).collect();
    Ok(json!({
        "format": FORMAT,
        "personId": person,
        "exportedAt": row::instant(Utc::now().trunc_subsecs(3)),
        "person": standing,
        "records": records,
        "users": users,
        "sessions": one.of_users(db, "sessions", "user_id", &["expires_at", "revoked_at"], &[]).await?,
        "calendarLinks": one.of_users(db, "calendar_links", "created_by", &[], &["name", "language"]).await?,
        "publishedReports": store::published(db, person).await?,
        "history": store::mentions(db, person, &own).await?,
        "actions": store::actions(db, &all_users).await?,
    }))
}

/// A person with its users.
struct One {
    person: Uuid,
    users: BTreeSet<Uuid>,
}

impl One {
    /// The records of a collection that name the person or one of its users: by a reference, in a list, or as the record that
    /// they are about.
    async fn named_in(&self, db: &impl Db, facts: &'static Facts, today: NaiveDate) -> Result<Vec<Value>, Error> {
        let any = self.naming(facts);
        if any.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = row::select(facts, today);
        query.cond_where(any);
        Ok(db.rows(facts, &query).await?.into_iter().map(|row| Value::Object(row.0)).collect())
    }

    fn naming(&self, facts: &Facts) -> Cond {
        let mut any = Cond::any();
        let column = |field: &str| facts.field(field).map(|field| Expr::col(field.column.clone()));
        for reference in &facts.references {
            match (reference.target, column(reference.field)) {
                ("people", Some(column)) => any = any.add(column.eq(self.person)),
                ("users", Some(column)) => any = any.add(column.is_in(self.users.iter().copied())),
                _ => {}
            }
        }
        for reference in facts.lists.iter().filter(|reference| reference.target == "people") {
            let field = reference.field.split('.').next().unwrap_or_default();
            if let Some(column) = column(field) {
                any = any.add(column.cast_as("text").like(format!("%{}%", self.person)));
            }
        }
        for field in facts.fields.iter().filter(|field| field.kind == Kind::Reference) {
            let names = self.users.iter().map(|user| format!("user:{user}")).chain([format!("person:{}", self.person)]);
            any = any.add(Expr::col(field.column.clone()).is_in(names));
        }
        if facts.kind == "person_view" {
            let users = self.users.iter().copied();
            any = any.add(Expr::col("person_ids").cast_as("text").like(format!("%{}%", self.person)));
            any = any.add(Expr::col("created_by").is_in(users));
        }
        // No reference, so that it outlives the person; the log itself tells whom it is of.
        if facts.kind == "erasure" {
            any = any.add(Expr::col("person_id").eq(self.person));
        }
        any
    }

    /// What a table that is no collection has of the users: when it was made, and these columns.
    async fn of_users(
        &self,
        db: &impl Db,
        table: &'static str,
        user: &'static str,
        instants: &[&'static str],
        texts: &[&'static str],
    ) -> Result<Vec<Value>, Error> {
        let mut query = Query::select();
        query
            .columns(["id", user, "created_at"])
            .columns(instants.iter().copied())
            .columns(texts.iter().copied())
            .from(table)
            .and_where(Expr::col(user).is_in(self.users.iter().copied()));
        let read = |found: &Found| {
            let mut told = Map::new();
            told.insert("id".to_owned(), json!(found.try_get::<Uuid>("", "id")?));
            told.insert("userId".to_owned(), json!(found.try_get::<Uuid>("", user)?));
            for column in ["created_at"].iter().chain(instants) {
                let at: Option<DateTime<Utc>> = found.try_get("", column)?;
                told.insert(member(column), json!(at.map(row::instant)));
            }
            for column in texts {
                told.insert(member(column), json!(found.try_get::<Option<String>>("", column)?));
            }
            Ok(Value::Object(told))
        };
        Ok(db.query_all(&query).await?.iter().map(read).collect::<Result<_, DbErr>>()?)
    }
}

/// The name of a column as a member: `created_at` is `createdAt`.
fn member(column: &str) -> String {
    let mut words = column.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, rest) = word.split_at(word.len().min(1));
        name + &head.to_uppercase() + rest
    })
}
