//! Proofs that a write is allowed. Only this module makes them, and the store takes nothing else.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::policy::DirectoryWrite;
use super::{Area, Caller};
use crate::facts::{self, Facts, Row};
use crate::problem::{Error, Problem, codes};
use crate::text;

/// Proof that the caller may add this record.
pub struct Create {
    facts: &'static Facts,
    row: Row,
}

/// Proof that the caller may change or delete this record; it owns the row as it was read.
pub struct Edit {
    facts: &'static Facts,
    row: Row,
}

impl Create {
    /// Proves that the caller may add a record with this content.
    ///
    /// # Errors
    /// 404 for a project that the caller does not see, 403 for one that it may not write.
    pub async fn allowed(
        db: &impl ConnectionTrait,
        facts: &'static Facts,
        caller: &Caller,
        row: Row,
    ) -> Result<Self, Error> {
        may_write(db, facts, caller, &row, Act::Add).await?;
        Ok(Self { facts, row })
    }

    /// The resource and the record.
    #[must_use]
    pub fn into_parts(self) -> (&'static Facts, Row) {
        (self.facts, self.row)
    }
}

impl Edit {
    /// Proves that the caller, who sees this record, may change it.
    ///
    /// # Errors
    /// 403 when the caller may not.
    pub async fn allowed(
        db: &impl ConnectionTrait,
        facts: &'static Facts,
        caller: &Caller,
        row: Row,
    ) -> Result<Self, Error> {
        may_write(db, facts, caller, &row, Act::Change).await?;
        Ok(Self { facts, row })
    }

    /// The record as it was read.
    #[must_use]
    pub const fn row(&self) -> &Row {
        &self.row
    }

    /// The resource and the record.
    #[must_use]
    pub fn into_parts(self) -> (&'static Facts, Row) {
        (self.facts, self.row)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Change,
}

fn forbidden() -> Error {
    Problem::new(&codes::FORBIDDEN)
        .detail(text!(
            "rollen din gir ikke rett til å skrive dette",
            "rolla di gir ikkje rett til å skrive dette",
            "your role does not let you write this"
        ))
        .into()
}

async fn may_write(
    db: &impl ConnectionTrait,
    facts: &Facts,
    caller: &Caller,
    row: &Row,
    act: Act,
) -> Result<(), Error> {
    if caller.administrator {
        return Ok(());
    }
    if facts.of_project || (facts.path == "projects" && act == Act::Change) {
        let project = row.uuid(if facts.of_project { "projectId" } else { "id" }).unwrap_or_default();
        let rights = caller.rights(project, facts.area);
        return if rights.write { Ok(()) } else { Err(forbidden()) };
    }
    if facts.path == "projects" {
        let managed = row.uuid("programmeId").is_some_and(|programme| caller.programmes.contains(&programme));
        return if managed { Ok(()) } else { Err(forbidden()) };
    }
    let allowed = match caller.directory_write(facts.area) {
        DirectoryWrite::All if facts.area == Area::Programmes => managed_programme(db, facts, caller, row).await?,
        DirectoryWrite::All => true,
        DirectoryWrite::OwnProjects => act == Act::Add || !used_elsewhere(db, facts, caller, row).await?,
        DirectoryWrite::OwnOrganisation => {
            owner(db, facts, row).await?.is_some_and(|id| caller.municipalities.contains(&id))
        }
        DirectoryWrite::Nothing => false,
    };
    if allowed { Ok(()) } else { Err(forbidden()) }
}

/// A programme manager writes its own programme, its regions and who belongs to them.
async fn managed_programme(
    db: &impl ConnectionTrait,
    facts: &Facts,
    caller: &Caller,
    row: &Row,
) -> Result<bool, Error> {
    let programme = match facts.path {
        "programmes" => Some(row.id()),
        "region-members" => match row.uuid("regionId") {
            Some(region) => look_up(db, "SELECT programme_id AS id FROM regions WHERE id = $1", region).await?,
            None => None,
        },
        _ => row.uuid("programmeId"),
    };
    Ok(programme.is_some_and(|id| caller.programmes.contains(&id)))
}

/// The organisation that a service profile, or a provision in one, belongs to.
async fn owner(db: &impl ConnectionTrait, facts: &Facts, row: &Row) -> Result<Option<Uuid>, Error> {
    match (facts.path, row.uuid("profileId")) {
        ("service-provisions", Some(profile)) => {
            look_up(db, "SELECT organisation_id AS id FROM service_profiles WHERE id = $1", profile).await
        }
        _ => Ok(row.uuid("organisationId")),
    }
}

async fn look_up(db: &impl ConnectionTrait, sql: &'static str, id: Uuid) -> Result<Option<Uuid>, Error> {
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into()])).await?;
    Ok(found.map(|row| row.try_get("", "id")).transpose()?)
}

/// Whether a directory record is used by a project that the caller does not write, or by the wider directory.
async fn used_elsewhere(db: &impl ConnectionTrait, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    // What describes an organisation or a person belongs to it: affiliations and codes are used where it is.
    let (facts, id) = match (facts.path, row.uuid("organisationId"), row.uuid("personId")) {
        ("municipality-codes", Some(organisation), _) => (facts::by_path("organisations"), organisation),
        ("affiliations", _, Some(person)) => (facts::by_path("people"), person),
        _ => (Some(facts), row.id()),
    };
    let Some(target) = facts else { return Ok(true) };
    let own: Vec<Uuid> =
        caller.roles.keys().copied().filter(|project| caller.rights(*project, Area::Project).write).collect();
    for (user, reference) in facts::referring(target.path) {
        if matches!(user.path, "affiliations" | "municipality-codes") {
            continue;
        }
        let Some(field) = user.field(reference.field) else { continue };
        if used(db, user, Expr::col(field.column.clone()).eq(id), &own).await? {
            return Ok(true);
        }
    }
    for (user, field) in facts::listing(target.path) {
        let within = Expr::col(field.column.clone()).cast_as("text").like(format!("%{id}%"));
        if used(db, user, within, &own).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a record outside of the caller's own projects meets a condition.
async fn used(db: &impl ConnectionTrait, user: &Facts, condition: Expr, own: &[Uuid]) -> Result<bool, Error> {
    let mut query = Query::select();
    query.expr(Expr::val(1)).from(user.table).and_where(condition).limit(1);
    if user.of_project {
        query.and_where(Expr::col("project_id").is_not_in(own.to_vec()));
    }
    Ok(db.query_one(&query).await?.is_some())
}
