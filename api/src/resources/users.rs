//! The resource `users`.

use entity::users;

use crate::access::{Area, session};
use crate::facts::Change;
use crate::problem::{Error, Fault};
use crate::standard::rules::administrator_left;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of users.
pub fn resource() -> Resource {
    Resource::of::<users::Entity>(Area::Users)
        .search(&["email", "name"])
        .order("email")
        .refers("personId", "people")
        .unique(&["email"])
        .personal(&["email", "name"])
        .check(lower_case)
        .rule(|write, change| Box::pin(one_administrator_stays(write, change)))
        .then(|write, change| Box::pin(locked_out(write, change)))
        .done()
}

/// Addresses are compared in lower case, so they are kept so.
fn lower_case(change: &Change<users::Model>) -> Faults {
    let mixed = change.after().is_some_and(|user| user.email.to_lowercase() != user.email);
    let message =
        || text!("må skrives med små bokstaver", "må skrivast med små bokstavar", "must be written in lower case");
    mixed.then(|| Fault::at("/email", "not_lower_case", message())).into_iter().collect()
}

/// Somebody can always let others in again.
async fn one_administrator_stays(write: &Write, change: Change<users::Model>) -> Result<Faults, Error> {
    let rules = |user: &users::Model| user.administrator && user.disabled_at.is_none();
    if change.before().is_some_and(rules) && !change.after().is_some_and(rules) {
        administrator_left(write).await?;
    }
    Ok(Vec::new())
}

/// Ends the sessions of a user who is disabled: tokens that somebody else may have are no good when the user is enabled again.
async fn locked_out(write: &Write, change: Change<users::Model>) -> Result<(), Error> {
    if let Change::Changed { before, after } = change
        && before.disabled_at.is_none()
        && after.disabled_at.is_some()
    {
        session::close_all(write.tx(), after.id).await?;
    }
    Ok(())
}
