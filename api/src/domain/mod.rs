//! Pure rules of the field: no await, no database, no HTTP.

pub mod calendar;
pub mod capacity;
pub mod names;
pub mod numbering;
pub mod picture;
pub mod plan_check;
pub mod readiness;
pub mod schedule;

pub use picture::Picture;
