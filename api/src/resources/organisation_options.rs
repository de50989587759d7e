//! The resource `organisation-options`.

use entity::organisation_options;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of organisation options.
pub fn resource() -> Resource {
    Resource::of::<organisation_options::Entity>(Area::Control).search(&["assessment"]).order("form").done()
}
