//! What of a project is for everybody, in the shapes of open data: the same for everybody who asks, and safe to publish.

pub mod catalogue;
pub mod oc4ids;

use entity::documents::{self, DocumentAccess, DocumentStatus};
use entity::organisations;
use entity::project_parties::PartyRole;

use crate::domain::Picture;

/// Documents that the public may read on a day: finished, public by law, and no longer deferred.
pub(super) fn open_documents(picture: &Picture, today: chrono::NaiveDate) -> Vec<&documents::Model> {
    let open = |document: &&documents::Model| {
        document.status != DocumentStatus::Draft
            && document.access == DocumentAccess::Public
            && document.accessible_after.is_none_or(|after| after < today)
    };
    picture.documents.iter().filter(open).collect()
}

/// The organisation that answers for the project towards the public: who commissioned it, else its first owner.
pub(super) fn publisher(picture: &Picture) -> Option<&organisations::Model> {
    let of = |role: PartyRole| {
        let parties = picture.parties.iter().filter(|party| party.role == role && party.project_id == picture.focus);
        parties.min_by_key(|party| party.id).and_then(|party| picture.organisation(party.organisation_id))
    };
    of(PartyRole::CommissioningParty).or_else(|| of(PartyRole::Owner))
}
