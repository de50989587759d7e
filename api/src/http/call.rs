//! A request as the operations meet it: they ask it for caller, body and preconditions when the story wants them,
//! so that a stranger gets 404 before 400 or 428.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::{Ready, ready};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderName};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::Utc;
use futures_util::StreamExt;
use ipnet::IpNet;
use tokio::time::Instant;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::addresses::Addresses;
use super::frame::Frame;
use super::gate::Gate;
use super::incoming::Incoming;
use super::metrics::Metrics;
use super::near::is_of_the_database;
use super::query::Query;
use crate::access::external::External;
use crate::access::recent::{Fingerprint, Recent};
use crate::access::scope::Needs;
use crate::access::token::{Issuer, authenticate, invalid_token};
use crate::access::{Caller, Outbound};
use crate::config::{Contact, Origin};
use crate::facts::check::no_identity_number;
use crate::facts::identity::has_identity_number;
use crate::problem::{Error, Lang, Problem, codes};
use crate::store::chain::checkpoint::Signer;
use crate::store::views::View;
use crate::store::{Store, Writer, callers, stale};
use crate::text;

/// Longest `Authorization` that is looked at, in bytes.
const LONGEST_TOKEN: usize = 8192;

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
    /// Where webhooks may point to.
    pub outbound: Outbound,
    /// The address of Enhetsregisteret, if it may be asked.
    pub register_url: Option<String>,
    /// Bounds password hashing to the cores.
    pub hashing: Arc<tokio::sync::Semaphore>,
    /// What failed logins are kept under is worked out from.
    pub login_key: Vec<u8>,
    /// Who may come in how often.
    pub gate: Gate,
    /// What is counted for operators.
    pub metrics: Metrics,
    /// Networks of the proxies that are believed.
    pub proxies: Vec<IpNet>,
    /// Origins whose pages may ask.
    pub origins: Vec<Origin>,
    /// Where those write who find a vulnerability.
    pub contacts: Vec<Contact>,
}

impl Shared {
    /// Who a token stands for, as it is now.
    ///
    /// # Errors
    /// 401 when it does not hold, 403 for a caller that is not known here.
    pub async fn caller(&self, store: &Store, token: &str, known_by: Fingerprint) -> Result<Caller, Error> {
        let (count, now) = (callers(store).await?, Utc::now());
        if let Some(caller) = self.recent.get(known_by, count, now) {
            return Ok(caller);
        }
        let (caller, ends) = authenticate(&self.issuer, &self.others, store.first(), token).await?;
        if let Some(ends) = ends {
            self.recent.put(known_by, &caller, ends, count, now);
        }
        Ok(caller)
    }
}

/// A request.
pub struct Call {
    /// The request as actix has it.
    pub request: HttpRequest,
    /// What all workers share.
    pub shared: Arc<Shared>,
    /// This worker's connections.
    pub store: Store,
    payload: RefCell<Payload>,
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

    /// Who calls.
    ///
    /// # Errors
    /// 401 without a valid token, 429 for who comes too often.
    pub async fn caller(&self) -> Result<Caller, Error> {
        let token = self.bearer().map_err(|error| self.turned_away(error))?;
        let known_by = Fingerprint::of(&token);
        self.at_the_gate(known_by)?;
        let found = self.shared.caller(&self.store, &token, known_by).await;
        let caller = found.map_err(|error| self.turned_away(error))?;
        self.through_the_gate(known_by, &caller).await?;
        self.may_come(&caller)?;
        Ok(caller)
    }

    /// Who calls, and what is found for it. Where the count of what callers hang on stands in the database, what is read
    /// brings it along: who was known lately is asked for at once, in one round trip, and told only if the count is still
    /// the same. Else, and if anything is not found or wrong, it is asked for anew for the caller as it is now.
    ///
    /// # Errors
    /// As [`Self::caller`]; what the question fails with.
    pub async fn finding<T>(
        &self,
        ask: impl AsyncFn(&Caller) -> Result<(T, Option<u64>), Error>,
    ) -> Result<(Caller, T), Error> {
        if let Some((caller, count)) = self.presumed().await? {
            match ask(&caller).await {
                Ok((found, Some(now))) if now == count => return Ok((caller, found)),
                // Whoever it is: the database would keep it waiting once more.
                Err(error) if is_of_the_database(&error) => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        let caller = self.caller().await?;
        let (found, _) = ask(&caller).await?;
        Ok((caller, found))
    }

    /// Who called with this token lately, where it would take a round trip to know who it is now.
    async fn presumed(&self) -> Result<Option<(Caller, u64)>, Error> {
        if self.store.knows_callers() {
            return Ok(None);
        }
        let Ok(token) = self.bearer() else { return Ok(None) };
        let known_by = Fingerprint::of(&token);
        let Some((caller, count)) = self.shared.recent.presumed(known_by, Utc::now()) else { return Ok(None) };
        self.at_the_gate(known_by)?;
        self.through_the_gate(known_by, &caller).await?;
        Ok(self.may_come(&caller).is_ok().then_some((caller, count)))
    }

    fn may_come(&self, caller: &Caller) -> Result<(), Error> {
        let pattern = Frame::pattern_of(&self.request).unwrap_or_default();
        self.shared.needs.met(caller, self.request.method().as_str(), pattern)
    }

    /// The token that the caller shows, not yet checked.
    ///
    /// # Errors
    /// 401 without one.
    pub fn bearer(&self) -> Result<String, Error> {
        let value = self.header(&header::AUTHORIZATION)?.ok_or_else(unauthenticated)?;
        let (scheme, token) = value.split_once(' ').ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        if value.len() > LONGEST_TOKEN {
            return Err(invalid_token());
        }
        Ok(token.trim().to_owned())
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
            (None, Ok(value)) => Ok(Some(value.trim().to_owned())),
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
        if reason
            .as_ref()
            .is_some_and(|reason| reason.chars().count() > 1000 || super::json::forbidden_character(reason).is_some())
        {
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
        Ok(Writer { actor: caller.actor.clone(), reason, outbound: self.shared.outbound })
    }

    /// Checks `If-Match` against the record (RFC 9110 §13.1.1): a strong comparison, so a weak tag never fits.
    ///
    /// # Errors
    /// 428 without it, 400 when it is no list of entity tags, 412 when it names another version.
    pub fn if_match(&self, row: &crate::facts::Row) -> Result<(), Error> {
        let Some(value) = self.header(&header::IF_MATCH)? else {
            return Err((&codes::PRECONDITION_REQUIRED).into());
        };
        let version = row.version().to_string();
        let fits = |tag: &Tag<'_>| match tag {
            Tag::Any => true,
            Tag::One { weak, opaque } => !weak && *opaque == version,
        };
        let tags = tags(&value).ok_or_else(no_tags)?;
        if tags.iter().any(fits) { Ok(()) } else { Err(stale(row.version())) }
    }

    /// Whether `If-None-Match` names this entity tag (weak comparison, RFC 9110 §13.1.2). What is no list of tags
    /// names nothing: the whole answer is never wrong.
    ///
    /// # Errors
    /// 400 when the field is not readable.
    pub fn has(&self, tag: &str) -> Result<bool, Error> {
        let Some(value) = self.header(&header::IF_NONE_MATCH)? else { return Ok(false) };
        let fits = |known: &Tag<'_>| match known {
            Tag::Any => true,
            Tag::One { opaque, .. } => *opaque == tag,
        };
        Ok(tags(&value).unwrap_or_default().iter().any(fits))
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

    /// The body, of one of these media types, up to the limit of this service.
    ///
    /// # Errors
    /// 415, 413, 408.
    pub async fn body(&self, types: &[&str]) -> Result<Vec<u8>, Error> {
        self.body_within(types, self.shared.body_limit).await
    }

    /// A JSON body that may be left out, with its content type.
    ///
    /// # Errors
    /// 415, 413, 408.
    pub async fn optional_body(&self) -> Result<Vec<u8>, Error> {
        let headers = self.request.headers();
        let empty = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0")
            && !headers.contains_key(header::TRANSFER_ENCODING);
        if empty && !headers.contains_key(header::CONTENT_TYPE) {
            return Ok(Vec::new());
        }
        self.body(&["application/json"]).await
    }

    /// The body, of one of these media types, up to a limit in bytes.
    ///
    /// # Errors
    /// 415, 413, 408.
    pub async fn body_within(&self, types: &[&str], limit: usize) -> Result<Vec<u8>, Error> {
        self.media_type(types)?;
        let mut payload = self.payload.replace(Payload::None);
        let mut body = Vec::new();
        let began = Instant::now();
        loop {
            // A slow client may hold a connection, not for ever: ten seconds, and one more for each 64 KiB that came.
            let deadline = began + Duration::from_secs(10 + body.len() as u64 / 65_536);
            let next = tokio::time::timeout_at(deadline, payload.next()).await;
            let Some(chunk) = next.map_err(|_| Error::from(&codes::TIMEOUT))? else { return Ok(body) };
            let chunk = chunk.map_err(|_| Error::from(&codes::MALFORMED))?;
            if body.len() + chunk.len() > limit {
                return Err((&codes::TOO_LARGE).into());
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// The body piece by piece, of any media type and never whole in memory.
    #[must_use]
    pub fn incoming(&self) -> Incoming {
        Incoming::of(self.payload.replace(Payload::None))
    }

    fn media_type(&self, types: &[&str]) -> Result<(), Error> {
        // Two of them are none that we know.
        let given = self.header(&header::CONTENT_TYPE).ok().flatten().unwrap_or_default().to_ascii_lowercase();
        let mut parts = given.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let utf8 = parts.all(|part| match part.split_once('=') {
            // Accounts come in what their system writes; their reader tells the two apart.
            Some(("charset", charset)) => match charset.trim_matches('"') {
                "utf-8" | "utf8" => true,
                "windows-1252" | "iso-8859-1" => essence == "text/csv",
                _ => false,
            },
            _ => true,
        });
        if types.contains(&essence) && utf8 {
            return Ok(());
        }
        let list = types.join(", ");
        let problem = Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE).detail(text!(
            "send {list} i UTF-8",
            "send {list} i UTF-8",
            "send {list} in UTF-8"
        ));
        Err(if types.contains(&"application/merge-patch+json") {
            problem.header("Accept-Patch", "application/merge-patch+json").into()
        } else {
            problem.into()
        })
    }
}

/// An entity tag as a client sends it.
#[derive(Debug, PartialEq, Eq)]
enum Tag<'a> {
    /// `*`, which stands for whatever there is.
    Any,
    /// A tag without the suffix that a content coding gave it.
    One { weak: bool, opaque: &'a str },
}

impl<'a> Tag<'a> {
    fn read(tag: &'a str) -> Option<Self> {
        if tag == "*" {
            return Some(Self::Any);
        }
        let (weak, quoted) = tag.strip_prefix("W/").map_or((false, tag), |quoted| (true, quoted));
        let opaque = quoted.strip_prefix('"')?.strip_suffix('"')?;
        Some(Self::One { weak, opaque: opaque.rsplit_once(';').map_or(opaque, |(opaque, _)| opaque) })
    }
}

/// A list of entity tags (RFC 9110 §8.8.3), or `*`; `None` when it is neither.
fn tags(value: &str) -> Option<Vec<Tag<'_>>> {
    value.split(',').map(|tag| Tag::read(tag.trim())).collect()
}

fn no_tags() -> Error {
    Problem::new(&codes::MALFORMED)
        .detail(text!(
            "If-Match må være * eller entitetsmerker i anførselstegn, som \"3\"",
            "If-Match må vere * eller entitetsmerke i hermeteikn, som \"3\"",
            "If-Match must be * or entity tags in double quotes, like \"3\""
        ))
        .into()
}

/// Header fields are ASCII: a reason with å may come percent-encoded (UTF-8) or as plain UTF-8. What is no
/// encoding stays as it is ("100 % sure").
fn percent_decoded(text: &str) -> String {
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

fn unauthenticated() -> Error {
    Problem::new(&codes::UNAUTHENTICATED).header("WWW-Authenticate", "Bearer").into()
}

#[cfg(test)]
mod tests {
    use super::{Tag, percent_decoded, tags};

    #[test]
    fn entity_tags_are_quoted_and_know_whether_they_are_weak() {
        assert_eq!(tags("\"3\""), Some(vec![Tag::One { weak: false, opaque: "3" }]));
        let both = vec![Tag::One { weak: true, opaque: "a" }, Tag::One { weak: false, opaque: "17" }];
        assert_eq!(tags("W/\"a\", \"17;gzip\""), Some(both));
        assert_eq!(
            (tags("*"), tags("\"*\"")),
            (Some(vec![Tag::Any]), Some(vec![Tag::One { weak: false, opaque: "*" }]))
        );
        assert_eq!((tags("3"), tags("\"3"), tags("")), (None, None, None));
    }

    #[test]
    fn a_reason_is_decoded_where_it_is_encoded_and_left_where_it_is_not() {
        assert_eq!(percent_decoded("R%C3%A5dmannen ba om det"), "Rådmannen ba om det");
        assert_eq!(percent_decoded("Rådmannen ba om det"), "Rådmannen ba om det");
        assert_eq!(percent_decoded("100 % sikker & klar = ja + 50%"), "100 % sikker & klar = ja + 50%");
        assert_eq!(percent_decoded("%ff"), "%ff");
    }
}
