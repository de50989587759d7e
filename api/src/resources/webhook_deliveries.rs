//! The resource `webhook-deliveries`: what was sent to webhooks, for those who made them.

use entity::webhook_deliveries;

use crate::access::Area;
use crate::standard::Resource;

/// The facts of deliveries; only the service writes them.
pub fn resource() -> Resource {
    Resource::of::<webhook_deliveries::Entity>(Area::Webhooks)
        .search(&["eventType", "eventId"])
        .order("-createdAt")
        .stays()
        .read_only()
        .done()
}
