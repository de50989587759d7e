//! The resource `programme-assignments`.

use entity::programme_assignments;

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of programme assignments.
pub fn resource() -> Resource {
    Resource::of::<programme_assignments::Entity>(Area::Programmes)
        .order("validFrom")
        .refers("programmeId", "programmes")
        .refers("personId", "people")
        .refers("organisationId", "organisations")
        .dates("validFrom", "validTo")
        .check(one_holder)
        .done()
}

/// A role in a programme is held by a person or by an organisation.
fn one_holder(change: &Change<programme_assignments::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    if after.person_id.is_some() == after.organisation_id.is_some() {
        let message = text!(
            "oppgi enten personId eller organisationId",
            "oppgi anten personId eller organisationId",
            "give either personId or organisationId"
        );
        return vec![Fault::at("/personId", "one_of", message)];
    }
    Vec::new()
}
