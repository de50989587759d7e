//! The resource `service-provisions`.

use entity::service_provisions;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of service provisions.
pub fn resource() -> Resource {
    Resource::of::<service_provisions::Entity>(Area::ServiceProfiles)
        .search(&["title"])
        .order("validFrom")
        .refers("profileId", "service-profiles")
        .refers("providerId", "organisations")
        .dates("validFrom", "validTo")
        .done()
}
