//! A measured value of an indicator.

use crate::prelude::*;

record! {
    /// A measured value of an indicator on a date, for one organisation or for all together.
    Measurement "measurement" "measurements" "measurements" of project {
        /// The indicator.
        indicator_id: Uuid,
        /// The organisation that the value holds for; null for the whole project.
        organisation_id: Option<Uuid>,
        /// The date that the value holds for.
        #[schema(example = "2018-04-30")]
        measured_on: NaiveDate,
        /// The value in the indicator's unit, at most four decimals.
        #[schema(example = 35)]
        value: Decimal4,
        /// What else there is to say of the value.
        #[schema(max_length = 10000)]
        note: Option<String>,
        /// Whether the value is only expected; null: confirmed.
        #[schema(example = "confirmed")]
        certainty: Option<Certainty>,
    }
}

codes! {
    /// How sure a measured value is.
    Certainty "measurementCertainty" {
        Expected = "expected" ("forventet", "venta", "expected"),
        Confirmed = "confirmed" ("bekreftet", "stadfesta", "confirmed"),
    }
}
