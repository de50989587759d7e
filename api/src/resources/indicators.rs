//! The resource `indicators`.

use entity::indicators;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of indicators.
pub fn resource() -> Resource {
    Resource::of::<indicators::Entity>(Area::Goals)
        .search(&["name", "definition"])
        .order("name")
        .refers("goalId", "goals")
        .done()
}
