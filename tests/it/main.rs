//! Framdrift asked over HTTP, on SQLite and on PostgreSQL.

mod access;
mod concurrency;
mod contract;
mod coverage;
mod demo;
mod directory;
mod exchange;
mod layers;
mod lists;
mod migrations;
mod plan;
mod process;
mod reports;
mod sessions;
mod wire;
