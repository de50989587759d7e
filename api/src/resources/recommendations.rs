//! The resource `recommendations`.

use entity::recommendations;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of recommendations.
pub fn resource() -> Resource {
    Resource::of::<recommendations::Entity>(Area::Control)
        .search(&["number", "text"])
        .order("number")
        .refers("leadsToProjectId", "projects")
        .unique(&["number"])
        .done()
}
