//! The resource `services`.

use entity::services;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of services.
pub fn resource() -> Resource {
    Resource::of::<services::Entity>(Area::Work)
        .search(&["name", "targetGroup", "description"])
        .order("name")
        .lists("providers", "organisations")
        .done()
}
