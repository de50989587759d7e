//! The resource `time-entries`.

use entity::time_entries;
use serde_json::json;

use crate::access::Area;
use crate::domain::money;
use crate::standard::Resource;
use crate::standard::consequence::fields;

/// The facts of time entries. Who worked when is not for observers: they see sums.
pub fn resource() -> Resource {
    Resource::of::<time_entries::Entity>(Area::Economy)
        .search(&["note"])
        .order("workedOn,createdAt")
        .refers("personId", "people")
        .refers("organisationId", "organisations")
        .refers("activityId", "activities")
        .derives(|_, entry| {
            let amount = entry.rate_ore.and_then(|rate| money::worth(entry.hours, rate));
            Box::pin(std::future::ready(Ok(fields(json!({ "amountOre": amount })))))
        })
        .many()
        .done()
}
