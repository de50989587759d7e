//! Who may do what: the policy as a table, and the same over HTTP.

mod golden;
mod matrix;
mod table;
