//! The keys of an issuer: fetched when they are needed, kept for a day, and never asked for often, whatever tokens come.

use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm;
use reqwest::redirect::Policy;
use serde_json::Value;
use url::Url;

use super::jws::Why;
use super::keys::{Key, usable};
use crate::http::json;
use crate::problem::Error;

/// How long keys are used when the issuer gives no newer ones: a day, and an hour for whoever counts from its end.
const KEPT: Duration = Duration::from_secs(25 * 3_600);
/// How often a name that is not known has the keys fetched anew, at most.
const UNKNOWN: Duration = Duration::from_secs(300);
/// How soon an issuer that did not answer is asked again, when no key of its own is known or they are old.
const AGAIN: Duration = Duration::from_secs(10);
/// How long an issuer may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// Largest answer that is read, in bytes.
const LARGEST: usize = 262_144;

/// Where the keys of an issuer are.
#[derive(Clone, Debug)]
pub enum Source {
    /// Where its metadata says (OpenID Connect Discovery, RFC 8414), on the same host.
    Discovery {
        /// The issuer, which the metadata has to name.
        issuer: String,
        /// The address of the metadata.
        address: Url,
    },
    /// At this address.
    Address(Url),
    /// In this file.
    File(PathBuf),
}

/// The keys of one issuer.
pub struct Keyring {
    source: Source,
    algorithms: Vec<Algorithm>,
    refresh: Duration,
    http: reqwest::Client,
    state: Mutex<State>,
    /// One at a time asks the issuer; who waits for it finds what it found.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: Vec<Key>,
    /// When the keys were got.
    loaded: Option<Instant>,
    /// When they were last asked for.
    tried: Option<Instant>,
    /// When they were last asked for because of a name that was not known.
    missed: Option<Instant>,
}

impl Keyring {
    /// A ring without keys; they come with the first token.
    ///
    /// # Errors
    /// When the system has no certificates to trust.
    pub fn new(source: Source, algorithms: Vec<Algorithm>, refresh: Duration) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("Framdrift/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(Policy::none())
            .timeout(ANSWERS_WITHIN)
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| Error::internal("make the client that asks issuers for keys", error))?;
        Ok(Self { source, algorithms, refresh, http, state: Mutex::default(), turn: tokio::sync::Mutex::default() })
    }

    /// The key of a name.
    pub async fn key(self: &Arc<Self>, kid: &str) -> Option<Key> {
        if let Some(key) = self.known(kid) {
            if self.grows_old() {
                let this = Arc::clone(self);
                tokio::spawn(async move { this.load().await });
            }
            return Some(key);
        }
        let _turn = self.turn.lock().await;
        if let Some(key) = self.known(kid) {
            return Some(key);
        }
        let first = self.state().fresh().is_none();
        if !self.may_ask() {
            return None;
        }
        self.load().await;
        let found = self.known(kid);
        if found.is_none() || !first {
            self.state().missed = Some(Instant::now());
        }
        found
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, kid: &str) -> Option<Key> {
        self.state().fresh()?.iter().find(|key| key.kid == kid).cloned()
    }

    /// Whether an unknown name is reason to ask.
    fn may_ask(&self) -> bool {
        let state = self.state();
        let (last, pause) = match state.fresh() {
            Some(_) => (state.missed, UNKNOWN),
            None => (state.tried, AGAIN),
        };
        last.is_none_or(|last| last.elapsed() >= pause)
    }

    /// Whether the keys are to be fetched anew while they are still used; says so once.
    fn grows_old(&self) -> bool {
        let mut state = self.state();
        let past = |at: Option<Instant>, pause| at.is_none_or(|at| at.elapsed() >= pause);
        let old = past(state.loaded, self.refresh) && past(state.tried, self.refresh.min(UNKNOWN));
        if old {
            state.tried = Some(Instant::now());
        }
        old
    }

    /// Fetches the keys. What is wrong with them leaves the ones that there are.
    async fn load(&self) {
        self.state().tried = Some(Instant::now());
        let found = match self.fetch().await {
            Ok(set) => Ok(usable(&set, &self.algorithms))
                .and_then(|keys| if keys.is_empty() { Err("there is no key that can be used") } else { Ok(keys) }),
            Err(why) => Err(why),
        };
        match found {
            Ok(keys) => {
                tracing::info!(source = %self.source, keys = keys.len(), "The keys of an issuer were fetched");
                let mut state = self.state();
                state.keys = keys;
                state.loaded = Some(Instant::now());
            }
            Err(why) => tracing::warn!(source = %self.source, why, "The keys of an issuer could not be fetched"),
        }
    }

    async fn fetch(&self) -> Result<Value, Why> {
        match &self.source {
            Source::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || file(&path)).await;
                read.unwrap_or(Err("the file cannot be read")).and_then(|bytes| parsed(&bytes))
            }
            Source::Address(address) => self.get(address).await,
            Source::Discovery { issuer, address } => {
                let about = self.get(address).await?;
                if about["issuer"] != issuer.as_str() {
                    return Err("its metadata is of another issuer");
                }
                let keys = about["jwks_uri"].as_str().and_then(|keys| Url::parse(keys).ok());
                let keys = keys.ok_or("its metadata has no jwks_uri")?;
                // What an answer says is not what the operator said: it leads nowhere else. `jwks-url` does.
                if keys.origin() != address.origin() {
                    return Err("its jwks_uri is on another host: set jwks-url if that is right");
                }
                self.get(&keys).await
            }
        }
    }

    async fn get(&self, address: &Url) -> Result<Value, Why> {
        let sent = self.http.get(address.clone()).header("accept", "application/json").send().await;
        let mut answer = sent.map_err(|_| "it does not answer")?;
        if answer.status().as_u16() != 200 {
            return Err("it does not answer 200");
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|_| "its answer breaks off")? {
            if body.len() + piece.len() > LARGEST {
                return Err("its answer is too large");
            }
            body.extend_from_slice(&piece);
        }
        parsed(&body)
    }
}

impl State {
    /// The keys, as long as they may be used.
    fn fresh(&self) -> Option<&[Key]> {
        self.loaded.filter(|at| at.elapsed() < KEPT).map(|_| self.keys.as_slice())
    }
}

fn parsed(body: &[u8]) -> Result<Value, Why> {
    json::parse(body).map_err(|_| "its answer is no JSON")
}

fn file(path: &std::path::Path) -> Result<Vec<u8>, Why> {
    let file = std::fs::File::open(path).map_err(|_| "the file cannot be opened")?;
    let mut body = Vec::new();
    let read = file.take(LARGEST as u64 + 1).read_to_end(&mut body);
    read.map_err(|_| "the file cannot be read")?;
    if body.len() > LARGEST { Err("the file is too large") } else { Ok(body) }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Discovery { address, .. } | Self::Address(address) => f.write_str(address.as_str()),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}
