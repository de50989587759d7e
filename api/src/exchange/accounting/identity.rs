//! What tells the rows of accounts apart, so that a file that is read twice brings nothing twice.

use std::collections::HashMap;

use super::Entry;

/// The identity of a row: voucher, date, amount, account, supplier, text, function, activity and organisation, and which of the rows it is that have all
/// of these in common, counted from 0. No two different rows have the same.
#[must_use]
pub fn identity(entry: &Entry, occurrence: u32) -> String {
    let date = entry.incurred_on.to_string();
    let amount = entry.amount_ore.to_string();
    let occurrence = occurrence.to_string();
    let parts = [
        entry.voucher.as_deref(),
        Some(date.as_str()),
        Some(amount.as_str()),
        entry.account.as_deref(),
        entry.supplier.as_deref(),
        entry.text.as_deref(),
        entry.function.as_deref(),
        entry.activity.as_deref(),
        entry.organisation.as_deref(),
        Some(occurrence.as_str()),
    ];
    parts.map(part).concat()
}

/// The identity of each row of a file: rows that are alike are counted in their order, so that each is kept.
#[must_use]
pub fn identities(entries: &[Entry]) -> Vec<String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let numbered = |entry| {
        let occurrence = seen.entry(identity(entry, 0)).or_default();
        let identity = identity(entry, *occurrence);
        *occurrence += 1;
        identity
    };
    entries.iter().map(numbered).collect()
}

/// A part behind its length, so that no text can pass for the next part.
fn part(part: Option<&str>) -> String {
    part.map_or_else(|| "-;".to_owned(), |part| format!("{}:{part};", part.len()))
}
