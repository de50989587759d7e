//! The addresses of the service: one table for all workers, looked through once for each request.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpResponse};
use futures_util::future::LocalBoxFuture;
use indexmap::IndexMap;
use matchit::{InsertError, Router};

use super::Call;
use super::call::percent_decoded;
use crate::problem::{Error, Problem, codes};

/// What serves a request.
pub type Handler = Box<dyn Fn(Call) -> LocalBoxFuture<'static, Result<HttpResponse, Error>> + Send + Sync>;

/// What is served where.
pub struct Addresses(Router<Address>);

struct Address {
    /// The address as it was added, with `{id}` for what varies.
    pattern: String,
    handlers: Vec<(Method, Handler)>,
    /// The methods that it knows (RFC 9110 §10.2.1).
    allow: String,
}

/// Where a request goes, and what stands there for what varies in the address.
pub struct Place {
    address: &'static Address,
    parts: Vec<(&'static str, String)>,
}

impl Addresses {
    /// The table of these addresses; what is said of one more than once, each time with other methods, is put together.
    ///
    /// # Errors
    /// For an address that could be taken for another one.
    pub fn of(all: impl IntoIterator<Item = (String, Method, Handler)>) -> Result<Self, InsertError> {
        let mut together: IndexMap<String, Vec<(Method, Handler)>> = IndexMap::new();
        for (pattern, method, handler) in all {
            together.entry(pattern).or_default().push((method, handler));
        }
        let mut table = Router::new();
        for (pattern, handlers) in together {
            let mut allow: Vec<&str> = handlers.iter().map(|(method, _)| method.as_str()).collect();
            if allow.contains(&"GET") {
                allow.push("HEAD");
            }
            allow.push("OPTIONS");
            let allow = allow.join(", ");
            table.insert(pattern.clone(), Address { pattern, handlers, allow })?;
        }
        Ok(Self(table))
    }

    /// Where a path goes.
    #[must_use]
    pub fn find(&'static self, path: &str) -> Option<Place> {
        let found = self.0.at(path).ok()?;
        // A slash, a plus and a percent sign stand in a part still encoded, so that they end none.
        let parts = found.params.iter().map(|(name, part)| (name, percent_decoded(part))).collect();
        Some(Place { address: found.value, parts })
    }
}

impl Place {
    /// The address as the table has it.
    #[must_use]
    pub fn pattern(&self) -> &'static str {
        &self.address.pattern
    }
}

impl Address {
    fn handler(&self, method: &Method) -> Option<&Handler> {
        // A HEAD is a GET whose body is not sent (RFC 9110 §9.3.2).
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.handlers.iter().find_map(|(known, handler)| (known == method).then_some(handler))
    }
}

impl Call {
    /// What stands in the address for a part of it that varies.
    #[must_use]
    pub fn part(&self, name: &str) -> String {
        let kept = self.request.extensions();
        let parts = kept.get::<Place>().map(|place| place.parts.as_slice()).unwrap_or_default();
        parts.iter().find(|(known, _)| *known == name).map(|(_, part)| part.clone()).unwrap_or_default()
    }
}

/// Serves what the address and the method ask for.
///
/// # Errors
/// 404 for an address that there is not, 405 for a method that it does not know; what the handler fails with.
pub async fn serve(call: Call) -> Result<HttpResponse, Error> {
    let address = call.request.extensions().get::<Place>().map(|place| place.address);
    let address = address.ok_or(&codes::NO_ROUTE)?;
    let method = call.request.method().clone();
    match address.handler(&method) {
        Some(handler) => handler(call).await,
        None if method == Method::OPTIONS => {
            let mut response = HttpResponse::build(StatusCode::NO_CONTENT);
            Ok(response.insert_header(("Allow", address.allow.as_str())).finish())
        }
        None => Err(Problem::new(&codes::METHOD_NOT_ALLOWED).header("Allow", address.allow.clone()).into()),
    }
}
