//! Everything of an SQLite database into an empty PostgreSQL one, in one transaction: all of it or nothing.
//!
//! The tables of both are made by the same migrations, so the copy knows none of them by name: it takes the tables and the types of
//! their columns from PostgreSQL's catalogue and reads every value from SQLite as text that PostgreSQL understands. References are
//! taken away first and made again at the end, when PostgreSQL checks each of them.

use std::fmt::Write;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult, Statement, TransactionTrait,
};
use sea_orm::{Database as SeaDatabase, Value};

use super::backup::Watcher;
use super::settings::postgres_options;
use super::tables;
use crate::problem::Error;

/// Most rows of one statement.
const ROWS: usize = 500;
/// Most values of one statement: PostgreSQL counts them in 16 bits.
const VALUES: usize = 60_000;
/// Where the migrator keeps what it has done: both sides have their own.
const STEPS: &str = "seaql_migrations";

/// A column that is copied.
struct Column {
    name: String,
    kind: String,
}

/// A table that is copied.
struct Table {
    name: String,
    columns: Vec<Column>,
    /// Whether PostgreSQL would number the rows itself.
    numbered: bool,
}

/// Copies everything of a database of this version into a PostgreSQL database that has no data. Answers how many rows there were.
///
/// # Errors
/// When the server cannot be reached, the database there has data, or a row does not fit; then nothing is written but empty tables.
pub async fn transfer(from: &DatabaseConnection, url: &str, watcher: Watcher<'_>) -> Result<u64, Error> {
    let to = SeaDatabase::connect(postgres_options(url, 1)).await?;
    tables::up(&to).await?;
    let tx = to.begin().await?;
    empty(&tx).await?;
    let tables = tables(&tx).await?;
    let references = references(&tx).await?;
    for (table, name, _) in &references {
        run(&tx, &format!("ALTER TABLE {} DROP CONSTRAINT {}", quoted(table), quoted(name))).await?;
    }
    let mut counts = Vec::new();
    for table in &tables {
        counts.push(count(from, &table.name).await?);
    }
    let all: i64 = counts.iter().sum();
    let mut done = 0;
    for (table, expected) in tables.iter().zip(counts) {
        // The migrations have put in what every database begins with: here it comes from the other one.
        if count(&tx, &table.name).await? > 0 {
            run(&tx, &format!("DELETE FROM {}", quoted(&table.name))).await?;
        }
        let before = done;
        copy(from, &tx, table, &mut |rows| {
            done += rows;
            watcher(done, u64::try_from(all).unwrap_or_default());
        })
        .await?;
        let there = count(&tx, &table.name).await?;
        if there != expected || i64::try_from(done - before) != Ok(expected) {
            let why = format!("{} has {expected} rows here and {there} there", table.name);
            return Err(Error::internal("move the database", why));
        }
    }
    continue_numbers(&tx, &tables).await?;
    for (table, name, definition) in &references {
        run(&tx, &format!("ALTER TABLE {} ADD CONSTRAINT {} {definition}", quoted(table), quoted(name))).await?;
    }
    tx.commit().await?;
    run(&to, "ANALYZE").await?;
    to.close().await?;
    Ok(done)
}

/// Refuses a database that somebody has written to.
async fn empty(tx: &DatabaseTransaction) -> Result<(), Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM journal) OR EXISTS (SELECT 1 FROM users) AS used";
    let used = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    if used.is_some_and(|row| row.try_get("", "used").unwrap_or(true)) {
        let why = "the PostgreSQL database has data already; create a new one for it";
        return Err(Error::internal("move the database", why));
    }
    Ok(())
}

async fn tables(tx: &DatabaseTransaction) -> Result<Vec<Table>, Error> {
    let sql = "SELECT t.table_name AS name, c.column_name AS column, c.udt_name AS kind, \
               c.is_identity = 'YES' OR c.column_default LIKE 'nextval(%' AS numbered \
               FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name) \
               WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' AND t.table_name <> $1 \
               ORDER BY t.table_name, c.ordinal_position";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [STEPS.into()]);
    let mut tables: Vec<Table> = Vec::new();
    for row in tx.query_all_raw(statement).await? {
        let name: String = row.try_get("", "name")?;
        if tables.last().is_none_or(|last| last.name != name) {
            tables.push(Table { name, columns: Vec::new(), numbered: false });
        }
        let numbered: Option<bool> = row.try_get("", "numbered")?;
        if let Some(table) = tables.last_mut() {
            table.columns.push(Column { name: row.try_get("", "column")?, kind: row.try_get("", "kind")? });
            table.numbered |= numbered == Some(true);
        }
    }
    Ok(tables)
}

/// The references of every table: its name, theirs, and how they are declared.
async fn references(tx: &DatabaseTransaction) -> Result<Vec<(String, String, String)>, Error> {
    let sql = "SELECT r.relname AS of, c.conname AS name, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c \
               JOIN pg_class r ON r.oid = c.conrelid WHERE c.contype = 'f' AND r.relnamespace = current_schema()::regnamespace";
    let read =
        |row: &QueryResult| Ok((row.try_get("", "of")?, row.try_get("", "name")?, row.try_get("", "definition")?));
    tx.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?.iter().map(read).collect()
}

/// Copies the rows of a table in the order in which SQLite keeps them.
async fn copy(
    from: &DatabaseConnection,
    tx: &DatabaseTransaction,
    table: &Table,
    done: &mut impl FnMut(u64),
) -> Result<(), Error> {
    let read: Vec<String> =
        table.columns.iter().enumerate().map(|(at, column)| format!("{} AS c{at}", text(column))).collect();
    let select = format!(
        "SELECT rowid AS place, {} FROM {} WHERE rowid > $1 ORDER BY rowid LIMIT $2",
        read.join(", "),
        quoted(&table.name)
    );
    let most = i64::try_from(ROWS.min(VALUES / table.columns.len().max(1))).unwrap_or(1);
    let mut place = i64::MIN;
    loop {
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, &select, [place.into(), most.into()]);
        let rows = from.query_all_raw(statement).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        place = last.try_get("", "place")?;
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * table.columns.len());
        for row in &rows {
            for at in 0..table.columns.len() {
                values.push(row.try_get::<Option<String>>("", &format!("c{at}"))?.into());
            }
        }
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, insert(table, rows.len()), values)).await?;
        done(rows.len() as u64);
    }
}

/// A value as text in the form that PostgreSQL reads.
fn text(column: &Column) -> String {
    let name = quoted(&column.name);
    match column.kind.as_str() {
        // hex() of nothing is an empty text, not nothing.
        "uuid" => format!("CASE WHEN {name} IS NOT NULL THEN lower(hex({name})) END"),
        "bytea" => format!("CASE WHEN {name} IS NOT NULL THEN '\\x' || hex({name}) END"),
        _ => format!("CAST({name} AS text)"),
    }
}

fn insert(table: &Table, rows: usize) -> String {
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let overriding = if table.numbered { " OVERRIDING SYSTEM VALUE" } else { "" };
    let mut sql = format!("INSERT INTO {} ({}){overriding} VALUES ", quoted(&table.name), names.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for (at, column) in table.columns.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let number = row * table.columns.len() + at + 1;
            let _ = write!(sql, "{comma}${number}::{}", column.kind);
        }
        sql.push(')');
    }
    sql
}

/// What PostgreSQL numbers itself goes on after the last number.
async fn continue_numbers(tx: &DatabaseTransaction, tables: &[Table]) -> Result<(), Error> {
    for table in tables.iter().filter(|table| table.numbered) {
        for column in &table.columns {
            let (of, name) = (quoted(&table.name), &column.name);
            let sequence = format!("pg_get_serial_sequence('{of}', '{name}')");
            let last = format!("(SELECT MAX({}) FROM {of})", quoted(name));
            // A column that is not numbered has no sequence, and the call changes nothing.
            if column.kind == "int8" || column.kind == "int4" {
                run(
                    tx,
                    &format!("SELECT setval({sequence}, {last}) WHERE {sequence} IS NOT NULL AND {last} IS NOT NULL"),
                )
                .await?;
            }
        }
    }
    Ok(())
}

async fn count(db: &impl ConnectionTrait, table: &str) -> Result<i64, Error> {
    let sql = format!("SELECT COUNT(*) AS rows FROM {}", quoted(table));
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let row = row.ok_or_else(|| Error::internal("move the database", "it counts nothing"))?;
    Ok(row.try_get("", "rows")?)
}

async fn run(db: &impl ConnectionTrait, sql: &str) -> Result<(), Error> {
    db.execute_unprepared(sql).await?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
