//! What each operation needs of a machine's token: worked out from the table of contents, for the server and the document alike.

use std::sync::LazyLock;

use super::{operations, resources};
use crate::access::scope::{Act, Needs, enough};
use crate::access::{Area, Scope};
use crate::facts;

/// What every operation needs.
#[must_use]
pub fn needs() -> &'static Needs {
    static NEEDS: LazyLock<Needs> = LazyLock::new(|| {
        let mut needs = Needs::default();
        for resource in resources() {
            let (path, area) = (format!("/api/v1/{}", resource.facts.path), resource.facts.area);
            let record = format!("{path}/{{id}}");
            for path in [&path, &record, &format!("{record}/history")] {
                needs.add("GET", path, enough(Act::Read, area));
            }
            for (method, path) in [("POST", &path), ("PATCH", &record), ("DELETE", &record)] {
                needs.add(method, path, enough(Act::Write, area));
            }
            needs.add("PUT", &format!("{path}/by-reference/{{system}}/{{key}}"), enough(Act::Write, area));
        }
        for operation in operations() {
            if let Some(scopes) = beside(operation.method.as_str(), operation.path) {
                needs.add(operation.method.as_str(), operation.path, scopes);
            }
        }
        needs
    });
    &NEEDS
}

/// What an operation beside the standard methods needs; `None` where any token will do. Reading is reading and everything
/// else writing, in the area of the collection that it stands below; a report of a project is of the project.
fn beside(method: &str, path: &str) -> Option<Vec<Scope>> {
    let below = path.strip_prefix("/api/v1/")?;
    let collection = below.split('/').next().unwrap_or_default();
    match (method, below) {
        (_, "me" | "auth/logout" | "code-lists") => return None,
        // Worked out, not written.
        ("POST", "cost-keys/preview") => return Some(enough(Act::Read, Area::Economy)),
        ("GET", below) if below.ends_with("/archive-package") => return Some(vec![Scope::Archive]),
        // What the archive says of a document, and nothing else of it.
        ("POST", below) if below.ends_with("/archive-receipts") => return Some(vec![Scope::Archive]),
        // A person's own data is for itself and for administrators.
        (_, below) if below.ends_with("/data-export") || below.ends_with("/erase") => return Some(Vec::new()),
        ("POST", "retention/run") | ("GET", "processing-records") => return Some(Vec::new()),
        // Each of its operations is held to its own area.
        ("POST", "batch") => return Some(vec![Scope::PoliticalWrite, Scope::Write]),
        _ => {}
    }
    let act = if method == "GET" { Act::Read } else { Act::Write };
    let area = facts::by_path(collection).map_or(Area::Project, |facts| facts.area);
    Some(enough(act, area))
}
