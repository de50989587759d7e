//! Webhooks by Standard Webhooks 1.0.0 (<https://www.standardwebhooks.com>): signed, guarded, tried again.

pub mod deliver;
pub mod guard;
mod ladder;
pub mod send;
pub mod sign;
