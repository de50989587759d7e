//! The direction of the code: what may use what. The rule of the house, read from the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Each module of the crate with those that it may use. `about` is `openapi::About`: what the document says of an operation
/// stands beside the operation, while the document itself is made from the table of routes.
const LAYERS: [(&str, &[&str]); 23] = [
    ("problem", &[]),
    ("config", &["problem"]),
    ("domain", &["problem"]),
    ("facts", &["problem"]),
    ("db", &["facts", "problem"]),
    ("render", &["facts", "problem"]),
    ("about", &["render", "facts", "problem"]),
    ("access", &["config", "db", "facts", "problem"]),
    ("store", &["access", "db", "facts", "problem"]),
    ("http", &["render", "store", "access", "facts", "about", "config", "problem"]),
    ("registers", &["http", "problem"]),
    ("standard", &["render", "http", "domain", "store", "access", "db", "facts", "problem"]),
    ("webhooks", &["standard", "store", "access", "facts", "problem"]),
    ("watch", &["standard", "domain", "store", "access", "db", "facts", "problem"]),
    ("exchange", &["standard", "store", "access", "db", "facts", "problem"]),
    (
        "reports",
        &["exchange", "standard", "render", "domain", "about", "http", "store", "access", "db", "facts", "problem"],
    ),
    (
        "resources",
        &[
            "reports",
            "exchange",
            "webhooks",
            "registers",
            "standard",
            "domain",
            "about",
            "http",
            "store",
            "access",
            "db",
            "facts",
            "problem",
        ],
    ),
    ("routes", &["resources", "reports", "standard", "about", "http", "access", "facts", "problem"]),
    ("openapi", &["routes", "standard", "render", "about", "http", "access", "facts", "problem"]),
    ("app", &["routes", "webhooks", "watch", "registers", "exchange", "http", "store", "access", "config", "problem"]),
    ("accounts", &["routes", "store", "access", "db", "facts", "problem"]),
    ("demo", &["app", "accounts", "routes", "exchange", "http", "store", "access", "config", "problem"]),
    (
        "cli",
        &["demo", "app", "accounts", "openapi", "routes", "exchange", "http", "store", "access", "config", "problem"],
    ),
];

/// Files that step out of line, each with what it uses and why.
const EXCEPTIONS: [(&str, &str, &str); 11] = [
    ("accounts.rs", "resources", "a user of the command line gets a password by the rule of the one over HTTP"),
    ("access/jws.rs", "http", "the JSON of a token is read as strictly as that of a body"),
    ("access/keyring.rs", "http", "the JSON of an issuer is read as strictly as that of a body"),
    ("exchange/accounting/columns.rs", "http", "text of a table is refused by the rule of text in JSON"),
    ("exchange/accounting/rows.rs", "http", "text of a table is refused by the rule of text in JSON"),
    ("exchange/municipalities/list.rs", "http", "text of a table is refused by the rule of text in JSON"),
    ("facts/mod.rs", "access", "the facts of a resource name its row of the policy table"),
    ("http/docs.rs", "openapi", "the document is served by what serves everything"),
    ("reports/imports.rs", "routes", "an import reaches every resource"),
    ("reports/municipalities.rs", "routes", "an import reaches every resource"),
    ("reports/portfolio/about.rs", "openapi", "the order of a page is told as that of a list"),
];

#[test]
fn every_module_uses_only_what_lies_below_it() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    let mut exceptions: BTreeSet<(&str, &str)> = EXCEPTIONS.iter().map(|(file, used, _)| (*file, *used)).collect();
    let mut wrong = Vec::new();
    for (file, text) in sources("") {
        let module = module(&file);
        let Some(below) = allowed.get(module) else {
            assert!(matches!(module, "lib" | "main"), "{file}: say in LAYERS what {module} may use");
            continue;
        };
        for used in used(&text).into_iter().filter(|used| used != module && !below.contains(&used.as_str())) {
            let known = exceptions.iter().find(|(known, other)| *known == file && *other == used).copied();
            match known {
                Some(known) => drop(exceptions.remove(&known)),
                None => wrong.push(format!("api/src/{file} uses {used}")),
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction of the house:\n{}", wrong.join("\n"));
    assert!(exceptions.is_empty(), "these exceptions are no longer needed: {exceptions:?}");
}

#[test]
fn the_layers_have_no_circle() {
    let order: Vec<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    for (place, (module, below)) in LAYERS.iter().enumerate() {
        for used in *below {
            let lies = order.iter().position(|known| known == used);
            assert!(lies.is_some_and(|lies| lies < place), "{module} uses {used}, which does not stand before it");
        }
    }
}

#[test]
fn the_domain_knows_no_database_no_http_and_does_not_wait() {
    let foreign = Regex::new(r"\b(sea_orm|sqlx|actix_web|tokio|reqwest|async|await|std::env|std::fs|Utc::now)\b")
        .expect("a pattern");
    let words = Regex::new(r"\bproblem::(\{[^}]*\}|\w+)").expect("a pattern");
    for (file, text) in sources("domain") {
        let found = foreign.find(&text).map(|found| found.as_str().to_owned());
        assert!(found.is_none(), "api/src/{file} has {}: a rule of the domain is pure", found.unwrap_or_default());
        for used in words.captures_iter(&text) {
            assert!(
                matches!(&used[1], "Text"),
                "api/src/{file} uses problem::{}: of problems, the domain knows texts",
                &used[1]
            );
        }
    }
}

#[test]
fn only_the_store_and_the_collation_ask_which_engine_it_is() {
    let engine = Regex::new(r"DbBackend::|DatabaseBackend::").expect("a pattern");
    for (file, text) in sources("") {
        assert!(
            module(&file) == "store" || !engine.is_match(&text),
            "api/src/{file} branches on the engine; only the store may"
        );
    }
}

#[test]
fn entities_and_migrations_know_nobody() {
    let root = root();
    for (package, forbidden) in
        [("entity", r"\b(framdrift::|(actix_web|migration)\b)"), ("migration", r"\b(framdrift|actix_web|entity)::")]
    {
        let forbidden = Regex::new(forbidden).expect("a pattern");
        for file in files(&root.join(package).join("src")) {
            let text = code(&fs::read_to_string(&file).expect("a source can be read"));
            assert!(!forbidden.is_match(&text), "{}: {package} knows nobody", file.display());
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sources of the crate below a folder, without tests and without comments.
fn sources(below: &str) -> Vec<(String, String)> {
    let base = root().join("api/src");
    let named = |file: PathBuf| {
        let name = file.strip_prefix(&base).expect("a source of the crate").to_string_lossy().into_owned();
        let text = code(&fs::read_to_string(&file).expect("a source can be read"));
        (name, text)
    };
    let all: Vec<(String, String)> = files(&base.join(below)).into_iter().map(named).collect();
    let tests = |name: &str| name.split('/').any(|part| part == "tests" || part == "tests.rs");
    let kept: Vec<(String, String)> = all.into_iter().filter(|(name, _)| !tests(name)).collect();
    assert!(!kept.is_empty(), "no sources in api/src/{below}");
    kept
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The code without comments and without what stands in `mod tests` at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The module of a file: its first folder, or its name.
fn module(file: &str) -> &str {
    if file == "openapi/about.rs" {
        return "about";
    }
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The modules of the crate that a source names: in `use` lines or in the midst of the code.
fn used(text: &str) -> BTreeSet<String> {
    assert!(!text.contains("super::super"), "say crate:: in place of super::super");
    let paths = Regex::new(r"\bcrate::(\{(?:[^{}]|\{[^{}]*\})*\}|\w+(?:::\w+)?)").expect("a pattern");
    let nested = Regex::new(r"\{[^{}]*\}").expect("a pattern");
    let mut used = BTreeSet::new();
    for path in paths.captures_iter(text) {
        let path = &path[1];
        let inner = path.strip_prefix('{').and_then(|path| path.strip_suffix('}'));
        let names = inner.map_or_else(|| path.to_owned(), |inner| nested.replace_all(inner, "").into_owned());
        used.extend(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(layer));
    }
    used
}

fn layer(path: &str) -> String {
    match path.split("::").collect::<Vec<_>>().as_slice() {
        // `text!` makes a text of a problem.
        ["text", ..] => "problem",
        ["openapi", "About" | "about", ..] => "about",
        [module, ..] => module,
        [] => "",
    }
    .to_owned()
}
