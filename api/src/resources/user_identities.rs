//! The resource `user-identities`.

use entity::user_identities;

use crate::access::Area;
use crate::standard::Resource;

/// The facts of identities at other issuers.
pub fn resource() -> Resource {
    Resource::of::<user_identities::Entity>(Area::Users)
        .search(&["issuer", "subject"])
        .order("issuer,subject")
        .refers("userId", "users")
        .unique(&["issuer", "subject"])
        .personal(&["subject"])
        .stays()
        .done()
}
