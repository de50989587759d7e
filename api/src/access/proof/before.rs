//! Who writes nothing of a kind is told so before what is wrong with what it sent: rights come before content.

use uuid::Uuid;

use super::{forbidden, within_scopes};
use crate::access::policy::DirectoryWrite;
use crate::access::{Area, Caller, Role, Sight, own, policy};
use crate::facts::Facts;
use crate::problem::Error;

/// Lets those on who write something somewhere: who only looks on is told so before what is wrong with many writes at
/// once. Each of them needs a proof of its own.
///
/// # Errors
/// 403 for who takes part in nothing.
pub fn writes_something(caller: &Caller) -> Result<(), Error> {
    // What the scopes of a machine narrow is for each of the writes to say.
    let takes_part = |role: &Role| policy::rights(*role, Area::Project).sight == Sight::All;
    let somewhere = caller.sees_all_somewhere() || caller.roles.values().flatten().any(takes_part);
    if somewhere { Ok(()) } else { Err(forbidden()) }
}

/// Lets those on who write organisations and people at all: each of them needs a proof of its own.
///
/// # Errors
/// 403 for who writes none.
pub fn writes_directory(caller: &Caller) -> Result<(), Error> {
    if caller.directory_write(Area::Directory) > DirectoryWrite::Nothing { Ok(()) } else { Err(forbidden()) }
}

/// Lets those on who write records of a resource in a project, all or what is their own: who writes none is told so
/// before what is wrong with what it sent. The record then needs a proof of its own.
///
/// # Errors
/// 403 for who writes none, also for want of scopes.
pub fn writes_some(facts: &Facts, caller: &Caller, project: Uuid) -> Result<(), Error> {
    within_scopes(facts, caller)?;
    let own = caller.roles.get(&project).into_iter().flatten().any(|role| own::some(*role, facts));
    if own || caller.rights(project, facts.area).write { Ok(()) } else { Err(forbidden()) }
}
