//! The resource `decision-points`.

use entity::decision_points;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of decision points.
pub fn resource() -> Resource {
    Resource::of::<decision_points::Entity>(Area::Decisions)
        .search(&["number", "theme"])
        .order("number")
        .unique(&["number"])
        .done()
}
