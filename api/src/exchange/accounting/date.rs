//! Dates as Norwegian systems write them: the day first, or after ISO 8601.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::faults::{Wrong, shown};
use crate::text;

/// The day that a cell names; the cell is trimmed and has something in it.
pub(super) fn read(cell: &str, within: &RangeInclusive<NaiveDate>) -> Result<NaiveDate, Wrong> {
    let value = shown(cell);
    let Some((year, month, day)) = parts(cell) else {
        let message = text!(
            "«{value}» er ikke en dato; skriv den som 15.11.2017 eller 2017-11-15",
            "«{value}» er ikkje ein dato; skriv han som 15.11.2017 eller 2017-11-15",
            "“{value}” is not a date; write it as 15.11.2017 or 2017-11-15"
        );
        return Err(Wrong { code: "wrong_format", message });
    };
    let Some(date) = NaiveDate::from_ymd_opt(year, month, day) else {
        let message = text!(
            "«{value}» finnes ikke i kalenderen; rett dagen eller måneden, med dagen først, som 15.11.2017",
            "«{value}» finst ikkje i kalenderen; rett dagen eller månaden, med dagen først, som 15.11.2017",
            "“{value}” is not in the calendar; correct the day or the month, with the day first, as 15.11.2017"
        );
        return Err(Wrong { code: "no_such_date", message });
    };
    if !within.contains(&date) {
        let [from, to] = [within.start(), within.end()].map(|end| end.format("%d.%m.%Y"));
        let message = text!(
            "«{value}» er utenfor perioden {from}–{to}; rett datoen, eller ta bort raden",
            "«{value}» er utanfor perioden {from}–{to}; rett datoen, eller ta bort rada",
            "“{value}” is outside the period {from}–{to}; correct the date, or remove the row"
        );
        return Err(Wrong { code: "out_of_range", message });
    }
    Ok(date)
}

/// Year, month and day by the form of a date: `15.11.2017`, `1.5.17`, `15/11/2017` or `2017-11-15`.
fn parts(cell: &str) -> Option<(i32, u32, u32)> {
    let mark = cell.chars().find(|c| !c.is_ascii_digit())?;
    let fields: Vec<&str> = cell.splitn(4, mark).collect();
    let [first, month, last] = fields.try_into().ok()?;
    let (year, day) = match (mark, first.len(), month.len(), last.len()) {
        ('-', 4, 2, 2) => (first, last),
        ('.', 1 | 2, 1 | 2, 2 | 4) | ('/', 1 | 2, 1 | 2, 4) => (last, first),
        _ => return None,
    };
    let number = |field: &str| field.bytes().all(|byte| byte.is_ascii_digit()).then(|| field.parse().ok()).flatten();
    // Accounts are not kept for the last century.
    let century = if year.len() == 2 { 2000 } else { 0 };
    Some((century + i32::try_from(number(year)?).ok()?, number(month)?, number(day)?))
}
