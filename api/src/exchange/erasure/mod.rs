//! Erasing a person: what may go, goes from everywhere; what the law wants kept is told.
//!
//! Contact details serve the work while it lasts and always go, and with them what the person logs in with and what other
//! systems call it. A name stays where it stands in what the municipalities have to document (who took part, decided, signed,
//! answered for what): the right to erasure does not reach records that the law wants kept (GDPR article 17(3)(b) and (d)),
//! which public bodies may not dispose of without leave (arkivlova 2025 §§ 12–13) and which anybody may ask to see
//! (offentleglova § 3). Where the name goes, the posts that the person has had go too: they would tell who it was.

mod again;

use std::collections::{BTreeMap, BTreeSet};

use entity::erasures::ErasureExtent;
use sea_orm::Statement;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use self::again::{Applied, apply, reconcile};
use crate::access::{Caller, Create, Edit};
use crate::db::Db;
use crate::facts::{self, Change, Facts, Row, row};
use crate::problem::{Error, Problem, codes};
use crate::standard::by_path;
use crate::standard::rules::administrator_left;
use crate::store::{self, Erasure, Losing, PLACEHOLDER, Source, Write};
use crate::text;

/// What the law says for keeping a name.
pub const LEGAL_BASIS: [&str; 3] =
    ["GDPR article 17(3)(b) and (d)", "arkivlova (2025) §§ 5, 12 and 13", "offentleglova § 3"];

/// The collections that name a person and are no documentation of the work: the directory's own.
const DIRECTORY: [&str; 2] = ["users", "affiliations"];

/// How much is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All that the law lets go.
    Permitted,
    /// Everything, with the name; refused where the law wants it kept.
    Everything,
}

/// What was erased.
#[derive(Clone, Debug)]
pub struct Erased {
    /// The fields of the person that are gone.
    pub fields: Vec<&'static str>,
    /// Users that can no longer log in.
    pub users: usize,
    /// Records that are gone, by collection: references of other systems, identities at other issuers, posts.
    pub gone: BTreeMap<&'static str, usize>,
    /// What names the person and stays, by kind of record.
    pub kept: BTreeMap<&'static str, i64>,
    /// The entry of the log; `None` when there was nothing left to erase.
    pub erasure: Option<Uuid>,
}

/// Erases a person: its record, its users, what other systems and issuers call it, and every version of these. With a line of
/// the log it is done once more, and the log of this database gets that line.
///
/// # Errors
/// 404 for nobody; 409 where everything is asked for and the law wants the name kept, or where the last administrator would
/// be locked out.
pub async fn erase(
    write: &Write,
    person: Uuid,
    extent: Extent,
    reason: &str,
    line: Option<&Erasure>,
) -> Result<Erased, Error> {
    let people = by_path("people")?.facts;
    let (standing, last) = as_it_is(write, people, person).await?;
    let kept = named(write, person).await?;
    if extent == Extent::Everything && !kept.is_empty() {
        return Err(restricted(&kept));
    }
    let mut fields = vec!["email", "phone"];
    if kept.is_empty() {
        fields.extend(["givenName", "familyName"]);
    }
    let users = standing_in(write, "users", "person_id", &[person]).await?;
    let traces = traces(write, person, &users, kept.is_empty()).await?;
    let mut erased = Erased { fields, users: 0, gone: BTreeMap::new(), kept, erasure: None };
    let open = |user: &&Row| !user.text("email").is_some_and(|email| email.starts_with(PLACEHOLDER));
    let users: Vec<Row> = users.iter().filter(open).cloned().collect();
    let nothing = users.is_empty() && traces.iter().all(|trace| trace.standing.is_none());
    let losing = Losing { facts: people, id: person, fields: erased.fields.clone() };
    if nothing && last.0.get("erasedAt").is_some_and(|at| !at.is_null()) && all_gone(&losing, &last) {
        if let Some(line) = line {
            erased.erasure = Some(logged(write, &erased, line).await?);
        }
        return Ok(erased);
    }
    let mut all = vec![losing.clone()];
    for user in &users {
        all.push(personal("users", user.id())?);
    }
    all.extend(traces.iter().map(|trace| trace.losing.clone()));
    write.erase_versions(&all).await?;
    for record in &all {
        write.forget_answers(record.id).await?;
    }
    settle(write, &losing, standing, last).await?;
    for user in users {
        lock_out(write, user).await?;
        erased.users += 1;
    }
    for trace in traces {
        let path = trace.losing.facts.path;
        if take_away(write, trace).await? {
            *erased.gone.entry(path).or_default() += 1;
        }
    }
    let fresh = Erasure {
        id: Uuid::now_v7(),
        person_id: person,
        extent: String::new(),
        reason: reason.to_owned(),
        erased_at: write.now(),
    };
    erased.erasure = Some(logged(write, &erased, line.unwrap_or(&fresh)).await?);
    Ok(erased)
}

/// A record all of whose personal fields go.
fn personal(path: &str, id: Uuid) -> Result<Losing, Error> {
    let facts = by_path(path)?.facts;
    Ok(Losing { facts, id, fields: facts.personal().collect() })
}

fn all_gone(losing: &Losing, last: &Row) -> bool {
    let gone = |field: &&str| last.0.get(*field).is_none_or(Value::is_null) || last.text(field) == Some(PLACEHOLDER);
    losing.fields.iter().all(gone)
}

/// The person, where it is in the directory, and as it was last: of one that was deleted the journal still has that.
async fn as_it_is(write: &Write, people: &'static Facts, person: Uuid) -> Result<(Option<Row>, Row), Error> {
    let standing = standing_in(write, people.path, "id", &[person]).await?.pop();
    let last = match &standing {
        Some(row) => row.clone(),
        None => deleted(write, people, person).await?.1,
    };
    Ok((standing, last))
}

/// A record that was deleted, as it was last, and the event that it was last told of by.
async fn deleted(write: &Write, facts: &'static Facts, id: Uuid) -> Result<(String, Row), Error> {
    let last = store::history(write.tx(), facts.kind, id, None, 1).await?.pop().ok_or(&codes::NOT_FOUND)?;
    let before = last.before.and_then(|before| before.as_object().cloned());
    let mut row = row::from_journal(facts, before.ok_or(&codes::NOT_FOUND)?);
    // A version more than the one that was deleted.
    let version = row.version() + 1;
    row.0.insert("version".to_owned(), version.into());
    Ok((last.event, row))
}

/// The records of a collection with one of some identifiers in a column.
async fn standing_in(write: &Write, path: &str, column: &'static str, ids: &[Uuid]) -> Result<Vec<Row>, Error> {
    let facts = by_path(path)?.facts;
    let mut query = row::select(facts, write.today());
    query.and_where(Expr::col(column).is_in(ids.iter().copied()));
    write.tx().rows(facts, &query).await
}

/// A record that tells of the person by what it says of its user or of itself, and goes with it.
struct Trace {
    losing: Losing,
    /// The record, where it is not deleted yet.
    standing: Option<Row>,
}

/// What goes with the person: references of other systems, identities at other issuers, users that were deleted, and posts
/// where the name goes.
async fn traces(write: &Write, person: Uuid, users: &[Row], with_posts: bool) -> Result<Vec<Trace>, Error> {
    let deleted = store::deleted_users(write.tx(), person).await?;
    let ids: BTreeSet<Uuid> = users.iter().map(Row::id).chain(deleted.iter().copied()).collect();
    let mut by_path: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::from([("users", deleted)]);
    for (facts, id) in store::traces(write.tx(), person, &ids).await? {
        if with_posts || facts.path != "affiliations" {
            by_path.entry(facts.path).or_default().push(id);
        }
    }
    let mut all = Vec::new();
    for (path, ids) in by_path {
        let mut standing: BTreeMap<Uuid, Row> =
            standing_in(write, path, "id", &ids).await?.into_iter().map(|row| (row.id(), row)).collect();
        for id in ids {
            all.push(Trace { losing: personal(path, id)?, standing: standing.remove(&id) });
        }
    }
    Ok(all)
}

/// What documents the work and names the person, by kind of record.
async fn named(write: &Write, person: Uuid) -> Result<BTreeMap<&'static str, i64>, Error> {
    let fields = facts::referring("people").filter(|(facts, _)| !DIRECTORY.contains(&facts.path));
    let mut counts: BTreeMap<&'static str, i64> = BTreeMap::new();
    let columns = fields.filter_map(|(facts, reference)| Some((facts, facts.field(reference.field)?.column.as_str())));
    let parts: Vec<String> = columns
        .map(|(facts, column)| {
            format!("SELECT '{}' AS kind, COUNT(*) AS n FROM {} WHERE {column} = $1", facts.kind, facts.table)
        })
        .chain(["SELECT 'status_report' AS kind, COUNT(*) AS n FROM report_snapshots WHERE whole LIKE $2".to_owned()])
        .collect();
    let backend = write.tx().get_database_backend();
    let values = [person.into(), format!("%{person}%").into()];
    let statement = Statement::from_sql_and_values(backend, parts.join(" UNION ALL "), values);
    for found in write.tx().query_all_raw(statement).await? {
        let (kind, count): (String, i64) = (found.try_get("", "kind")?, found.try_get("", "n")?);
        if let Some(facts) = facts::by_kind(&kind).filter(|_| count > 0) {
            *counts.entry(facts.kind).or_default() += count;
        }
    }
    Ok(counts)
}

fn restricted(kept: &BTreeMap<&'static str, i64>) -> Error {
    Problem::new(&codes::ERASURE_RESTRICTED)
        .detail(text!(
            "navnet står i dokumentasjon som loven krever bevart; kontaktopplysninger kan slettes (extent: permitted)",
            "namnet står i dokumentasjon som lova krev teken vare på; kontaktopplysningar kan slettast (extent: permitted)",
            "the name stands in documentation that the law wants kept; contact details can be erased (extent: permitted)"
        ))
        .member("legalBasis", json!(LEGAL_BASIS))
        .member("records", json!(kept))
        .into()
}

/// The version without what is gone, and its entry in the journal, which never had it.
async fn settle(write: &Write, losing: &Losing, standing: Option<Row>, last: Row) -> Result<(), Error> {
    let people = losing.facts;
    let event = format!("{}.erased", people.kind);
    if standing.is_none() {
        let mut before = without(losing, last);
        before.0.insert("erasedAt".to_owned(), row::instant(write.now()).into());
        let change = Change::Deleted { before };
        return write.record(people, &change, event).await;
    }
    let mut content: Map<String, Value> =
        losing.fields.iter().map(|field| ((*field).to_owned(), losing.in_place_of(field))).collect();
    content.insert("erasedAt".to_owned(), row::instant(write.now()).into());
    let change = write.change(Edit::consequence(people, last), &content).await?;
    write.record(people, &scrubbed(losing, change), event).await
}

fn without(losing: &Losing, mut row: Row) -> Row {
    for field in &losing.fields {
        row.0.insert((*field).to_owned(), losing.in_place_of(field));
    }
    row
}

fn scrubbed(losing: &Losing, change: Change) -> Change {
    match change {
        Change::Created { after } => Change::Created { after: without(losing, after) },
        Change::Changed { before, after } => Change::Changed { before: without(losing, before), after },
        Change::Deleted { before } => Change::Deleted { before: without(losing, before) },
    }
}

/// A user of the person: it stays as who did what, with a name that tells nobody, and never logs in again.
async fn lock_out(write: &Write, user: Row) -> Result<(), Error> {
    let users = by_path("users")?.facts;
    let losing = personal("users", user.id())?;
    let since = user.0.get("disabledAt").filter(|since| !since.is_null()).cloned();
    let content = json!({
        "email": format!("{PLACEHOLDER}-{}@erased.invalid", user.id()),
        "name": PLACEHOLDER,
        "disabledAt": since.unwrap_or_else(|| row::instant(write.now()).into()),
    });
    let content = content.as_object().cloned().unwrap_or_default();
    write.forget_login(user.id()).await?;
    let administers = user.0.get("administrator") == Some(&Value::Bool(true));
    let change = write.change(Edit::consequence(users, user), &content).await?;
    if administers {
        administrator_left(write).await?;
    }
    write.record(users, &scrubbed(&losing, change), format!("{}.erased", users.kind)).await
}

/// Deletes a record that goes with the person, and tells so; of one that the journal alone still had, it tells what it has lost.
/// Answers whether it stood.
async fn take_away(write: &Write, trace: Trace) -> Result<bool, Error> {
    let Trace { losing, standing } = trace;
    let event = format!("{}.erased", losing.facts.kind);
    if let Some(row) = standing {
        let change = write.delete(Edit::consequence(losing.facts, row)).await?;
        write.record(losing.facts, &scrubbed(&losing, change), event).await?;
        return Ok(true);
    }
    let (last, row) = deleted(write, losing.facts, losing.id).await?;
    if last != event {
        let before = without(&losing, row);
        write.record(losing.facts, &Change::Deleted { before }, event).await?;
    }
    Ok(false)
}

/// The line of the log.
async fn logged(write: &Write, erased: &Erased, line: &Erasure) -> Result<Uuid, Error> {
    let facts = by_path("erasures")?.facts;
    let extent = if erased.kept.is_empty() { ErasureExtent::Person } else { ErasureExtent::ContactDetails };
    let content = json!({
        "id": line.id, "personId": line.person_id, "extent": extent, "reason": line.reason,
        "erasedAt": row::instant(line.erased_at),
    });
    let content = Row(content.as_object().cloned().unwrap_or_default());
    let proof = Create::allowed(write.tx(), facts, &Caller::operator(), content).await?;
    let change = write.create(proof).await?;
    write.record(facts, &change, format!("{}.created", facts.kind)).await?;
    Ok(change.row().id())
}
