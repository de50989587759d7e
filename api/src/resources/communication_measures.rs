//! The resource `communication-measures`.

use entity::communication_measures;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of communication measures.
pub fn resource() -> Resource {
    Resource::of::<communication_measures::Entity>(Area::Control)
        .search(&["audience", "message"])
        .order("plannedOn")
        .refers("responsibleId", "people")
        .done()
}
