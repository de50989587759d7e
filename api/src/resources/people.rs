//! The resource `people`.

use entity::people;

use crate::access::Area;
use crate::standard::Resource;

/// The facts and rules of people.
pub fn resource() -> Resource {
    Resource::of::<people::Entity>(Area::Directory)
        .search(&["givenName", "familyName"])
        .order("familyName,givenName")
        .contact(&["email", "phone"])
        .personal(&["givenName", "familyName"])
        .done()
}
