//! Pure rules of the field: no await, no database, no HTTP.

pub mod archive;
pub mod calendar;
pub mod capacity;
pub mod committee;
pub mod completeness;
pub mod cost_key;
pub mod councils;
pub mod finance;
pub mod flags;
pub mod money;
pub mod names;
pub mod numbering;
pub mod picture;
pub mod plan_check;
pub mod readiness;
pub mod report_draft;
pub mod responsible;
pub mod results;
pub mod roll_up;
pub mod schedule;
pub mod seats;
pub mod voting;

pub use picture::Picture;

/// What this service calls itself in the keys of other systems (fagsystem).
pub const SYSTEM: &str = "Framdrift";
