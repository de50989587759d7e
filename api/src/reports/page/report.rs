//! A status report as a page: a draft says what it says; a published report shows what was frozen in it.

use maud::{Markup, html};
use serde_json::Value;

use super::dimensions::{instant, of_report, texts};
use super::{period, sections, text};
use crate::problem::Lang;
use crate::render::page::{Page, Section, Words, coded, page_policy};
use crate::render::phrases as say;
use crate::render::{Drawn, Format, called, symbols};

/// A report that may still change: what it says, and nothing of the project around it.
#[must_use]
pub fn draft(report: &Value, project: &str, lang: Lang) -> Drawn {
    let state = text(report, "state");
    let below = html! {
        p { (coded(state, &called(state, symbols::labels("reportState"), lang))) }
        p.note { (say::NOT_PUBLISHED.said(lang)) }
    };
    drawn(Page {
        lang,
        title: project.to_owned(),
        above: above(report, lang),
        below,
        sections: own_sections(report, lang),
        foot: html! {},
    })
}

/// A published report: `frozen` is the canonical JSON that it was published with, as far as the reader sees it, and `sha256`
/// the hash of that.
#[must_use]
pub fn published(frozen: &Value, sha256: &str, lang: Lang) -> Drawn {
    let report = &frozen["report"];
    let below = html! {
        p { (text(&frozen["status"]["project"], "code")) }
        @if let Some(at) = instant(frozen, "publishedAt", lang) { p { (coded("published", say::PUBLISHED.said(lang))) " " (at) } }
        p.note { (say::FROZEN.said(lang)) }
    };
    let mut all = own_sections(report, lang);
    all.extend(sections(&frozen["status"], &frozen["schedule"], lang, Words::Frozen));
    drawn(Page {
        lang,
        title: text(&frozen["status"]["project"], "name").to_owned(),
        above: above(report, lang),
        below,
        sections: all,
        foot: html! { p { (say::PROOF.said(lang)) ": " code { (sha256) } } },
    })
}

fn drawn(page: Page) -> Drawn {
    Drawn { format: Format::Html, text: page.html(), policy: page_policy() }
}

/// `Statusrapport 01.11.2017 – 31.12.2017`.
fn above(report: &Value, lang: Lang) -> String {
    let kind = called(text(report, "kind"), symbols::labels("reportKind"), lang);
    format!("{} {}", say::capital(&kind), period(report, "periodFrom", "periodTo", lang).unwrap_or_default())
}

fn own_sections(report: &Value, lang: Lang) -> Vec<Section> {
    let body: Markup = html! {
        (of_report(report, lang))
        (texts(report, lang))
        @for section in report["sections"].as_array().into_iter().flatten() {
            h3 { (called(text(section, "heading"), symbols::labels("sectionHeading"), lang)) }
            p.text { (text(section, "text")) }
        }
    };
    vec![Section { id: "dimensions", title: say::DIMENSIONS.said(lang).to_owned(), body }]
}
