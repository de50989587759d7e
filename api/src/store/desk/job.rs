//! A statement at the desk, and what it answers.

use std::sync::Arc;

use rusqlite::Connection;
use sea_orm::Statement;
use sea_orm::sea_query::Value;

use crate::db::Line;
use crate::db::lite::bound;
use crate::store::ready::Strides;

/// A statement with its values.
pub(super) struct Job {
    pub(super) statement: Statement,
    pub(super) wanted: Wanted,
}

/// What is wanted of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// How many rows it touched.
    Count,
    /// The rows that it answers.
    Lines,
    /// The same, read by the places of their columns alone.
    Cells,
    /// Nothing: it is several, without values.
    Batch,
}

/// What a statement has answered.
pub(super) struct Answered {
    /// How many rows it touched, where it writes.
    pub(super) touched: u64,
    /// The rows that were wanted of it.
    pub(super) lines: Vec<Line>,
}

/// Runs a statement. A read is broken off after so many strides; of what writes nothing ever is, since SQLite would undo
/// the whole transaction with it.
pub(super) fn perform(connection: &Connection, job: &Job, left: &Strides, strides: u32) -> rusqlite::Result<Answered> {
    if job.wanted == Wanted::Batch {
        connection.execute_batch(&job.statement.sql)?;
        return Ok(Answered { touched: connection.changes(), lines: Vec::new() });
    }
    let mut statement = connection.prepare_cached(&job.statement.sql)?;
    left.allow(if statement.readonly() { strides } else { Strides::ANY });
    if let Some(values) = &job.statement.values {
        bind(&mut statement, &values.0)?;
    }
    let many = statement.column_count();
    let columns: Arc<[String]> = if job.wanted == Wanted::Lines {
        statement.column_names().into_iter().map(str::to_owned).collect()
    } else {
        Arc::default()
    };
    let mut found = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        if job.wanted != Wanted::Count {
            lines.push(Line::of(row, &columns, many)?);
        }
    }
    drop(found);
    Ok(Answered { touched: connection.changes(), lines })
}

/// Binds `?` by its place and `$3` by its number.
pub(in crate::store) fn bind(statement: &mut rusqlite::CachedStatement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse().ok());
        let at: usize = number.unwrap_or(place);
        let value = at.checked_sub(1).and_then(|at| values.get(at)).and_then(bound);
        let value = value.ok_or_else(|| rusqlite::Error::InvalidParameterName(format!("value {at}")))?;
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}
