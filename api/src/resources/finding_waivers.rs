//! The resource `finding-waivers`.

use entity::finding_waivers;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of finding waivers.
pub fn resource() -> Resource {
    Resource::of::<finding_waivers::Entity>(Area::Control).search(&["rule", "reason"]).order("rule").done()
}
