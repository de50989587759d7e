//! The database: connections for reading, and the one door for writing.

mod connect;
mod failure;
mod idempotency;
mod journal;
mod picture;
mod secrets;
mod write;

pub use connect::{Database, Store};
pub use idempotency::{Replay, Stored};
pub use journal::{Entry, history};
pub use picture::picture;
pub use secrets::{keep, secret};
pub use write::{Write, Writer, stale};
