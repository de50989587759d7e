//! The resource `users`.

use entity::users;

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of users.
pub fn resource() -> Resource {
    Resource::of::<users::Entity>(Area::Users)
        .search(&["email", "name"])
        .order("email")
        .refers("personId", "people")
        .unique(&["email"])
        .check(lower_case)
        .done()
}

/// Addresses are compared in lower case, so they are kept so.
fn lower_case(change: &Change<users::Model>) -> Faults {
    let mixed = change.after().is_some_and(|user| user.email.to_lowercase() != user.email);
    let message =
        || text!("må skrives med små bokstaver", "må skrivast med små bokstavar", "must be written in lower case");
    mixed.then(|| Fault::at("/email", "not_lower_case", message())).into_iter().collect()
}
