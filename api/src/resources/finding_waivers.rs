//! The resource `finding-waivers`.

use entity::finding_waivers::{self, FindingRule};

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::text;

/// The facts and rules of finding waivers.
pub fn resource() -> Resource {
    Resource::of::<finding_waivers::Entity>(Area::Control)
        .search(&["rule", "reason"])
        .order("rule")
        .check(no_webhook)
        .done()
}

/// Who is told where is no part of the plan: fewer see it than see waivers.
fn no_webhook(change: &Change<finding_waivers::Model>) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    let names_one = after.record.as_ref().is_some_and(|record| record.kind == "webhook");
    if !names_one && after.rule != FindingRule::WebhookDisabled {
        return Vec::new();
    }
    let pointer = if names_one { "/record" } else { "/rule" };
    let message = text!(
        "en webhook som er slått av, kan ikke unntas: slå den på, eller slett den",
        "ein webhook som er slått av, kan ikkje takast unna: slå han på, eller slett han",
        "a disabled webhook cannot be waived: set its state to active, or delete it"
    );
    vec![Fault::at(pointer, "not_allowed", message)]
}
