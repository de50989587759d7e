//! Who a user is at another issuer of tokens.

use crate::prelude::*;

record! {
    /// Who a user is at another issuer (ID-porten, Entra): the two together are one user and no other. An administrator links them;
    /// somebody who is not linked yet is told issuer and subject in the 403, to hand on.
    UserIdentity "user_identity" "user-identities" "user_identities" {
        /// The user.
        user_id: Uuid,
        /// The issuer, letter by letter as in its tokens (`iss`) and in the configuration.
        #[schema(min_length = 1, max_length = 500, example = "https://idporten.no")]
        issuer: String,
        /// The subject there (`sub`, or the claim that the configuration names).
        #[schema(min_length = 1, max_length = 255, example = "pwSJNqBhOUVcXxxPmXvXp5cEXqhsg6Zt")]
        subject: String,
    }
}
