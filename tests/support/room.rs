//! A disk of a few mebibytes that can be filled and emptied.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::engine::directory;

/// A file system in memory of its own; taken away with the test.
pub struct Room(TempDir);

impl Room {
    /// Makes one; `None` where nothing may be mounted.
    #[must_use]
    pub fn of(mebibytes: u32) -> Option<Self> {
        let place = directory();
        let size = format!("size={mebibytes}m");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "framdrift-test"]).arg(place.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(place))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room that is left; answers how much it was, in bytes.
    pub fn fill(&self) -> u64 {
        let mut file = File::options().create(true).append(true).open(self.ballast()).expect("a file is made");
        let mut piece = vec![0_u8; 65_536];
        while !piece.is_empty() {
            match file.write_all(&piece) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => piece.truncate(piece.len() / 2),
                Err(error) => panic!("{error}"),
            }
        }
        file.metadata().expect("its length").len()
    }

    /// Gives the room back.
    pub fn empty(&self) {
        std::fs::remove_file(self.ballast()).expect("the file is there");
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // Whoever still has a file open there lets go of it by its end.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}
