//! Who calls, and what the caller is today: roles follow from assignments and parties, not from a second list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use sea_orm::Statement;
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use super::policy::{self, Area, DirectoryWrite, Rights, Role, Sight};
use super::scope::{self, Scope};
use crate::db::Db;
use crate::problem::Error;

/// Who stands behind a write, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `user`, `client`, `organisation` (by a token of another issuer), `operator` (the command line) or `service` (by itself).
    pub kind: &'static str,
    /// The user, client or organisation.
    pub id: Option<Uuid>,
    /// The token of another issuer that it came with.
    pub via: Option<Arc<Via>>,
}

/// What a token of another issuer says of who stands between: for the trace, never for what the caller may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Via {
    /// The issuer.
    pub issuer: String,
    /// The client there that got the token.
    pub client_id: Option<String>,
    /// The organisation number of the supplier that acts for the caller.
    pub supplier: Option<String>,
    /// Where the caller has let the supplier do so.
    pub delegation_source: Option<String>,
}

impl Actor {
    /// The person at the command line of the server.
    pub const OPERATOR: Self = Self { kind: "operator", id: None, via: None };
    /// The service by itself.
    pub const SERVICE: Self = Self { kind: "service", id: None, via: None };
}

/// Where the service may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outbound {
    /// To public addresses over https, but for the host that the service itself is known by.
    Public {
        /// That host, in the form that addresses are compared in.
        own: Option<Arc<str>>,
    },
    /// Anywhere: for tests and development.
    Anywhere,
}

impl Outbound {
    /// To public addresses, as far as the service knows no name of its own.
    pub const PUBLIC: Self = Self::Public { own: None };

    /// To public addresses but those of the service itself.
    #[must_use]
    pub fn beyond(public_url: &str) -> Self {
        let url = Url::parse(public_url).ok();
        Self::Public { own: url.as_ref().and_then(Url::host_str).map(plain).map(Arc::from) }
    }

    /// Whether a host is the service's own.
    #[must_use]
    pub fn leads_back(&self, host: &str) -> bool {
        matches!(self, Self::Public { own: Some(own) } if **own == *plain(host))
    }
}

/// A host without the dot that may end it (RFC 3986 §3.2.2); the parser of addresses has made the rest of it alike.
fn plain(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// A caller with all that it is today.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is in the journal.
    pub actor: Actor,
    /// The session that the token belongs to.
    pub session: Option<Uuid>,
    /// The person that the user is.
    pub person: Option<Uuid>,
    /// Whether everything is allowed.
    pub administrator: bool,
    /// Roles by project.
    pub roles: BTreeMap<Uuid, BTreeSet<Role>>,
    /// Programmes that the caller manages.
    pub programmes: BTreeSet<Uuid>,
    /// Municipalities that the caller works for and that are a party of a project, other than to observe it.
    pub municipalities: BTreeSet<Uuid>,
    /// The organisation that a machine calls for.
    pub organisation: Option<Uuid>,
    /// What the token of a machine may be used for; `None` for people, whom nothing narrows.
    pub scopes: Option<BTreeSet<Scope>>,
}

impl Caller {
    /// The operator at the command line, who may do everything.
    #[must_use]
    pub const fn operator() -> Self {
        Self {
            actor: Actor::OPERATOR,
            session: None,
            person: None,
            administrator: true,
            roles: BTreeMap::new(),
            programmes: BTreeSet::new(),
            municipalities: BTreeSet::new(),
            organisation: None,
            scopes: None,
        }
    }

    /// Somebody who observes one project and is nothing else.
    #[must_use]
    pub fn observer(project: Uuid) -> Self {
        let roles = BTreeMap::from([(project, BTreeSet::from([Role::Observer]))]);
        Self { administrator: false, roles, ..Self::operator() }
    }

    /// A user with all that it is today, whether or not it is logged in; `None` for one that is gone or disabled.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_user(db: &impl Db, user: Uuid, today: NaiveDate) -> Result<Option<Self>, Error> {
        let sql = "SELECT administrator, person_id FROM users WHERE id = $1 AND disabled_at IS NULL";
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [user.into()]);
        let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
        let mut caller = Self {
            actor: Actor { kind: "user", id: Some(user), via: None },
            person: row.try_get("", "person_id")?,
            administrator: row.try_get("", "administrator")?,
            ..Self::operator()
        };
        caller.load_roles(db, today).await?;
        Ok(Some(caller))
    }

    /// A machine that calls for an organisation: it is what the organisation is as a party, narrowed by its scopes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_organisation(
        db: &impl Db,
        actor: Actor,
        organisation: Uuid,
        scopes: BTreeSet<Scope>,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let mut caller = Self {
            actor,
            administrator: false,
            organisation: Some(organisation),
            scopes: Some(scopes),
            ..Self::operator()
        };
        caller.load_roles(db, today).await?;
        Ok(caller)
    }

    /// What the caller may do with a project's records of an area.
    #[must_use]
    pub fn rights(&self, project: Uuid, area: Area) -> Rights {
        if self.administrator {
            return Rights { sight: Sight::All, write: true, approve: true };
        }
        let roles = self.roles.get(&project).into_iter().flatten();
        let rights = roles.fold(Rights::default(), |rights, role| rights.or(policy::rights(*role, area)));
        self.let_through(area).map_or(rights, |most| rights.and(most))
    }

    /// Whether the caller fetches what of a project is to be archived, and enters what the archive says of it: who writes the
    /// project, and a machine that was let in for just this, whose organisation reads all of it.
    #[must_use]
    pub fn archives(&self, project: Uuid) -> bool {
        let let_in = self.scopes.as_ref().is_some_and(|scopes| scopes.contains(&Scope::Archive));
        let reads = self.rights(project, Area::Documents).sight == Sight::All;
        self.rights(project, Area::Project).write || (let_in && reads)
    }

    /// The most that the caller's scopes let through of an area; `None` where there are none to narrow it.
    #[must_use]
    pub fn let_through(&self, area: Area) -> Option<Rights> {
        let scopes = self.scopes.as_ref()?;
        Some(scopes.iter().fold(Rights::default(), |most, scope| most.or(scope::lets(*scope, area))))
    }

    /// The projects of which the caller sees this much (or more) of an area.
    #[must_use]
    pub fn projects_seen(&self, area: Area, least: Sight) -> Vec<Uuid> {
        self.roles.keys().copied().filter(|project| self.rights(*project, area).sight >= least).collect()
    }

    /// Whether there is anything that the caller answers for or takes part in: more than to look on from outside.
    #[must_use]
    pub fn sees_all_somewhere(&self) -> bool {
        self.administrator
            || !self.programmes.is_empty()
            || self.roles.keys().any(|project| self.rights(*project, Area::Project).sight == Sight::All)
    }

    /// How far the caller may write an area of the directory.
    #[must_use]
    pub fn directory_write(&self, area: Area) -> DirectoryWrite {
        if self.administrator {
            return DirectoryWrite::All;
        }
        if self.let_through(area).is_some_and(|most| !most.write) {
            return DirectoryWrite::Nothing;
        }
        let roles = self.roles.values().flatten();
        let most = roles.map(|role| policy::directory_write(*role, area)).max().unwrap_or(DirectoryWrite::Nothing);
        if self.programmes.is_empty() { most } else { most.max(policy::directory_write(Role::ProgrammeManager, area)) }
    }

    /// Loads what a person, or the organisation that a machine calls for, is today.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_roles(&mut self, db: &impl Db, today: NaiveDate) -> Result<(), Error> {
        let (sql, id) = match (self.organisation, self.person) {
            (Some(organisation), _) => (ORGANISATION_ROLES, organisation),
            (None, Some(person)) => (ROLES, person),
            (None, None) => return Ok(()),
        };
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into(), today.into()]);
        for row in db.query_all_raw(statement).await? {
            let what: String = row.try_get("", "what")?;
            let id: Uuid = row.try_get("", "id")?;
            match what.as_str() {
                "programme" => {
                    self.programmes.insert(id);
                }
                "municipality" => {
                    self.municipalities.insert(id);
                }
                code => {
                    if let Some(role) = Role::from_code(code) {
                        self.roles.entry(id).or_default().insert(role);
                    }
                }
            }
        }
        Ok(())
    }
}

/// What an organisation gives those who call for it: roles in programmes, and parties. It follows `employers` and
/// `programme_roles`, and is the same for people and machines.
macro_rules! of_employers {
    () => {
        "UNION SELECT r.role, p.id FROM programme_roles r JOIN projects p ON p.programme_id = r.programme_id
UNION SELECT 'programme', programme_id FROM programme_roles WHERE role = 'programme_manager'
UNION SELECT 'municipality', e.id FROM project_parties p JOIN employers e ON e.id = p.organisation_id
  WHERE e.kind = 'municipality' AND p.role <> 'observer'
UNION SELECT 'municipal_officer', p.project_id FROM project_parties p JOIN employers e ON e.id = p.organisation_id
  WHERE e.kind = 'municipality' AND p.role <> 'observer'
UNION SELECT 'observer', p.project_id FROM project_parties p JOIN employers e ON e.id = p.organisation_id
  WHERE p.role = 'observer'"
    };
}

/// One query for all that a person is: assignments, programme assignments (own or of the organisation), and
/// parties through affiliations; valid on the day `$2`, both ends included.
const ROLES: &str = concat!(
    "\
WITH employers AS (
  SELECT a.organisation_id AS id, o.kind AS kind
  FROM affiliations a JOIN organisations o ON o.id = a.organisation_id
  WHERE a.person_id = $1 AND (a.valid_from IS NULL OR a.valid_from <= $2) AND (a.valid_to IS NULL OR a.valid_to >= $2)
), programme_roles AS (
  SELECT programme_id, role FROM programme_assignments
  WHERE (person_id = $1 OR organisation_id IN (SELECT id FROM employers))
    AND (valid_from IS NULL OR valid_from <= $2) AND (valid_to IS NULL OR valid_to >= $2)
)
SELECT role AS what, project_id AS id FROM assignments
WHERE person_id = $1 AND (valid_from IS NULL OR valid_from <= $2) AND (valid_to IS NULL OR valid_to >= $2)
",
    of_employers!()
);

/// The same for a machine: what its organisation `$1` is on the day `$2`. It has no assignments.
const ORGANISATION_ROLES: &str = concat!(
    "\
WITH employers AS (SELECT id, kind FROM organisations WHERE id = $1), programme_roles AS (
  SELECT programme_id, role FROM programme_assignments
  WHERE organisation_id = $1 AND (valid_from IS NULL OR valid_from <= $2) AND (valid_to IS NULL OR valid_to >= $2)
)
SELECT 'nothing' AS what, id FROM employers WHERE 1 = 2
",
    of_employers!()
);

/// The tables that the roles of a caller are read from.
#[cfg(test)]
pub(crate) fn tables() -> std::collections::BTreeSet<&'static str> {
    let words = [ROLES, ORGANISATION_ROLES].into_iter().flat_map(str::split_whitespace);
    let before = words.clone().zip(words.skip(1)).filter(|(before, _)| matches!(*before, "FROM" | "JOIN"));
    before.map(|(_, table)| table).collect()
}
