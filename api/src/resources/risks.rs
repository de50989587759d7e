//! The resource `risks`.

use entity::risks;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of risks.
pub fn resource() -> Resource {
    Resource::of::<risks::Entity>(Area::Control)
        .search(&["title", "response"])
        .order("title")
        .refers("ownerId", "people")
        .done()
}
