//! The resource `service-profiles`.

use entity::service_profiles;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of service profiles.
pub fn resource() -> Resource {
    Resource::of::<service_profiles::Entity>(Area::ServiceProfiles)
        .search(&["description"])
        .order("-asOf")
        .refers("organisationId", "organisations")
        .done()
}
