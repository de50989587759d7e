//! What the tests stand on: the real server with a database of its own, and a client that reads as prose.
//!
//! A test is written once with [`both!`] and runs on SQLite and on PostgreSQL. Each gets a server in this process, on a port
//! of its own, and a database of its own; no test knows of another. Every answer that the client gets is held against the
//! OpenAPI document.

pub mod answer;
pub mod app;
pub mod breaking;
pub mod browser;
pub mod cap;
pub mod client;
pub mod cluster;
pub mod dice;
pub mod document;
pub mod engine;
pub mod issuer;
pub mod pooler;
mod postgres;
pub mod process;
pub mod proxy;
pub mod raw;
pub mod receiver;
pub mod records;
pub mod register;
pub mod roles;
pub mod room;
pub mod schemas;
pub mod spans;
pub mod spreadsheet;
mod sqlite;
pub mod trusted;
pub mod world;

pub use answer::Answer;
pub use app::{App, Beside, Replica, block_on, run, run_bare};
pub use client::{Client, Request};
pub use engine::{Engine, Place};
pub use roles::Role;
pub use world::World;

/// Tests as those of [`both!`] that take a minute or much of the machine; `tests/run --heavy` runs them.
#[macro_export]
macro_rules! heavy {
    ($( async fn $name:ident($app:ident: App) $body:block )*) => {
        $( $crate::heavy! { @test run App $name $app $body } )*
    };
    ($( async fn $name:ident($place:ident: Place) $body:block )*) => {
        $( $crate::heavy! { @test run_bare Place $name $place $body } )*
    };
    (@test $run:ident $what:ident $name:ident $given:ident $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a test uses what its file uses")]
            use super::*;
            use $crate::$what;

            async fn body($given: $what) $body

            #[test]
            #[ignore = "heavy: tests/run --heavy"]
            fn sqlite() {
                $crate::$run($crate::Engine::Sqlite, body);
            }

            #[test]
            #[ignore = "heavy: tests/run --heavy"]
            fn postgres() {
                $crate::$run($crate::Engine::Postgres, body);
            }
        }
    };
}

/// Tests that run on both engines: from `async fn a_sentence(app: App) { … }` come `a_sentence::sqlite` and
/// `a_sentence::postgres`. With `place: Place` in its stead a test gets a database without tables and no server.
#[macro_export]
macro_rules! both {
    ($( $(#[$note:meta])* async fn $name:ident($app:ident: App) $body:block )*) => {
        $( $crate::both! { @test run App [$(#[$note])*] $name $app $body } )*
    };
    ($( $(#[$note:meta])* async fn $name:ident($place:ident: Place) $body:block )*) => {
        $( $crate::both! { @test run_bare Place [$(#[$note])*] $name $place $body } )*
    };
    (@test $run:ident $what:ident [$(#[$note:meta])*] $name:ident $given:ident $body:block) => {
        $(#[$note])*
        pub mod $name {
            #[allow(unused_imports, reason = "a test uses what its file uses")]
            use super::*;
            #[allow(unused_imports, reason = "a test names what it is given")]
            use $crate::$what;

            async fn body($given: $what) $body

            #[test]
            pub fn sqlite() {
                $crate::$run($crate::Engine::Sqlite, body);
            }

            #[test]
            pub fn postgres() {
                $crate::$run($crate::Engine::Postgres, body);
            }
        }
    };
}
