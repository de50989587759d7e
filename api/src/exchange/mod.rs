//! The project document: a whole project out, and in again, with nothing lost.

pub mod export;
pub mod import;

/// What a project document calls itself.
pub const FORMAT: &str = "framdrift.project/1";
