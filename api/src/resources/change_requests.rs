//! The resource `change-requests`.

use entity::change_requests;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of change requests.
pub fn resource() -> Resource {
    Resource::of::<change_requests::Entity>(Area::Control)
        .search(&["description", "consequence"])
        .order("createdAt")
        .refers("requestedBy", "people")
        .done()
}
