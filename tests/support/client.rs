//! A client that reads as prose: `app.as_admin().post("/api/v1/goals", json!({ … })).await.expect(201)`.

use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Instant;

use reqwest::Method;
use reqwest::redirect::Policy;
use serde_json::Value;

use crate::{Answer, document};

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    server: String,
    headers: Vec<(String, Vec<u8>)>,
}

/// A request in the making; `.await` sends it.
#[must_use = "a request is sent when it is awaited"]
pub struct Request {
    client: Client,
    method: Method,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Client {
    /// Somebody without a token.
    #[must_use]
    pub fn new(server: SocketAddr) -> Self {
        // Made before anybody waits: the server closes connections that are idle while it is made.
        let _ = document::document();
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build();
        Self { http: http.expect("a client can be made"), server: format!("http://{server}"), headers: Vec::new() }
    }

    /// The same connections, with a header field on every request.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != name);
        client.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        client
    }

    /// The same connections with this token.
    #[must_use]
    pub fn with_token(&self, token: String) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The token, without its scheme.
    #[must_use]
    pub fn token(&self) -> String {
        let found = self.headers.iter().find(|(name, _)| name == "authorization");
        let value = found.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
        value.trim_start_matches("Bearer ").to_owned()
    }

    /// Asks with any method.
    pub fn send(&self, method: &str, path: &str) -> Request {
        let method = method.parse().expect("a method is a token");
        Request { client: self.clone(), method, path: path.to_owned(), headers: self.headers.clone(), body: None }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Request {
        self.send("GET", path)
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: Value) -> Request {
        self.send("POST", path).json("application/json", &body)
    }

    /// Replaces.
    pub fn put(&self, path: &str, body: Value) -> Request {
        self.send("PUT", path).json("application/json", &body)
    }

    /// Changes, by a merge patch.
    pub fn patch(&self, path: &str, body: Value) -> Request {
        self.send("PATCH", path).json("application/merge-patch+json", &body)
    }

    /// Deletes.
    pub fn delete(&self, path: &str) -> Request {
        self.send("DELETE", path)
    }

    /// A new record of a collection.
    pub async fn create(&self, collection: &str, body: Value) -> Value {
        self.post(&format!("/api/v1/{collection}"), body).await.expect(201).json
    }

    /// The record as it is now.
    pub async fn read(&self, collection: &str, record: &Value) -> Value {
        self.get(&address(collection, record)).await.expect(200).json
    }

    /// Changes the version of a record that the test holds.
    pub fn change(&self, collection: &str, record: &Value, patch: Value) -> Request {
        self.patch(&address(collection, record), patch).if_match(&format!("\"{}\"", record["version"]))
    }

    /// Deletes the version of a record that the test holds.
    pub fn remove(&self, collection: &str, record: &Value) -> Request {
        self.delete(&address(collection, record)).if_match(&format!("\"{}\"", record["version"]))
    }

    /// Every record of a list, page by page along `next`.
    pub async fn walk(&self, path: &str) -> Vec<Value> {
        let mut records = Vec::new();
        let mut page = self.get(path).await.expect(200);
        loop {
            records.extend(page.items().iter().cloned());
            let Some(next) = page["next"].as_str() else { return records };
            assert!(page.header("link").contains(next), "the link is not the next page: {page}");
            let join = if path.contains('?') { '&' } else { '?' };
            page = self.get(&format!("{path}{join}cursor={next}")).await.expect(200);
        }
    }
}

impl Request {
    /// Adds a header field.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Only if the record is of this version.
    pub fn if_match(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// Only if the caller's copy is no longer true.
    pub fn if_none_match(self, tag: &str) -> Self {
        self.header("if-none-match", tag)
    }

    /// Says why.
    pub fn because(self, reason: &str) -> Self {
        self.header("x-change-reason", reason)
    }

    /// With a body of any kind.
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", media_type)
    }

    fn json(self, media_type: &str, body: &Value) -> Self {
        self.body(media_type, body.to_string())
    }

    /// The answer; `None` when the connection broke before all of it had come. Whether it was done is then unknown.
    pub async fn tried(self) -> Option<Answer> {
        self.sent().await.ok()
    }

    async fn answer(self) -> Answer {
        let (method, path) = (self.method.clone(), self.path.clone());
        self.sent().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    async fn sent(self) -> Result<Answer, reqwest::Error> {
        let url = format!("{}{}", self.client.server, self.path);
        let mut request = self.client.http.request(self.method.clone(), url);
        for (name, value) in &self.headers {
            request = request.header(name, value.as_slice());
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let began = Instant::now();
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?;
        let took = began.elapsed();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        let answer =
            Answer { method: self.method, path: self.path, status, headers, bytes: bytes.to_vec(), json, took };
        if let Err(fault) = document::check(&answer) {
            panic!("the answer is not as the document says: {fault}\n{answer}");
        }
        Ok(answer)
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.answer())
    }
}

fn address(collection: &str, record: &Value) -> String {
    format!("/api/v1/{collection}/{}", record["id"].as_str().unwrap_or_else(|| panic!("no record: {record}")))
}
