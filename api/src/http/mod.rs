//! Between actix and the rest: a request as one `Call`, answers, problems in the caller's language.

pub mod answer;
pub mod call;
pub mod digest;
pub mod docs;
pub mod file_name;
pub mod formats;
pub mod frame;
pub mod health;
pub mod incoming;
pub mod json;
pub mod language;
pub mod operations;
pub mod query;
pub mod range;

pub use answer::Answer;
pub use call::{Call, Shared};
pub use query::Query;
