//! The resource `assignments`.

use entity::assignments;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of assignments.
pub fn resource() -> Resource {
    Resource::of::<assignments::Entity>(Area::Project)
        .search(&["title"])
        .order("role")
        .refers("personId", "people")
        .refers("organisationId", "organisations")
        .dates("validFrom", "validTo")
        .done()
}
