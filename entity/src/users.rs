//! A person or a role that logs in.

use crate::prelude::*;

record! {
    /// Who logs in with e-mail and password. What a user may do follows from the assignments of its person.
    User "user" "users" "users" {
        /// The address to log in with; kept in lower case.
        #[schema(min_length = 3, max_length = 254, format = Email, example = "knut@proneo.example")]
        email: String,
        /// What to call the user.
        #[schema(min_length = 1, max_length = 200, example = "Knut Baglo")]
        name: String,
        /// The person of the directory that the user is.
        person_id: Option<Uuid>,
        /// Whether the user may do everything.
        #[serde(default)]
        administrator: bool,
        /// Since when the user cannot log in (UTC).
        #[schema(value_type = Option<String>, format = DateTime)]
        disabled_at: Option<Instant>,
    }
}
