//! The header fields that every answer has, errors included: what a browser may do with it, who may keep it, and an entity
//! tag that is right under compression.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::ConnectionType;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web;

use super::call::Shared;
use super::cors;
use super::frame::Frame;
use crate::store::Store;

/// What the header fields of an answer hang on.
pub struct Head {
    base: String,
    asked: Option<cors::Asked>,
    closing: bool,
}

/// For a year, for every name below ours, too (RFC 6797; ASVS 3.4.1).
const ONLY_HTTPS: &str = "max-age=31536000; includeSubDomains";

impl Head {
    /// What is known before the request is served.
    #[must_use]
    pub fn of(request: &ServiceRequest, shared: Option<&Shared>) -> Self {
        let store = request.app_data::<web::Data<Store>>();
        Self {
            base: shared.map(|shared| shared.public_url.clone()).unwrap_or_default(),
            asked: shared.and_then(|shared| cors::Asked::of(request, &shared.origins)),
            closing: store.is_some_and(|store| store.news.is_closed()),
        }
    }

    /// The public address of the service.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Writes the fields.
    pub fn finish(self, response: &mut HttpResponse<BoxBody>, frame: &Frame) {
        if self.closing {
            // Whoever keeps this connection open would hold up the end of the service, or be cut off by it.
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        let headers = response.headers_mut();
        coded(headers);
        // What is saved as a file is in its own language.
        let words = !headers.contains_key(header::CONTENT_DISPOSITION);
        let mut set = |name: &'static str, value: &str| {
            let name = HeaderName::from_static(name);
            if !headers.contains_key(&name)
                && let Ok(value) = HeaderValue::try_from(value)
            {
                headers.insert(name, value);
            }
        };
        set("x-request-id", &frame.request_id);
        set("x-content-type-options", "nosniff");
        set("referrer-policy", "no-referrer");
        set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
        set("cache-control", "private, no-cache");
        if self.base.starts_with("https://") {
            set("strict-transport-security", ONLY_HTTPS);
        }
        if words {
            set("content-language", frame.lang.tag());
        }
        if headers.get(header::VARY).is_some_and(|vary| vary.as_bytes().eq_ignore_ascii_case(b"accept-encoding")) {
            headers.remove(header::VARY);
        }
        let vary = "Accept-Encoding, Accept-Language, Authorization, Origin";
        headers.append(header::VARY, HeaderValue::from_static(vary));
        if let Some(asked) = self.asked {
            asked.allow(headers);
        }
    }
}

/// Another representation has another strong tag (RFC 9110 §8.8.3).
fn coded(headers: &mut HeaderMap) {
    let coding = headers.get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()).map(str::to_owned);
    if coding.as_deref() == Some("identity") {
        headers.remove(header::CONTENT_ENCODING);
    } else if let Some(coding) = coding
        && let Some(tag) = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned)
        && let Some(opaque) = tag.strip_suffix('"')
        && let Ok(value) = HeaderValue::try_from(format!("{opaque};{coding}\""))
    {
        headers.insert(header::ETAG, value);
    }
}
