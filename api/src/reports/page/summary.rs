//! The head of a status: what a reader must know when it reads no further.

use maud::{Markup, html};
use serde_json::Value;

use super::dimensions::instant;
use super::{period, text};
use crate::problem::Lang;
use crate::render::page::{Words, coded, unknown};
use crate::render::phrases as say;
use crate::render::{called, spoken, symbols, words};

/// The status in short.
pub fn summary(status: &Value, lang: Lang, whose: Words) -> Markup {
    let project = &status["project"];
    html! {
        dl {
            dt { (say::PHASE.said(lang)) }
            dd { (label(project, "type", "projectType", lang)) }
            dt { (say::STATUS.said(lang)) }
            dd { (label(project, "status", "projectStatus", lang)) }
            dt { (say::PROJECT_PERIOD.said(lang)) }
            dd { @match period(project, "startsOn", "endsOn", lang) { Some(days) => (days), None => (unknown(lang)) } }
            dt { (say::NEXT_DECISION_POINT.said(lang)) }
            dd { (next(&status["nextDecisionPoint"], lang)) }
            dt { (say::PLAN_CHECK.said(lang)) }
            dd { (counts(&status["findingCounts"], lang)) }
            @if whose == Words::Fresh {
                dt { (say::LATEST_REPORT.said(lang)) }
                dd { (instant(&status["latestReport"], "publishedAt", lang).unwrap_or_else(|| say::NO_REPORT.said(lang).to_owned())) }
            }
        }
    }
}

fn label(value: &Value, field: &str, list: &str, lang: Lang) -> Markup {
    match value[field].as_str() {
        Some(code) if field == "status" => coded(code, &called(code, symbols::labels(list), lang)),
        Some(code) => html! { (called(code, symbols::labels(list), lang)) },
        None => unknown(lang),
    }
}

fn next(point: &Value, lang: Lang) -> Markup {
    if point.is_null() {
        return html! { (say::ALL_DECIDED.said(lang)) };
    }
    let planned = point["plannedOn"].as_str().and_then(|text| text.parse().ok()).map(|day| spoken::day(day, lang));
    html! {
        (text(point, "number")) " " (text(point, "theme")) ", "
        @match planned { Some(day) => (day), None => (unknown(lang)) }
        ", "
        @if point["ready"] == true { (coded("met", say::READY.said(lang))) } @else { (coded("overdue", say::NOT_READY.said(lang))) }
    }
}

fn counts(counts: &Value, lang: Lang) -> Markup {
    let said = [("error", "errors"), ("warning", "warnings"), ("info", "infos"), ("", "waived")].map(|(code, name)| {
        let count = counts[name].as_u64().unwrap_or_default();
        let word = words::heading("", name, lang).unwrap_or_default().to_lowercase();
        (if count > 0 { code } else { "" }, format!("{count} {word}"))
    });
    html! {
        @for (place, (code, words)) in said.iter().enumerate() {
            @if place > 0 { ", " }
            @if code.is_empty() { (words) } @else { (coded(code, words)) }
        }
    }
}

/// Budget and funding in sum.
pub fn economy(economy: &Value, lang: Lang, whose: Words) -> Markup {
    let rows = [
        (say::BUDGET, "totalOre"),
        (say::OF_WHICH_CASH, "cashOre"),
        (say::OF_WHICH_WORK, "inKindOre"),
        (say::COMMITTED, "committedOre"),
    ];
    let foreign = (whose == Words::Frozen && lang != Lang::Nb).then_some(Lang::Nb.tag());
    html! {
        dl {
            @for (name, field) in rows {
                dt { (name.said(lang)) }
                dd { @match economy[field].as_i64() { Some(ore) => (spoken::kroner(ore, lang)), None => (unknown(lang)) } }
            }
        }
        p lang=[foreign] { (text(economy, "inWords")) }
    }
}

/// The capacity of the region in sum.
pub fn capacity(capacity: &Value, lang: Lang) -> Markup {
    let day = capacity["asOf"].as_str().and_then(|text| text.parse().ok()).map(|day| spoken::day(day, lang));
    let field = words::heading("", "businessFte", lang).unwrap_or_default();
    html! {
        @if let Some(day) = day {
            p {
                (text(capacity, "name")) " " (say::AS_OF.said(lang)) " " (day) ": "
                @match capacity["businessFte"].as_number() {
                    Some(number) => {
                        @if capacity["approximate"] == true { (say::APPROXIMATE.said(lang)) " " }
                        strong { (spoken::number(number, lang)) } " " (field.to_lowercase()) " " (say::IN_SUM.said(lang)) "."
                    }
                    None => { (unknown(lang)) "." }
                }
            }
        }
    }
}
