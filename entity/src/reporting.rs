//! What is reported: status reports, and who put its name to one.

pub mod report_signatures;
pub mod status_reports;
