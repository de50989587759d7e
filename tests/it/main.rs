//! Framdrift asked over HTTP, on SQLite and on PostgreSQL.

mod access;
mod batch;
mod concurrency;
mod content;
mod contract;
mod coverage;
mod decisions;
mod demo;
mod directory;
mod exchange;
mod formats;
mod handling;
mod handling_reports;
mod layers;
mod lists;
mod meetings;
mod migrations;
mod plan;
mod process;
mod reports;
mod sessions;
mod status_reports;
mod wire;
