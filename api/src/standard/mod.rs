//! The standard methods, written once for every resource: list, read, create, change, delete, history.

pub mod act;
pub mod change;
pub mod consequence;
pub mod create;
pub mod cursor;
pub mod delete;
pub mod filter;
pub mod history;
pub mod list;
pub mod once;
pub mod present;
pub mod read;
pub mod references;
pub mod resource;
pub mod rules;
mod sealed;
pub mod tabular;
pub mod upsert;
pub mod whole;

pub use resource::{Faults, Resource, by_path, publish};
