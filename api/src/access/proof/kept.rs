//! Proofs for what somebody keeps of one's own beside a project: it changes nothing in it, so who sees the project may.

use super::{Create, Edit, forbidden};
use crate::access::{Area, Caller, Sight};
use crate::facts::{Facts, Row};
use crate::problem::{Error, codes};

/// Lets those on who keep something of their own: users. A machine is its organisation's.
///
/// # Errors
/// 403 for every other caller.
pub fn keeps_own(caller: &Caller) -> Result<(), Error> {
    if caller.actor.kind == "user" { Ok(()) } else { Err(forbidden()) }
}

impl Create {
    /// Proves that the caller, who sees the project, may add something of its own.
    ///
    /// # Errors
    /// 404 for a project that the caller does not see; 403 for a caller who is no user, and so has nothing of its own.
    pub fn own(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        let project = row.uuid("projectId").unwrap_or_default();
        if caller.rights(project, Area::Project).sight == Sight::Nothing {
            return Err((&codes::NOT_FOUND).into());
        }
        keeps_own(caller)?;
        Ok(Self { facts, row, approves: false })
    }
}

impl Edit {
    /// Proves that the caller may change or delete what somebody keeps beside a project: who made it, and who writes the
    /// project.
    ///
    /// # Errors
    /// 404, the same for what is absent and for what is another's.
    pub fn own(facts: &'static Facts, caller: &Caller, row: Row) -> Result<Self, Error> {
        let project = row.uuid("projectId").unwrap_or_default();
        let made = caller.actor.id.is_some() && row.uuid("createdBy") == caller.actor.id;
        if made || caller.rights(project, Area::Project).write {
            Ok(Self { facts, row, approves: false, sits: false })
        } else {
            Err((&codes::NOT_FOUND).into())
        }
    }
}
