//! Hours that somebody worked for the project.

use crate::prelude::*;

record! {
    /// Hours that a person worked for the project on a day, and what they count for.
    TimeEntry "time_entry" "time-entries" "time_entries" of project {
        /// Who worked.
        person_id: Uuid,
        /// The organisation that paid for the hours.
        organisation_id: Option<Uuid>,
        /// The activity that they were spent on.
        activity_id: Option<Uuid>,
        /// The day of the work.
        #[schema(example = "2018-01-16")]
        worked_on: NaiveDate,
        /// The hours, at most two decimals.
        #[schema(value_type = f64, minimum = 0.01, maximum = 24, multiple_of = 0.01, example = 7.5)]
        hours: Decimal2,
        /// What an hour counts for, in øre; null while it is not known.
        #[schema(minimum = 0, maximum = 100000000, example = 60000)]
        rate_ore: Option<i64>,
        /// Whether the payers of the project accept them as funding (egeninnsats).
        #[serde(default)]
        #[schema(default = false, example = true)]
        counts_as_funding: bool,
        /// What was done.
        #[schema(max_length = 500, example = "Forberedelse av workshop 2")]
        note: Option<String>,
        /// Hours times rate in øre, rounded to the nearest øre (half away from zero); null while the rate is not known.
        #[serde(default)]
        #[schema(read_only, example = 450000)]
        amount_ore: Option<i64>,
    }
}
