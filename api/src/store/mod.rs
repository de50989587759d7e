//! The database: connections for reading, and the one door for writing.

pub mod backup;
pub mod chain;
mod connect;
pub mod content;
mod counters;
pub mod deliveries;
mod erasure;
mod erasure_log;
mod failure;
pub mod feed;
mod figures;
mod idempotency;
mod journal;
mod news;
mod past;
mod personal;
mod picture;
mod secrets;
mod snapshot;
pub mod transfer;
pub mod views;
mod write;

pub use connect::{Database, Store};
pub use counters::{Counters, DIRECTORY, counters, held};
pub use erasure::{Losing, PLACEHOLDER};
pub use erasure_log::{Erasure, erasures, read_erasures};
pub use figures::Figures;
pub use idempotency::{Replay, Stored};
pub use journal::{Entry, history, of_events, since, stood};
pub use news::News;
pub use past::{Extent, picture_at, relation};
pub use personal::{actions, deleted_users, mentions, published, traces};
pub use picture::{phases, picture, region, whole};
pub use secrets::{keep, secret};
pub use snapshot::{Snapshot, snapshot};
pub use write::{Write, Writer, stale};
