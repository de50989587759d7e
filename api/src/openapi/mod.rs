//! The OpenAPI document, built from the table of resources and the table of operations that the server binds.

pub mod about;

pub use about::About;
use serde_json::Value;

/// The document.
#[must_use]
pub fn document() -> Value {
    Value::Null
}

/// The document as it is committed and served: indented, with a newline at the end.
#[must_use]
pub fn text() -> String {
    document().to_string()
}
