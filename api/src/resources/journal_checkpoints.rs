//! The resource `journal-checkpoints`: what the service has signed of its journal, for administrators.

use entity::journal_checkpoints;

use crate::access::Area;
use crate::standard::Resource;

/// The facts of checkpoints; only the service writes them.
pub fn resource() -> Resource {
    Resource::of::<journal_checkpoints::Entity>(Area::Users)
        .search(&["hash", "keyId"])
        .order("-position")
        .stays()
        .read_only()
        .tells(&["signed"])
        .done()
}
