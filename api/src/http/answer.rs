//! An answer before it is HTTP: status, headers and a JSON body, or a file; and how a problem becomes one.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue,
};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde_json::{Map, Value};

use super::file_name::attachment_for_all;
use crate::problem::{Error, Lang, Problem, codes};
use crate::render::{Drawn, Format};
use crate::store::Stored;

/// An answer of an operation; the transaction that it tells of may still have to commit.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(&'static str, String)>,
    /// The body; `None` has no content.
    pub body: Option<Value>,
}

impl Answer {
    /// 200 with a body.
    #[must_use]
    pub const fn ok(body: Value) -> Self {
        Self { status: 200, headers: Vec::new(), body: Some(body) }
    }

    /// 200 with a page of a list. Its records go into the body as they are: to have them written into it would copy each.
    #[must_use]
    pub fn page(items: Vec<Value>, next: Option<String>) -> Self {
        let members = [("items", Value::Array(items)), ("next", next.into())];
        Self::ok(Value::Object(members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()))
    }

    /// 204.
    #[must_use]
    pub const fn no_content() -> Self {
        Self::empty(204)
    }

    /// A status without a body, or with one that is written already.
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// With another status.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// With a header field.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Which no cache may keep.
    #[must_use]
    pub fn unkept(self) -> Self {
        self.header("Cache-Control", "no-store")
    }

    /// The same, where that is so.
    #[must_use]
    pub fn unkept_if(self, told: bool) -> Self {
        if told { self.unkept() } else { self }
    }

    /// Whether no cache may keep it.
    #[must_use]
    pub fn is_unkept(&self) -> bool {
        self.headers.iter().any(|(name, value)| *name == "Cache-Control" && value == "no-store")
    }

    /// With the strong `ETag` of a version.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        self.header("ETag", format!("\"{version}\""))
    }

    /// The answer as it is kept for an `Idempotency-Key`.
    #[must_use]
    pub fn stored(&self) -> Stored {
        let headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        Stored { status: self.status, headers: headers.into(), body }
    }

    /// The answer over HTTP.
    #[must_use]
    pub fn into_response(mut self) -> HttpResponse {
        match self.body.take().map(|body| serde_json::to_vec(&body).unwrap_or_default()) {
            Some(body) => self.into_json(body),
            None => self.head().finish(),
        }
    }

    /// The answer over HTTP, with a body that is written already.
    #[must_use]
    pub fn into_json(self, body: Vec<u8>) -> HttpResponse {
        json(self.head(), body)
    }

    fn head(self) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        response
    }

    /// The same answer as a file to be saved, with another body in place of the JSON.
    #[must_use]
    pub fn into_file(self, file: File) -> HttpResponse {
        let mut response = Self { body: None, ..self }.into_response();
        let headers = response.headers_mut();
        let fields = [
            (CONTENT_TYPE, file.format.content_type()),
            (CONTENT_DISPOSITION, attachment_for_all(&file.name)),
            (CONTENT_LANGUAGE, file.lang.tag().to_owned()),
        ];
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        if file.format == Format::Xlsx || file.bytes.len() < COMPRESSED_FROM {
            // A workbook is compressed already.
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
        }
        response.set_body(BoxBody::new(file.bytes))
    }

    /// The same answer as a page or a picture that a browser shows, with what it may load.
    #[must_use]
    pub fn into_view(self, drawn: Drawn, lang: Lang) -> HttpResponse {
        let answer = self.header("Content-Security-Policy", drawn.policy);
        answer.into_text(&drawn.format.content_type(), lang, drawn.text)
    }

    /// The same answer with a text of another media type in place of the JSON.
    #[must_use]
    pub fn into_text(self, media_type: &str, lang: Lang, text: String) -> HttpResponse {
        let mut response = Self { body: None, ..self }.into_response();
        let headers = response.headers_mut();
        for (name, value) in [(CONTENT_TYPE, media_type), (CONTENT_LANGUAGE, lang.tag())] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        if text.len() < COMPRESSED_FROM {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
        }
        response.set_body(BoxBody::new(text))
    }
}

/// A body that is to be saved, and under which name.
pub struct File {
    /// What it is.
    pub format: Format,
    /// Its name.
    pub name: String,
    /// The language of its words.
    pub lang: Lang,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Shortest body that is worth compressing, in bytes.
const COMPRESSED_FROM: usize = 1024;

fn json(mut response: HttpResponseBuilder, body: Vec<u8>) -> HttpResponse {
    if body.len() < COMPRESSED_FROM {
        // The compressor leaves alone what says that it has a coding; the frame takes the word away again.
        response.insert_header((CONTENT_ENCODING, "identity"));
    }
    response.content_type("application/json").body(body)
}

/// A remembered answer over HTTP, marked as a replay.
#[must_use]
pub fn replayed(stored: Stored) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK));
    for (name, value) in stored.headers.as_object().into_iter().flatten() {
        if let (Ok(name), Some(value)) = (HeaderName::try_from(name.as_str()), value.as_str()) {
            response.insert_header((name, value));
        }
    }
    response.insert_header(("Idempotent-Replayed", "true"));
    json(response, stored.body.into_bytes())
}

/// A problem carried by a response until the frame writes it in the caller's language.
pub struct Carried(pub Problem);

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => {
                StatusCode::from_u16(problem.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Database(_) | Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        let problem = match self {
            Self::Problem(problem) => problem.as_ref().clone(),
            Self::Database(_) | Self::Internal { .. } => {
                tracing::error!(error = self.with_causes(), "A request failed on our side");
                Problem::new(&codes::INTERNAL)
            }
        };
        for (name, value) in &problem.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.extensions_mut().insert(Carried(problem));
        response
    }
}
