//! Whom a person works for, in what post, and when.

use crate::prelude::*;

record! {
    /// A person's post in an organisation; a person may have several at a time.
    Affiliation "affiliation" "affiliations" "affiliations" {
        /// The person.
        person_id: Uuid,
        /// The organisation that the person works for or stands for.
        organisation_id: Uuid,
        /// The post as people call it at the time (ordfører, rådmann, næringssjef).
        #[schema(max_length = 200, example = "Rådmann")]
        title: Option<String>,
        /// The part of a full post, 0 to 1 with at most two decimals; null when not known.
        #[schema(value_type = Option<f64>, minimum = 0, maximum = 1, multiple_of = 0.01, example = 0.5)]
        fraction: Option<Decimal2>,
        /// The first day in the post; null when not known.
        #[schema(example = "2015-10-01")]
        valid_from: Option<NaiveDate>,
        /// The last day in the post, inclusive; null while it lasts.
        valid_to: Option<NaiveDate>,
    }
}
