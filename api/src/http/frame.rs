//! What every answer has, errors included: request id, trace, language, security headers, problem documents,
//! and an entity tag that is right under compression.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::addresses::Place;
use super::answer::Carried;
use super::call::Shared;
use super::head::Head;
use super::language::negotiate;
use super::line::Line;
use super::network;
use super::well_known::PROTECTED_RESOURCE;
use crate::problem::{Code, Error, Lang, Problem, codes};

/// What is known of a request before it is served.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the answer.
    pub lang: Lang,
    /// W3C trace id, from `traceparent` or made here.
    pub trace_id: String,
    /// What the caller's `traceparent` says of the step that this request is part of.
    pub parent: Option<Parent>,
    /// `X-Request-Id`; one that comes in is never trusted.
    pub request_id: String,
    /// The address that it comes from.
    pub address: IpAddr,
    /// The pattern of the address that it goes to, if there is one.
    pub pattern: Option<&'static str>,
}

/// The step of the caller that a request is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// W3C parent id.
    pub span: u64,
    /// Whether the caller keeps this trace.
    pub sampled: bool,
}

/// Longest address in bytes.
const URI_LIMIT: usize = 8192;
/// Largest header section in bytes.
const HEADER_LIMIT: usize = 16_384;
/// Longest values in bytes of single fields, which the document states: they hold on every address. The tags that a client
/// knows may be many; the others are short.
const FIELD_LIMITS: [(&str, usize); 9] = [
    ("accept-language", 1000),
    ("content-digest", 1000),
    ("content-disposition", 2000),
    ("if-match", 1000),
    ("if-none-match", 8192),
    ("if-range", 1000),
    ("last-event-id", 8192),
    ("range", 1000),
    ("repr-digest", 1000),
];

/// The longest value in bytes that a header field may have, if it has a bound of its own.
#[must_use]
pub fn most(name: &str) -> Option<usize> {
    FIELD_LIMITS.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, most)| *most)
}

/// The outermost middleware.
///
/// # Errors
/// A handler that panicked (its problem is in the error); else only what an inner middleware fails with, for handlers
/// and extractors have answered by then.
pub async fn frame(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let shared = request.app_data::<web::Data<Shared>>().map(|data| Arc::clone(data));
    // The path as it is decoded for its parts, of which a slash within one is none.
    let place = shared.as_ref().and_then(|shared| shared.addresses.find(request.match_info().as_str()));
    let frame = Frame::of(&request, shared.as_deref(), place.as_ref().map(Place::pattern));
    let head = Head::of(&request, shared.as_deref());
    request.extensions_mut().insert(frame.clone());
    if let Some(place) = place {
        request.extensions_mut().insert(place);
    }
    let line = Line::of(&request, &frame);
    let span = tracing::info_span!("request", trace_id = frame.trace_id, request_id = frame.request_id);
    if let Err(error) = admitted(&request, &frame, shared.as_deref()) {
        let (request, response) = request.error_response(error).into_parts();
        let mut response = problems(response, &frame, &head);
        if let Some(shared) = &shared {
            shared.gate.tell(&request, response.headers_mut());
        }
        line.write(&span, &request, &response, shared.as_deref(), &frame);
        head.finish(&mut response, &frame);
        return Ok(ServiceResponse::new(request, response));
    }
    // Routing needs the only handle on the request, so nothing of it is kept here.
    let answered = AssertUnwindSafe(next.call(request).instrument(span.clone())).catch_unwind().await;
    let Ok(answered) = answered else {
        let mut response = rewritten(HttpResponse::new(StatusCode::OK), &Problem::new(&codes::INTERNAL), &frame, &head);
        line.write_panic(&span, shared.as_deref(), &frame);
        head.finish(&mut response, &frame);
        return Err(InternalError::from_response("a handler panicked", response).into());
    };
    let (request, mut response) = answered?.map_into_boxed_body().into_parts();
    if let Some(shared) = &shared {
        let free = response.status() == StatusCode::NOT_MODIFIED;
        if let Err(error) = shared.gate.after(&request, frame.pattern, free) {
            response = error.error_response();
        }
        response = shared.room.paced(&request, response).await;
    }
    let mut response = problems(response, &frame, &head);
    if let Some(shared) = &shared {
        shared.gate.tell(&request, response.headers_mut());
    }
    line.write(&span, &request, &response, shared.as_deref(), &frame);
    head.finish(&mut response, &frame);
    if response.status() == StatusCode::NOT_MODIFIED
        && let Some(known) = request.headers().get(header::IF_NONE_MATCH)
        && is_one_tag(known.as_bytes())
        && response
            .headers()
            .get(header::ETAG)
            .is_some_and(|ours| is_weak(ours.as_bytes()) == is_weak(known.as_bytes()))
    {
        // What the client has stays what it has, its content coding included (RFC 9110 §15.4.5).
        response.headers_mut().insert(header::ETAG, known.clone());
    }
    Ok(ServiceResponse::new(request, response))
}

/// Whether a request is taken on at all.
fn admitted(request: &ServiceRequest, frame: &Frame, shared: Option<&Shared>) -> Result<(), Error> {
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if request.uri().to_string().len() > URI_LIMIT {
        return Err((&codes::URI_TOO_LONG).into());
    }
    if headers > HEADER_LIMIT || FIELD_LIMITS.iter().any(|(name, most)| longest(request, name) > *most) {
        return Err((&codes::HEADERS_TOO_LARGE).into());
    }
    shared.map_or(Ok(()), |shared| shared.gate.before(request.request(), frame.pattern))
}

/// Whether a field names one entity tag, neither several nor any.
fn is_one_tag(field: &[u8]) -> bool {
    field.ends_with(b"\"") && !field.contains(&b',')
}

fn is_weak(tag: &[u8]) -> bool {
    tag.starts_with(b"W/")
}

impl Frame {
    /// What the caller said of its trace, in its canonical form (W3C Trace Context §3.2); `None` when it said nothing that can be read.
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        let Parent { span, sampled } = self.parent?;
        Some(format!("00-{}-{span:016x}-{:02x}", self.trace_id, u8::from(sampled)))
    }

    /// The pattern of the address that a request goes to, as it was found once.
    #[must_use]
    pub fn pattern_of(request: &HttpRequest) -> Option<&'static str> {
        request.extensions().get::<Self>()?.pattern
    }

    fn of(request: &ServiceRequest, shared: Option<&Shared>, pattern: Option<&'static str>) -> Self {
        let field = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let trace = field(&HeaderName::from_static("traceparent")).and_then(traced);
        let proxies = shared.map(|shared| shared.proxies.as_slice()).unwrap_or_default();
        Self {
            lang: negotiate(field(&header::ACCEPT_LANGUAGE)),
            trace_id: trace.map_or_else(|| Uuid::new_v4().simple().to_string(), |(trace, _)| trace.to_owned()),
            parent: trace.map(|(_, parent)| parent),
            request_id: Uuid::now_v7().to_string(),
            address: network::address(request.peer_addr(), request.headers(), proxies),
            pattern,
        }
    }
}

/// The trace id and the parent of a valid `traceparent` (W3C Trace Context §3.2).
fn traced(value: &str) -> Option<(&str, Parent)> {
    let mut parts = value.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let (span, flags) = (parts.next()?, parts.next()?);
    // A later version may say more; this one has four parts.
    let whole = version != "00" || parts.next().is_none();
    let fits = whole && hex(version, 2) && version != "ff" && hex(trace, 32) && hex(span, 16) && hex(flags, 2);
    let span = u64::from_str_radix(span, 16).ok().filter(|span| *span != 0)?;
    let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
    (fits && trace.bytes().any(|b| b != b'0')).then_some((trace, Parent { span, sampled }))
}

/// The name of the problem that an answer is, for the log.
pub struct Named(pub &'static str);

/// The length of a field's longest value.
fn longest(request: &ServiceRequest, name: &str) -> usize {
    request.headers().get_all(name).map(HeaderValue::len).max().unwrap_or_default()
}

fn problems(mut response: HttpResponse<BoxBody>, frame: &Frame, head: &Head) -> HttpResponse<BoxBody> {
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
    match problem {
        Some(problem) => rewritten(response, &problem, frame, head),
        None => response,
    }
}

fn rewritten(response: HttpResponse<BoxBody>, problem: &Problem, frame: &Frame, head: &Head) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(problem.code.status).unwrap_or(response.status());
    let document = problem.document(frame.lang, head.base(), &frame.trace_id).to_string();
    let mut response = response.set_body(BoxBody::new(document));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(challenge) = headers.get(header::WWW_AUTHENTICATE).and_then(|field| located(field, head.base())) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response.extensions_mut().insert(Named(problem.code.name));
    response
}

/// A challenge for a bearer token that also says where the metadata of the service stands (RFC 9728 §5.1).
fn located(challenge: &HeaderValue, base: &str) -> Option<HeaderValue> {
    let said = challenge.to_str().ok()?;
    let join = if said.strip_prefix("Bearer")?.is_empty() { " " } else { ", " };
    HeaderValue::from_str(&format!("{said}{join}resource_metadata=\"{base}{PROTECTED_RESOURCE}\"")).ok()
}

/// What actix refused by itself, as one of our problems.
fn by_status(status: StatusCode) -> &'static Code {
    match status.as_u16() {
        404 => &codes::NO_ROUTE,
        405 => &codes::METHOD_NOT_ALLOWED,
        406 => &codes::NOT_ACCEPTABLE,
        408 => &codes::TIMEOUT,
        413 => &codes::TOO_LARGE,
        415 => &codes::UNSUPPORTED_MEDIA_TYPE,
        400..=499 => &codes::MALFORMED,
        _ => &codes::INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, read_body_json, try_call_service};
    use actix_web::{App, HttpResponse, web};
    use serde_json::Value;

    use super::{Parent, frame, traced};

    #[actix_web::test]
    async fn a_handler_that_panics_is_a_problem_like_others() {
        async fn broken() -> HttpResponse {
            panic!("a fault of ours")
        }
        let service = init_service(App::new().wrap(from_fn(frame)).route("/", web::get().to(broken))).await;
        let failed = try_call_service(&service, TestRequest::get().uri("/").to_request()).await;
        let response = failed.map(|_| ()).expect_err("the panic goes out as an error").error_response();
        assert_eq!(response.status(), 500);
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/problem+json"));
        assert!(response.headers().contains_key("x-request-id"));
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap_or_default();
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        assert_eq!((&problem["code"], &problem["status"]), (&"server.internal".into(), &500.into()));
    }

    #[actix_web::test]
    async fn what_actix_refuses_is_a_problem_too() {
        let service = init_service(App::new().wrap(from_fn(frame))).await;
        let long = "a".repeat(20_000);
        for (request, code) in [
            (TestRequest::get().uri("/nowhere"), "route.not_found"),
            (TestRequest::get().uri("/").insert_header(("x-long", long.as_str())), "request.headers_too_large"),
            (TestRequest::get().uri(&format!("/?q={long}")), "request.uri_too_long"),
        ] {
            let response = try_call_service(&service, request.to_request()).await.expect("an answer");
            let problem: Value = read_body_json(response).await;
            assert_eq!(problem["code"], code);
        }
    }

    #[test]
    fn a_trace_goes_on_when_it_is_well_formed() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (flags, sampled) in [("01", true), ("00", false), ("03", true), ("02", false)] {
            let parent = Parent { span: 0x00f0_67aa_0ba9_02b7, sampled };
            assert_eq!(traced(&format!("00-{trace}-00f067aa0ba902b7-{flags}")), Some((trace, parent)));
            // What a later version says besides is passed over.
            assert_eq!(traced(&format!("01-{trace}-00f067aa0ba902b7-{flags}-more")), Some((trace, parent)));
        }
        for wrong in [
            "",
            "00-0-0-0",
            &format!("ff-{trace}-00f067aa0ba902b7-01"),
            &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            &format!("00-{trace}-0000000000000000-01"),
            &format!("00-{trace}-00f067aa0ba902b7-01-more"),
            &format!("00-{trace}-00f067aa0ba902b7-01-"),
        ] {
            assert_eq!(traced(wrong), None, "{wrong}");
        }
    }
}
