//! A municipality's four-digit number (kommunenummer) and the time in which it held.

use crate::prelude::*;

record! {
    /// A municipality's four-digit number and the time in which it held: 1922, 5416 and 5520 are all Bardu.
    MunicipalityCode "municipality_code" "municipality-codes" "municipality_codes" {
        /// The municipality that bears the number.
        organisation_id: Uuid,
        /// The number (kommunenummer, SSB's list 131): four digits, leading zero kept.
        #[schema(min_length = 4, max_length = 4, pattern = "^[0-9]{4}$", example = "1922")]
        code: String,
        /// The first day on which the number held; null when not known.
        #[schema(example = "2020-01-01")]
        valid_from: Option<NaiveDate>,
        /// The last day on which the number held, inclusive; null while it holds.
        #[schema(example = "2023-12-31")]
        valid_to: Option<NaiveDate>,
    }
}
