//! Between actix and the rest: a request as one `Call`, answers, problems in the caller's language.

pub mod answer;
pub mod call;
pub mod docs;
pub mod frame;
pub mod health;
pub mod json;
pub mod language;
pub mod operations;
pub mod query;

pub use answer::Answer;
pub use call::{Call, Shared};
pub use query::Query;
