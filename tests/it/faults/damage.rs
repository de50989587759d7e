//! A database file that is not what it was: nobody goes on being served from it.

use std::fs;
use std::path::Path;

use serde_json::json;
use support::dice::{Dice, times};
use support::{Client, Engine, Place};

use crate::process::{ANY_PORT, added, binary, served, token};

const EMAIL: &str = "a@framdrift.example";
/// The length of a page of SQLite, in bytes.
const PAGE: usize = 4096;
/// Pages in which a byte is turned over.
const TURNED: u64 = 200;

#[test]
fn a_damaged_file_is_refused() {
    support::run_bare(Engine::Sqlite, |place| damaged(place, 4));
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn a_hundred_damaged_files_are_refused() {
    support::run_bare(Engine::Sqlite, |place| damaged(place, times("FRAMDRIFT_TEST_DAMAGES", 100)));
}

async fn damaged(place: Place, most: usize) {
    let file = filled(&place).await;
    let mut dice = Dice::thrown();
    assert!(ends(&file, "is sound").is_none(), "what was not touched is served");
    let (whole, length) = (file.clone(), file.len());
    refused("no database", &vec![b'?'; length]);
    refused("cut in its midst", &whole[..length / 2]);
    refused("its head gone", &[vec![0; PAGE], whole[PAGE..].to_vec()].concat());
    for _ in 0..most {
        let mut bytes = whole.clone();
        for _ in 0..TURNED {
            let place = usize::try_from(dice.below(length as u64)).expect("a place");
            bytes[place] ^= 1 << dice.below(8);
        }
        refused("200 bits turned over", &bytes);
    }
}

/// A database with a few hundred records, as its server left it.
async fn filled(place: &Place) -> Vec<u8> {
    let password = added(place, EMAIL);
    let (mut server, address) = served(place);
    let admin = Client::new(address).with_token(token(address, EMAIL, &password).await);
    let operation = |n| json!({ "method": "POST", "path": "/programmes", "body": { "name": format!("Program {n}") } });
    let operations: Vec<_> = (0..400).map(operation).collect();
    admin.post("/api/v1/batch", json!({ "operations": operations })).await.expect(200);
    server.terminate();
    assert!(server.ended().success());
    assert!(!place.directory().join("framdrift.db-wal").exists(), "all of it is in the file");
    fs::read(place.directory().join("framdrift.db")).expect("the file is read")
}

/// A server on such a file ends by itself, and says of which file and why.
fn refused(what: &str, bytes: &[u8]) {
    let said = ends(bytes, "is sound").unwrap_or_else(|| panic!("{what}: it is found to be sound"));
    assert!(said.contains("framdrift.db") && said.contains("damaged"), "{what}: {said}");
}

/// What a server on such a file logs until it ends with a failure; `None` when it says a word instead.
fn ends(bytes: &[u8], word: &str) -> Option<String> {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("framdrift.db"), bytes).expect("the file is written");
    let (mut server, mut log) = on_file(directory.path()).start_recorded();
    if log.within(word) {
        return None;
    }
    assert!(!server.ended().success(), "it ends as if all were well");
    Some(log.whole())
}

fn on_file(directory: &Path) -> support::process::Framdrift {
    binary().with(&["--data-dir", &directory.to_string_lossy(), "--log-format", "json"]).with(&ANY_PORT)
}
