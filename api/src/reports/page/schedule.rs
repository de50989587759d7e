//! The schedule in a page: one picture for wide screens and paper, one for telephones, and below what has no date.

use maud::{Markup, html};
use serde_json::Value;

use crate::problem::Lang;
use crate::render::Wish;
use crate::render::gantt::{self, Seen};
use crate::render::phrases as say;

/// The width that is laid out for screens and paper.
const WIDE: u32 = 900;
/// The width that is laid out for a telephone of 390 pixels.
const NARROW: u32 = 358;

/// The figure.
pub fn figure(schedule: &Value, lang: Lang) -> Markup {
    let wide = gantt::inline(schedule, Wish { lang, width: WIDE }, "wide", Seen::OnPaper);
    let narrow = gantt::inline(schedule, Wish { lang, width: NARROW }, "narrow", Seen::OnScreen);
    let undated = gantt::undated(schedule, lang);
    html! {
        @if wide.is_empty() {
            p { (say::NO_DATES.said(lang)) }
        } @else {
            figure {
                div.wide { @for part in &wide { (part) } }
                div.narrow { @for part in &narrow { (part) } }
                figcaption { (say::SCHEDULE_IN_TABLES.said(lang)) }
            }
        }
        @if !undated.is_empty() {
            h3 { (say::UNDATED.said(lang)) }
            ul { @for name in &undated { li { (name) } } }
        }
    }
}
