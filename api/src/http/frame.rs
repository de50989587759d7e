//! What every answer has, errors included: request id, trace, language, security headers, problem documents,
//! and an entity tag that is right under compression.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use uuid::Uuid;

use super::answer::Carried;
use super::call::Shared;
use super::language::negotiate;
use crate::problem::{Code, Lang, Problem, codes};

/// What is known of a request before it is served.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the answer.
    pub lang: Lang,
    /// W3C trace id, from `traceparent` or made here.
    pub trace_id: String,
    /// `X-Request-Id`; one that comes in is never trusted.
    pub request_id: String,
}

/// Longest address in bytes.
const URI_LIMIT: usize = 8192;
/// Largest header section in bytes.
const HEADER_LIMIT: usize = 16_384;

/// The outermost middleware.
///
/// # Errors
/// Only what an inner middleware fails with; handlers and extractors have answered with a problem by then.
pub async fn frame(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let frame = Frame::of(&request);
    let base = request.app_data::<web::Data<Shared>>().map(|shared| shared.public_url.clone()).unwrap_or_default();
    let refused = refused(&request);
    request.extensions_mut().insert(frame.clone());
    let response = match refused {
        Some(code) => {
            let error: actix_web::Error = crate::problem::Error::from(code).into();
            request.error_response(error)
        }
        // Routing needs the only handle on the request, so nothing of it is kept here.
        None => next.call(request).await?.map_into_boxed_body(),
    };
    Ok(finished(response, &frame, &base))
}

impl Frame {
    fn of(request: &ServiceRequest) -> Self {
        let field = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let trace = field(&HeaderName::from_static("traceparent")).and_then(trace_id).map(str::to_owned);
        Self {
            lang: negotiate(field(&header::ACCEPT_LANGUAGE)),
            trace_id: trace.unwrap_or_else(|| Uuid::new_v4().simple().to_string()),
            request_id: Uuid::now_v7().to_string(),
        }
    }
}

/// The trace id of a valid `traceparent` (W3C Trace Context §3.2).
fn trace_id(value: &str) -> Option<&str> {
    let mut parts = value.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let fits = hex(version, 2) && version != "ff" && hex(trace, 32) && hex(parts.next()?, 16) && hex(parts.next()?, 2);
    (fits && trace.bytes().any(|b| b != b'0')).then_some(trace)
}

fn refused(request: &ServiceRequest) -> Option<&'static Code> {
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if request.uri().to_string().len() > URI_LIMIT {
        Some(&codes::URI_TOO_LONG)
    } else if headers > HEADER_LIMIT {
        Some(&codes::TOO_LARGE)
    } else {
        None
    }
}

fn finished(response: ServiceResponse<BoxBody>, frame: &Frame, base: &str) -> ServiceResponse<BoxBody> {
    let (request, mut response) = response.into_parts();
    let carried = response.extensions_mut().remove::<Carried>();
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let problem = carried.map(|Carried(problem)| problem).or_else(|| {
        let plain = is_error
            && !response
                .headers()
                .get(header::CONTENT_TYPE)
                .is_some_and(|kind| kind.as_bytes().starts_with(b"application/"));
        plain.then(|| Problem::new(by_status(response.status())))
    });
    if let Some(problem) = problem {
        response = rewritten(response, &problem, frame, base);
    }
    head(&mut response, frame);
    ServiceResponse::new(request, response)
}

fn rewritten(response: HttpResponse<BoxBody>, problem: &Problem, frame: &Frame, base: &str) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(problem.code.status).unwrap_or(response.status());
    let document = problem.document(frame.lang, base, &frame.trace_id).to_string();
    let mut response = response.set_body(BoxBody::new(document));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// What actix refused by itself, as one of our problems.
fn by_status(status: StatusCode) -> &'static Code {
    match status.as_u16() {
        404 => &codes::NO_ROUTE,
        405 => &codes::METHOD_NOT_ALLOWED,
        408 => &codes::TIMEOUT,
        413 => &codes::TOO_LARGE,
        415 => &codes::UNSUPPORTED_MEDIA_TYPE,
        400..=499 => &codes::MALFORMED,
        _ => &codes::INTERNAL,
    }
}

fn head(response: &mut HttpResponse<BoxBody>, frame: &Frame) {
    let coding =
        response.headers().get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()).map(str::to_owned);
    let headers = response.headers_mut();
    if coding.as_deref() == Some("identity") {
        headers.remove(header::CONTENT_ENCODING);
    } else if let Some(coding) = coding
        && let Some(tag) = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned)
        && let Some(opaque) = tag.strip_suffix('"')
        && let Ok(value) = HeaderValue::try_from(format!("{opaque};{coding}\""))
    {
        // Another representation has another strong tag (RFC 9110 §8.8.3).
        headers.insert(header::ETAG, value);
    }
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
    set("content-language", frame.lang.tag());
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language, Authorization"));
}
