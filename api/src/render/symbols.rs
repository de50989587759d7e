//! A symbol for each state, so that no state is told by its colour alone.

use entity::Label;

/// A symbol and the tone that it is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The symbol.
    pub sign: &'static str,
    /// The class of its colour: `good`, `fair`, `bad` or `plain`.
    pub tone: &'static str,
}

/// The symbol of a code, whichever list it is of.
#[must_use]
pub fn of(code: &str) -> Symbol {
    let (sign, tone) = match code {
        "met" | "done" | "adopted" | "approved" | "held" | "green" | "on_plan" | "on_budget" | "as_specified"
        | "ahead" | "under_budget" | "better" | "low" | "improving" | "published" => ("✓", "good"),
        "partially_met"
        | "adopted_with_conditions"
        | "approved_with_conditions"
        | "yellow"
        | "minor_delay"
        | "minor_overrun"
        | "minor_deviation"
        | "medium"
        | "postponed"
        | "warning" => ("◐", "fair"),
        "overdue" | "not_met" | "rejected" | "red" | "delayed" | "over_budget" | "major_deviation" | "high"
        | "worsening" | "error" => ("▲", "bad"),
        "cancelled" => ("✕", "plain"),
        "in_progress" | "active" | "pending" | "summoned" | "submitted" => ("●", "plain"),
        _ => ("○", "plain"),
    };
    Symbol { sign, tone }
}

/// The labels of a code list, by its name in `GET /code-lists`.
#[must_use]
pub fn labels(list: &str) -> &'static [Label] {
    entity::code_lists().into_iter().find(|(name, _)| *name == list).map(|(_, labels)| labels).unwrap_or_default()
}
