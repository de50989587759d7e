//! Pure rules of the field: no await, no database, no HTTP.

pub mod capacity;
pub mod picture;
pub mod plan_check;
pub mod readiness;
pub mod schedule;

pub use picture::Picture;
