//! The resource `cost-entries`.

use entity::cost_entries;

use crate::access::Area;
use crate::standard::Resource;

/// The facts of cost entries. What single invoices say is not for observers: they see sums.
pub fn resource() -> Resource {
    Resource::of::<cost_entries::Entity>(Area::Economy)
        .search(&["supplier", "voucher", "text"])
        .order("incurredOn,voucher")
        .refers("budgetLineId", "budget-lines")
        .unique(&["importKey"])
        .many()
        .done()
}
