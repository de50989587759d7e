//! The head of a record that the service writes by itself, at its first version.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use uuid::Uuid;

/// The columns that every record begins with.
pub(super) const COLUMNS: [&str; 6] = ["id", "version", "created_at", "created_by", "updated_at", "updated_by"];

/// Their values, in the same order.
pub(super) fn values(id: Uuid, at: DateTime<Utc>, by: Option<Uuid>) -> [Expr; 6] {
    [Expr::val(id), Expr::val(1_i64), Expr::val(at), Expr::val(by), Expr::val(at), Expr::val(by)]
}
