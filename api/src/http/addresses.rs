//! The addresses of the service: one table for all workers, looked through once for each request.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpResponse};
use futures_util::future::LocalBoxFuture;
use indexmap::IndexMap;
use matchit::{InsertError, Router};

use super::Call;
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
        let parts = found.params.iter().map(|(name, part)| (name, decoded(part))).collect();
        Some(Place { address: found.value, parts })
    }
}

/// A part of an address whose path was decoded but for the slash, the plus and the percent sign: those that stand for themselves
/// in a part stand in it still encoded.
fn decoded(part: &str) -> String {
    let signs = [("%2F", "/"), ("%2f", "/"), ("%2B", "+"), ("%2b", "+"), ("%25", "%")];
    if !part.contains('%') {
        return part.to_owned();
    }
    // The percent sign last, for what it makes is no escape.
    signs.iter().fold(part.to_owned(), |part, (escape, sign)| part.replace(escape, sign))
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

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_part_is_decoded_once() {
        assert_eq!(decoded("2017%2F412"), "2017/412");
        assert_eq!(decoded("100%25"), "100%");
        assert_eq!(decoded("x%2By%2b"), "x+y+");
        assert_eq!(decoded("%252F"), "%2F", "what was encoded twice is decoded once");
        assert_eq!(decoded("Sør"), "Sør");
    }
}
