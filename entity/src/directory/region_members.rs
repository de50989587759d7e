//! Which municipalities belong to a region, and when.

use crate::prelude::*;

record! {
    /// A municipality's membership in a region, with the time in which it holds (mergers change it).
    RegionMember "region_member" "region-members" "region_members" {
        /// The region.
        region_id: Uuid,
        /// The member.
        organisation_id: Uuid,
        /// The first day of the membership; null when not known.
        valid_from: Option<NaiveDate>,
        /// The last day of the membership, inclusive; null while it lasts.
        #[schema(example = "2017-12-31")]
        valid_to: Option<NaiveDate>,
    }
}
