//! The resource `regions`.

use entity::regions;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of regions.
pub fn resource() -> Resource {
    Resource::of::<regions::Entity>(Area::Programmes)
        .search(&["name"])
        .order("name")
        .refers("programmeId", "programmes")
        .done()
}
