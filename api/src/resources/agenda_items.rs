//! The resource `agenda-items`.

use entity::agenda_items;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of agenda items.
pub fn resource() -> Resource {
    Resource::of::<agenda_items::Entity>(Area::Meetings)
        .search(&["number", "title", "text"])
        .order("number")
        .refers("meetingId", "meetings")
        .unique(&["meetingId", "number"])
        .fixed(&["meetingId"])
        .published(super::meetings::OPEN)
        .done()
}
