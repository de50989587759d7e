//! An answer, and what a test may ask of it.

use std::ops::Index;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer of the server, read to its end and held against the document.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The method of the request.
    pub method: Method,
    /// The address of the request, with its query.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub json: Value,
    /// How long it took from the request to the end of the body.
    pub took: Duration,
}

impl Answer {
    /// The answer, when it has this status; else the test fails and shows it.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}: {self}");
        self
    }

    /// The answer, when it is this problem in the shape that every problem has (RFC 9457).
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert!(self.status == status && self["code"] == code, "expected {status} {code}: {self}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        assert_eq!(self["status"], status, "{self}");
        assert!(self["type"].as_str().is_some_and(|kind| kind.ends_with(&format!("/problems/{code}"))), "{self}");
        let hex = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        assert!(self["traceId"].as_str().is_some_and(hex), "{self}");
        for member in ["title", "detail"] {
            assert!(self[member].as_str().is_some_and(|text| !text.is_empty()), "{member} is missing: {self}");
        }
        self
    }

    /// The answer, when it is 422 with a fault at this place; of this code, unless that is empty.
    #[track_caller]
    pub fn faulted(self, pointer: &str, code: &str) -> Self {
        let answer = self.refused(422, "record.invalid");
        let fits = |fault: &Value| fault["pointer"] == pointer && (code.is_empty() || fault["code"] == code);
        assert!(
            answer["errors"].as_array().is_some_and(|errors| errors.iter().any(fits)),
            "no {code} at {pointer}: {answer}"
        );
        answer
    }

    /// A header field; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// How to authenticate, without where the metadata of the service stands; that is said, too (RFC 9728 §5.1).
    #[track_caller]
    #[must_use]
    pub fn challenge(&self) -> String {
        let said = self.header("www-authenticate");
        let (challenge, metadata) = said.split_once("resource_metadata=").unwrap_or_else(|| panic!("{said}: {self}"));
        assert!(metadata.ends_with("/.well-known/oauth-protected-resource\""), "{said}: {self}");
        challenge.trim_end_matches([',', ' ']).to_owned()
    }

    /// The entity tag, as `If-Match` takes it.
    #[track_caller]
    #[must_use]
    pub fn etag(&self) -> String {
        let tag = self.header("etag");
        assert!(!tag.is_empty(), "no ETag: {self}");
        tag.to_owned()
    }

    /// The identifier of the record in the body.
    #[track_caller]
    #[must_use]
    pub fn id(&self) -> String {
        self["id"].as_str().unwrap_or_else(|| panic!("no id: {self}")).to_owned()
    }

    /// The records of a list.
    #[track_caller]
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self["items"].as_array().unwrap_or_else(|| panic!("no items: {self}"))
    }

    /// The identifiers of a list's records.
    #[track_caller]
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        self.items().iter().filter_map(|item| item["id"].as_str()).collect()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = self.text().chars().take(2000).collect();
        write!(f, "{} {} answered {} {body}", self.method, self.path, self.status)
    }
}
