//! The resource `goals`.

use entity::goals;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of goals.
pub fn resource() -> Resource {
    Resource::of::<goals::Entity>(Area::Goals)
        .search(&["text"])
        .order("createdAt")
        .refers("parentId", "goals")
        .acyclic("parentId")
        .done()
}
