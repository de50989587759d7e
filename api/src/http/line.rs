//! The line of a request in the log, what is counted of it, and its span.
//!
//! It has the pattern of the address, not what fills it or the query: these may hold what people search for, and keys.
//! With who called, from where, and the name of the problem, it is also the record of logins that were refused and of
//! what somebody was not allowed (ASVS 16.3.1, 16.3.2).

use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use tracing::Span;

use super::call::Shared;
use super::frame::{Frame, Named};
use super::gate::Who;
use super::traces::Answered;

/// A request that is not yet answered.
pub struct Line {
    method: Method,
    route: &'static str,
    from: String,
    began: Instant,
}

impl Line {
    /// Begins the line.
    #[must_use]
    pub fn of(request: &ServiceRequest, frame: &Frame) -> Self {
        let route = frame.pattern.unwrap_or("an unknown address");
        Self { method: request.method().clone(), route, from: frame.address.to_string(), began: Instant::now() }
    }

    /// Writes it.
    pub fn write(
        self,
        span: &Span,
        request: &HttpRequest,
        response: &HttpResponse<BoxBody>,
        shared: Option<&Shared>,
        frame: &Frame,
    ) {
        let who = request.extensions().get::<Who>().map(|Who(actor)| match actor.id {
            Some(id) => format!("{} {id}", actor.kind),
            None => actor.kind.to_owned(),
        });
        let problem = response.extensions().get::<Named>().map(|Named(name)| *name);
        self.done(span, response.status().as_u16(), who.as_deref(), problem, shared, frame);
    }

    /// Writes that the handler broke down.
    pub fn write_panic(self, span: &Span, shared: Option<&Shared>, frame: &Frame) {
        self.done(span, 500, None, Some("server.internal"), shared, frame);
    }

    fn done(
        self,
        span: &Span,
        status: u16,
        who: Option<&str>,
        problem: Option<&'static str>,
        shared: Option<&Shared>,
        frame: &Frame,
    ) {
        let Self { method, route, from, began } = self;
        let took = began.elapsed();
        if let Some(shared) = shared {
            shared.metrics.answered(&method, route, status, took);
            if let Some(traces) = &shared.traces {
                traces.take(&Answered { frame, method: &method, status, problem, took });
            }
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        span.in_scope(|| {
            if matches!(route, "/healthz" | "/readyz") {
                tracing::debug!(%method, route, status, micros, "{method} {route} {status}");
            } else {
                tracing::info!(%method, route, status, micros, who, from, problem, "{method} {route} {status}");
            }
        });
    }
}
