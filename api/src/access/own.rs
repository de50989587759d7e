//! What is somebody's own in a project, although the role does not write the rest of the area: decided by the row.

use sea_orm::Statement;
use uuid::Uuid;

use super::{Caller, Role};
use crate::db::Db;
use crate::facts::{Facts, Row};
use crate::problem::Error;

/// Whether a record of a project is the caller's own to write: its hours, what its municipality answers for, what was
/// resolved in a meeting that it sat in.
///
/// # Errors
/// When the database fails.
pub(super) async fn owns(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    Ok(own_hours(facts, caller, row)
        || own_meeting(db, facts, caller, row).await?
        || own_municipality(db, facts, caller, row).await?)
}

/// Whether somebody with this role has records of a resource that are its own to write: which of them, the row says.
pub(super) fn some(role: Role, facts: &Facts) -> bool {
    match role {
        Role::ProjectGroup => facts.path == "time-entries",
        Role::SteeringGroup | Role::Deputy => facts.path == "resolutions",
        Role::MunicipalOfficer => matches!(
            facts.path,
            "political-cases"
                | "political-steps"
                | "agreement-parties"
                | "report-signatures"
                | "time-entries"
                | "cost-entries"
        ),
        Role::ProgrammeManager
        | Role::ProjectExecutive
        | Role::ProjectManager
        | Role::Observer
        | Role::ReferenceGroup => false,
    }
}

fn project(row: &Row) -> Uuid {
    row.uuid("projectId").unwrap_or_default()
}

fn is(caller: &Caller, row: &Row, role: Role) -> bool {
    caller.roles.get(&project(row)).is_some_and(|roles| roles.contains(&role))
}

/// Whoever works in the project group writes down its own hours.
fn own_hours(facts: &Facts, caller: &Caller, row: &Row) -> bool {
    facts.path == "time-entries"
        && is(caller, row, Role::ProjectGroup)
        && caller.person.is_some()
        && row.uuid("personId") == caller.person
}

/// A member of the steering group records what its meetings resolve; a deputy what a meeting did to which it came in a
/// member's place. Meetings of others are theirs.
async fn own_meeting(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    let (member, deputy) = (is(caller, row, Role::SteeringGroup), is(caller, row, Role::Deputy));
    let Some(meeting) = row.uuid("meetingId").filter(|_| facts.path == "resolutions" && (member || deputy)) else {
        return Ok(false);
    };
    let sql = "SELECT id FROM meetings WHERE id = $1 AND project_id = $2 AND kind = 'steering_group'";
    if look_up(db, sql, [meeting, project(row)]).await?.is_none() {
        return Ok(false);
    }
    let Some(person) = caller.person.filter(|_| !member) else { return Ok(member) };
    let sql = "SELECT id FROM attendances WHERE meeting_id = $1 AND person_id = $2 AND capacity = 'deputy' \
               AND COALESCE(attended, response = 'accepted')";
    Ok(look_up(db, sql, [meeting, person]).await?.is_some())
}

/// An officer writes what is the municipality's own in a project that it is a party of: its cases and their steps,
/// its signature of an agreement or a report, its hours and its costs.
async fn own_municipality(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    if !is(caller, row, Role::MunicipalOfficer) {
        return Ok(false);
    }
    let of = match facts.path {
        "political-steps" => row.uuid("caseId"),
        "cost-entries" => row.uuid("budgetLineId"),
        _ => None,
    };
    let owner = match (facts.path, of) {
        ("political-cases" | "agreement-parties" | "report-signatures" | "time-entries", _) => {
            row.uuid("organisationId")
        }
        ("political-steps", Some(case)) => {
            let sql = "SELECT organisation_id AS id FROM political_cases WHERE id = $1 AND project_id = $2";
            look_up(db, sql, [case, project(row)]).await?
        }
        ("cost-entries", Some(line)) => {
            let sql = "SELECT organisation_id AS id FROM budget_lines WHERE id = $1 AND project_id = $2";
            look_up(db, sql, [line, project(row)]).await?
        }
        _ => None,
    };
    let Some(owner) = owner.filter(|owner| caller.municipalities.contains(owner)) else { return Ok(false) };
    // Who works for two municipalities answers in a project for the one that is a party of it.
    let sql = "SELECT id FROM project_parties WHERE project_id = $1 AND organisation_id = $2 AND role <> 'observer'";
    Ok(look_up(db, sql, [project(row), owner]).await?.is_some())
}

/// The identifier that a statement finds.
///
/// # Errors
/// When the database fails.
pub(super) async fn look_up<const N: usize>(
    db: &impl Db,
    sql: &'static str,
    ids: [Uuid; N],
) -> Result<Option<Uuid>, Error> {
    let values = ids.map(sea_orm::Value::from);
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    // A column that holds nothing finds nothing.
    Ok(found.map(|row| row.try_get::<Option<Uuid>>("", "id")).transpose()?.flatten())
}
