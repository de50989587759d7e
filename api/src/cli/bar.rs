//! How far long work has come, for a person who watches.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on the terminal; none when nobody watches.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar that is empty yet.
    #[must_use]
    pub fn new() -> Self {
        let bar = || {
            let style = ProgressStyle::with_template("{wide_bar} {percent:>3} % {eta:>4}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        };
        Self(std::io::stderr().is_terminal().then(bar))
    }

    /// Whether somebody watches.
    #[must_use]
    pub const fn watched(&self) -> bool {
        self.0.is_some()
    }

    /// Shows how much is done, and of how much.
    pub fn show(&self, done: u64, of: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(of);
            bar.set_position(done);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
