//! `framdrift backup` and `framdrift restore`: a copy of the SQLite file while it is served, and back; and the way to PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};

use super::bar::Bar;
use super::erasure;
use crate::config::Config;
use crate::problem::Error;
use crate::store::{Database, backup, transfer};

/// Makes a copy and, beside it, a file with its SHA-256 as `sha256sum` writes them.
///
/// # Errors
/// On PostgreSQL, which has a program of its own for it; when the copy cannot be made.
pub async fn backup(config: &Config, file: &Path) -> Result<(), Error> {
    if config.database_url.is_some() {
        let why = "the database is on PostgreSQL: use `pg_dump --format=custom --file=FILE URL`, and `pg_restore` to bring it back";
        return Err(Error::internal("back up", why));
    }
    let bar = Bar::new();
    let (sha256, contents) = backup::copy(&config.data_dir, file, &|done, of| bar.show(done, of)).await?;
    drop(bar);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let noted = fs::write(noted_beside(file), format!("{sha256}  {name}\n"));
    noted.map_err(|error| Error::internal("write the fingerprint beside the copy", error))?;
    println!("{}: {} projects, {} entries of the journal", file.display(), contents.projects, contents.entries);
    println!("SHA-256 {sha256}");
    Ok(())
}

/// Puts a copy into the data directory or, where PostgreSQL is configured, moves all of it there.
///
/// # Errors
/// When the copy is not the one that was made, or there is data already; then nothing is changed.
pub async fn restore(
    config: &Config,
    file: &Path,
    sha256: Option<String>,
    erasures: Option<&Path>,
) -> Result<(), Error> {
    let sha256 = match sha256 {
        Some(given) => given.to_lowercase(),
        None => noted(file)?,
    };
    let bar = Bar::new();
    let watcher = |done, of| bar.show(done, of);
    let Some(url) = &config.database_url else {
        let contents = backup::restore(&config.data_dir, file, &sha256, &watcher).await?;
        let database = Database::sqlite(&config.data_dir, 1).await?;
        let again = erasure::once_more(config, database, erasures).await?;
        drop(bar);
        println!("{} projects and {} entries of the journal are back", contents.projects, contents.entries);
        said(again);
        return Ok(());
    };
    let scratch = tempfile::tempdir().map_err(|error| Error::internal("make a temporary directory", error))?;
    backup::restore(scratch.path(), file, &sha256, &watcher).await?;
    // Before it is moved: PostgreSQL never gets what is erased.
    let again = erasure::once_more(config, Database::sqlite(scratch.path(), 1).await?, erasures).await?;
    let copy = backup::opened(scratch.path()).await?;
    let moved = transfer::transfer(&copy, url.reveal(), &watcher).await;
    copy.close().await?;
    drop(bar);
    println!("{} rows are moved to PostgreSQL", moved?);
    said(again);
    Ok(())
}

fn said(again: Option<String>) {
    if let Some(again) = again {
        println!("Erasures since the backup: {again}");
    }
}

fn noted_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sha256");
    name.into()
}

/// The fingerprint that the backup wrote beside the copy.
fn noted(file: &Path) -> Result<String, Error> {
    let beside = noted_beside(file);
    let text = fs::read_to_string(&beside).map_err(|_| {
        let why =
            format!("there is no {}: say the fingerprint that the backup printed with --sha256", beside.display());
        Error::internal("check the copy", why)
    })?;
    Ok(text.split_whitespace().next().unwrap_or_default().to_lowercase())
}
