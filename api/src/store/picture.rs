//! A whole project in one query: every record of it and of the directory around it, as JSON made by the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{DbBackend, Statement};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::connect::Short;
use super::{Source, Store};
use crate::db::Db;
use crate::facts::{self, Facts, Field, Kind, Row, row};
use crate::problem::Error;

/// Identifiers looked up in one statement.
const CHUNK: usize = 500;

/// What of the directory belongs to a project: a condition on its identifiers, `$1` being the project.
pub(super) const AROUND: [(&str, &str); 16] = [
    ("organisations", "id IN (SELECT id FROM bodies)"),
    ("municipality-codes", "organisation_id IN (SELECT id FROM bodies)"),
    ("people", "id IN (SELECT id FROM persons)"),
    ("affiliations", "person_id IN (SELECT id FROM persons)"),
    ("programmes", "id IN (SELECT id FROM programme)"),
    ("programme-assignments", "programme_id IN (SELECT id FROM programme)"),
    ("regions", "id IN (SELECT region_id FROM chain)"),
    ("region-members", "region_id IN (SELECT region_id FROM chain)"),
    ("service-profiles", "organisation_id IN (SELECT organisation_id FROM members)"),
    ("service-provisions", "profile_id IN (SELECT id FROM profiles)"),
    ("projects", "id IN (SELECT id FROM chain)"),
    // What another project recommended and this one is to carry out: its mandate.
    ("recommendations", "project_id = $1 OR leads_to_project_id = $1"),
    ("matters", "project_id IN (SELECT id FROM back)"),
    ("political-cases", "project_id IN (SELECT id FROM back)"),
    ("political-steps", "project_id IN (SELECT id FROM back)"),
    (WEBHOOKS, "project_id = $1 AND state = 'disabled' AND disabled_reason IS NOT NULL"),
];

/// Who is told of a project is no part of it: its picture has only the webhooks that the service gave up, for the plan check, and
/// its document has none.
pub(super) const WEBHOOKS: &str = "webhooks";

/// What a region's capacity is folded from, `$1` being the region.
const REGION: [(&str, &str); 5] = [
    ("organisations", "id IN (SELECT organisation_id FROM members) OR id IN (SELECT provider_id FROM provisions)"),
    ("regions", "id = $1"),
    ("region-members", "region_id = $1"),
    ("service-profiles", "organisation_id IN (SELECT organisation_id FROM members)"),
    ("service-provisions", "id IN (SELECT id FROM provisions)"),
];

const REGION_SETS: &str = "WITH members AS (SELECT organisation_id FROM region_members WHERE region_id = $1), \
provisions AS (SELECT v.id AS id, v.provider_id AS provider_id FROM service_provisions v JOIN service_profiles p ON p.id = v.profile_id \
  WHERE p.organisation_id IN (SELECT organisation_id FROM members)) ";

/// The project with those it leads to and all that these come from, and everybody and everything that these records
/// name.
const SETS: &str = "WITH RECURSIVE \
onward (id) AS (SELECT CAST($1 AS {id}) UNION SELECT leads_to_project_id FROM recommendations WHERE project_id = $1 AND leads_to_project_id IS NOT NULL \
  UNION SELECT p.id FROM projects p JOIN onward o ON p.predecessor_id = o.id), \
back (id, predecessor_id) AS (SELECT id, predecessor_id FROM projects WHERE id IN (SELECT id FROM onward) \
  UNION SELECT p.id, p.predecessor_id FROM projects p JOIN back b ON p.id = b.predecessor_id), \
chain AS (SELECT id, programme_id, region_id FROM projects WHERE id IN (SELECT id FROM back)), \
programme (id) AS (SELECT programme_id FROM chain WHERE programme_id IS NOT NULL \
  UNION SELECT programme_id FROM regions WHERE id IN (SELECT region_id FROM chain)), \
members AS (SELECT organisation_id FROM region_members WHERE region_id IN (SELECT region_id FROM chain)), \
profiles AS (SELECT id FROM service_profiles WHERE organisation_id IN (SELECT organisation_id FROM members)), \
persons (id) AS (SELECT person_id FROM assignments WHERE project_id = $1 \
  UNION SELECT person_id FROM attendances WHERE project_id = $1 \
  UNION SELECT person_id FROM interest_declarations WHERE project_id = $1 \
  UNION SELECT responsible_id FROM action_items WHERE project_id = $1 AND responsible_id IS NOT NULL \
  UNION SELECT person_id FROM report_signatures WHERE project_id = $1 AND person_id IS NOT NULL \
  UNION SELECT signed_by FROM agreement_parties WHERE project_id = $1 AND signed_by IS NOT NULL \
  UNION SELECT responsible_id FROM activities WHERE project_id = $1 AND responsible_id IS NOT NULL \
  UNION SELECT owner_id FROM risks WHERE project_id = $1 AND owner_id IS NOT NULL \
  UNION SELECT requested_by FROM change_requests WHERE project_id = $1 AND requested_by IS NOT NULL \
  UNION SELECT responsible_id FROM communication_measures WHERE project_id = $1 AND responsible_id IS NOT NULL \
  UNION SELECT person_id FROM programme_assignments WHERE programme_id IN (SELECT id FROM programme) AND person_id IS NOT NULL), \
named (id) AS (SELECT organisation_id FROM project_parties WHERE project_id = $1 \
  UNION SELECT organisation_id FROM assignments WHERE project_id = $1 AND organisation_id IS NOT NULL \
  UNION SELECT organisation_id FROM measurements WHERE project_id = $1 AND organisation_id IS NOT NULL \
  UNION SELECT organisation_id FROM attendances WHERE project_id = $1 AND organisation_id IS NOT NULL \
  UNION SELECT organisation_id FROM political_cases WHERE project_id IN (SELECT id FROM back) \
  UNION SELECT organisation_id FROM agreement_parties WHERE project_id = $1 \
  UNION SELECT organisation_id FROM budget_lines WHERE project_id = $1 AND organisation_id IS NOT NULL \
  UNION SELECT organisation_id FROM funding_sources WHERE project_id = $1 \
  UNION SELECT organisation_id FROM affiliations WHERE person_id IN (SELECT id FROM persons) \
  UNION SELECT organisation_id FROM members \
  UNION SELECT provider_id FROM service_provisions WHERE profile_id IN (SELECT id FROM profiles) AND provider_id IS NOT NULL \
  UNION SELECT owner_id FROM programmes WHERE id IN (SELECT id FROM programme) AND owner_id IS NOT NULL \
  UNION SELECT organisation_id FROM programme_assignments WHERE programme_id IN (SELECT id FROM programme) AND organisation_id IS NOT NULL), \
bodies (id, parent_id) AS (SELECT id, parent_id FROM organisations WHERE id IN (SELECT id FROM named) \
  UNION SELECT o.id, o.parent_id FROM organisations o JOIN bodies b ON o.id = b.parent_id) ";

/// Every record of a project and of the directory around it, in the order of the table of resources, then by
/// identifier. One statement, however large the project. What comes by the hundred thousand is left out.
///
/// # Errors
/// When the database fails.
pub async fn picture(db: &impl Db, project: Uuid) -> Result<Vec<(&'static Facts, Row)>, Error> {
    gather(db, whole_picture(db.get_database_backend()), project).await
}

/// The same, of a small project in the thread that asks where that can be done.
///
/// # Errors
/// When the database fails.
pub async fn picture_of(store: &Store, project: Uuid) -> Result<Vec<(&'static Facts, Row)>, Error> {
    if let Short::Here(here) = &store.short {
        let mut all = Vec::new();
        let sql = whole_picture(store.read.get_database_backend());
        let read = here.around(sql, project, |row| {
            all.push(
                record(row.get_ref("place").ok()?.as_i64().ok()?, row.get_ref("record").ok()?.as_str().ok()?).ok()?,
            );
            Some(())
        });
        if read.is_some() {
            return Ok(all);
        }
    }
    picture(&store.read, project).await
}

fn whole_picture(backend: DbBackend) -> &'static str {
    static SQL: Text = Text::new();
    SQL.of(backend, |backend| question(backend, &sets(backend), |facts| belongs(facts).filter(|_| !facts.many)))
}

/// Which rows of a table belong to the picture of a project.
fn belongs(facts: &Facts) -> Option<&'static str> {
    match AROUND.iter().find(|(path, _)| *path == facts.path) {
        Some((_, condition)) => Some(*condition),
        None => (facts.of_project && !facts.derived).then_some("project_id = $1"),
    }
}

fn sets(backend: DbBackend) -> String {
    SETS.replace("{id}", if backend == DbBackend::Postgres { "uuid" } else { "blob" })
}

/// Everything of a project, however much: what a record in it refers to is in it too, by whatever way. The statement of
/// the picture leaves little to look up: what a list or a reference to a record of any kind names.
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl Db, project: Uuid) -> Result<Vec<(&'static Facts, Row)>, Error> {
    static SQL: Text = Text::new();
    let own = |facts: &Facts| belongs(facts).filter(|_| facts.path != WEBHOOKS);
    let sql = SQL.of(db.get_database_backend(), |backend| question(backend, &sets(backend), own));
    let mut all = gather(db, sql, project).await?;
    let mut known: BTreeSet<Uuid> = all.iter().map(|(_, row)| row.id()).collect();
    let mut fresh = 0;
    while fresh < all.len() {
        let mut missing: BTreeMap<&'static str, BTreeSet<Uuid>> = BTreeMap::new();
        for (facts, row) in &all[fresh..] {
            for (target, id) in references(facts, row).into_iter().filter(|(_, id)| known.insert(*id)) {
                missing.entry(target.path).or_default().insert(id);
            }
        }
        fresh = all.len();
        for (facts, ids) in missing.into_iter().filter_map(|(path, ids)| Some((facts::by_path(path)?, ids))) {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for chunk in ids.chunks(CHUNK) {
                let mut query = row::select(facts, NaiveDate::default());
                query.and_where(Expr::col("id").is_in(chunk.iter().copied()));
                all.extend(db.rows(facts, &query).await?.into_iter().map(|row| (facts, row)));
            }
        }
    }
    ordered(&mut all);
    Ok(all)
}

/// Puts rows in the order of the table of resources, then of their identifiers.
pub(super) fn ordered(rows: &mut [(&'static Facts, Row)]) {
    let place = |facts: &Facts| facts::all().iter().position(|known| known.path == facts.path);
    rows.sort_by_key(|(facts, row)| (place(facts), row.id()));
}

/// What a record refers to. Who logs in where, and who is told where, is no part of a project.
pub(super) fn references(facts: &Facts, row: &Row) -> Vec<(&'static Facts, Uuid)> {
    let fields = facts.references.iter().chain(&facts.lists);
    let by_field = fields.flat_map(|reference| {
        let ids = row.uuids(reference.field).into_iter().map(|(_, id)| id);
        ids.filter_map(|id| Some((facts::by_path(reference.target)?, id)))
    });
    let by_kind = facts.fields.iter().filter(|field| field.kind == Kind::Reference).filter_map(|field| {
        let to = row.0.get(&field.name)?;
        Some((facts::by_kind(to["kind"].as_str()?)?, to["id"].as_str()?.parse().ok()?))
    });
    by_field.chain(by_kind).filter(|(target, _)| !matches!(target.path, "users" | WEBHOOKS)).collect()
}

/// A project with those that it leads to and all that these come from.
///
/// # Errors
/// When the database fails.
pub async fn phases(db: &impl Db, project: Uuid) -> Result<Vec<Uuid>, Error> {
    let backend = db.get_database_backend();
    let sql = format!("{} SELECT id FROM chain", sets(backend));
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [project.into()])).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// A region with its members and how they organise their service, in one statement.
///
/// # Errors
/// When the database fails.
pub async fn region(db: &impl Db, region: Uuid) -> Result<Vec<(&'static Facts, Row)>, Error> {
    static SQL: Text = Text::new();
    let condition =
        |facts: &Facts| REGION.iter().find(|(path, _)| *path == facts.path).map(|(_, condition)| *condition);
    let sql = SQL.of(db.get_database_backend(), |backend| question(backend, REGION_SETS, condition));
    gather(db, sql, region).await
}

/// A statement that hangs on the catalogue alone, put together once: it has some forty thousand characters.
struct Text {
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Text {
    const fn new() -> Self {
        Self { sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    fn of(&'static self, backend: DbBackend, make: impl FnOnce(DbBackend) -> String) -> &'static str {
        let known = if backend == DbBackend::Postgres { &self.postgres } else { &self.sqlite };
        known.get_or_init(|| make(backend))
    }
}

/// The records of these collections that meet their condition, as JSON, in order.
fn question(backend: DbBackend, sets: &str, condition: impl Fn(&Facts) -> Option<&'static str>) -> String {
    let mut parts = Vec::new();
    for (index, facts) in facts::all().iter().enumerate() {
        let Some(condition) = condition(facts) else { continue };
        let record = object(facts, backend);
        parts.push(format!(
            "SELECT {index} AS place, id AS id, {record} AS record FROM {} WHERE {condition}",
            facts.table
        ));
    }
    format!("{sets} {} ORDER BY place, id", parts.join(" UNION ALL "))
}

async fn gather(db: &impl Db, sql: &str, focus: Uuid) -> Result<Vec<(&'static Facts, Row)>, Error> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [focus.into()]);
    let rows = db.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let place: i64 = row.try_get::<i32>("", "place").map(i64::from).or_else(|_| row.try_get("", "place"))?;
            let text: String = row.try_get("", "record")?;
            record(place, &text)
        })
        .collect()
}

/// A record of the collection at a place in the table of resources, as the database made it.
fn record(place: i64, text: &str) -> Result<(&'static Facts, Row), Error> {
    let facts = facts::all()[usize::try_from(place).unwrap_or_default()];
    let members: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| Error::internal("read a record made by the database", error))?;
    Ok((facts, canonical(facts, members)))
}

/// `json_object(…)` of a resource's columns under their wire names.
fn object(facts: &Facts, backend: DbBackend) -> String {
    let member = |field: &Field| match backend {
        DbBackend::Postgres => format!("\"{}\" AS \"{}\"", field.column, field.name),
        _ => format!("'{}', {}", field.name, sqlite(field)),
    };
    let members = facts.stored().map(member).collect::<Vec<_>>().join(", ");
    match backend {
        // Of the row that is at hand: the inner one has no table of its own.
        DbBackend::Postgres => format!("(SELECT CAST(row_to_json(r) AS text) FROM (SELECT {members}) r)"),
        _ => format!("json_object({members})"),
    }
}

fn sqlite(field: &Field) -> String {
    let column = format!("\"{}\"", field.column);
    match field.kind {
        Kind::Id => format!("lower(hex({column}))"),
        Kind::Json => format!("json({column})"),
        Kind::Text
        | Kind::Integer
        | Kind::Decimal { .. }
        | Kind::Boolean
        | Kind::Date
        | Kind::Instant
        | Kind::Code(_)
        | Kind::Reference => column,
    }
}

/// The record as every other read gives it: identifiers with dashes, instants in one form, exact decimals. The database made its
/// members in the order of the fields.
fn canonical(facts: &Facts, mut members: Map<String, Value>) -> Row {
    for (field, (name, value)) in facts.stored().zip(members.iter_mut()) {
        debug_assert_eq!(&field.name, name, "{}", facts.path);
        *value = row::from_database(field, std::mem::take(value));
    }
    Row(members)
}
