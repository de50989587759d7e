//! How long data about people is kept, and what happens to it then.

use crate::prelude::*;

record! {
    /// How long data of a class is kept. A class without a rule is kept until somebody
    /// erases or deletes it; of several rules for a class the shortest one decides.
    RetentionRule "retention_rule" "retention-rules" "retention_rules" {
        /// What the rule is about.
        #[schema(example = "contact_details")]
        data_class: DataClass,
        /// Months after which it is no longer kept.
        #[schema(minimum = 1, maximum = 1200, example = 24)]
        months: i64,
        /// What happens then: `erase` for contact details, `delete` for the others.
        #[schema(example = "erase")]
        action: RetentionAction,
        /// Why just so long: the law, or who decided it.
        #[schema(max_length = 1000, example = "Rutine for personvern, vedtatt 2026-03-12")]
        basis: Option<String>,
    }
}

codes! {
    /// A class of data about people.
    DataClass "dataClass" {
        ContactDetails = "contact_details" (
            "kontaktopplysninger og brukere til dem som ikke lenger er med i noe",
            "kontaktopplysningar og brukarar til dei som ikkje lenger er med i noko",
            "contact details and users of those who take part in nothing any longer"
        ),
        Sessions = "sessions" ("utløpte innlogginger", "utgåtte innloggingar", "sessions that have ended"),
        AccessLog = "access_log" ("innsyn i kontaktopplysninger", "innsyn i kontaktopplysningar", "who saw whose contact details"),
    }
}

codes! {
    /// What happens to data that is no longer kept.
    RetentionAction "retentionAction" {
        Erase = "erase" ("slett som på forespørsel", "slett som på førespurnad", "erase as on request"),
        Delete = "delete" ("slett radene", "slett radene", "delete the rows"),
    }
}
