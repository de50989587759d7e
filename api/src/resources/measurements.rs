//! The resource `measurements`.

use entity::measurements;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of measurements.
pub fn resource() -> Resource {
    Resource::of::<measurements::Entity>(Area::Goals)
        .search(&["note"])
        .order("measuredOn")
        .refers("indicatorId", "indicators")
        .refers("organisationId", "organisations")
        .done()
}
