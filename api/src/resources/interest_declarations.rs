//! The resource `interest-declarations`.

use entity::interest_declarations;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of declarations of interest.
pub fn resource() -> Resource {
    Resource::of::<interest_declarations::Entity>(Area::Meetings)
        .search(&["interest", "basis"])
        .order("createdAt")
        .refers("agendaItemId", "agenda-items")
        .refers("personId", "people")
        .unique(&["agendaItemId", "personId"])
        .fixed(&["agendaItemId", "personId"])
        .done()
}
