//! Who may do what: the policy as a table, and the same over HTTP.

mod escalation;
mod golden;
mod indirect;
mod matrix;
mod observer;
mod order;
mod read_only;
mod same;
mod table;
