//! A list or a report as tables for spreadsheets, as a page, a picture, a calendar or a feed. It knows no list and no
//! report: only schemas, values and words.
//!
//! One rule for both kinds of file: **CSV is for programs, XLSX is for people.** The columns are the same. In CSV a code is
//! its code, a date is ISO, what is nested is compact JSON; in XLSX a code is its label, a date is a date, what is nested is
//! readable text. Headings and yes/no are in the caller's language in both, and a decimal comma stands where Norwegian
//! spreadsheets read one. What is not known is an empty cell.

pub mod atom;
mod column;
mod csv;
mod format;
pub mod gantt;
pub mod ical;
pub mod page;
pub mod phrases;
pub mod policy;
mod records;
pub mod spoken;
pub mod symbols;
mod table;
mod tables;
mod text;
mod view;
pub mod words;
mod xlsx;

pub use column::{Column, Kind, called};
pub use csv::csv;
pub use format::Format;
pub use records::{Shown, records};
pub use table::Table;
pub use tables::Tables;
pub use view::{Drawn, View, Wish};
pub use xlsx::xlsx;
