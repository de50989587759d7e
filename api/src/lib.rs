//! Framdrift: inter-municipal development projects over HTTP, on SQLite and PostgreSQL.

pub mod access;
pub mod accounts;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod exchange;
pub mod facts;
pub mod http;
pub mod openapi;
pub mod problem;
pub mod registers;
pub mod render;
pub mod reports;
pub mod resources;
pub mod routes;
pub mod standard;
pub mod store;
pub mod watch;
pub mod webhooks;

// Answers are made of many small pieces; the system's allocator takes a third of the time that they take.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
