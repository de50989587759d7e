//! What an organisation is in a project: owner, funder, supplier, observer.

use crate::prelude::*;

record! {
    /// What an organisation is in a project; one record for each role that it has.
    ProjectParty "project_party" "project-parties" "project_parties" of project {
        /// The organisation.
        organisation_id: Uuid,
        /// The role, and with it the rights of the organisation's people.
        #[schema(example = "owner")]
        role: PartyRole,
        /// What else there is to say of the role.
        #[schema(max_length = 10000, example = "Oppdragsgiver som omstillingskommune")]
        note: Option<String>,
    }
}

codes! {
    /// An organisation's role in a project.
    PartyRole "partyRole" {
        Owner = "owner" ("prosjekteier", "prosjekteigar", "project owner"),
        CommissioningParty = "commissioning_party" ("oppdragsgiver", "oppdragsgivar", "commissioning party"),
        Funder = "funder" ("finansieringskilde", "finansieringskjelde", "funder"),
        Supplier = "supplier" ("leverandør", "leverandør", "supplier"),
        Observer = "observer" ("observatør", "observatør", "observer"),
        Partner = "partner" ("samarbeidspartner", "samarbeidspartnar", "partner"),
    }
}
