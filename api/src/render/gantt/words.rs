//! The words of the picture: what its shapes mean, and the whole of it for who does not see it.

use chrono::NaiveDate;

use super::rows::Row;
use crate::problem::Lang;
use crate::render::phrases as say;
use crate::render::spoken::{day, short_day};

/// What the shapes mean that the picture has.
#[must_use]
pub fn legend(rows: &[Row], period: [Option<NaiveDate>; 2], lang: Lang) -> Vec<(&'static str, String)> {
    let items = || rows.iter().filter_map(|row| if let Row::Item(item) = row { Some(item) } else { None });
    let marked = |class: &str| items().any(|item| item.marks.iter().any(|mark| mark.class == class));
    let barred = |class: &str| items().any(|item| item.bar.is_some_and(|bar| bar.class == class));
    let done = items().any(|item| item.bar.is_some_and(|bar| bar.done.is_some_and(|done| done > 0.0)));
    let known = [
        ("planned", marked("planned"), say::PLANNED),
        ("baseline", marked("baseline"), say::BASELINE),
        ("forecast", marked("forecast"), say::FORECAST),
        ("met", marked("met"), say::MET),
        ("point", marked("point"), say::DECISION_POINT),
        ("decided", marked("decided"), say::DECIDED),
        ("activity", barred("activity"), say::ACTIVITY),
        ("done", done, say::DONE),
        ("window", barred("window"), say::WINDOW),
    ];
    let mut legend: Vec<(&'static str, String)> = known
        .into_iter()
        .filter(|(_, there, _)| *there)
        .map(|(class, _, words)| (class, words.said(lang).to_owned()))
        .collect();
    if let [Some(from), Some(to)] = period {
        let days = format!("{} {}–{}", say::PERIOD.said(lang), short_day(from, lang), short_day(to, lang));
        legend.push(("period", days));
    }
    legend
}

/// The picture in words, for who does not see it.
#[must_use]
pub fn spoken(rows: &[Row], lang: Lang) -> String {
    let mut said = Vec::new();
    for row in rows {
        match row {
            Row::Heading(name) => said.push(format!("{name}:")),
            Row::Undated(name) => said.push(format!("{name};")),
            Row::Item(item) => {
                let bar = item.bar.map(|bar| bar.label(lang));
                let marks = item.marks.iter().map(|mark| match mark.class {
                    "planned" | "point" => format!("{} {}", say::PLANNED.said(lang), day(mark.on, lang)),
                    _ => mark.label.clone(),
                });
                let standing = item.standing.as_ref().map(|(_, words)| words.clone());
                let all = bar.into_iter().chain(marks).chain(standing).chain(item.warning.map(str::to_owned));
                said.push(format!("{}, {};", item.name, all.collect::<Vec<_>>().join(", ")));
            }
        }
    }
    if said.is_empty() { say::NO_DATES.said(lang).to_owned() } else { said.join(" ") }
}
