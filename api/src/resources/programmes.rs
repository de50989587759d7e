//! The resource `programmes`.

use entity::programmes;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of programmes.
pub fn resource() -> Resource {
    Resource::of::<programmes::Entity>(Area::Programmes)
        .search(&["name", "description"])
        .order("name")
        .refers("ownerId", "organisations")
        .done()
}
