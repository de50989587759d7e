//! How records are shown: contact details only to those who share a project, chosen fields, embedded references.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query as Sql};
use serde_json::Value;
use uuid::Uuid;

use crate::access::observed::Part;
use crate::access::visible::visible;
use crate::access::{Area, Caller, Sight};
use crate::db::Db;
use crate::facts::{self, Facts, Row, row};
use crate::http::Answer;
use crate::http::query::{Query, invalid, several};
use crate::problem::Error;
use crate::render::Shown;
use crate::store::Source;
use crate::text;

/// Most names in `fields`.
pub const MOST_FIELDS: usize = 100;
/// Most names in `expand`.
pub const MOST_EXPANSIONS: usize = 3;

/// What of the records is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    fields: Option<Vec<String>>,
    expand: Vec<Expansion>,
}

/// A reference whose record can stand beside it.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// What the record stands under: the field without `Id`.
    pub name: String,
    /// The field that refers.
    pub field: &'static str,
    /// What it refers to.
    pub target: &'static Facts,
}

impl Wanted {
    /// Takes `fields` and `expand` out of a query.
    ///
    /// # Errors
    /// 400 for a name that the resource does not have.
    pub fn take(facts: &Facts, query: &mut Query) -> Result<Self, Error> {
        let fields = query.take("fields").map(|text| fields(facts, &text)).transpose()?;
        let expand = query.take("expand").map(|text| expansions(facts, &text)).transpose()?.unwrap_or_default();
        Ok(Self { fields, expand })
    }

    /// Whether the answer is the plain record.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.fields.is_none() && self.expand.is_empty()
    }

    /// The same for a table.
    #[must_use]
    pub fn columns(&self) -> Shown {
        let embedded = self.expand.iter().map(|expansion| (expansion.field, expansion.name.clone()));
        Shown { fields: self.fields.clone(), embedded: embedded.collect() }
    }
}

fn fields(facts: &Facts, text: &str) -> Result<Vec<String>, Error> {
    let names: Vec<String> = several("fields", text, MOST_FIELDS)?.into_iter().map(str::to_owned).collect();
    match names.iter().find(|name| facts.field(name).is_none()) {
        None => Ok(names),
        Some(name) => {
            let known = facts.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ");
            Err(invalid(
                "fields",
                &text!(
                    "kjenner ikke «{name}»; tillatt: {known}",
                    "kjenner ikkje «{name}»; tillate: {known}",
                    "does not know “{name}”; allowed: {known}"
                ),
            ))
        }
    }
}

/// The references whose records `expand` can put beside the fields.
#[must_use]
pub fn expandable(facts: &Facts) -> Vec<Expansion> {
    let expansion = |reference: &facts::Reference| {
        let name = reference.field.strip_suffix("Id")?.to_owned();
        Some(Expansion { name, field: reference.field, target: facts::by_path(reference.target)? })
    };
    facts.references.iter().filter_map(expansion).collect()
}

fn expansions(facts: &Facts, text: &str) -> Result<Vec<Expansion>, Error> {
    let known = expandable(facts);
    let names = several("expand", text, MOST_EXPANSIONS)?;
    let list = known.iter().map(|expansion| expansion.name.as_str()).collect::<Vec<_>>().join(", ");
    let find = |name: &&str| {
        let why = text!(
            "kjenner ikke «{name}»; tillatt: {list}",
            "kjenner ikkje «{name}»; tillate: {list}",
            "does not know “{name}”; allowed: {list}"
        );
        known.iter().find(|expansion| expansion.name == **name).cloned().ok_or_else(|| invalid("expand", &why))
    };
    names.iter().map(find).collect()
}

/// The records as this caller gets them: one query per kind of embedded record, never one per row.
///
/// # Errors
/// When the database fails.
pub async fn shown(
    source: &impl Source,
    facts: &'static Facts,
    caller: &Caller,
    wanted: &Wanted,
    today: NaiveDate,
    mut rows: Vec<Row>,
) -> Result<Vec<Value>, Error> {
    masked(source, facts, caller, today, &mut rows).await?;
    let mut embedded: Vec<(String, &'static str, BTreeMap<Uuid, Value>)> = Vec::new();
    for expansion in &wanted.expand {
        let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.uuid(expansion.field)).collect();
        let mut query = row::select(expansion.target, today);
        query.and_where(Expr::col("id").is_in(ids)).cond_where(visible(expansion.target, caller));
        let mut found = source.rows(expansion.target, &query).await?;
        masked(source, expansion.target, caller, today, &mut found).await?;
        let by_id = found.into_iter().map(|row| (row.id(), Value::Object(row.0))).collect();
        embedded.push((expansion.name.clone(), expansion.field, by_id));
    }
    let one = |mut row: Row| {
        let references: Vec<Option<Uuid>> = embedded.iter().map(|(_, field, _)| row.uuid(field)).collect();
        if let Some(fields) = &wanted.fields {
            row.0.retain(|name, _| name == "id" || fields.iter().any(|field| field == name));
        }
        for ((name, _, by_id), id) in embedded.iter().zip(references) {
            row.0.insert(name.clone(), id.and_then(|id| by_id.get(&id)).cloned().unwrap_or_default());
        }
        Value::Object(row.0)
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The people whose contact details stand in records as they are shown: people, and those who users are.
#[must_use]
pub fn told_of(facts: &Facts, wanted: &Wanted, shown: &[Value]) -> BTreeSet<Uuid> {
    let id = |record: &Value, member: &str| record[member].as_str().and_then(|id| id.parse().ok());
    let of_one = |facts: &Facts, record: &Value| -> Option<Uuid> {
        match facts.kind {
            "user" => id(record, "personId").filter(|_| record["email"].is_string() || record["name"].is_string()),
            _ => id(record, "id").filter(|_| facts.contact().any(|field| record[field].is_string())),
        }
    };
    let of_all = |record: &Value| {
        let beside = wanted.expand.iter().filter_map(|one| of_one(one.target, &record[&one.name]));
        of_one(facts, record).into_iter().chain(beside).collect::<Vec<_>>()
    };
    shown.iter().flat_map(of_all).collect()
}

/// Whether records hold how somebody is reached.
#[must_use]
pub fn is_of_people(facts: &Facts) -> bool {
    facts.contact().next().is_some() || facts.area == Area::Users
}

/// Lets no cache keep an answer that tells of people.
#[must_use]
pub fn unkept(facts: &Facts, wanted: &Wanted, answer: Answer) -> Answer {
    let told = is_of_people(facts) || wanted.expand.iter().any(|expansion| is_of_people(expansion.target));
    answer.unkept_if(told)
}

/// Hides what the caller does not see of a record: fields where it sees a part of the project, contact details of people
/// with whom it shares none.
async fn masked(
    source: &impl Source,
    facts: &'static Facts,
    caller: &Caller,
    today: NaiveDate,
    rows: &mut [Row],
) -> Result<(), Error> {
    if let Some(part) = Part::of(facts, caller) {
        part.withhold(rows);
    }
    let contact: Vec<&str> = facts.contact().collect();
    if contact.is_empty() || caller.administrator || rows.is_empty() {
        return Ok(());
    }
    let known = acquainted(source.connection(), caller, today, rows).await?;
    for row in rows.iter_mut().filter(|row| !known.contains(&row.id())) {
        for name in &contact {
            row.0.insert((*name).to_owned(), Value::Null);
        }
    }
    Ok(())
}

/// Those of some people whose contact details the caller may see: itself, whom it added, and those who have a role in
/// a project that it sees all of, today or from a day to come.
///
/// # Errors
/// When the database fails.
pub async fn acquainted(
    db: &impl Db,
    caller: &Caller,
    today: NaiveDate,
    people: &[Row],
) -> Result<BTreeSet<Uuid>, Error> {
    let mut query = Sql::select();
    query
        .distinct()
        .column("person_id")
        .from(Alias::new("assignments"))
        .and_where(Expr::col("person_id").is_in(people.iter().map(Row::id)))
        .and_where(Expr::col("project_id").is_in(caller.projects_seen(Area::Project, Sight::All)))
        .and_where(Expr::col("valid_to").is_null().or(Expr::col("valid_to").gte(today)));
    let added = |row: &&Row| caller.actor.id.is_some() && row.uuid("createdBy") == caller.actor.id;
    let mut known: BTreeSet<Uuid> = people.iter().filter(added).map(Row::id).chain(caller.person).collect();
    for row in db.query_all(&query).await? {
        known.insert(row.try_get("", "person_id")?);
    }
    Ok(known)
}
