//! Who writes what of the directory: what only one's own projects and programmes use, and what is one's municipality's.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use super::own::look_up;
use super::policy::DirectoryWrite;
use super::{Area, Caller};
use crate::db::Db;
use crate::facts::{self, Facts, Row};
use crate::problem::Error;

/// Whether the caller may write a record of the directory; `added` for one that is not there yet.
///
/// # Errors
/// When the database fails.
pub(super) async fn writes(
    db: &impl Db,
    facts: &Facts,
    caller: &Caller,
    row: &Row,
    added: bool,
) -> Result<bool, Error> {
    match caller.directory_write(facts.area) {
        DirectoryWrite::All => Ok(true),
        DirectoryWrite::OwnProgrammes if facts.area == Area::Programmes => {
            managed_programme(db, facts, caller, row).await
        }
        DirectoryWrite::OwnProgrammes if facts.area == Area::ServiceProfiles => {
            let Some(owner) = owner(db, facts, row).await? else { return Ok(false) };
            Ok(caller.municipalities.contains(&owner)
                || member(db, caller, owner).await?
                || !used_elsewhere(db, caller, "organisations", owner, false).await?)
        }
        DirectoryWrite::OwnProgrammes | DirectoryWrite::OwnProjects if added && !describes(facts) => Ok(true),
        DirectoryWrite::OwnProgrammes | DirectoryWrite::OwnProjects => only_its_own_uses(db, facts, caller, row).await,
        DirectoryWrite::OwnOrganisation => {
            Ok(owner(db, facts, row).await?.is_some_and(|id| caller.municipalities.contains(&id)))
        }
        DirectoryWrite::Nothing => Ok(false),
    }
}

/// A programme manager writes its own programme, its regions and who belongs to them.
async fn managed_programme(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    let programme = match facts.path {
        "programmes" => Some(row.id()),
        "region-members" => match row.uuid("regionId") {
            Some(region) => look_up(db, "SELECT programme_id AS id FROM regions WHERE id = $1", [region]).await?,
            None => None,
        },
        _ => row.uuid("programmeId"),
    };
    Ok(programme.is_some_and(|id| caller.programmes.contains(&id)))
}

/// The organisation that a service profile, or a provision in one, belongs to.
async fn owner(db: &impl Db, facts: &Facts, row: &Row) -> Result<Option<Uuid>, Error> {
    match (facts.path, row.uuid("profileId")) {
        ("service-provisions", Some(profile)) => {
            look_up(db, "SELECT organisation_id AS id FROM service_profiles WHERE id = $1", [profile]).await
        }
        _ => Ok(row.uuid("organisationId")),
    }
}

/// Whether an organisation belongs to a region of a programme that the caller manages.
async fn member(db: &impl Db, caller: &Caller, organisation: Uuid) -> Result<bool, Error> {
    let mut query = Query::select();
    query
        .column("organisation_id")
        .from("region_members")
        .and_where(Expr::col("organisation_id").eq(organisation))
        .and_where(Expr::col("region_id").in_subquery(regions(caller)))
        .limit(1);
    Ok(db.query_one(&query).await?.is_some())
}

fn regions(caller: &Caller) -> SelectStatement {
    let mut regions = Query::select();
    regions.column("id").from("regions").and_where(Expr::col("programme_id").is_in(caller.programmes.iter().copied()));
    regions
}

/// Whether a record of the directory describes another one, and is used wherever that one is.
fn describes(facts: &Facts) -> bool {
    matches!(facts.path, "municipality-codes" | "affiliations")
}

/// Whether a record of the directory is used by what the caller answers for, and by nothing else.
async fn only_its_own_uses(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    let (target, id) = match facts.path {
        "municipality-codes" => ("organisations", row.uuid("organisationId").unwrap_or_default()),
        "affiliations" => ("people", row.uuid("personId").unwrap_or_default()),
        path => (path, row.id()),
    };
    // Rights follow from whom somebody who logs in works for: who gives that, answers for all that the organisation is
    // a part of, and for the person.
    if facts.path == "affiliations" && logs_in(db, id).await? {
        let employer = row.uuid("organisationId").unwrap_or_default();
        let manages = caller.directory_write(facts.area) == DirectoryWrite::OwnProgrammes;
        if !manages || used_elsewhere(db, caller, "organisations", employer, true).await? {
            return Ok(false);
        }
    }
    Ok(!used_elsewhere(db, caller, target, id, false).await?)
}

async fn logs_in(db: &impl Db, person: Uuid) -> Result<bool, Error> {
    Ok(look_up(db, "SELECT id FROM users WHERE person_id = $1", [person]).await?.is_some())
}

/// Whether a record is used by a project that the caller does not write, or by the directory beyond its own programmes.
/// With `entitling`, only uses count that give rights to those who work for an organisation.
async fn used_elsewhere(
    db: &impl Db,
    caller: &Caller,
    target: &'static str,
    id: Uuid,
    entitling: bool,
) -> Result<bool, Error> {
    let own: Vec<Uuid> =
        caller.roles.keys().copied().filter(|project| caller.rights(*project, Area::Project).write).collect();
    for (user, reference) in facts::referring(target) {
        let Some(field) = user.field(reference.field) else { continue };
        if entitling && !matches!(user.path, "project-parties" | "programme-assignments") {
            continue;
        }
        let condition = Expr::col(field.column.clone()).eq(id);
        let condition = match (target, user.path) {
            // What describes it is no use of it, and neither is that somebody logs in: whom that person works for is
            // asked about apart.
            (_, "municipality-codes") | ("people", "affiliations" | "users") => continue,
            // An organisation is used where those who work for it take part.
            (_, "affiliations") => {
                let mut others = Query::select();
                others
                    .column("person_id")
                    .from("assignments")
                    .and_where(Expr::col("project_id").is_not_in(own.clone()));
                condition.and(Expr::col("person_id").in_subquery(others))
            }
            _ => match beyond(caller, user) {
                Some(beyond) => condition.and(beyond),
                None => condition,
            },
        };
        if used(db, user, condition, &own).await? {
            return Ok(true);
        }
    }
    for (user, field) in facts::listing(target).filter(|_| !entitling) {
        let within = Expr::col(field.column.clone()).cast_as("text").like(format!("%{id}%"));
        if used(db, user, within, &own).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The condition of a directory record that lies beyond the programmes that the caller manages.
fn beyond(caller: &Caller, user: &Facts) -> Option<Expr> {
    if caller.programmes.is_empty() {
        return None;
    }
    let programmes = || caller.programmes.iter().copied();
    match user.path {
        "programmes" => Some(Expr::col("id").is_not_in(programmes())),
        "programme-assignments" | "regions" => Some(Expr::col("programme_id").is_not_in(programmes())),
        "region-members" => Some(Expr::col("region_id").not_in_subquery(regions(caller))),
        "service-profiles" | "service-provisions" => {
            let mut members = Query::select();
            members
                .column("organisation_id")
                .from("region_members")
                .and_where(Expr::col("region_id").in_subquery(regions(caller)));
            if user.path == "service-profiles" {
                return Some(Expr::col("organisation_id").not_in_subquery(members));
            }
            let mut profiles = Query::select();
            profiles.column("id").from("service_profiles").and_where(Expr::col("organisation_id").in_subquery(members));
            Some(Expr::col("profile_id").not_in_subquery(profiles))
        }
        _ => None,
    }
}

/// Whether a record outside of the caller's own projects meets a condition.
async fn used(db: &impl Db, user: &Facts, condition: Expr, own: &[Uuid]) -> Result<bool, Error> {
    let mut query = Query::select();
    query.expr(Expr::val(1)).from(user.table).and_where(condition).limit(1);
    if user.of_project {
        query.and_where(Expr::col("project_id").is_not_in(own.to_vec()));
    }
    Ok(db.query_one(&query).await?.is_some())
}
