//! Tokens of other issuers: Maskinporten, where the caller is an organisation; ID-porten and Entra, where it is a person.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use jsonwebtoken::Algorithm;
use sea_orm::Statement;
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use super::jws::{Rules, Unverified, Why};
use super::keyring::{Keyring, Source};
use super::keys::OF_CLIENTS;
use super::scope::{self, Scope};
use super::token::refused;
use super::{Actor, Caller, Via};
use crate::config::issuers::{Bearer, IssuerSettings};
use crate::db::Db;
use crate::facts::check::has_check_digit;
use crate::problem::{Error, Problem, codes};
use crate::text;

/// Longest life of a token that a configuration may ask for, in seconds.
const LONGEST_SECONDS: u32 = 7200;
/// What `typ` of their tokens may be; most say nothing.
const TYPES: [&str; 3] = ["", "jwt", "at+jwt"];

/// An issuer whose tokens are taken.
pub struct External {
    settings: IssuerSettings,
    audiences: Vec<String>,
    algorithms: Vec<Algorithm>,
    scopes: BTreeMap<String, Scope>,
    keyring: Arc<Keyring>,
}

impl External {
    /// The issuers of a configuration; `own` is the public address of this service.
    ///
    /// # Errors
    /// When one of them cannot be as it is described.
    pub fn all(settings: &[IssuerSettings], own: &str) -> Result<Vec<Self>, Error> {
        let mut names = BTreeSet::from([own]);
        for one in settings {
            if !names.insert(&one.issuer) {
                return Err(wrong(&one.issuer, "it stands twice, or is the service itself".to_owned()));
            }
        }
        settings.iter().map(|one| Self::new(one, own)).collect()
    }

    fn new(settings: &IssuerSettings, own: &str) -> Result<Self, Error> {
        let wrong = |why: String| wrong(&settings.issuer, why);
        let mut algorithms = Vec::new();
        for name in &settings.algorithms {
            let known = name.parse().ok().filter(|algorithm| OF_CLIENTS.contains(algorithm));
            algorithms.push(known.ok_or_else(|| wrong(format!("{name} is no algorithm that can be used")))?);
        }
        if algorithms.is_empty() {
            return Err(wrong("it has no algorithm".to_owned()));
        }
        let mut scopes = BTreeMap::new();
        for (theirs, ours) in &settings.scopes {
            let ours = scope::from_code(ours).ok_or_else(|| wrong(format!("{ours} is no scope of this service")))?;
            scopes.insert(theirs.clone(), ours);
        }
        match (settings.caller, scopes.is_empty()) {
            (Bearer::Organisation, true) => return Err(wrong("no scope of its tokens stands for anything".to_owned())),
            (Bearer::Person, false) => {
                return Err(wrong("scopes are for organisations; a person is what it is".to_owned()));
            }
            (Bearer::Organisation, false) | (Bearer::Person, true) => {}
        }
        if !(60..=LONGEST_SECONDS).contains(&settings.longest_seconds) {
            return Err(wrong(format!("longest-seconds is to be from 60 to {LONGEST_SECONDS}")));
        }
        let source = source(settings).map_err(wrong)?;
        let refresh = Duration::from_secs(settings.refresh_seconds.into());
        let audiences = if settings.audience.is_empty() { vec![own.to_owned()] } else { settings.audience.clone() };
        let keyring = Arc::new(Keyring::new(source, algorithms.clone(), refresh)?);
        Ok(Self { settings: settings.clone(), audiences, algorithms, scopes, keyring })
    }

    /// `iss` of its tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The caller that a token of this issuer stands for, as it is today.
    ///
    /// # Errors
    /// 401 when the token does not hold, 403 for a caller that is not known here.
    pub async fn caller(&self, db: &impl Db, token: Unverified<'_>) -> Result<Caller, Error> {
        let claims = self.checked(token).await.map_err(|why| refused(self.issuer(), why))?;
        match self.settings.caller {
            Bearer::Organisation => self.organisation(db, &claims).await,
            Bearer::Person => self.person(db, &claims).await,
        }
    }

    async fn checked(&self, token: Unverified<'_>) -> Result<Map<String, Value>, Why> {
        // Before anything is fetched: the algorithm is pinned, and a key has a name.
        if !self.algorithms.contains(&token.algorithm) {
            return Err("its algorithm is another");
        }
        let kid = token.kid.clone().ok_or("it names no key")?;
        let key = self.keyring.key(&kid).await.ok_or("its key is not known")?;
        let required: &[&str] = match self.settings.caller {
            Bearer::Organisation => &["client_id", "jti", &self.settings.scope_claim],
            Bearer::Person => &[&self.settings.subject_claim],
        };
        let rules = Rules {
            issuer: self.issuer(),
            audiences: &self.audiences,
            types: &TYPES,
            required,
            longest_seconds: self.settings.longest_seconds.into(),
        };
        let claims = token.verified(&key, &rules, Utc::now().timestamp())?;
        if claims
            .get("token_type")
            .is_some_and(|kind| !kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")))
        {
            return Err("its token_type is not Bearer");
        }
        for (claim, accepted) in &self.settings.require {
            let said = claims.get(claim).and_then(Value::as_str);
            if !said.is_some_and(|said| accepted.iter().any(|one| one == said)) {
                return Err("a claim that the configuration requires has another value");
            }
        }
        Ok(claims)
    }

    /// The organisation of the token. What the client is that fetched the token says nothing of what it may.
    async fn organisation(&self, db: &impl Db, claims: &Map<String, Value>) -> Result<Caller, Error> {
        let number = |claim: &str| self.number(claims.get(claim));
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str).map(str::to_owned);
        let consumer = number(&self.settings.organisation_claim)
            .ok_or_else(|| refused(self.issuer(), "its consumer is no organisation of the register"))?;
        let supplier = match claims.get("supplier") {
            None => None,
            Some(_) => {
                Some(number("supplier").ok_or_else(|| refused(self.issuer(), "its supplier is no organisation"))?)
            }
        };
        let delegation_source = text("delegation_source");
        if let Some(supplier) = &supplier {
            tracing::info!(
                issuer = self.issuer(),
                consumer,
                supplier,
                delegation_source,
                "A supplier calls for an organisation"
            );
            let accepted = delegation_source.as_ref().is_some_and(|source| self.settings.delegation.contains(source));
            if !accepted {
                return Err(not_delegated());
            }
        }
        let sql = "SELECT id FROM organisations WHERE org_number = $1";
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consumer.clone().into()]);
        let Some(row) = db.query_one_raw(statement).await? else { return Err(unknown_organisation(&consumer)) };
        let id: Uuid = row.try_get("", "id")?;
        let scopes = text(&self.settings.scope_claim).unwrap_or_default();
        let scopes = scopes.split(' ').filter_map(|name| self.scopes.get(name).copied()).collect();
        let via = Via { issuer: self.issuer().to_owned(), client_id: text("client_id"), supplier, delegation_source };
        let actor = Actor { kind: "organisation", id: Some(id), via: Some(Arc::new(via)) };
        Caller::of_organisation(db, actor, id, scopes, Utc::now().date_naive()).await
    }

    /// The number of an organisation that is given by ISO 6523: `0192:` and the number, perhaps with more after it.
    fn number(&self, claim: Option<&Value>) -> Option<String> {
        let claim = claim?;
        if claim["authority"] != "iso6523-actorid-upis" {
            return None;
        }
        let parts: Vec<&str> = claim["ID"].as_str()?.split(':').collect();
        let [scheme, number, ..] = parts.as_slice() else { return None };
        let fits = parts.len() <= 4 && self.settings.organisation_schemes.iter().any(|known| known == scheme);
        (fits && has_check_digit(number)).then(|| (*number).to_owned())
    }

    /// The user that is linked to the subject: issuer and subject together, never one of them.
    async fn person(&self, db: &impl Db, claims: &Map<String, Value>) -> Result<Caller, Error> {
        let subject = claims.get(&self.settings.subject_claim).and_then(Value::as_str).unwrap_or_default();
        let sql = "SELECT user_id FROM user_identities WHERE issuer = $1 AND subject = $2";
        let values = [self.issuer().into(), subject.into()];
        let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
        let Some(row) = found else { return Err(unknown_person(self.issuer(), subject)) };
        let user: Uuid = row.try_get("", "user_id")?;
        let caller = Caller::of_user(db, user, Utc::now().date_naive()).await?;
        let mut caller = caller.ok_or_else(|| refused(self.issuer(), "its user is disabled"))?;
        let via = Via { issuer: self.issuer().to_owned(), ..Via::default() };
        caller.actor.via = Some(Arc::new(via));
        Ok(caller)
    }
}

/// Where the keys are: said, or at the usual place of the metadata.
fn source(settings: &IssuerSettings) -> Result<Source, String> {
    let usual = match settings.caller {
        Bearer::Organisation => ".well-known/oauth-authorization-server",
        Bearer::Person => ".well-known/openid-configuration",
    };
    let issuer = settings.issuer.clone();
    match (&settings.discovery, &settings.jwks_url, &settings.jwks_file) {
        (None, None, None) => {
            let address = format!("{}/{usual}", issuer.trim_end_matches('/'));
            Ok(Source::Discovery { address: address_of(&address)?, issuer })
        }
        (Some(address), None, None) => Ok(Source::Discovery { address: address_of(address)?, issuer }),
        (None, Some(address), None) => Ok(Source::Address(address_of(address)?)),
        (None, None, Some(path)) => Ok(Source::File(path.clone())),
        _ => Err("discovery, jwks-url and jwks-file exclude each other".to_owned()),
    }
}

/// An address of the operator's may be private, but what comes from it has to be what was sent: https, or this machine.
fn address_of(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| format!("{text} is no address"))?;
    let here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
    if safe { Ok(url) } else { Err(format!("{text} is to be an https address")) }
}

fn wrong(issuer: &str, why: String) -> Error {
    Error::internal("read the issuers of the configuration", format!("{issuer}: {why}"))
}

fn unknown_organisation(number: &str) -> Error {
    Problem::new(&codes::UNKNOWN_CALLER)
        .detail(text!(
            "organisasjonen {number} er ikke registrert her",
            "organisasjonen {number} er ikkje registrert her",
            "the organisation {number} is not registered here"
        ))
        .into()
}

fn unknown_person(issuer: &str, subject: &str) -> Error {
    Problem::new(&codes::UNKNOWN_CALLER)
        .detail(text!(
            "ingen bruker er knyttet til {subject} hos {issuer}: be en administrator om det",
            "ingen brukar er knytt til {subject} hos {issuer}: be ein administrator om det",
            "no user is linked to {subject} at {issuer}: ask an administrator for it"
        ))
        .into()
}

fn not_delegated() -> Error {
    Problem::new(&codes::FORBIDDEN)
        .detail(text!(
            "leverandører får ikke handle på vegne av andre ved denne delegeringskilden",
            "leverandørar får ikkje handle på vegner av andre ved denne delegeringskjelda",
            "suppliers may not act for others by this source of delegation"
        ))
        .into()
}
