//! Proofs that a write is allowed. Only this module makes them, and the store takes nothing else.

mod own;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::policy::{self, DirectoryWrite};
use super::scope;
use super::visible::visible;
use super::{Area, Caller, Role, Sight};
use crate::facts::{self, Facts, Row, check, row};
use crate::problem::{Error, Fault, Problem, Text, codes};
use crate::text;

/// Proof that the caller may add this record.
pub struct Create {
    facts: &'static Facts,
    row: Row,
    approves: bool,
}

/// Proof that the caller may change or delete this record; it owns the row as it was read.
pub struct Edit {
    facts: &'static Facts,
    row: Row,
    approves: bool,
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
        not_more_than_it_has(facts, caller, &row)?;
        let approves = approves(caller, facts, &row);
        Ok(Self { facts, row, approves })
    }

    /// Whether what it adds may be an approval.
    #[must_use]
    pub const fn approves(&self) -> bool {
        self.approves
    }

    /// The proof with its record checked and complete; what the right hangs on stays as it was.
    ///
    /// # Errors
    /// 422 with every fault of the content.
    pub fn checked(self) -> Result<Self, Error> {
        let row = check::content(self.facts, self.row.0).map(Row).map_err(Error::invalid)?;
        Ok(Self { row, ..self })
    }

    /// The record with fields that the service has worked out from it; no caller can give them.
    #[must_use]
    pub fn with(mut self, derived: Map<String, Value>) -> Self {
        self.row.0.extend(derived);
        self
    }

    /// The record as it will be added.
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
        let approves = approves(caller, facts, &row);
        Ok(Self { facts, row, approves })
    }

    /// Proves that the caller, who sees this record, may decide on it: approve, adopt, let through.
    ///
    /// # Errors
    /// 403 when the caller may not.
    pub fn approved(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        if approves(caller, facts, &row) { Ok(Self { facts, row, approves: true }) } else { Err(forbidden()) }
    }

    /// Proves that the caller may record a decision of the steering group: who approves or writes there, or one of
    /// its members. It is no approval yet: that takes the right, or the body's resolution.
    ///
    /// # Errors
    /// 403 when the caller may not.
    pub fn for_body(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        let project = row.uuid("projectId").unwrap_or_default();
        let member = caller.roles.get(&project).is_some_and(|roles| roles.contains(&Role::SteeringGroup));
        let writes = caller.rights(project, facts.area).write;
        let approves = approves(caller, facts, &row);
        if approves || writes || member { Ok(Self { facts, row, approves }) } else { Err(forbidden()) }
    }

    /// Lets a caller who may write the record also record an approval that a body gave by a resolution.
    #[must_use]
    pub fn by_resolution(self) -> Self {
        Self { approves: true, ..self }
    }

    /// The change follows from a write that was allowed: a state that the service keeps, never a caller's own wish.
    #[must_use]
    pub const fn consequence(facts: &'static Facts, row: Row) -> Self {
        Self { facts, row, approves: true }
    }

    /// Whether the change may be an approval.
    #[must_use]
    pub const fn approves(&self) -> bool {
        self.approves
    }

    /// Proves that the caller may write the record as it will be, too: nothing moves to where it has no say.
    ///
    /// # Errors
    /// 403 when the caller may not; 422 for a record that would leave its project.
    pub async fn becoming(&self, db: &impl ConnectionTrait, caller: &Caller, after: &Row) -> Result<(), Error> {
        if self.facts.of_project && self.row.uuid("projectId") != after.uuid("projectId") {
            return Err(Error::invalid(vec![Fault::at("/projectId", "fixed", elsewhere())]));
        }
        may_write(db, self.facts, caller, after, Act::Change).await?;
        not_more_than_it_has(self.facts, caller, after)?;
        let moved = self.facts.path == "projects" && self.row.uuid("programmeId") != after.uuid("programmeId");
        match after.uuid("programmeId").filter(|_| moved && !caller.administrator) {
            Some(programme) if !caller.programmes.contains(&programme) => Err(forbidden()),
            _ => Ok(()),
        }
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

/// Proof that the caller may make the successor of a project, with what goes over into it.
pub struct Succession(());

impl Succession {
    /// Proves it for who approves in the project.
    ///
    /// # Errors
    /// 403 when the caller does not.
    pub fn allowed(caller: &Caller, project: &Row) -> Result<Self, Error> {
        let may = caller.administrator || caller.rights(project.id(), Area::Project).approve;
        if may { Ok(Self(())) } else { Err(forbidden()) }
    }

    /// A record of the successor.
    #[must_use]
    pub const fn create(&self, facts: &'static Facts, row: Row) -> Create {
        Create { facts, row, approves: true }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Change,
}

/// Whether the caller approves in the area of a record.
fn approves(caller: &Caller, facts: &Facts, row: &Row) -> bool {
    let project = row.uuid(if facts.of_project { "projectId" } else { "id" }).unwrap_or_default();
    caller.administrator || caller.rights(project, facts.area).approve
}

fn elsewhere() -> Text {
    text!(
        "kan ikke flyttes til et annet prosjekt",
        "kan ikkje flyttast til eit anna prosjekt",
        "cannot be moved to another project"
    )
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
        let Some(project) = row.uuid(if facts.of_project { "projectId" } else { "id" }) else {
            // A body that names no project is nobody's: it is refused for what it lacks.
            return Err(check::content(facts, row.0.clone()).map_or_else(Error::invalid, |_| forbidden()));
        };
        if caller.rights(project, Area::Project).sight == Sight::Nothing {
            return Err((&codes::NOT_FOUND).into());
        }
        within_scopes(facts, caller)?;
        let own = caller.rights(project, facts.area).write
            || own_hours(facts, caller, row)
            || own_municipality(db, facts, caller, row).await?;
        return if own { Ok(()) } else { Err(forbidden()) };
    }
    if facts.path == "external-references" {
        return Box::pin(may_write_its_record(db, caller, row)).await;
    }
    within_scopes(facts, caller)?;
    if facts.area == Area::Webhooks {
        return may_be_told(caller, row);
    }
    if facts.path == "projects" {
        let managed = row.uuid("programmeId").is_some_and(|programme| caller.programmes.contains(&programme));
        return if managed { Ok(()) } else { Err(forbidden()) };
    }
    let allowed = match caller.directory_write(facts.area) {
        DirectoryWrite::All if facts.area == Area::Programmes => managed_programme(db, facts, caller, row).await?,
        DirectoryWrite::All => true,
        DirectoryWrite::OwnProjects if act == Act::Add && !describes(facts) => true,
        DirectoryWrite::OwnProjects => !used_elsewhere(db, facts, caller, row).await?,
        DirectoryWrite::OwnOrganisation => {
            owner(db, facts, row).await?.is_some_and(|id| caller.municipalities.contains(&id))
        }
        DirectoryWrite::Nothing => false,
    };
    if allowed { Ok(()) } else { Err(forbidden()) }
}

/// What is a municipality's own, or its programme's, a machine of it writes only if its scopes let it.
fn within_scopes(facts: &Facts, caller: &Caller) -> Result<(), Error> {
    if caller.let_through(facts.area).is_some_and(|most| !most.write) {
        return Err(scope::insufficient(&scope::enough(scope::Act::Write, facts.area)));
    }
    Ok(())
}

/// What another system calls a record is said by those who write the record.
async fn may_write_its_record(db: &impl ConnectionTrait, caller: &Caller, row: &Row) -> Result<(), Error> {
    let record = row.0.get("record").cloned().unwrap_or_default();
    let target = record["kind"].as_str().and_then(facts::by_kind);
    let id = record["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    // A body that names no record is refused for what it lacks.
    let (Some(target), Some(id)) = (target, id) else { return Ok(()) };
    let mut query = row::select(target, chrono::NaiveDate::default());
    query.and_where(Expr::col("id").eq(id)).cond_where(visible(target, caller));
    let found = db.query_one(&query).await?.map(|found| row::read(target, &found)).transpose()?;
    match found {
        Some(found) => may_write(db, target, caller, &found, Act::Change).await,
        None => Err((&codes::NOT_FOUND).into()),
    }
}

/// Whoever works in the project group writes down its own hours.
fn own_hours(facts: &Facts, caller: &Caller, row: &Row) -> bool {
    let project = row.uuid("projectId").unwrap_or_default();
    let works = caller.roles.get(&project).is_some_and(|roles| roles.contains(&Role::ProjectGroup));
    facts.path == "time-entries" && works && caller.person.is_some() && row.uuid("personId") == caller.person
}

/// Who answers for a project may have its events sent elsewhere; what is of no project is the administrators'.
fn may_be_told(caller: &Caller, row: &Row) -> Result<(), Error> {
    let Some(project) = row.uuid("projectId") else { return Err(forbidden()) };
    if caller.rights(project, Area::Project).sight == Sight::Nothing {
        return Err((&codes::NOT_FOUND).into());
    }
    if caller.rights(project, Area::Webhooks).write { Ok(()) } else { Err(forbidden()) }
}

/// An officer writes what is the municipality's own in a project that it is a party of: its cases and their steps,
/// its signature of an agreement or a report, its hours and its costs.
async fn own_municipality(db: &impl ConnectionTrait, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    let project = row.uuid("projectId").unwrap_or_default();
    if !caller.roles.get(&project).is_some_and(|roles| roles.contains(&Role::MunicipalOfficer)) {
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
            look_up(db, "SELECT organisation_id AS id FROM political_cases WHERE id = $1", case).await?
        }
        ("cost-entries", Some(line)) => {
            look_up(db, "SELECT organisation_id AS id FROM budget_lines WHERE id = $1", line).await?
        }
        _ => None,
    };
    Ok(owner.is_some_and(|owner| caller.municipalities.contains(&owner)))
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

/// Nobody gives itself rights in a project that it does not have: others may, and the journal tells who.
fn not_more_than_it_has(facts: &Facts, caller: &Caller, row: &Row) -> Result<(), Error> {
    let itself = caller.person.is_some() && row.uuid("personId") == caller.person;
    if facts.path != "assignments" || !itself || caller.administrator {
        return Ok(());
    }
    let project = row.uuid("projectId").unwrap_or_default();
    let role = row.text("role").and_then(Role::from_code);
    let more = |role: Role| {
        Area::PROJECT.iter().any(|area| {
            let has = caller.rights(project, *area);
            has.or(policy::rights(role, *area)) != has
        })
    };
    if role.is_some_and(more) { Err(forbidden()) } else { Ok(()) }
}

/// Whether a record of the directory describes another one, and is used wherever that one is.
fn describes(facts: &Facts) -> bool {
    matches!(facts.path, "municipality-codes" | "affiliations")
}

/// Whether a directory record is used by a project that the caller does not write, or by the wider directory.
async fn used_elsewhere(db: &impl ConnectionTrait, facts: &Facts, caller: &Caller, row: &Row) -> Result<bool, Error> {
    let (target, id) = match facts.path {
        "municipality-codes" => ("organisations", row.uuid("organisationId").unwrap_or_default()),
        "affiliations" => ("people", row.uuid("personId").unwrap_or_default()),
        path => (path, row.id()),
    };
    let own: Vec<Uuid> =
        caller.roles.keys().copied().filter(|project| caller.rights(*project, Area::Project).write).collect();
    for (user, reference) in facts::referring(target) {
        let Some(field) = user.field(reference.field) else { continue };
        let condition = Expr::col(field.column.clone()).eq(id);
        let condition = match (target, user.path) {
            // What describes it is no use of it. Who logs in may have a new telephone, not a new employer: rights
            // follow from that.
            (_, "municipality-codes") | ("people", "affiliations") => continue,
            ("people", "users") if facts.path == "people" => continue,
            // An organisation is used where those who work for it take part.
            (_, "affiliations") => {
                let mut others = Query::select();
                others
                    .column("person_id")
                    .from("assignments")
                    .and_where(Expr::col("project_id").is_not_in(own.clone()));
                condition.and(Expr::col("person_id").in_subquery(others))
            }
            _ => condition,
        };
        if used(db, user, condition, &own).await? {
            return Ok(true);
        }
    }
    for (user, field) in facts::listing(target) {
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
