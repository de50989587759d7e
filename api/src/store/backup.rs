//! Copies of the SQLite file: taken while it is served, checked, and put back where there is none.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use sea_orm::{ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DbBackend, Statement};

use super::chain::form::hex;
use super::connect::migrated;
use super::files::{FILE, lock, named, owned};
use super::settings::{collated, sqlite_options};
use super::tables;
use crate::problem::Error;

/// How much of a file is read at a time, in bytes.
const CHUNK: usize = 1 << 20;
/// How often somebody who watches is told, in milliseconds.
const TOLD_MS: u64 = 200;

/// Who is told how far it has come: bytes done, and of how many.
pub type Watcher<'a> = &'a dyn Fn(u64, u64);

/// What a copy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Projects.
    pub projects: i64,
    /// Entries of the journal.
    pub entries: i64,
}

/// Copies the database of a data directory to a file that must not exist, also while another process serves it: all that was
/// committed when it began, and nothing by half. The copy is checked and safe on its disk before it gets its name. Answers its SHA-256 in
/// hexadecimal, and what it holds.
///
/// # Errors
/// When there is no database, the file exists, the disk is full, or the copy is not sound; then no file is left.
pub async fn copy(directory: &Path, to: &Path, watcher: Watcher<'_>) -> Result<(String, Contents), Error> {
    let database = directory.join(FILE);
    if !database.is_file() {
        return Err(failed("back up", format!("there is no database in {}", directory.display())));
    }
    if to.exists() {
        return Err(failed("back up", format!("{} exists already; choose another name", to.display())));
    }
    let partial = Partial::of(to)?;
    vacuum(&database, &partial.0, watcher).await?;
    let contents = checked(&partial.0).await?;
    let sha256 = fingerprint(&partial.0)?;
    partial.keep(to)?;
    Ok((sha256, contents))
}

/// Puts a copy into a data directory that has no database, if its SHA-256 is the expected one and it is sound. Answers what it holds.
///
/// # Errors
/// When another process has the directory, there is a database in it, the file is another one, was cut or changed, is no database of
/// Framdrift, or comes from a newer version; then nothing is put there.
pub async fn restore(directory: &Path, from: &Path, sha256: &str, watcher: Watcher<'_>) -> Result<Contents, Error> {
    let _lock = lock(directory)?;
    let database = directory.join(FILE);
    for there in [FILE.to_owned(), format!("{FILE}-wal")].map(|name| directory.join(name)) {
        if there.exists() {
            let why = format!("{} is there already; choose another --data-dir or move it away", there.display());
            return Err(failed("restore", why));
        }
    }
    let partial = Partial::of(&database)?;
    copied(from, &partial.0, sha256, watcher)?;
    let contents = checked(&partial.0).await?;
    partial.keep(&database)?;
    Ok(contents)
}

/// Opens a copy that was put into a directory of its own, to be moved elsewhere, with its tables up to date.
///
/// # Errors
/// When it cannot be opened, or a migration fails.
pub async fn opened(scratch: &Path) -> Result<DatabaseConnection, Error> {
    migrated(scratch).await
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn fingerprint(file: &Path) -> Result<String, Error> {
    let mut source = File::open(file).map_err(|error| failed("read the copy", error))?;
    pumped(&mut source, &mut std::io::sink(), &|_| ()).map_err(|error| failed("read the copy", error))
}

/// A file that is being written beside the one that it becomes; taken away unless it is kept.
struct Partial(PathBuf);

impl Partial {
    fn of(file: &Path) -> Result<Self, Error> {
        let mut name = file.file_name().ok_or_else(|| failed("write the copy", "it has no name"))?.to_owned();
        name.push(".partial");
        let path = file.with_file_name(name);
        // What a copy that was broken off has left is of no use.
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(failed("write the copy", error));
        }
        owned(&path)?;
        Ok(Self(path))
    }

    /// Gives it its name once it is safe on the disk.
    fn keep(self, file: &Path) -> Result<(), Error> {
        let kept = || {
            File::open(&self.0)?.sync_all()?;
            fs::rename(&self.0, file)?;
            named(file)
        };
        kept().map_err(|error: std::io::Error| failed("write the copy", error))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Writes what is committed into an empty file, in one read transaction: writers go on meanwhile.
async fn vacuum(database: &Path, to: &Path, watcher: Watcher<'_>) -> Result<(), Error> {
    let url = format!("sqlite://{}?mode=rw", database.display());
    let source = SeaDatabase::connect(sqlite_options(&url, 1, false)).await?;
    let size = fs::metadata(database).map_or(0, |file| file.len());
    let target = to.to_str().ok_or_else(|| failed("write the copy", "its name is not Unicode"))?;
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [target.into()]);
    {
        let mut written = std::pin::pin!(source.execute_raw(statement));
        let mut tick = tokio::time::interval(Duration::from_millis(TOLD_MS));
        loop {
            tokio::select! {
                done = &mut written => { done?; break }
                _ = tick.tick() => watcher(fs::metadata(to).map_or(0, |file| file.len()).min(size), size),
            }
        }
    }
    Ok(source.close().await?)
}

/// Copies a file, and refuses one that is not the expected one.
fn copied(from: &Path, to: &Path, sha256: &str, watcher: Watcher<'_>) -> Result<(), Error> {
    let mut source = File::open(from).map_err(|error| failed("read the copy", error))?;
    let size = source.metadata().map_or(0, |file| file.len());
    let mut target = File::options().write(true).open(to).map_err(|error| failed("write the database", error))?;
    let found = pumped(&mut source, &mut target, &|done| watcher(done, size));
    let found = found.map_err(|error| failed("copy the database", error))?;
    if found == sha256 {
        return Ok(());
    }
    let why = format!(
        "{} is not the file that was backed up: its SHA-256 is {found}, not {sha256}. It was cut, changed or mistaken for another",
        from.display()
    );
    Err(failed("restore", why))
}

/// Reads to the end; answers the SHA-256 of what was read.
fn pumped(from: &mut impl Read, to: &mut impl Write, told: &dyn Fn(u64)) -> std::io::Result<String> {
    let mut context = Context::new(&SHA256);
    let mut chunk = vec![0; CHUNK];
    let mut done = 0;
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            to.flush()?;
            return Ok(hex(context.finish().as_ref()));
        }
        context.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
        done += read as u64;
        told(done);
    }
}

/// Whether a copy is a sound database of this version or an earlier one, read without touching it.
async fn checked(file: &Path) -> Result<Contents, Error> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| collated(options.read_only(true).immutable(true)));
    let copy = SeaDatabase::connect(options).await.map_err(|error| failed("read it as a database", error))?;
    let all = async |sql: &str| copy.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
    let sound = all("PRAGMA integrity_check").await.map_err(|error| failed("read it as a database", error))?;
    let sound = sound.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    if sound != ["ok"] {
        return Err(failed("check the copy", format!("SQLite finds it damaged: {}", sound.join("; "))));
    }
    if !all("PRAGMA foreign_key_check").await?.is_empty() {
        return Err(failed("check the copy", "it has records that refer to others which are not there"));
    }
    let steps = tables::done(&copy).await;
    let steps = steps.map_err(|_| failed("check the copy", "it is a database, but none of Framdrift"))?;
    if let Some(step) = tables::later(&steps) {
        return Err(failed("check the copy", format!("it {}", tables::newer(&step))));
    }
    let counted =
        all("SELECT (SELECT COUNT(*) FROM projects) AS projects, (SELECT COUNT(*) FROM journal) AS entries").await?;
    let counted = counted.first().ok_or_else(|| failed("check the copy", "it counts nothing"))?;
    let contents = Contents { projects: counted.try_get("", "projects")?, entries: counted.try_get("", "entries")? };
    copy.close().await?;
    Ok(contents)
}

fn failed(what: &'static str, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::internal(what, why)
}
