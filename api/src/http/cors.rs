//! Which pages may ask from a browser (CORS): those of an exact list of origins, never with cookies.
//!
//! It is done in the frame, so that every answer says so, those to what is refused before it is routed included; the
//! middleware that there is for it stands either inside the frame or outside of what the frame says.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::config::Origin;

/// What a page may send.
const TAKEN: &str = "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, \
                     Last-Event-ID, Range, traceparent, X-Change-Reason, If-Range, Repr-Digest, Digest, \
                     Content-Disposition";
/// What a page may read beside what browsers always show.
const SHOWN: &str = "Accept-Patch, Allow, Content-Disposition, Content-Language, Content-Range, Digest, ETag, \
                     Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Repr-Digest, Retry-After, \
                     WWW-Authenticate, X-Request-Id, X-Total-Count";
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// How long a browser may keep what a preflight told it, in seconds; browsers keep it for two hours at most.
const KEPT: &str = "7200";

/// What a page of an origin on the list has asked.
#[derive(Clone, Debug)]
pub struct Asked {
    origin: HeaderValue,
    preflight: bool,
}

impl Asked {
    /// The question, when it comes from an origin on the list: compared byte by byte, and nothing is ever echoed that is
    /// not on it.
    #[must_use]
    pub fn of(request: &ServiceRequest, origins: &[Origin]) -> Option<Self> {
        let mut given = request.headers().get_all(header::ORIGIN);
        let (origin, None) = (given.next()?, given.next()) else { return None };
        let known = origins.iter().any(|known| known.as_str().as_bytes() == origin.as_bytes());
        let preflight = request.method() == Method::OPTIONS
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        known.then(|| Self { origin: origin.clone(), preflight })
    }

    /// Says to the browser what the page may.
    pub fn allow(self, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.origin);
        let mut say = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
        if self.preflight {
            say(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            say(header::ACCESS_CONTROL_ALLOW_HEADERS, TAKEN);
            say(header::ACCESS_CONTROL_MAX_AGE, KEPT);
        } else {
            say(header::ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
        }
    }
}
