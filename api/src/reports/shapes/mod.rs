//! Shapes that several reports answer with.

mod capacity;
mod counts;
mod finding;
mod names;
mod phases;
mod seats;

pub use capacity::{Capacity, MunicipalityCapacity, Provision, region_capacity};
pub use counts::{RollUpCounts, VoteCounts};
pub use finding::{Finding, FindingCounts, Waiver, counts, findings};
pub use names::{OrganisationName, PersonName, ProjectName, called};
pub use phases::{AwaitedMatter, AwaitingDecisions, Phase, phases};
pub use seats::{Party, Seat, parties, seats};
