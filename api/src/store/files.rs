//! The data directory of one process, and files that nobody but their owner may read.

use std::fs::{self, File};
use std::io::{ErrorKind, Result as Done};
use std::path::Path;

use crate::problem::Error;

/// The database in its directory.
pub(super) const FILE: &str = "framdrift.db";

/// Opens a data directory for this process alone, and makes it if it is missing.
pub(super) fn lock(directory: &Path) -> Result<File, Error> {
    let failed = |error| Error::internal("open the data directory", error);
    made(directory).map_err(failed)?;
    restrict(directory, 0o700).map_err(failed)?;
    let file = owned(&directory.join("framdrift.lock"))?;
    file.try_lock().map_err(|_| {
        Error::internal(
            "open the data directory",
            format!(
                "another framdrift process has {} open; SQLite serves one process: stop the other, choose another \
                 --data-dir, or use PostgreSQL for several",
                directory.display()
            ),
        )
    })?;
    Ok(file)
}

/// Makes a directory, and those that it is in, where they are missing. Each is safe in the one above it when this returns: all that is
/// ever written into it would be lost with its name, however well it is synced.
fn made(directory: &Path) -> Done<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let above = above(directory);
    made(above)?;
    match fs::create_dir(directory) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => named(directory),
    }
}

/// Makes the name of a file or a directory safe: it is when the directory that it stands in is (POSIX; elsewhere a directory cannot be
/// opened).
pub(super) fn named(path: &Path) -> Done<()> {
    if cfg!(unix) { File::open(above(path))?.sync_all() } else { Ok(()) }
}

fn above(path: &Path) -> &Path {
    path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that nobody but its owner may read; made if it is missing.
pub(super) fn owned(file: &Path) -> Result<File, Error> {
    let failed = |error| Error::internal("open a file of the data directory for its owner alone", error);
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file).map_err(failed)?;
    restrict(file, 0o600).map_err(failed)?;
    Ok(opened)
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}
