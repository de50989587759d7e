//! The resource `project-parties`.

use entity::project_parties;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of project parties.
pub fn resource() -> Resource {
    Resource::of::<project_parties::Entity>(Area::Project)
        .search(&["note"])
        .order("role")
        .refers("organisationId", "organisations")
        .done()
}
