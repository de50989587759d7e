//! The resource `body-rules`.

use entity::body_rules;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of rules of bodies.
pub fn resource() -> Resource {
    Resource::of::<body_rules::Entity>(Area::Decisions).order("body,-validFrom").published("1 = 1").done()
}
