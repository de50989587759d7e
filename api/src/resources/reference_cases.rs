//! The resource `reference-cases`.

use entity::reference_cases;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of reference cases.
pub fn resource() -> Resource {
    Resource::of::<reference_cases::Entity>(Area::Control)
        .search(&["name", "place", "summary", "relevance"])
        .order("name")
        .done()
}
