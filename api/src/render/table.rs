//! A table: columns and rows of values as the JSON has them, before they are written in one format.

use serde_json::Value;

use super::column::Column;

/// A table of a list or a report.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it is called, in the caller's language: the name of its sheet and its file.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with one value for each column.
    pub rows: Vec<Vec<Value>>,
}
