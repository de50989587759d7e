//! Framdrift: inter-municipal development projects over HTTP, on SQLite and PostgreSQL.

pub mod access;
pub mod app;
pub mod config;
pub mod domain;
pub mod facts;
pub mod http;
pub mod problem;
pub mod resources;
pub mod routes;
pub mod standard;
pub mod store;
