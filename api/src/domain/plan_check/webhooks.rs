//! The rule on those who are to be told and no longer are.

use entity::webhooks::{Entity, Model, WebhookFailure, WebhookState};

use super::finding::Found;
use super::plan::Plan;
use crate::text;

/// Webhooks of the project that the service gave up.
pub(super) fn disabled(plan: &Plan<'_>) -> Vec<Found> {
    let own = plan.picture.webhooks.iter().filter(|webhook| webhook.project_id == Some(plan.project.id));
    own.filter_map(given_up).collect()
}

/// What there is to say of a webhook that the service gave up. Its address stays out of the words: it may hold a key.
pub(super) fn given_up(webhook: &Model) -> Option<Found> {
    if webhook.state != WebhookState::Disabled {
        return None;
    }
    let name = webhook.description.as_ref().map(|name| format!(" «{name}»")).unwrap_or_default();
    let english = webhook.description.as_ref().map(|name| format!(" “{name}”")).unwrap_or_default();
    let message = match webhook.disabled_reason? {
        WebhookFailure::Gone => text!(
            "Webhooken{name} er slått av, fordi mottakeren svarte 410. Det som skjer imens, blir ikke sendt.",
            "Webhooken{name} er slått av, fordi mottakaren svarte 410. Det som skjer i mellomtida, blir ikkje sendt.",
            "The webhook{english} is disabled, because its endpoint answered 410. What happens meanwhile is not sent."
        ),
        WebhookFailure::Failing => text!(
            "Webhooken{name} er slått av, fordi alle forsøk feilet. Det som skjer imens, blir ikke sendt.",
            "Webhooken{name} er slått av, fordi alle forsøk feila. Det som skjer i mellomtida, blir ikkje sendt.",
            "The webhook{english} is disabled, because every attempt failed. What happens meanwhile is not sent."
        ),
    };
    Some(Found::at::<Entity>(webhook.id, "/state", message))
}
