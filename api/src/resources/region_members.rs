//! The resource `region-members`.

use entity::region_members;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of region members.
pub fn resource() -> Resource {
    Resource::of::<region_members::Entity>(Area::Programmes)
        .order("validFrom")
        .refers("regionId", "regions")
        .refers("organisationId", "organisations")
        .dates("validFrom", "validTo")
        .done()
}
