//! A person who takes part in a project, with work contact only.

use crate::prelude::*;

record! {
    /// A person who takes part: name and work contact, never a national identity number (popplyl § 12).
    Person "person" "people" "people" {
        /// Given name.
        #[schema(min_length = 1, max_length = 200, example = "Knut")]
        given_name: String,
        /// Family name.
        #[schema(min_length = 1, max_length = 200, example = "Baglo")]
        family_name: String,
        /// The address for e-mail at work; shown only to those who share a project with the person.
        #[schema(max_length = 254, format = Email, example = "knut@consultant.example")]
        email: Option<String>,
        /// The telephone number at work, digits and spaces, with a leading + for a country code.
        #[schema(min_length = 3, max_length = 40, pattern = "^[+]?[0-9 ]+$", example = "+47 00 00 00 00")]
        phone: Option<String>,
        /// When its data was erased (UTC): what is null since then is gone, not unknown, and is not given again.
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        erased_at: Option<Instant>,
    }
}
