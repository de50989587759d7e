//! `framdrift import`: a project document or the list of municipalities comes in, whole or not at all.

use std::io::{IsTerminal, Read};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::access::Caller;
use crate::app;
use crate::config::Config;
use crate::exchange::bring::Outcome;
use crate::exchange::{Progress, import, municipalities, unwatched};
use crate::http::json;
use crate::problem::Error;
use crate::routes;
use crate::store::{Write, Writer};

/// Brings a file in and tells what became of it.
///
/// # Errors
/// When it cannot be read, or holds faults; then nothing is written.
pub async fn run(config: &Config, file: &Path, dry_run: bool, reason: Option<String>) -> Result<(), Error> {
    let bytes = read(file).map_err(|error| Error::internal("read the file", error))?;
    let content = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let database = app::open(config).await?;
    database.migrate().await?;
    let caller = Caller::operator();
    let write = database.open().await?.write(Writer { reason, ..Writer::of(&caller) }).await?;
    let bar = watched().then(bar);
    let progress = |done: usize, of: usize| {
        if let Some(bar) = &bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    };
    let outcome = bring_in(&write, &caller, content, if bar.is_some() { &progress } else { &unwatched }).await;
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let outcome = outcome?;
    if !dry_run {
        write.commit().await?;
    } else {
        drop(write);
    }
    database.close().await?;
    let Outcome { created, updated, unchanged, .. } = outcome;
    let note = if dry_run { " (dry run: nothing was written)" } else { "" };
    println!("{created} created, {updated} updated, {unchanged} unchanged{note}");
    Ok(())
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// JSON begins with a bracket; a table begins with the names of its columns.
async fn bring_in(write: &Write, caller: &Caller, content: &[u8], progress: Progress<'_>) -> Result<Outcome, Error> {
    let first = content.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        let document = json::object(content)?;
        return import::import(write, caller, routes::resources(), &document, progress).await?.sound();
    }
    let (outcome, passed_over) = municipalities::import(write, caller, routes::resources(), content, progress).await?;
    let outcome = outcome.sound()?;
    for row in passed_over {
        eprintln!("{row}");
    }
    Ok(outcome)
}

fn watched() -> bool {
    std::io::stderr().is_terminal()
}

/// A bar for those who watch.
pub(super) fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} % {eta:>4}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
