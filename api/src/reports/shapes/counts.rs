//! What was counted: the answers of municipalities, and votes.

use entity::matters::RollUp;
use entity::political_steps::Votes;
use serde::Serialize;
use utoipa::ToSchema;

/// How many municipalities have answered what.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RollUpCounts {
    /// How many count.
    #[schema(minimum = 0, example = 4)]
    pub of: i64,
    /// Adopted without conditions.
    #[schema(minimum = 0, example = 3)]
    pub adopted: i64,
    /// Adopted with conditions.
    #[schema(minimum = 0)]
    pub adopted_with_conditions: i64,
    /// Said no.
    #[schema(minimum = 0)]
    pub rejected: i64,
    /// Put it off.
    #[schema(minimum = 0)]
    pub postponed: i64,
    /// Have not answered.
    #[schema(minimum = 0, example = 1)]
    pub pending: i64,
}

impl From<RollUp> for RollUpCounts {
    fn from(up: RollUp) -> Self {
        Self {
            of: up.of,
            adopted: up.adopted,
            adopted_with_conditions: up.adopted_with_conditions,
            rejected: up.rejected,
            postponed: up.postponed,
            pending: up.pending,
        }
    }
}

/// Votes for and against.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct VoteCounts {
    /// Votes for.
    #[serde(rename = "for")]
    #[schema(minimum = 0, example = 15)]
    pub in_favour: i64,
    /// Votes against.
    #[schema(minimum = 0, example = 2)]
    pub against: i64,
    /// Blank votes; null when they were not counted.
    #[schema(required = true, minimum = 0)]
    pub blank: Option<i64>,
}

impl From<Votes> for VoteCounts {
    fn from(votes: Votes) -> Self {
        Self { in_favour: votes.in_favour, against: votes.against, blank: votes.blank }
    }
}
