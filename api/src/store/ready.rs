//! Connections of SQLite in this thread, made ready as those of the pool are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;

use super::settings::{COLLATION, PRAGMAS, STATEMENTS, norwegian};

/// Steps of SQLite's machine between two looks at how long a statement takes.
const STRIDE: i32 = 1000;

/// How long a statement may take, in strides of a thousand steps of SQLite's machine.
#[derive(Debug)]
pub(super) struct Strides(Arc<AtomicU32>);

impl Strides {
    /// What a read may take in the thread that asks: a few milliseconds.
    pub(super) const SHORT: u32 = 100;
    /// More than anything takes.
    pub(super) const ANY: u32 = u32::MAX;

    /// Bounds what runs from now on.
    pub(super) fn allow(&self, strides: u32) {
        self.0.store(strides, Ordering::Relaxed);
    }
}

/// Makes a connection ready: what it is told of its own and what all are told, its memory for statements, and the Norwegian order that
/// SQLite does not know. What it runs is not bounded at first.
pub(super) fn ready(connection: &Connection, own: &str) -> rusqlite::Result<Strides> {
    let told: String = PRAGMAS.into_iter().map(|(name, value)| format!("PRAGMA {name} = {value};")).collect();
    connection.execute_batch(&format!("{own}{told}"))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.create_collation(COLLATION, norwegian())?;
    let left = Arc::new(AtomicU32::new(Strides::ANY));
    let counted = Arc::clone(&left);
    let is_over =
        move || counted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
    connection.progress_handler(STRIDE, Some(is_over))?;
    Ok(Strides(left))
}
