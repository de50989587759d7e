//! What was erased of whom: the log that a restored backup is brought in line with.

use crate::prelude::*;

record! {
    /// An erasure of a person's data. Only the service writes it.
    Erasure "erasure" "erasures" "erasures" {
        /// The person; the identifier tells nothing once the rest is gone.
        #[serde(default)]
        #[schema(read_only, example = "015ec5c8-6c00-7010-8000-000000000001")]
        person_id: Option<Uuid>,
        /// How much was erased.
        #[schema(read_only, default = "contact_details", example = "contact_details")]
        extent: ErasureExtent,
        /// Why.
        #[schema(read_only, max_length = 1000, default = "", example = "Personen har bedt om det")]
        reason: String,
        /// When (UTC).
        #[schema(read_only, value_type = String, format = DateTime, example = "2026-11-27T12:00:00Z")]
        erased_at: Instant,
    }
}

codes! {
    /// How much of a person's data was erased.
    ErasureExtent "erasureExtent" {
        ContactDetails = "contact_details" (
            "kontaktopplysninger, brukere og nøkler; navnet står der loven krever det",
            "kontaktopplysningar, brukarar og nøklar; namnet står der lova krev det",
            "contact details, users and keys; the name stays where the law wants it"
        ),
        Person = "person" ("alt, med navnet", "alt, med namnet", "everything, with the name"),
    }
}
