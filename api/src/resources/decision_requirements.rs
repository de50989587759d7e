//! The resource `decision-requirements`.

use entity::decision_requirements;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of decision requirements.
pub fn resource() -> Resource {
    Resource::of::<decision_requirements::Entity>(Area::Decisions)
        .order("createdAt")
        .refers("decisionPointId", "decision-points")
        .refers("documentId", "documents")
        .done()
}
