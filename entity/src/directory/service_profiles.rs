//! How a municipality organises its business-development service.

use crate::prelude::*;

record! {
    /// How a municipality organises its business-development service, as it was on a date.
    ServiceProfile "service_profile" "service-profiles" "service_profiles" {
        /// The municipality.
        organisation_id: Uuid,
        /// The date that the description holds for; null when not known.
        #[schema(example = "2017-09-28")]
        as_of: Option<NaiveDate>,
        /// The arrangement in words.
        #[schema(max_length = 10000, example = "Næringssjef. Førstelinjetjeneste fra Vinn i Narvik")]
        description: Option<String>,
        /// Whether the municipality has a business association (næringsforening); null when not known.
        #[schema(example = true)]
        has_business_association: Option<bool>,
    }
}
