//! The resource `action-items`.

use entity::action_items;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of action items.
pub fn resource() -> Resource {
    Resource::of::<action_items::Entity>(Area::Meetings)
        .search(&["text"])
        .order("dueOn,createdAt")
        .refers("meetingId", "meetings")
        .refers("responsibleId", "people")
        .done()
}
