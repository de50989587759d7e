//! The resource `activities`.

use entity::activities;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of activities.
pub fn resource() -> Resource {
    Resource::of::<activities::Entity>(Area::Work)
        .search(&["number", "title", "evidence"])
        .order("number,title")
        .refers("parentId", "activities")
        .refers("responsibleId", "people")
        .unique(&["number"])
        .dates("startsOn", "endsOn")
        .acyclic("parentId")
        .done()
}
