//! Who may do what: the policy as a table, and the same over HTTP.

mod around;
mod escalation;
mod golden;
mod indirect;
mod matrix;
mod observer;
mod operations;
mod order;
mod read_only;
mod requests;
mod same;
mod table;
mod timing;
mod walk;
