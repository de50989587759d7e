//! Between actix and the rest: a request as one `Call`, answers, problems in the caller's language.

pub mod addresses;
pub mod answer;
mod body;
pub mod call;
pub mod cors;
pub mod digest;
pub mod docs;
pub mod file_name;
pub mod formats;
pub mod frame;
pub mod gate;
mod head;
pub mod health;
pub mod incoming;
pub mod json;
pub mod language;
pub mod line;
pub mod metrics;
pub mod near;
pub mod network;
pub mod operations;
pub mod precondition;
pub mod query;
pub mod range;
pub mod room;
pub mod traces;
pub mod turns;
pub mod well_known;
mod who;
pub mod windows;

pub use answer::Answer;
pub use call::{Call, Shared};
pub use query::Query;
pub use who::Presumed;
