//! Pages for people, to be read on a telephone, on a screen and on paper: HTML that loads nothing and runs nothing. It knows no
//! report: sections come in, each table as [`Table`](super::Table) has it.

mod cell;
mod table;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::phrases as say;
use super::policy;
use crate::problem::Lang;

pub use cell::{coded, unknown};
pub use table::{Words, table};

/// The style of every page, the picture of the schedule included.
const STYLE: &str = concat!(include_str!("page.css"), include_str!("../gantt/gantt.css"));

/// What a browser lets a page load and run: its own style.
#[must_use]
pub fn page_policy() -> String {
    policy::of(STYLE)
}

/// A section of a page.
pub struct Section {
    /// Its own name in the page, which a link within it leads to.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What it holds.
    pub body: Markup,
}

/// A page.
pub struct Page {
    /// The language of its words.
    pub lang: Lang,
    /// What it is called, in the window and at its head.
    pub title: String,
    /// What stands above the title.
    pub above: String,
    /// What stands below the title.
    pub below: Markup,
    /// Its sections.
    pub sections: Vec<Section>,
    /// What stands at its foot.
    pub foot: Markup,
}

impl Page {
    /// The page as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let lang = self.lang;
        let page = html! {
            (DOCTYPE)
            html lang=(lang.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " – " (self.above) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#content" { (say::SKIP.said(lang)) }
                    header {
                        p.above { (self.above) }
                        h1 { (self.title) }
                        (self.below)
                    }
                    (self.contents())
                    main #content tabindex="-1" {
                        @for section in &self.sections {
                            section aria-labelledby=(section.id) {
                                h2 #(section.id) { (section.title) }
                                (section.body)
                            }
                        }
                    }
                    footer { (self.foot) p { (say::MADE_BY.said(lang)) } }
                }
            }
        };
        page.into_string()
    }

    fn contents(&self) -> Markup {
        html! {
            @if self.sections.len() > 2 {
                nav aria-label=(say::CONTENTS.said(self.lang)) {
                    ul { @for section in &self.sections { li { a href={ "#" (section.id) } { (section.title) } } } }
                }
            }
        }
    }
}
