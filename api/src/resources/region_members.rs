//! The resource `region-members`.

use entity::region_members;

use crate::access::Area;
use crate::facts::Change;
use crate::standard::Resource;

/// The facts and rules of region members.
pub fn resource() -> Resource {
    Resource::of::<region_members::Entity>(Area::Programmes)
        .order("validFrom")
        .refers("regionId", "regions")
        .refers("organisationId", "organisations")
        .dates("validFrom", "validTo")
        .event(event)
        .tells(&["membership.changed"])
        .done()
}

/// A municipality leaves, or is a member for another time than was written.
fn event(change: &Change) -> Option<&'static str> {
    matches!(change, Change::Changed { .. }).then_some("membership.changed")
}
