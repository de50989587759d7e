//! The schemas that others publish. They are not part of the repository: a test that finds none says that it was skipped.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of a protocol's schemas: below `FRAMDRIFT_TEST_SCHEMAS`, or in `shared/schemas` beside the repository.
#[must_use]
pub fn folder(protocol: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/schemas");
    let base = std::env::var_os("FRAMDRIFT_TEST_SCHEMAS").map_or(beside, PathBuf::from);
    let found = Some(base.join(protocol)).filter(|folder| folder.is_dir());
    if found.is_none() {
        let said = format!("skipped: what is held against the schemas of {protocol}; set FRAMDRIFT_TEST_SCHEMAS\n");
        let _ = std::io::stderr().write_all(said.as_bytes());
    }
    found
}

/// A JSON schema with those that it refers to in other files put in their places.
#[must_use]
pub fn json(folder: &Path, file: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    // Some of the published files have a byte order mark, or a comma too many.
    let text = text.trim_start_matches('\u{feff}');
    let commas = regex::Regex::new(r",(\s*[}\]])").expect("a pattern");
    let schema = serde_json::from_str(&commas.replace_all(text, "$1"));
    placed(folder, schema.unwrap_or_else(|error| panic!("{file}: {error}")))
}

fn placed(folder: &Path, schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            match members.get("$ref").and_then(Value::as_str).filter(|file| !file.starts_with('#')) {
                Some(file) => {
                    let mut other = json(folder, file);
                    if let Some(members) = other.as_object_mut() {
                        members.remove("$id");
                        members.remove("$schema");
                    }
                    other
                }
                None => members.into_iter().map(|(name, member)| (name, placed(folder, member))).collect(),
            }
        }
        Value::Array(items) => items.into_iter().map(|item| placed(folder, item)).collect(),
        other => other,
    }
}

/// Fails the test when a value is not valid against a schema.
///
/// # Panics
/// With what is wrong.
pub fn valid(schema: &Value, value: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).expect("a schema");
    let faults: Vec<String> =
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{value:#}");
}

/// The same against one schema of a folder; says so when there is none of that name.
///
/// # Panics
/// With what xmllint says.
pub fn lint_by(folder: &Path, file: &str, xml: &[u8]) {
    let schema = folder.join(file);
    if schema.is_file() {
        lint(&schema, xml);
    } else {
        let said = format!(
            "skipped: what is held against {file}; it is in the specification of Fiks Arkiv (ks-no/fiks-arkiv-specification)\n"
        );
        let _ = std::io::stderr().write_all(said.as_bytes());
    }
}

/// Fails the test when an XML document is not valid against a schema, by `xmllint`; says so when there is none.
///
/// # Panics
/// With what xmllint says.
pub fn lint(schema: &Path, xml: &[u8]) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), xml).expect("the file is written");
    let run = std::process::Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .arg(file.path())
        .output();
    match run {
        Ok(done) => assert!(
            done.status.success(),
            "{}\n{}",
            String::from_utf8_lossy(&done.stderr),
            String::from_utf8_lossy(xml)
        ),
        Err(_) => {
            let said = "skipped: what is held against XML schemas; install xmllint (libxml2-utils)\n";
            let _ = std::io::stderr().write_all(said.as_bytes());
        }
    }
}
