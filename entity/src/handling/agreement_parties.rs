//! A party to an agreement: the text that its council adopted, and who signed.

use crate::prelude::*;

record! {
    /// A party to an agreement: the text that its council adopted, and who signed it when.
    AgreementParty "agreement_party" "agreement-parties" "agreement_parties" of project {
        /// The agreement.
        agreement_id: Uuid,
        /// The party.
        organisation_id: Uuid,
        /// The case in which its council adopted the agreement.
        case_id: Option<Uuid>,
        /// The SHA-256 of the text that was adopted, in lower-case hexadecimal.
        #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
        adopted_version_sha256: Option<String>,
        /// The day of the signature.
        #[schema(example = "2018-04-12")]
        signed_on: Option<NaiveDate>,
        /// The person who signed.
        signed_by: Option<Uuid>,
    }
}
