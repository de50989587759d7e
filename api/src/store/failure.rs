//! What the database refuses, said as a problem that the caller can act on.

use sea_orm::{DbErr, RuntimeErr};

use crate::problem::Problem;
use crate::problem::{Error, codes};
use crate::text;

/// A database failure as the caller meets it: a unique value taken is 409, a server out of reach 503.
pub fn said(error: DbErr) -> Error {
    match driver_code(&error).as_deref() {
        Some("1555" | "2067" | "23505") => Problem::new(&codes::CONFLICT)
            .detail(text!(
                "en verdi som må være unik, er brukt av en annen post",
                "ein verdi som må vere unik, er brukt av ein annan post",
                "a value that must be unique is taken by another record"
            ))
            .into(),
        Some("5" | "6" | "261" | "517" | "40001" | "40P01" | "57P01" | "57P02" | "57P03" | "08006" | "08001") => {
            unavailable()
        }
        _ if matches!(error, DbErr::ConnectionAcquire(_)) => unavailable(),
        _ => Error::Database(error),
    }
}

fn unavailable() -> Error {
    Problem::new(&codes::UNAVAILABLE).header("Retry-After", "1").into()
}

fn driver_code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))
    | DbErr::Conn(RuntimeErr::SqlxError(cause))) = error
    else {
        return None;
    };
    cause.as_database_error().and_then(|cause| cause.code()).map(std::borrow::Cow::into_owned)
}
