//! A secret address at which a calendar program reads a project.

use crate::prelude::*;

record! {
    /// A secret address at which a calendar program reads a project, until it is revoked. The secret itself is not kept.
    CalendarLink "calendar_link" "calendar-links" "calendar_links" of project {
        /// What it is for, as its maker calls it.
        #[schema(max_length = 200, example = "Outlook på jobb")]
        name: Option<String>,
        /// The language of the words in it: `nb`, `nn` or `en`.
        #[schema(min_length = 2, max_length = 2, example = "nb")]
        language: String,
        /// The SHA-256 of the secret, in lower-case hexadecimal.
        #[schema(min_length = 64, max_length = 64)]
        token_sha256: String,
    }
}
