//! What the service promises while what it stands on fails: an answered write is durable, an unanswered one may be repeated
//! with the same key, and nothing is there by half. Each has a short form here and a long one in `tests/run --heavy`.

mod clock;
mod contention;
mod damage;
mod disk;
mod injector;
mod judge;
mod kill;
mod memory;
mod outage;
mod pooler;
mod power;
mod standby;
mod syscalls;
mod writer;
