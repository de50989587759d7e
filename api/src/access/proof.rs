//! Proofs that a write is allowed. Only this module makes them, and the store takes nothing else.

mod before;
mod kept;

use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::visible::visible;
use super::{Area, Caller, Role, Sight, directory, own, policy, scope};
use crate::db::Db;
use crate::facts::{self, Facts, Row, check, row};
use crate::problem::{Error, Fault, Problem, Text, codes};
use crate::text;

pub use before::{writes_directory, writes_some, writes_something};
pub use kept::keeps_own;

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
    /// Whether the caller sits in the steering group.
    sits: bool,
}

impl Create {
    /// Proves that the caller may add a record with this content.
    ///
    /// # Errors
    /// 404 for a project that the caller does not see, 403 for one that it may not write.
    pub async fn allowed(db: &impl Db, facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
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
    pub async fn allowed(db: &impl Db, facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        may_write(db, facts, caller, &row, Act::Change).await?;
        let (approves, sits) = (approves(caller, facts, &row), sits(caller, &row));
        Ok(Self { facts, row, approves, sits })
    }

    /// Proves that the caller, who sees this record, may decide on it: approve, adopt, let through.
    ///
    /// # Errors
    /// 403 when the caller may not.
    pub fn approved(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        let sits = sits(caller, &row);
        if approves(caller, facts, &row) { Ok(Self { facts, row, approves: true, sits }) } else { Err(forbidden()) }
    }

    /// Proves that the caller may record a decision of the steering group: who approves or writes there, or one of
    /// its members. It is no approval yet: that takes the right, or the body's resolution.
    ///
    /// # Errors
    /// 403 when the caller may not.
    pub fn for_body(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        let project = row.uuid("projectId").unwrap_or_default();
        let writes = caller.rights(project, facts.area).write;
        let (approves, sits) = (approves(caller, facts, &row), sits(caller, &row));
        if approves || writes || sits { Ok(Self { facts, row, approves, sits }) } else { Err(forbidden()) }
    }

    /// Proves that the caller may enter what an archive says of this document: nothing else of it is changed.
    ///
    /// # Errors
    /// 403 when the caller may not.
    pub fn archived(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        let project = if facts.path == "projects" { row.id() } else { row.uuid("projectId").unwrap_or_default() };
        let (approves, sits) = (approves(caller, facts, &row), sits(caller, &row));
        if caller.archives(project) { Ok(Self { facts, row, approves, sits }) } else { Err(forbidden()) }
    }

    /// Lets a caller who may write the record also record an approval that a body gave by a resolution. Who neither
    /// approves nor sits in the body has it from minutes that somebody else wrote: nobody approves by its own word.
    ///
    /// # Errors
    /// 403 for who `wrote` the resolution as well.
    pub fn by_resolution(self, wrote: &[Option<Uuid>], writer: Option<Uuid>) -> Result<Self, Error> {
        let own_word = writer.is_some() && wrote.contains(&writer);
        if own_word && !self.approves && !self.sits {
            let detail = text!(
                "du har selv ført vedtaket som godkjenner: en annen må føre det, eller godkjenne",
                "du har sjølv ført vedtaket som godkjenner: ein annan må føre det, eller godkjenne",
                "you wrote the resolution that approves yourself: another has to write it, or to approve"
            );
            return Err(Problem::new(&codes::FORBIDDEN).detail(detail).into());
        }
        Ok(Self { approves: true, ..self })
    }

    /// The change follows from a write that was allowed: a state that the service keeps, never a caller's own wish.
    #[must_use]
    pub const fn consequence(facts: &'static Facts, row: Row) -> Self {
        Self { facts, row, approves: true, sits: false }
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
    pub async fn becoming(&self, db: &impl Db, caller: &Caller, after: &Row) -> Result<(), Error> {
        if self.facts.of_project && self.row.uuid("projectId") != after.uuid("projectId") {
            return Err(Error::invalid(vec![Fault::at("/projectId", "fixed", elsewhere())]));
        }
        may_write(db, self.facts, caller, after, Act::Change).await?;
        not_more_than_it_has(self.facts, caller, after)?;
        let programmes = [self.row.uuid("programmeId"), after.uuid("programmeId")];
        let moved = self.facts.path == "projects" && programmes[0] != programmes[1] && !caller.administrator;
        // Out of a programme is as far as into one: its manager loses what another gets.
        let managed = programmes.iter().flatten().all(|programme| caller.programmes.contains(programme));
        if moved && !managed { Err(forbidden()) } else { Ok(()) }
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

/// Whether the caller sits in the steering group of a record's project.
fn sits(caller: &Caller, row: &Row) -> bool {
    let project = row.uuid("projectId").unwrap_or_default();
    caller.roles.get(&project).is_some_and(|roles| roles.contains(&Role::SteeringGroup))
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

async fn may_write(db: &impl Db, facts: &Facts, caller: &Caller, row: &Row, act: Act) -> Result<(), Error> {
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
        let may = caller.rights(project, facts.area).write || own::owns(db, facts, caller, row).await?;
        return if may { Ok(()) } else { Err(forbidden()) };
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
    let may = directory::writes(db, facts, caller, row, act == Act::Add).await?;
    if may { Ok(()) } else { Err(forbidden()) }
}

/// What is a municipality's own, or its programme's, a machine of it writes only if its scopes let it.
fn within_scopes(facts: &Facts, caller: &Caller) -> Result<(), Error> {
    if caller.let_through(facts.area).is_some_and(|most| !most.write) {
        return Err(scope::insufficient(&scope::enough(scope::Act::Write, facts.area)));
    }
    Ok(())
}

/// What another system calls a record is said by those who write the record.
async fn may_write_its_record(db: &impl Db, caller: &Caller, row: &Row) -> Result<(), Error> {
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

/// Who answers for a project may have its events sent elsewhere; what is of no project is the administrators'.
fn may_be_told(caller: &Caller, row: &Row) -> Result<(), Error> {
    let Some(project) = row.uuid("projectId") else { return Err(forbidden()) };
    if caller.rights(project, Area::Project).sight == Sight::Nothing {
        return Err((&codes::NOT_FOUND).into());
    }
    if caller.rights(project, Area::Webhooks).write { Ok(()) } else { Err(forbidden()) }
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
    // A seat in the steering group is a vote, and its word approves.
    let seat =
        role == Some(Role::SteeringGroup) && !sits(caller, row) && !caller.rights(project, Area::Decisions).approve;
    if seat || role.is_some_and(more) { Err(forbidden()) } else { Ok(()) }
}
