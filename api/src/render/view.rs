//! A report as something to look at: a page or a picture, drawn from the JSON that everybody gets.

use serde_json::Value;

use super::format::Format;
use crate::problem::Lang;

/// How something is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The language of its words.
    pub lang: Lang,
    /// The width of a picture in pixels.
    pub width: u32,
}

impl Wish {
    /// The width of a picture when nobody says another.
    pub const WIDTH: u32 = 960;
    /// The widths that a picture may have: that of a telephone, and twice that of a screen.
    pub const WIDTHS: std::ops::RangeInclusive<u32> = 320..=2560;

    /// In a language, as wide as pictures are.
    #[must_use]
    pub const fn of(lang: Lang) -> Self {
        Self { lang, width: Self::WIDTH }
    }
}

/// What was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// What it is.
    pub format: Format,
    /// Its text.
    pub text: String,
    /// What a browser lets it load and run, for `Content-Security-Policy`: its own style and nothing else.
    pub policy: String,
}

/// A way to look at a report.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// What comes of it.
    pub format: Format,
    /// What the document says of it.
    pub about: &'static str,
    /// Draws a report, given as JSON.
    pub draw: fn(&Value, Wish) -> String,
    /// What a browser lets it load and run.
    pub policy: fn() -> String,
}

impl View {
    /// Draws a report, given as JSON.
    #[must_use]
    pub fn drawn(&self, report: &Value, wish: Wish) -> Drawn {
        Drawn { format: self.format, text: (self.draw)(report, wish), policy: (self.policy)() }
    }
}
