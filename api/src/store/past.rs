//! A whole project as it stood at an instant: the rows of its picture, read from the journal instead of the tables.
//!
//! The journal holds every version of every record, so what stood is, for each record, the last version before the
//! instant. What of the directory belongs to the project is found the same way as for the tables: by who names whom.

mod region;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, Statement, Value as Sql};
use serde_json::Value;
use uuid::Uuid;

use super::picture::{self, AROUND, WEBHOOKS};
use crate::db::{Db, Found};
use crate::facts::{self, Facts, Kind, Row, row};
use crate::problem::Error;

pub use region::region_at;

/// Identifiers looked up in one statement.
const CHUNK: usize = 500;

/// How much of a project is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What reports are folded from.
    Picture,
    /// Everything, with what comes by the hundred thousand.
    Whole,
}

/// The rows of a project's picture as they stood at an instant; `None` when there was no such project. The picture of
/// today tells where beside the project to look.
///
/// # Errors
/// When the database fails.
pub async fn picture_at(
    db: &impl Db,
    project: Uuid,
    at: DateTime<Utc>,
    extent: Extent,
    today: &[(&'static Facts, Row)],
) -> Result<Option<Vec<(&'static Facts, Row)>>, Error> {
    let mut stood = Stood::at(at);
    stood.of_project(db, project, extent).await?;
    if !stood.rows.contains_key(&project) {
        return Ok(None);
    }
    let beside: BTreeSet<Uuid> =
        today.iter().filter(|(facts, _)| !facts.of_project || beside(facts)).map(|(_, row)| row.id()).collect();
    stood.look(db, &beside).await?;
    let chain =
        today.iter().filter(|(facts, row)| facts.path == "projects" && row.id() != project).map(|(_, row)| row.id());
    stood.beside(db, &chain.collect::<Vec<_>>()).await?;
    stood.look(db, &changed_since(db, at).await?).await?;
    loop {
        let named: BTreeSet<Uuid> =
            stood.rows.values().flat_map(|(facts, row)| picture::references(facts, row)).map(|(_, id)| id).collect();
        if !stood.look(db, &named).await? {
            break;
        }
    }
    // Who was a member then and is none today.
    let members = stood.named("region-members", "organisationId", |_| true);
    stood.services(db, &members).await?;
    Ok(Some(stood.belonging(project, extent)))
}

/// Records of other projects that a picture shows.
fn beside(facts: &Facts) -> bool {
    facts.of_project && AROUND.iter().any(|(path, _)| *path == facts.path)
}

/// Records of the directory that name others and were written after an instant: what belonged to a project then may not today.
async fn changed_since(db: &impl Db, at: DateTime<Utc>) -> Result<BTreeSet<Uuid>, Error> {
    let sql = "SELECT DISTINCT record_id AS id FROM journal WHERE project_id IS NULL AND at > $1 AND record_kind IN \
        ('affiliation', 'municipality_code', 'programme_assignment', 'region_member', 'service_profile', 'service_provision')";
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [at.into()])).await?;
    Ok(found.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// What stood, as far as it has been looked up.
struct Stood {
    at: DateTime<Utc>,
    rows: BTreeMap<Uuid, (&'static Facts, Row)>,
    asked: BTreeSet<Uuid>,
}

impl Stood {
    fn at(at: DateTime<Utc>) -> Self {
        Self { at, rows: BTreeMap::new(), asked: BTreeSet::new() }
    }

    /// Every record of a project.
    async fn of_project(&mut self, db: &impl Db, project: Uuid, extent: Extent) -> Result<(), Error> {
        let skipped: Vec<String> = facts::all()
            .iter()
            .filter(|facts| facts.derived || facts.many && extent == Extent::Picture)
            .map(|facts| format!("'{}'", facts.kind))
            .collect();
        let kinds = if skipped.is_empty() {
            String::new()
        } else {
            format!(" AND record_kind NOT IN ({})", skipped.join(", "))
        };
        self.take(db, &format!("project_id = $2{kinds}"), vec![project.into()]).await
    }

    /// What pictures show of other projects.
    async fn beside(&mut self, db: &impl Db, projects: &[Uuid]) -> Result<(), Error> {
        let kinds: Vec<String> =
            facts::all().iter().filter(|facts| beside(facts)).map(|facts| format!("'{}'", facts.kind)).collect();
        for chunk in projects.chunks(CHUNK) {
            let places: Vec<String> = (2..chunk.len() + 2).map(|place| format!("${place}")).collect();
            let condition = format!("project_id IN ({}) AND record_kind IN ({})", places.join(", "), kinds.join(", "));
            self.take(db, &condition, chunk.iter().map(|id| Sql::from(*id)).collect()).await?;
        }
        Ok(())
    }

    /// Records by their identifiers; whether any of them was not asked for before.
    async fn look(&mut self, db: &impl Db, ids: &BTreeSet<Uuid>) -> Result<bool, Error> {
        let fresh: Vec<Uuid> =
            ids.iter().copied().filter(|id| !self.rows.contains_key(id) && self.asked.insert(*id)).collect();
        for chunk in fresh.chunks(CHUNK) {
            let places: Vec<String> = (2..chunk.len() + 2).map(|place| format!("${place}")).collect();
            let values = chunk.iter().map(|id| Sql::from(*id)).collect();
            self.take(db, &format!("record_id IN ({})", places.join(", ")), values).await?;
        }
        Ok(!fresh.is_empty())
    }

    /// The last version of each record that meets a condition; `$1` is the instant.
    async fn take(&mut self, db: &impl Db, condition: &str, values: Vec<Sql>) -> Result<(), Error> {
        let sql = format!(
            "SELECT record_kind AS kind, after FROM journal WHERE after IS NOT NULL AND sequence IN (\
             SELECT MAX(sequence) FROM journal WHERE at <= $1 AND {condition} GROUP BY record_kind, record_id)"
        );
        let mut all = vec![Sql::from(self.at)];
        all.extend(values);
        for found in db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, all)).await? {
            if let Some((facts, row)) = read(&found)? {
                self.rows.insert(row.id(), (facts, row));
            }
        }
        Ok(())
    }

    /// The identifiers in a field of the records of a collection that meet a condition.
    fn named(&self, path: &str, field: &str, is: impl Fn(&Row) -> bool) -> BTreeSet<Uuid> {
        let own = self.rows.values().filter(|(facts, row)| facts.path == path && is(row));
        own.flat_map(|(_, row)| row.uuids(field)).map(|(_, id)| id).collect()
    }

    fn ids(&self, path: &str, is: impl Fn(&Row) -> bool) -> BTreeSet<Uuid> {
        self.named(path, "id", is)
    }

    /// What belongs to the project, in the order of the table of resources, then by identifier: as `picture::SETS`.
    fn belonging(&self, project: Uuid, extent: Extent) -> Vec<(&'static Facts, Row)> {
        let sets = Sets::of(self, project);
        let mut kept: BTreeSet<Uuid> = self
            .rows
            .values()
            .filter(|(facts, row)| {
                sets.hold(facts, row, project) && (extent == Extent::Picture || facts.path != WEBHOOKS)
            })
            .map(|(_, row)| row.id())
            .collect();
        // Everything that is named is there too, where all is wanted.
        let mut fresh: Vec<Uuid> = if extent == Extent::Whole { kept.iter().copied().collect() } else { Vec::new() };
        while let Some(id) = fresh.pop() {
            let Some((facts, row)) = self.rows.get(&id) else { continue };
            fresh.extend(
                picture::references(facts, row)
                    .into_iter()
                    .map(|(_, id)| id)
                    .filter(|id| self.rows.contains_key(id))
                    .filter(|id| kept.insert(*id)),
            );
        }
        self.kept(|_, row| kept.contains(&row.id()))
    }

    /// The records that a condition keeps, in the order of the table of resources, then by identifier.
    fn kept(&self, keeps: impl Fn(&Facts, &Row) -> bool) -> Vec<(&'static Facts, Row)> {
        let mut all: Vec<_> = self.rows.values().filter(|(facts, row)| keeps(facts, row)).cloned().collect();
        picture::ordered(&mut all);
        all
    }
}

/// Who and what a project names, directly and by what it names.
struct Sets {
    chain: BTreeSet<Uuid>,
    regions: BTreeSet<Uuid>,
    programmes: BTreeSet<Uuid>,
    members: BTreeSet<Uuid>,
    profiles: BTreeSet<Uuid>,
    persons: BTreeSet<Uuid>,
    bodies: BTreeSet<Uuid>,
}

impl Sets {
    fn of(stood: &Stood, project: Uuid) -> Self {
        let own = |row: &Row| row.uuid("projectId") == Some(project);
        let chain = chain(stood, project);
        let of_chain = |row: &Row| chain.contains(&row.id());
        let regions = stood.named("projects", "regionId", of_chain);
        let mut programmes = stood.named("projects", "programmeId", of_chain);
        programmes.extend(stood.named("regions", "programmeId", |row| regions.contains(&row.id())));
        let of_region = |row: &Row| row.uuid("regionId").is_some_and(|id| regions.contains(&id));
        let members = stood.named("region-members", "organisationId", of_region);
        let of_member = |row: &Row| row.uuid("organisationId").is_some_and(|id| members.contains(&id));
        let profiles = stood.ids("service-profiles", of_member);
        let of_programme = |row: &Row| row.uuid("programmeId").is_some_and(|id| programmes.contains(&id));
        let mut persons: BTreeSet<Uuid> =
            PERSONS.iter().flat_map(|(path, field)| stood.named(path, field, own)).collect();
        persons.extend(stood.named("programme-assignments", "personId", of_programme));
        let mut bodies: BTreeSet<Uuid> =
            BODIES.iter().flat_map(|(path, field)| stood.named(path, field, own)).collect();
        let in_chain = |row: &Row| row.uuid("projectId").is_some_and(|id| chain.contains(&id));
        bodies.extend(stood.named("political-cases", "organisationId", in_chain));
        let of_person = |row: &Row| row.uuid("personId").is_some_and(|id| persons.contains(&id));
        bodies.extend(stood.named("affiliations", "organisationId", of_person));
        bodies.extend(members.iter().copied());
        let of_profile = |row: &Row| row.uuid("profileId").is_some_and(|id| profiles.contains(&id));
        bodies.extend(stood.named("service-provisions", "providerId", of_profile));
        bodies.extend(stood.named("programmes", "ownerId", |row| programmes.contains(&row.id())));
        bodies.extend(stood.named("programme-assignments", "organisationId", of_programme));
        let mut fresh: Vec<Uuid> = bodies.iter().copied().collect();
        while let Some(id) = fresh.pop() {
            let parent = stood.rows.get(&id).and_then(|(_, row)| row.uuid("parentId"));
            fresh.extend(parent.filter(|parent| bodies.insert(*parent)));
        }
        Self { chain, regions, programmes, members, profiles, persons, bodies }
    }

    /// Whether a record belongs to the picture: the same conditions as `picture::AROUND`.
    fn hold(&self, facts: &Facts, row: &Row, project: Uuid) -> bool {
        let within = |field: &str, set: &BTreeSet<Uuid>| row.uuid(field).is_some_and(|id| set.contains(&id));
        match facts.path {
            "organisations" => within("id", &self.bodies),
            "municipality-codes" => within("organisationId", &self.bodies),
            "people" => within("id", &self.persons),
            "affiliations" => within("personId", &self.persons),
            "programmes" => within("id", &self.programmes),
            "programme-assignments" => within("programmeId", &self.programmes),
            "regions" => within("id", &self.regions),
            "region-members" => within("regionId", &self.regions),
            "service-profiles" => within("organisationId", &self.members),
            "service-provisions" => within("profileId", &self.profiles),
            "projects" => within("id", &self.chain),
            "recommendations" => {
                row.uuid("projectId") == Some(project) || row.uuid("leadsToProjectId") == Some(project)
            }
            "matters" | "political-cases" | "political-steps" => within("projectId", &self.chain),
            WEBHOOKS => {
                let given_up = row.text("state") == Some("disabled") && row.text("disabledReason").is_some();
                given_up && row.uuid("projectId") == Some(project)
            }
            _ => facts.of_project && row.uuid("projectId") == Some(project),
        }
    }
}

/// The fields by which a project names people, as in `picture::SETS`.
const PERSONS: [(&str, &str); 10] = [
    ("assignments", "personId"),
    ("attendances", "personId"),
    ("interest-declarations", "personId"),
    ("action-items", "responsibleId"),
    ("report-signatures", "personId"),
    ("agreement-parties", "signedBy"),
    ("activities", "responsibleId"),
    ("risks", "ownerId"),
    ("change-requests", "requestedBy"),
    ("communication-measures", "responsibleId"),
];

/// The fields by which a project names organisations, as in `picture::SETS`.
const BODIES: [(&str, &str); 7] = [
    ("project-parties", "organisationId"),
    ("assignments", "organisationId"),
    ("measurements", "organisationId"),
    ("attendances", "organisationId"),
    ("agreement-parties", "organisationId"),
    ("budget-lines", "organisationId"),
    ("funding-sources", "organisationId"),
];

/// The project with those it leads to, and all that these come from.
fn chain(stood: &Stood, project: Uuid) -> BTreeSet<Uuid> {
    let projects = || stood.rows.values().filter(|(facts, _)| facts.path == "projects").map(|(_, row)| row);
    let leads = stood.named("recommendations", "leadsToProjectId", |row| row.uuid("projectId") == Some(project));
    let mut onward: BTreeSet<Uuid> = leads.into_iter().chain([project]).collect();
    let mut fresh: Vec<Uuid> = onward.iter().copied().collect();
    while let Some(id) = fresh.pop() {
        let next = projects().filter(|row| row.uuid("predecessorId") == Some(id)).map(Row::id);
        fresh.extend(next.filter(|id| onward.insert(*id)).collect::<Vec<_>>());
    }
    let mut fresh: Vec<Uuid> = onward.iter().copied().collect();
    while let Some(id) = fresh.pop() {
        let before = stood.rows.get(&id).and_then(|(_, row)| row.uuid("predecessorId"));
        fresh.extend(before.filter(|before| onward.insert(*before)));
    }
    onward
}

/// Records as they were in certain versions, of those that the journal has.
///
/// # Errors
/// When the database fails.
pub async fn versions(db: &impl Db, wanted: &[(Uuid, i64)]) -> Result<Vec<(&'static Facts, Row)>, Error> {
    let mut all = Vec::new();
    for chunk in wanted.chunks(CHUNK / 5) {
        let places =
            (0..chunk.len()).map(|one| format!("(record_id = ${} AND version = ${})", 2 * one + 1, 2 * one + 2));
        let condition = places.collect::<Vec<_>>().join(" OR ");
        let sql = format!("SELECT record_kind AS kind, after FROM journal WHERE after IS NOT NULL AND ({condition})");
        let values: Vec<Sql> = chunk.iter().flat_map(|(id, version)| [Sql::from(*id), Sql::from(*version)]).collect();
        for found in db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await? {
            all.extend(read(&found)?);
        }
    }
    Ok(all)
}

/// A row of the journal as the tables would have it: what a later step added has its first value.
fn read(found: &Found) -> Result<Option<(&'static Facts, Row)>, Error> {
    let kind: String = found.try_get("", "kind")?;
    let after: Option<Value> = found.try_get("", "after")?;
    let (Some(facts), Some(Value::Object(after))) = (facts::by_kind(&kind), after) else { return Ok(None) };
    Ok(Some((facts, row::from_journal(facts, after))))
}

/// The rows of a collection of a project as they stood, as a relation with the columns of its table; `$1` is the
/// project, `$3` the instant.
#[must_use]
pub fn relation(facts: &Facts, backend: DbBackend) -> String {
    let columns: Vec<String> = facts
        .stored()
        .map(|field| format!("{} AS {}", extracted(&field.name, &field.kind, backend), field.column))
        .collect();
    format!(
        "(SELECT {} FROM journal WHERE after IS NOT NULL AND sequence IN (SELECT MAX(sequence) FROM journal \
         WHERE project_id = $1 AND record_kind = '{}' AND at <= $3 GROUP BY record_id)) AS stood",
        columns.join(", "),
        facts.kind
    )
}

/// A member of the version in the journal, in the type of its column.
fn extracted(name: &str, kind: &Kind, backend: DbBackend) -> String {
    if backend == DbBackend::Postgres {
        let text = format!("(after ->> '{name}')");
        return match kind {
            Kind::Id => format!("CAST({text} AS uuid)"),
            Kind::Integer => format!("CAST({text} AS bigint)"),
            Kind::Decimal { unit } => format!("CAST(CAST({text} AS numeric) * {unit} AS bigint)"),
            Kind::Boolean => format!("CAST({text} AS boolean)"),
            Kind::Date => format!("CAST({text} AS date)"),
            Kind::Instant => format!("CAST({text} AS timestamptz)"),
            Kind::Text | Kind::Code(_) | Kind::Reference | Kind::Json => text,
        };
    }
    let member = format!("json_extract(after, '$.{name}')");
    match kind {
        Kind::Id => format!("unhex(replace({member}, '-', ''))"),
        Kind::Decimal { unit } => format!("CAST(ROUND({member} * {unit}) AS bigint)"),
        Kind::Text
        | Kind::Integer
        | Kind::Boolean
        | Kind::Date
        | Kind::Instant
        | Kind::Code(_)
        | Kind::Reference
        | Kind::Json => member,
    }
}
