//! A request as the operations meet it: they ask it for caller, body and preconditions when the story wants them,
//! so that a stranger gets 404 before 400 or 428.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::{Ready, ready};
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use ipnet::IpNet;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::addresses::Addresses;
use super::frame::Frame;
use super::gate::Gate;
use super::metrics::Metrics;
use super::query::Query;
use super::room::Room;
use super::traces::Traces;
use crate::access::external::External;
use crate::access::recent::Recent;
use crate::access::scope::Needs;
use crate::access::token::Issuer;
use crate::access::{Caller, Outbound};
use crate::config::{Contact, Origin};
use crate::facts::check::no_identity_number;
use crate::facts::identity::has_identity_number;
use crate::problem::{Error, Lang, Problem, codes};
use crate::store::chain::checkpoint::Signer;
use crate::store::views::View;
use crate::store::{Store, Writer};
use crate::text;

/// What all workers share.
pub struct Shared {
    /// The public address of the service, without a slash at the end.
    pub public_url: String,
    /// Makes and checks access tokens.
    pub issuer: Issuer,
    /// The callers of tokens that were checked lately.
    pub recent: Recent,
    /// The issuers whose tokens are taken beside its own.
    pub others: Vec<External>,
    /// What is served where.
    pub addresses: &'static Addresses,
    /// What each operation needs of a machine's token.
    pub needs: &'static Needs,
    /// Signs list cursors.
    pub cursor_secret: Vec<u8>,
    /// Largest JSON body in bytes.
    pub body_limit: usize,
    /// Largest content of a document in bytes.
    pub document_limit: u64,
    /// What the secrets of webhooks are worked out from.
    pub webhook_key: Vec<u8>,
    /// File that tells what was erased of whom, where one is kept.
    pub erasure_log: Option<PathBuf>,
    /// Signs checkpoints of the journal.
    pub signer: Signer,
    /// One verification of the journal at a time.
    pub verifying: tokio::sync::Semaphore,
    /// Held by the one run of retention that is asked for at a time.
    pub retaining: tokio::sync::Mutex<()>,
    /// Where webhooks may point to.
    pub outbound: Outbound,
    /// The address of Enhetsregisteret, if it may be asked.
    pub register_url: Option<String>,
    /// Bounds password hashing to the cores.
    pub hashing: Arc<tokio::sync::Semaphore>,
    /// What failed logins are kept under is worked out from, and what refresh tokens are known by.
    pub login_key: Vec<u8>,
    /// Who may come in how often.
    pub gate: Gate,
    /// Room for large bodies.
    pub room: Room,
    /// What is counted for operators.
    pub metrics: Metrics,
    /// Makes a span of each request, where a collector is named.
    pub traces: Option<Traces>,
    /// Networks of the proxies that are believed.
    pub proxies: Vec<IpNet>,
    /// Origins whose pages may ask.
    pub origins: Vec<Origin>,
    /// Where those write who find a vulnerability.
    pub contacts: Vec<Contact>,
}

/// A request.
pub struct Call {
    /// The request as actix has it.
    pub request: HttpRequest,
    /// What all workers share.
    pub shared: Arc<Shared>,
    /// This worker's connections.
    pub store: Store,
    pub(super) payload: RefCell<Payload>,
}

impl FromRequest for Call {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let shared = request.app_data::<web::Data<Shared>>().map(|data| Arc::clone(data));
        let store = request.app_data::<web::Data<Store>>().map(|data| data.as_ref().clone());
        ready(match (shared, store) {
            (Some(shared), Some(store)) => {
                Ok(Self { request: request.clone(), shared, store, payload: RefCell::new(payload.take()) })
            }
            _ => Err(Error::internal("take a request", "the service is not set up")),
        })
    }
}

impl Call {
    /// The same request once more, over other connections. It has no body: those that only read have none.
    pub(super) fn again(&self, store: Store) -> Self {
        let (request, shared) = (self.request.clone(), Arc::clone(&self.shared));
        Self { request, shared, store, payload: RefCell::new(Payload::None) }
    }

    /// Takes note that the answer holds contact details of people.
    pub fn shows(&self, caller: &Caller, people: BTreeSet<Uuid>) {
        if people.is_empty() {
            return;
        }
        let operation = format!("{} {}", self.request.method(), self.request.path());
        self.store.news.views().saw(View::now(caller.actor.clone(), &operation, people));
    }

    /// The language of the answer.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.request.extensions().get::<Frame>().map(|frame| frame.lang).unwrap_or_default()
    }

    /// The value of a header field that may stand once.
    ///
    /// # Errors
    /// 400 when it stands twice or is not ASCII text.
    pub fn header(&self, name: &HeaderName) -> Result<Option<String>, Error> {
        let mut values = self.request.headers().get_all(name);
        let Some(first) = values.next() else { return Ok(None) };
        let field = name.as_str();
        let wrong = || {
            Problem::new(&codes::MALFORMED)
                .detail(text!(
                    "feltet {field} er ikke lesbart",
                    "feltet {field} er ikkje lesbart",
                    "the field {field} cannot be read"
                ))
                .into()
        };
        match (values.next(), std::str::from_utf8(first.as_bytes())) {
            // What may stand around a value is blanks and tabs (RFC 9110 §5.5), no other character that looks like one.
            (None, Ok(value)) => Ok(Some(value.trim_matches([' ', '\t']).to_owned())),
            _ => Err(wrong()),
        }
    }

    /// The query string's parameters.
    ///
    /// # Errors
    /// 400 when one stands twice.
    pub fn query(&self) -> Result<Query, Error> {
        Query::parse(self.request.query_string())
    }

    /// Who writes, and why.
    ///
    /// # Errors
    /// 400 when the reason is not readable or too long.
    pub fn writer(&self, caller: &Caller) -> Result<Writer, Error> {
        let reason = self.header(&HeaderName::from_static("x-change-reason"))?.filter(|reason| !reason.is_empty());
        let reason = reason.map(|reason| percent_decoded(&reason).nfc().collect::<String>());
        if let Some(c) = reason.as_deref().and_then(super::json::forbidden_character) {
            let c = format!("U+{:04X}", u32::from(c));
            return Err(Problem::new(&codes::MALFORMED)
                .detail(text!(
                    "X-Change-Reason kan ikke ha tegnet {c}",
                    "X-Change-Reason kan ikkje ha teiknet {c}",
                    "X-Change-Reason may not have the character {c}"
                ))
                .into());
        }
        if reason.as_ref().is_some_and(|reason| reason.chars().count() > 1000) {
            return Err(Problem::new(&codes::MALFORMED)
                .detail(text!(
                    "X-Change-Reason kan ha høyst 1000 tegn",
                    "X-Change-Reason kan ha høgst 1000 teikn",
                    "X-Change-Reason may have at most 1000 characters"
                ))
                .into());
        }
        if reason.as_deref().is_some_and(has_identity_number) {
            return Err(Problem::new(&codes::MALFORMED).detail(no_identity_number().after("X-Change-Reason")).into());
        }
        let trace = self.request.extensions().get::<Frame>().and_then(Frame::traceparent);
        Ok(Writer { actor: caller.actor.clone(), reason, outbound: self.shared.outbound.clone(), trace })
    }

    /// The `Idempotency-Key`, bare or quoted.
    ///
    /// # Errors
    /// 400 when it has no or more than 255 characters.
    pub fn idempotency_key(&self) -> Result<Option<String>, Error> {
        let Some(key) = self.header(&HeaderName::from_static("idempotency-key"))? else { return Ok(None) };
        let bare = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).filter(|key| !key.is_empty());
        let key = bare.map_or_else(|| key.clone(), str::to_owned);
        if key.is_empty() || key.len() > 255 {
            return Err(Problem::new(&codes::MALFORMED)
                .detail(text!(
                    "Idempotency-Key må ha 1 til 255 tegn",
                    "Idempotency-Key må ha 1 til 255 teikn",
                    "Idempotency-Key must have 1 to 255 characters"
                ))
                .into());
        }
        Ok(Some(key))
    }
}

/// Header fields are ASCII: a reason with å may come percent-encoded (UTF-8) or as plain UTF-8. What is no
/// encoding stays as it is ("100 % sure"), and what was encoded twice is decoded once.
pub(super) fn percent_decoded(text: &str) -> String {
    let hex = |digit: Option<&u8>| digit.and_then(|digit| char::from(*digit).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn a_reason_is_decoded_where_it_is_encoded_and_left_where_it_is_not() {
        assert_eq!(percent_decoded("R%C3%A5dmannen ba om det"), "Rådmannen ba om det");
        assert_eq!(percent_decoded("Rådmannen ba om det"), "Rådmannen ba om det");
        assert_eq!(percent_decoded("100 % sikker & klar = ja + 50%"), "100 % sikker & klar = ja + 50%");
        assert_eq!(percent_decoded("%ff"), "%ff");
    }

    #[test]
    fn a_part_of_an_address_is_decoded_once() {
        assert_eq!(percent_decoded("2017%2F412"), "2017/412");
        assert_eq!(percent_decoded("100%25"), "100%");
        assert_eq!(percent_decoded("x%2By%2b"), "x+y+");
        assert_eq!(percent_decoded("%252F"), "%2F", "what was encoded twice is decoded once");
        assert_eq!(percent_decoded("Sør"), "Sør");
    }
}
