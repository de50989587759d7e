//! The resource `erasures`: what was erased of whom, for administrators.

use entity::erasures;

use crate::access::Area;
use crate::standard::Resource;

/// The facts of erasures; only the service writes them.
pub fn resource() -> Resource {
    Resource::of::<erasures::Entity>(Area::Users).search(&["reason"]).order("-erasedAt").stays().read_only().done()
}
