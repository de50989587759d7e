//! Connections of SQLite in this thread, made ready as those of the pool are.

use rusqlite::Connection;

use super::connect::{COLLATION, norwegian};

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;

/// Makes a connection ready: its settings, its memory for statements, and the Norwegian order that SQLite does not know.
pub(super) fn ready(connection: &Connection, settings: &str) -> rusqlite::Result<()> {
    connection.execute_batch(settings)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let collator = norwegian();
    connection.create_collation(COLLATION, move |a, b| collator.compare(a, b).then_with(|| a.cmp(b)))
}
