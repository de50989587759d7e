//! One source of capacity in a municipality's business-development service.

use crate::prelude::*;

record! {
    /// One source of capacity in a municipality's business-development service: a post, a company, a purchase.
    ServiceProvision "service_provision" "service-provisions" "service_provisions" {
        /// The service profile that it is a part of.
        profile_id: Uuid,
        /// The organisation that provides it; null for the municipality's own staff.
        provider_id: Option<Uuid>,
        /// How it is provided.
        #[schema(example = "purchased")]
        arrangement: ServiceArrangement,
        /// What the post or the service is called.
        #[schema(max_length = 200, example = "Førstelinjetjeneste")]
        title: Option<String>,
        /// Full-time equivalents used for business work, at most two decimals; the figure that goes into sums.
        #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000, multiple_of = 0.01, example = 0.2)]
        business_fte: Option<Decimal2>,
        /// Full-time equivalents that the provider has in all, at most two decimals; never summed as capacity.
        #[schema(value_type = Option<f64>, minimum = 0, maximum = 1000000, multiple_of = 0.01, example = 3.5)]
        provider_fte: Option<Decimal2>,
        /// How many people share the business work.
        #[schema(minimum = 0, maximum = 1000000, example = 2)]
        headcount: Option<i64>,
        /// Whether the figures are estimates ("ca.").
        #[serde(default)]
        #[schema(default = false)]
        approximate: bool,
        /// The first day of the provision; null when not known.
        #[schema(example = "2016-01-01")]
        valid_from: Option<NaiveDate>,
        /// The last day of the provision, inclusive; null while it lasts.
        valid_to: Option<NaiveDate>,
    }
}

codes! {
    /// How a service is provided.
    ServiceArrangement "serviceArrangement" {
        OwnStaff = "own_staff" ("egne ansatte", "eigne tilsette", "own staff"),
        DevelopmentOrganisation = "development_organisation" ("utviklingsorganisasjon", "utviklingsorganisasjon", "development organisation"),
        MunicipalCompany = "municipal_company" ("kommunalt selskap", "kommunalt selskap", "municipal company"),
        Purchased = "purchased" ("kjøpt tjeneste", "kjøpt teneste", "purchased service"),
    }
}
