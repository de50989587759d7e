//! What the tests stand on: the real server with a database of its own, and a client that reads as prose.
//!
//! A test is written once with [`both!`] and runs on SQLite and on PostgreSQL. Each gets a server in this process, on a port
//! of its own, and a database of its own; no test knows of another. Every answer that the client gets is held against the
//! OpenAPI document.

pub mod answer;
pub mod app;
pub mod client;
pub mod document;
pub mod engine;
mod postgres;
//pub mod process;
pub mod records;
pub mod roles;
mod sqlite;
pub mod world;

pub use answer::Answer;
pub use app::{App, run};
pub use client::{Client, Request};
pub use engine::Engine;
pub use roles::Role;
pub use world::World;

/// Tests that run on both engines: from `async fn a_sentence(app: App) { … }` come `a_sentence::sqlite` and
/// `a_sentence::postgres`.
#[macro_export]
macro_rules! both {
    ($( $(#[$note:meta])* async fn $name:ident($app:ident: App) $body:block )*) => { $(
        $(#[$note])*
        pub mod $name {
            #[allow(unused_imports, reason = "a test uses what its file uses")]
            use super::*;

            async fn body($app: $crate::App) $body

            #[test]
            pub fn sqlite() {
                $crate::run($crate::Engine::Sqlite, body);
            }

            #[test]
            pub fn postgres() {
                $crate::run($crate::Engine::Postgres, body);
            }
        }
    )* };
}
