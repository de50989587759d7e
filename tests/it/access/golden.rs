//! Tables that are kept in the repository, so that a change of the rights is seen and read.

use std::path::PathBuf;

/// Compares a table with the one that is kept. `FRAMDRIFT_BLESS=1` keeps the new one.
#[track_caller]
pub fn compare(name: &str, table: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/golden").join(name);
    if std::env::var_os("FRAMDRIFT_BLESS").is_some() {
        std::fs::write(&file, table).expect("the table can be written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = |(new, old): &(&str, &str)| new != old;
    let first = table.lines().zip(kept.lines()).find(differs);
    assert!(
        table == kept,
        "rights have changed: look at tests/it/golden/{name}, and if they are meant so, keep them with FRAMDRIFT_BLESS=1\n\
         first difference, new and kept: {first:#?}"
    );
}
