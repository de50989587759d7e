//! The resource `funding-sources`.

use entity::funding_sources::{self, FundingState};

use crate::access::Area;
use crate::facts::Change;
use crate::problem::Fault;
use crate::standard::{Faults, Resource};
use crate::store::Write;
use crate::text;

/// The facts and rules of funding sources.
pub fn resource() -> Resource {
    Resource::of::<funding_sources::Entity>(Area::Economy)
        .search(&["scheme", "conditions"])
        .order("createdAt")
        .refers("organisationId", "organisations")
        .published("state <> 'rejected'")
        .rule(|write, change| Box::pin(std::future::ready(Ok(up_the_ladder(write, &change)))))
        .event(event)
        .tells(&["applied", "committed", "payout_requested", "paid", "rejected"])
        .done()
}

/// A step down the ladder (a commitment that is withdrawn, a slip of the pen) says why.
fn up_the_ladder(write: &Write, change: &Change<funding_sources::Model>) -> Faults {
    let Change::Changed { before, after } = change else { return Vec::new() };
    let down = match (before.state, after.state) {
        (FundingState::Possible | FundingState::Applied, FundingState::Rejected) => false,
        (was, is) => is < was || (is == FundingState::Rejected && was != FundingState::Rejected),
    };
    if !down || write.reason().is_some() {
        return Vec::new();
    }
    let (was, is) = (before.state.label(), after.state.label());
    let (was_nb, was_nn, was_en, is_nb, is_nn, is_en) = (was.nb, was.nn, was.en, is.nb, is.nn, is.en);
    vec![Fault::at(
        "/state",
        "reason_required",
        text!(
            "å gå fra «{was_nb}» til «{is_nb}» krever en begrunnelse i X-Change-Reason",
            "å gå frå «{was_nn}» til «{is_nn}» krev ei grunngjeving i X-Change-Reason",
            "going from “{was_en}” to “{is_en}” needs a reason in X-Change-Reason"
        ),
    )]
}

fn event(change: &Change) -> Option<&'static str> {
    let after = change.after().filter(|_| change.before().is_some() && change.touches("state"))?;
    match after.text("state") {
        Some("applied") => Some("applied"),
        Some("committed") => Some("committed"),
        Some("payout_requested") => Some("payout_requested"),
        Some("paid") => Some("paid"),
        Some("rejected") => Some("rejected"),
        _ => None,
    }
}
