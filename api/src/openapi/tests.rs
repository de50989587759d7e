//! The document is true to itself.
