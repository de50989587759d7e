//! What a reader of the feed asks for.

use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, HeaderName};
use serde_json::Value;

use crate::access::Caller;
use crate::facts::{self, VERBS};
use crate::http::query::{Query, invalid, several};
use crate::http::{Call, formats};
use crate::problem::{Error, codes};
use crate::standard::cursor::Binding;
use crate::store::feed::{Filter, Names, Place};
use crate::text;

/// The parameters of the feed.
pub const PARAMETERS: [&str; 6] = ["after", "types", "projectId", "organisationId", "limit", "wait"];
/// Longest wait in seconds.
pub const LONGEST_WAIT: u64 = 30;
/// Most names of events in one question.
pub const MOST_NAMES: usize = 50;

/// A question to the feed.
pub struct Asked {
    /// Where to go on.
    pub place: Place,
    /// What is wanted.
    pub filter: Filter,
    /// Most entries in one answer.
    pub limit: u64,
    /// How long to wait for the first one.
    pub wait: Duration,
    /// Whether the answer goes on for as long as the caller listens.
    pub streams: bool,
    /// What its cursors are bound to.
    bound: String,
}

impl Asked {
    /// Reads the question of a caller.
    ///
    /// # Errors
    /// 400 for a parameter that is not known or not valid.
    pub fn of(call: &Call, caller: &Caller) -> Result<Self, Error> {
        let mut query = call.query()?;
        let streams = streams(call)?;
        // A cursor is a place for one caller; the same feed may be asked for something else from there on.
        let bound = format!("events {:?}", caller.actor);
        let last = if streams { call.header(&HeaderName::from_static("last-event-id"))? } else { None };
        let after = query.take("after");
        let place = place(&call.shared.cursor_secret, &bound, last.filter(|last| !last.is_empty()).or(after))?;
        let filter = filter(&mut query)?;
        let limit = query.take_limit()?;
        let wait = wait(&mut query)?;
        query.finish(&PARAMETERS)?;
        Ok(Self { place, filter, limit, wait, streams, bound })
    }

    /// The cursor of a position.
    #[must_use]
    pub fn cursor(&self, secret: &[u8], position: i64) -> String {
        Binding { secret, question: &self.bound }.seal(&[position.into()])
    }
}

/// Whether the caller asks for server-sent events.
fn streams(call: &Call) -> Result<bool, Error> {
    let accepted = call.header(&ACCEPT)?.unwrap_or_default();
    Ok(call.request.method() != Method::HEAD && formats::prefers(&accepted, "text/event-stream"))
}

fn place(secret: &[u8], question: &str, after: Option<String>) -> Result<Place, Error> {
    let Some(cursor) = after else { return Ok(Place::Oldest) };
    if cursor == "now" {
        return Ok(Place::Now);
    }
    let values = Binding { secret, question }.open(&cursor)?;
    let position = values.first().and_then(Value::as_i64).ok_or(&codes::INVALID_CURSOR)?;
    Ok(Place::After(position))
}

fn filter(query: &mut Query) -> Result<Filter, Error> {
    let types = query.take("types").map(|text| names(&text)).transpose()?.unwrap_or_default();
    let mut id = |name: &str| {
        let id = |text: String| text.parse().map_err(|_| invalid(name, &not_an_id()));
        query.take(name).map(id).transpose()
    };
    Ok(Filter { types, project: id("projectId")?, organisation: id("organisationId")? })
}

fn not_an_id() -> crate::problem::Text {
    text!("må være en UUID", "må vere ein UUID", "must be a UUID")
}

/// Names of events, separated by commas; of kinds of records that there are.
fn names(text: &str) -> Result<Vec<Names>, Error> {
    several("types", text, MOST_NAMES)?
        .into_iter()
        .map(|name| known(name).ok_or_else(|| invalid("types", &unknown(name))))
        .collect()
}

/// The name of an event that there is, or of all of a kind of record that there is.
#[must_use]
pub fn known(name: &str) -> Option<Names> {
    let names = Names::read(name)?;
    let is_there = match &names {
        Names::One(name) => facts::all().iter().any(|facts| facts.has_event(name)),
        Names::Kind(kind) => facts::by_kind(kind).is_some() || begun_with(kind).next().is_some(),
        Names::Every => true,
    };
    is_there.then_some(names)
}

/// The names that begin with a word, of whatever kind of record, but for those that every kind has.
fn begun_with(word: &str) -> impl Iterator<Item = String> {
    let begins = move |name: &String| name.split_once('.').is_some_and(|(first, _)| first == word);
    facts::all().iter().flat_map(|facts| facts.own_events()).filter(begins)
}

/// Why a name is refused; goes on after what it stands in.
#[must_use]
pub fn unknown(name: &str) -> crate::problem::Text {
    if let Some(facts) = Names::read(name).as_ref().and_then(Names::kind).and_then(facts::by_kind) {
        let names = VERBS.map(|verb| facts.event(verb)).into_iter().chain(facts.own_events());
        let others = begun_with(facts.kind).filter(|name| !facts.has_event(name));
        let (kind, names) = (facts.kind, names.chain(others).collect::<Vec<_>>().join(", "));
        return text!(
            "kjenner ikke «{name}»; {kind} har {names}",
            "kjenner ikkje «{name}»; {kind} har {names}",
            "does not know “{name}”; {kind} has {names}"
        );
    }
    let begun: Vec<String> = name.split_once('.').map(|(word, _)| begun_with(word).collect()).unwrap_or_default();
    if !begun.is_empty() {
        let names = begun.join(", ");
        return text!(
            "kjenner ikke «{name}»; det finnes {names}",
            "kjenner ikkje «{name}»; det finst {names}",
            "does not know “{name}”; there is {names}"
        );
    }
    let kinds = facts::all().iter().map(|facts| facts.kind).collect::<Vec<_>>().join(", ");
    text!(
        "kjenner ikke «{name}»; skriv slag.hendelse, slag.* eller *, der slag er en av {kinds}",
        "kjenner ikkje «{name}»; skriv slag.hending, slag.* eller *, der slag er ein av {kinds}",
        "does not know “{name}”; write kind.verb, kind.* or *, where the kind is one of {kinds}"
    )
}

fn wait(query: &mut Query) -> Result<Duration, Error> {
    let Some(text) = query.take("wait") else { return Ok(Duration::ZERO) };
    let why = || {
        text!(
            "må være et heltall fra 0 til {LONGEST_WAIT}",
            "må vere eit heiltal frå 0 til {LONGEST_WAIT}",
            "must be a whole number from 0 to {LONGEST_WAIT}"
        )
    };
    let seconds = text.parse().ok().filter(|seconds| *seconds <= LONGEST_WAIT);
    seconds.map(Duration::from_secs).ok_or_else(|| invalid("wait", &why()))
}
