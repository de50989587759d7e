//! What the database refuses, said as a problem that the caller can act on.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::{fmt, io};

use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::{DatabaseError, ErrorKind};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::WrongType;

use crate::facts::Facts;
use crate::problem::{Error, Fault, Problem, codes};
use crate::text;

impl From<DbErr> for Error {
    /// A server out of reach or too busy is 503, a full disk 507, a clash of two writes 409; all else is ours.
    fn from(error: DbErr) -> Self {
        match kind(&error) {
            Kind::Taken => match records_of(&error) {
                Some(facts) => taken(facts, &error).into(),
                None => (&codes::CONFLICT).into(),
            },
            Kind::Dangling => (&codes::CLASH).into(),
            Kind::Unavailable => {
                tracing::warn!(error = &error as &dyn std::error::Error, "The database is out of reach or too busy");
                Problem::new(&codes::UNAVAILABLE).header("Retry-After", "1").into()
            }
            Kind::Overtaken => Self::internal("do what hangs on what a caller was", error),
            Kind::Full => {
                tracing::error!(error = &error as &dyn std::error::Error, "The database has no room left");
                (&codes::STORAGE_FULL).into()
            }
            Kind::Other => Self::Database(error),
        }
    }
}

/// A refused insert or update of a record: a value that must be unique is named.
pub(super) fn refused(facts: &Facts, error: DbErr) -> Error {
    match kind(&error) {
        // What was sent before and fails now may have written others.
        Kind::Taken => taken(records_of(&error).unwrap_or(facts), &error).into(),
        _ => error.into(),
    }
}

fn taken(facts: &Facts, error: &DbErr) -> Problem {
    let fault = |field: &&str| {
        let message = text!("er brukt av en annen post", "er brukt av ein annan post", "is taken by another record");
        Fault::at(format!("/{field}"), "taken", message)
    };
    let unique: &[&str] = if is_identifier(error) { &["id"] } else { facts.unique };
    let fields = unique.join(", ");
    Problem::new(&codes::CONFLICT)
        .detail(text!(
            "{fields} må være unik og er brukt av en annen post",
            "{fields} må vere unik og er brukt av ein annan post",
            "{fields} must be unique and is taken by another record"
        ))
        .errors(unique.iter().map(fault).collect())
}

/// What the database said.
fn said(error: &DbErr) -> Option<&(dyn DatabaseError + 'static)> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error()
        }
        _ => None,
    }
}

/// Whether it is the record's own identifier that is taken (an import brings identifiers along).
fn is_identifier(error: &DbErr) -> bool {
    said(error).is_some_and(|refusal| {
        refusal.code().as_deref() == Some("1555") || refusal.constraint().is_some_and(|name| name.ends_with("_pkey"))
    })
}

/// Whose records a refused statement has written, where its failure is told by another one.
fn records_of(error: &DbErr) -> Option<&'static Facts> {
    said(error)?.try_downcast_ref::<Refusal>()?.of
}

/// What a database refuses whose library is asked without the pool's driver. It goes the way of the driver's own refusals.
#[derive(Clone)]
pub(super) struct Refusal {
    /// The extended result code of SQLite, or the SQLSTATE of PostgreSQL.
    code: String,
    message: String,
    constraint: Option<String>,
    of: Option<&'static Facts>,
}

impl Refusal {
    fn of_sqlite(code: i32, message: String) -> Self {
        Self { code: code.to_string(), message, constraint: None, of: None }
    }

    /// Of what is asked after its transaction has ended.
    pub(super) fn undone() -> Self {
        Self::of_sqlite(rusqlite::ffi::SQLITE_ABORT, "the transaction has been undone".to_owned())
    }

    /// Whether a read was broken off for having taken too long.
    pub(super) fn is_interrupted(&self) -> bool {
        self.code.parse() == Ok(rusqlite::ffi::SQLITE_INTERRUPT)
    }

    /// The same, told to many who cannot know whose fault it is: those with none find their way free the next time.
    pub(super) fn of_many(self) -> Self {
        if kind(&self.clone().into()) == Kind::Dangling {
            return Self::of_sqlite(rusqlite::ffi::SQLITE_BUSY, format!("one of many: {}", self.message));
        }
        self
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map_or(rusqlite::ffi::SQLITE_ERROR, |error| error.extended_code);
        Self::of_sqlite(code, error.to_string())
    }
}

impl From<Refusal> for DbErr {
    fn from(refusal: Refusal) -> Self {
        Self::Exec(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Database(Box::new(refusal)))))
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal {{ code: {:?}, message: {:?} }}", self.code, self.message)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl StdError for Refusal {}

impl DatabaseError for Refusal {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.as_str().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn constraint(&self) -> Option<&str> {
        self.constraint.as_deref()
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// What PostgreSQL did not answer, asked without the pool's driver.
#[derive(Debug)]
pub(super) struct Lost {
    why: Why,
    /// Whose records the statement writes.
    of: Option<&'static Facts>,
}

#[derive(Debug)]
enum Why {
    /// It refused, was out of reach, or fell silent.
    There(tokio_postgres::Error),
    /// It was not asked: a fault of ours.
    Here(DbErr),
    /// The transaction has ended, or something in it has failed before.
    Undone,
}

impl Lost {
    /// Of what is asked after its transaction has ended, or something in it has failed.
    pub(super) const fn undone() -> Self {
        Self { why: Why::Undone, of: None }
    }

    /// The same of a statement that writes such records.
    pub(super) fn of(self, of: Option<&'static Facts>) -> Self {
        Self { of, ..self }
    }

    /// Whether a read was broken off for having taken too long.
    pub(super) fn is_late(&self) -> bool {
        matches!(&self.why, Why::There(error) if error.code() == Some(&SqlState::QUERY_CANCELED))
    }
}

impl From<tokio_postgres::Error> for Lost {
    fn from(error: tokio_postgres::Error) -> Self {
        Self { why: Why::There(error), of: None }
    }
}

impl From<DbErr> for Lost {
    fn from(error: DbErr) -> Self {
        Self { why: Why::Here(error), of: None }
    }
}

impl From<Lost> for DbErr {
    fn from(lost: Lost) -> Self {
        let refusal = |code: &str, message: &str, constraint: Option<&str>| Refusal {
            code: code.to_owned(),
            message: message.to_owned(),
            constraint: constraint.map(str::to_owned),
            of: lost.of,
        };
        match &lost.why {
            Why::Undone => {
                refusal(SqlState::IN_FAILED_SQL_TRANSACTION.code(), "the transaction has been undone", None).into()
            }
            Why::There(error) => match error.as_db_error() {
                Some(said) => refusal(said.code().code(), said.message(), said.constraint()).into(),
                None if is_ours(error) => Self::Type(with_causes(error)),
                None => {
                    Self::Conn(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(io::Error::other(with_causes(error))))))
                }
            },
            Why::Here(error) => error.clone(),
        }
    }
}

/// Whether a value was not as the statement takes it, or a column not as it is read.
fn is_ours(error: &tokio_postgres::Error) -> bool {
    error.source().is_some_and(|source| source.is::<DbErr>() || source.is::<WrongType>())
}

fn with_causes(error: &dyn StdError) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A unique value is taken.
    Taken,
    /// A reference would point to nothing.
    Dangling,
    /// Busy, deadlocked, restarting or out of reach: worth another try.
    Unavailable,
    /// What it hangs on has been written meanwhile: worth being done anew.
    Overtaken,
    /// No room on the disk.
    Full,
    Other,
}

fn kind(error: &DbErr) -> Kind {
    let cause = match error {
        DbErr::ConnectionAcquire(_) => return Kind::Unavailable,
        DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => cause,
        _ => return Kind::Other,
    };
    match cause.as_ref() {
        sqlx::Error::Database(refusal) => refusal.code().map_or(Kind::Other, |code| of_code(&code)),
        // Whoever is cut off in the midst of a message finds it malformed.
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::BeginFailed
        | sqlx::Error::WorkerCrashed => Kind::Unavailable,
        _ => Kind::Other,
    }
}

/// Whether a lock was waited for in vain.
pub(super) fn is_locked(error: &DbErr) -> bool {
    said(error).is_some_and(|refusal| refusal.code().as_deref() == Some("55P03"))
}

/// What a code says: five characters are PostgreSQL's (SQLSTATE, appendix A of its manual), a number is SQLite's
/// extended result code, whose lowest byte is the primary one.
fn of_code(code: &str) -> Kind {
    match (code, code.parse::<u32>().map(|number| number & 0xff)) {
        ("23505" | "1555" | "2067", _) => Kind::Taken,
        ("23503" | "23001" | "787" | "1811", _) => Kind::Dangling,
        ("53100", _) => Kind::Full,
        // Nothing of ours divides but by whether something holds.
        ("22012", _) => Kind::Overtaken,
        _ if code.len() == 5 => match code.get(..2) {
            Some("08" | "40" | "53" | "57") => Kind::Unavailable,
            _ if matches!(code, "25006" | "25P03" | "55P03") => Kind::Unavailable,
            _ => Kind::Other,
        },
        (_, Ok(13)) => Kind::Full,
        // 8: a file system that the system has turned read-only.
        (_, Ok(5 | 6 | 8 | 10 | 14)) => Kind::Unavailable,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, of_code};

    #[test]
    fn both_engines_say_the_same_by_other_codes() {
        for code in ["23505", "1555", "2067"] {
            assert_eq!(of_code(code), Kind::Taken, "{code}");
        }
        for code in ["23503", "787", "1811"] {
            assert_eq!(of_code(code), Kind::Dangling, "{code}");
        }
        for code in ["40P01", "40001", "57P01", "53300", "08006", "25P03", "55P03", "5", "517", "261", "6", "10", "522"]
        {
            assert_eq!(of_code(code), Kind::Unavailable, "{code}");
        }
        assert_eq!((of_code("53100"), of_code("13")), (Kind::Full, Kind::Full));
        for code in ["42601", "22021", "1", "1299", "23502"] {
            assert_eq!(of_code(code), Kind::Other, "{code}");
        }
    }
}
