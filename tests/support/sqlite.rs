//! SQLite files: copies of one that is migrated once for each build.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use framdrift::store::Database;
use tempfile::TempDir;

use crate::engine::{Place, directory};

const DAY: Duration = Duration::from_secs(86_400);

/// A data directory with a database that has all tables.
pub async fn migrated() -> TempDir {
    let template = template().await;
    let directory = directory();
    fs::copy(&template, directory.path().join("framdrift.db")).expect("the template can be copied");
    directory
}

/// The file that others are copied from. Of several processes that make it at once, the last one's takes its place whole.
async fn template() -> PathBuf {
    let template = std::env::temp_dir().join(format!("framdrift-test-template-{:016x}.db", Place::build()));
    if !template.exists() {
        clear_up();
        let making = directory();
        let database = Database::sqlite(making.path(), 1).await.expect("the template opens");
        database.migrate().await.expect("the template migrates");
        database.close().await.expect("the template closes");
        let whole = making.path().join("framdrift.db");
        let beside = template.with_extension(format!("{}.making", std::process::id()));
        fs::copy(&whole, &beside).expect("the template can be written");
        fs::rename(&beside, &template).expect("the template takes its name");
    }
    template
}

/// Removes the templates of builds that nobody has run for a day.
fn clear_up() {
    let files = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    let old = files.filter(|file| {
        let age = file.metadata().and_then(|about| about.modified()).ok().and_then(|made| made.elapsed().ok());
        file.file_name().to_string_lossy().starts_with("framdrift-test-template-") && age.is_some_and(|age| age > DAY)
    });
    for file in old {
        let _ = fs::remove_file(file.path());
    }
}
