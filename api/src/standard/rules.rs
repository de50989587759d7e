//! Rules that many resources share.

use sea_orm::Statement;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::Serialize;

use super::Faults;
use crate::db::Db;
use crate::facts::Change;
use crate::problem::{Error, Fault, Problem, codes};
use crate::store::Write;
use crate::text;

/// The second date is not before the first.
#[must_use]
pub fn in_order(change: &Change, from: &str, to: &str) -> Faults {
    let Some(after) = change.after() else { return Vec::new() };
    match (after.text(from), after.text(to)) {
        // Dates as text of one form are in the order of time.
        (Some(first), Some(last)) if last < first => vec![Fault::at(
            format!("/{to}"),
            "out_of_order",
            text!(
                "kan ikke være før {from} ({first})",
                "kan ikkje vere før {from} ({first})",
                "cannot be before {from} ({first})"
            ),
        )],
        _ => Vec::new(),
    }
}

/// The first of these fields that a change gives another value.
#[must_use]
pub fn moved<'f, M: Serialize>(before: &M, after: &M, fields: &[&'f str]) -> Option<&'f str> {
    let as_json = |model: &M| serde_json::to_value(model).unwrap_or_default();
    let (was, is) = (as_json(before), as_json(after));
    fields.iter().copied().find(|field| was[*field] != is[*field])
}

/// These fields have not changed since the record was made.
#[must_use]
pub fn unmoved(change: &Change, fields: &[&str]) -> Faults {
    let Change::Changed { before, after } = change else { return Vec::new() };
    let moved = fields.iter().filter(|field| before.0.get(**field) != after.0.get(**field));
    let fault = |field: &&str| {
        Fault::at(
            format!("/{field}"),
            "fixed",
            text!(
                "kan ikke endres; lag en ny post i stedet",
                "kan ikkje endrast; lag ein ny post i staden",
                "cannot be changed; make a new record instead"
            ),
        )
    };
    moved.map(fault).collect()
}

/// A chain of references within a table never comes back to the record.
///
/// # Errors
/// When the database fails.
pub async fn no_circle(
    write: &Write,
    change: &Change,
    table: &str,
    field: &str,
    column: String,
) -> Result<Faults, Error> {
    let Some(start) = change.after().filter(|_| change.touches(field)).and_then(|after| after.uuid(field)) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "WITH RECURSIVE up (id) AS (SELECT {column} FROM {table} WHERE id = $2 UNION \
         SELECT t.{column} FROM {table} t JOIN up ON t.id = up.id) SELECT id FROM up WHERE id = $1"
    );
    let values = [change.row().id().into(), start.into()];
    let statement = Statement::from_sql_and_values(write.tx().get_database_backend(), sql, values);
    let circle = start == change.row().id() || write.tx().query_one_raw(statement).await?.is_some();
    let message = || {
        text!(
            "går i ring: fører tilbake til seg selv",
            "går i ring: fører attende til seg sjølv",
            "goes in a circle: it leads back to itself"
        )
    };
    Ok(circle.then(|| Fault::at(format!("/{field}"), "circle", message())).into_iter().collect())
}

/// The last administrator who can log in is neither disabled nor deleted nor erased: asked after the write.
///
/// # Errors
/// 409 when there is none left.
pub async fn administrator_left(write: &Write) -> Result<(), Error> {
    let mut others = Query::select();
    others
        .expr(Expr::val(1))
        .from("users")
        .and_where(Expr::col("administrator").eq(true))
        .and_where(Expr::col("disabled_at").is_null())
        .limit(1);
    if write.tx().query_one(&others).await?.is_some() {
        return Ok(());
    }
    let detail = text!(
        "den siste administratoren som kan logge inn, må bli værende",
        "den siste administratoren som kan logge inn, må bli verande",
        "the last administrator who can log in has to stay"
    );
    Err(Problem::new(&codes::LOCKED).detail(detail).into())
}
