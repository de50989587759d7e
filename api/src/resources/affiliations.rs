//! The resource `affiliations`.

use entity::affiliations;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of affiliations.
pub fn resource() -> Resource {
    Resource::of::<affiliations::Entity>(Area::Directory)
        .search(&["title"])
        .order("validFrom")
        .refers("personId", "people")
        .refers("organisationId", "organisations")
        .personal(&["title"])
        .dates("validFrom", "validTo")
        .done()
}
