//! A group of municipalities that tries a programme together.

use crate::prelude::*;

record! {
    /// A group of municipalities that tries a programme together; not a regional council of the same name.
    Region "region" "regions" "regions" {
        /// The programme that the region tries.
        programme_id: Uuid,
        /// What the region is called in the programme.
        #[schema(min_length = 1, max_length = 200, example = "Sør-Troms")]
        name: String,
    }
}
