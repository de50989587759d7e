//! What a report says: where the project stands in each dimension, what was reached, what comes, what is to be decided.

use maud::{Markup, html};
use serde_json::Value;

use super::{period, text};
use crate::problem::Lang;
use crate::render::called;
use crate::render::page::{coded, unknown};
use crate::render::phrases::{self as say, Phrase};
use crate::render::spoken;
use crate::render::symbols;

/// Each dimension, what it is called and the code list of its states.
const DIMENSIONS: [(&str, Phrase, &str); 6] = [
    ("overall", say::OVERALL, "overallStatus"),
    ("time", say::TIME, "timeStatus"),
    ("economy", say::ECONOMY, "economyStatus"),
    ("quality", say::QUALITY, "qualityStatus"),
    ("risk", say::RISK, "riskLevel"),
    ("outcome", say::OUTCOME, "outcomeStatus"),
];

/// The latest published report in the status of the day.
pub fn latest(report: &Value, lang: Lang) -> Markup {
    let said = |name: &str| {
        let all = report["dimensions"].as_array().into_iter().flatten();
        all.into_iter().find(|one| one["dimension"] == name).cloned()
    };
    html! {
        p {
            @if let Some(days) = period(report, "periodFrom", "periodTo", lang) { (days) ". " }
            @if let Some(at) = instant(report, "publishedAt", lang) { (say::PUBLISHED.said(lang)) " " (at) "." }
        }
        (standings(said, "latest-report", lang))
        (texts(report, lang))
    }
}

/// What a report says of its own.
pub fn of_report(report: &Value, lang: Lang) -> Markup {
    standings(|name| report.get(name).filter(|said| !said.is_null()).cloned(), "dimensions", lang)
}

fn standings(said: impl Fn(&str) -> Option<Value>, labelled_by: &str, lang: Lang) -> Markup {
    let (status, trend, comment) = (say::STATUS.said(lang), say::TREND.said(lang), say::COMMENT.said(lang));
    html! {
        table role="table" aria-labelledby=(labelled_by) {
            thead role="rowgroup" {
                tr role="row" {
                    @for heading in [say::DIMENSION.said(lang), status, trend, comment] { th scope="col" role="columnheader" { (heading) } }
                }
            }
            tbody role="rowgroup" {
                @for (name, called, list) in DIMENSIONS {
                    @let one = said(name).unwrap_or_default();
                    tr role="row" {
                        th scope="row" role="rowheader" { (called.said(lang)) }
                        td role="cell" data-label=(status) { span { (state(&one["status"], list, lang)) } }
                        td role="cell" data-label=(trend) { span { (state(&one["trend"], "trend", lang)) } }
                        td role="cell" data-label=(comment) { span.text { (text(&one, "comment")) } }
                    }
                }
            }
        }
    }
}

fn state(code: &Value, list: &str, lang: Lang) -> Markup {
    match code.as_str() {
        Some(code) => coded(code, &called(code, symbols::labels(list), lang)),
        None => unknown(lang),
    }
}

/// What was reached, what comes, and what is to be decided.
pub fn texts(report: &Value, lang: Lang) -> Markup {
    let parts = [("achieved", say::ACHIEVED), ("next", say::NEXT), ("decisionsWanted", say::DECISIONS_WANTED)];
    html! {
        @for (name, title) in parts {
            @if !text(report, name).is_empty() {
                h3 { (title.said(lang)) }
                p.text { (spoken::sentence(text(report, name), lang)) }
            }
        }
    }
}

/// An instant of a member, as people say it.
pub fn instant(value: &Value, name: &str, lang: Lang) -> Option<String> {
    value[name].as_str().and_then(|text| text.parse().ok()).map(|at| spoken::instant(at, lang))
}
