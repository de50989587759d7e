//! Money and effort: what is planned, what is promised, what is spent, and who pays how much of it.

pub mod budget_lines;
pub mod budgets;
pub mod cost_entries;
pub mod cost_keys;
pub mod funding_sources;
pub mod kostra;
pub mod time_entries;
