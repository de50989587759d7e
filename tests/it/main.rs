//! Framdrift asked over HTTP, on SQLite and on PostgreSQL.

mod contract;
mod wire;
