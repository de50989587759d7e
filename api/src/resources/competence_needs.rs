//! The resource `competence-needs`.

use entity::competence_needs;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of competence needs.
pub fn resource() -> Resource {
    Resource::of::<competence_needs::Entity>(Area::Work)
        .search(&["need"])
        .order("need")
        .refers("serviceId", "services")
        .done()
}
