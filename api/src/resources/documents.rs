//! The resource `documents`.

use entity::documents::{self, DocumentAccess};

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of documents.
pub fn resource() -> Resource {
    Resource::of::<documents::Entity>(Area::Documents)
        .search(&["title", "sender", "recipient"])
        .order("-documentOn,title")
        .published("status <> 'draft' AND access = 'public'")
        .check(exemption_has_a_basis)
        .done()
}

/// What is kept from the public is kept by a law (offentleglova § 11 with the paragraph that exempts).
fn exemption_has_a_basis(change: &Change<documents::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    if after.access != DocumentAccess::Public && after.exemption_basis.is_none() {
        let message = text!(
            "et dokument som er unntatt, trenger en hjemmel",
            "eit dokument som er unnateke, treng ein heimel",
            "a document that is exempt needs a legal basis"
        );
        return vec![Fault::at("/exemptionBasis", "required", message)];
    }
    Vec::new()
}
