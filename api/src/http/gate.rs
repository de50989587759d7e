//! Who may come in how often: the caller that a token stands for, or else the network address; and how many expensive
//! requests are worked on at a time.
//!
//! A request without a token is counted by its address before anything is done for it. One with a token is counted when
//! the token has turned out to be good, by its caller, or as one from its address when it has not. Whatever nobody has
//! counted on the way (an address without an operation, a method that there is not) is counted at the end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use url::form_urlencoded::parse;

use super::Call;
use super::formats::prefers;
use super::frame::Frame;
use super::network::network;
use super::turns::Turns;
use super::windows::{Key, Standing, WINDOW, Windows};
use crate::access::recent::Fingerprint;
use crate::access::{Actor, Caller};
use crate::config::Config;
use crate::problem::{Error, Problem, codes};
use crate::render::Format;

/// Most tokens whose callers are remembered.
const TOKENS: usize = 10_000;

/// Operations that read or write a whole project or many of them.
const EXPENSIVE: [&str; 12] = [
    "/api/v1/projects/{id}/document",
    "/api/v1/projects/{id}/changes",
    "/api/v1/projects/{id}/variance",
    "/api/v1/portfolio",
    "/api/v1/programmes/{id}/comparison",
    "/api/v1/batch",
    "/api/v1/imports/accounting",
    "/api/v1/imports/projects",
    "/api/v1/status-reports/{id}/verification",
    // These look through the whole journal.
    "/api/v1/people/{id}/data-export",
    "/api/v1/people/{id}/erase",
    "/api/v1/retention/run",
];

/// A policy under which callers are counted.
#[derive(Debug)]
struct Policy {
    name: &'static str,
    windows: Windows,
}

/// What all workers count together.
#[derive(Debug)]
pub struct Gate {
    every: Option<Policy>,
    expensive: Option<Policy>,
    pub(super) turns: Turns,
    /// The callers of tokens that were good, so that a caller who comes too often costs no query.
    known: Mutex<HashMap<Fingerprint, Key>>,
}

/// How a request was counted.
#[derive(Clone, Debug)]
struct Counted {
    key: Key,
    every: Option<Standing>,
    expensive: Option<Standing>,
}

/// Who was found to call, for the log.
#[derive(Clone, Debug)]
pub struct Who(pub Actor);

impl Gate {
    /// The gate as the configuration says.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let policy = |name, most| (most > 0).then(|| Policy { name, windows: Windows::of(most) });
        Self {
            every: policy("default", config.rate_limit),
            expensive: policy("expensive", config.report_limit),
            turns: Turns::of(config.reports_at_once),
            known: Mutex::default(),
        }
    }

    /// Counts a request that no caller can be known of, before anything is done for it.
    ///
    /// # Errors
    /// 429.
    pub fn before(&self, request: &HttpRequest, pattern: Option<&str>) -> Result<(), Error> {
        let by_token = request.headers().contains_key(header::AUTHORIZATION) && takes_token(pattern);
        if by_token || is_probe(pattern) { Ok(()) } else { self.count(request, Key::Network(of(request)), false) }
    }

    /// Counts what nobody has counted, gives back what is free, and says how the caller stands.
    ///
    /// # Errors
    /// 429.
    pub fn after(&self, request: &HttpRequest, pattern: Option<&str>, free: bool) -> Result<(), Error> {
        if is_probe(pattern) {
            return Ok(());
        }
        let counted = request.extensions().get::<Counted>().cloned();
        let Some(mut counted) = counted else { return self.count(request, Key::Network(of(request)), false) };
        if free {
            let now = Instant::now();
            let back = |policy: &Option<Policy>, was: Option<Standing>| {
                was.and(policy.as_ref()).map(|policy| policy.windows.give_back(counted.key, now))
            };
            counted.every = back(&self.every, counted.every);
            counted.expensive = back(&self.expensive, counted.expensive);
            request.extensions_mut().insert(counted);
        }
        Ok(())
    }

    /// Says in the header how the caller stands (draft-ietf-httpapi-ratelimit-headers-10).
    pub fn tell(&self, request: &HttpRequest, headers: &mut HeaderMap) {
        let Some(counted) = request.extensions().get::<Counted>().cloned() else { return };
        let told = [(&self.every, counted.every), (&self.expensive, counted.expensive)];
        let told: Vec<(&Policy, Standing)> =
            told.into_iter().filter_map(|(policy, standing)| policy.as_ref().zip(standing)).collect();
        let list = |item: &dyn Fn(&(&Policy, Standing)) -> String| told.iter().map(item).collect::<Vec<_>>().join(", ");
        let policies =
            list(&|(policy, _)| format!("\"{}\";q={};w={}", policy.name, policy.windows.most(), WINDOW.as_secs()));
        let limits =
            list(&|(policy, standing)| format!("\"{}\";r={};t={}", policy.name, standing.left, standing.reset));
        for (name, value) in [("ratelimit-policy", policies), ("ratelimit", limits)] {
            if let Ok(value) = HeaderValue::try_from(value)
                && !value.is_empty()
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }

    fn count(&self, request: &HttpRequest, key: Key, expensive: bool) -> Result<(), Error> {
        let now = Instant::now();
        let every = self.every.as_ref().map(|policy| policy.windows.take(key, now));
        let costly = self.expensive.as_ref().filter(|_| expensive && every.is_none_or(|standing| standing.allowed));
        let costly = costly.map(|policy| policy.windows.take(key, now));
        request.extensions_mut().insert(Counted { key, every, expensive: costly });
        let stands = [(&self.every, every), (&self.expensive, costly)];
        let refused = stands
            .into_iter()
            .find_map(|(policy, standing)| policy.as_ref().zip(standing.filter(|standing| !standing.allowed)));
        match refused {
            None => Ok(()),
            Some((policy, standing)) => Err(too_many(policy.name, standing.reset)),
        }
    }

    fn known(&self, token: Fingerprint) -> Option<Key> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&token).copied()
    }

    fn remember(&self, token: Fingerprint, key: Key) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= TOKENS {
            known.clear();
        }
        known.insert(token, key);
    }
}

impl Call {
    /// The network that the request comes from, as far as callers are counted by it.
    #[must_use]
    pub fn network(&self) -> std::net::IpAddr {
        of(&self.request)
    }

    /// Refuses a caller who has come too often already, before the token costs a query.
    ///
    /// # Errors
    /// 429.
    pub(super) fn at_the_gate(&self, token: Fingerprint) -> Result<(), Error> {
        let gate = &self.shared.gate;
        let Some((policy, key)) = gate.every.as_ref().zip(gate.known(token)) else { return Ok(()) };
        let standing = policy.windows.look(key, Instant::now());
        if self.is_counted() || standing.allowed {
            return Ok(());
        }
        self.request.extensions_mut().insert(Counted { key, every: Some(standing), expensive: None });
        Err(too_many(policy.name, standing.reset))
    }

    /// Counts a request by its caller, and waits for a turn when it is an expensive one. The turn ends with the request.
    ///
    /// # Errors
    /// 429; 503 when too many are worked on.
    pub(super) async fn through_the_gate(&self, token: Fingerprint, caller: &Caller) -> Result<(), Error> {
        if self.is_counted() {
            return Ok(());
        }
        let gate = &self.shared.gate;
        let key = Key::Caller(caller.actor.kind, caller.actor.id.unwrap_or_default());
        self.request.extensions_mut().insert(Who(caller.actor.clone()));
        gate.remember(token, key);
        let expensive = is_expensive(&self.request);
        gate.count(&self.request, key, expensive)?;
        if expensive { self.turns(1).await } else { Ok(()) }
    }

    /// Counts a request whose token is not good by the address that it comes from.
    pub(super) fn turned_away(&self, error: Error) -> Error {
        let refused = matches!(&error, Error::Problem(problem) if problem.code.status == 401) && !self.is_counted();
        let counted =
            if refused { self.shared.gate.count(&self.request, Key::Network(self.network()), false) } else { Ok(()) };
        counted.err().unwrap_or(error)
    }

    fn is_counted(&self) -> bool {
        self.request.extensions().get::<Counted>().is_some()
    }
}

fn of(request: &HttpRequest) -> std::net::IpAddr {
    let address = request.extensions().get::<Frame>().map(|frame| frame.address);
    network(address.unwrap_or(std::net::IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)))
}

fn takes_token(pattern: Option<&str>) -> bool {
    pattern.is_some_and(|pattern| pattern.starts_with("/api/") && pattern != "/api/v1/auth/login")
}

/// Health checks come as often as they like.
fn is_probe(pattern: Option<&str>) -> bool {
    matches!(pattern, Some("/healthz" | "/readyz"))
}

/// Whether it is one of the few operations that cost much, a look into the past, or a workbook.
fn is_expensive(request: &HttpRequest) -> bool {
    Frame::pattern_of(request).is_some_and(|pattern| EXPENSIVE.contains(&pattern))
        || asks_for_much(request.query_string())
        || accepts_workbook(request.headers())
}

/// Whether a query names the past or a workbook, read as the handlers read it: a character may be written in several ways.
fn asks_for_much(query: &str) -> bool {
    parse(query.as_bytes()).any(|(name, value)| name == "asOf" || (name == "format" && value == "xlsx"))
}

/// Whether an `Accept` names workbooks, or likes them better than JSON without naming them.
fn accepts_workbook(headers: &HeaderMap) -> bool {
    let fields = || headers.get_all(header::ACCEPT).filter_map(|field| field.to_str().ok());
    // What nearly everybody sends costs no more than a look.
    if fields().all(|field| matches!(field, "*/*" | "application/json")) {
        return false;
    }
    let accepted = fields().collect::<Vec<_>>().join(",").to_ascii_lowercase();
    accepted.contains("spreadsheetml") || prefers(&accepted, Format::Xlsx.media_type())
}

fn too_many(policy: &'static str, seconds: u64) -> Error {
    Problem::new(&codes::TOO_MANY)
        .header("Retry-After", seconds.max(1).to_string())
        .member("violated-policies", vec![policy])
        .into()
}

/// The problem of work that finds nobody free to do it.
#[must_use]
pub fn busy() -> Error {
    Problem::new(&codes::BUSY).header("Retry-After", "2").into()
}
