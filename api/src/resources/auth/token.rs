//! `POST /oauth/token`: tokens for machines by a secret or an assertion, and the next ones of a session (RFC 6749, 7523).

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use url::form_urlencoded::parse;
use utoipa::ToSchema;
use uuid::Uuid;

use super::tokens;
use crate::access::client::{self, Credential};
use crate::access::jws::{Rules, Unverified};
use crate::access::scope::{self, Scope};
use crate::access::session::{self, Refreshed};
use crate::access::token::{ACCESS_SECONDS, OWN};
use crate::access::{Actor, Caller};
use crate::http::{Answer, Call};
use crate::openapi::About;
use crate::problem::{Code, Error, Problem, codes};
use crate::store::Writer;

/// The type of an assertion that is a JWT (RFC 7523 §2.2).
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longest life of an assertion, in seconds.
const LONGEST_SECONDS: f64 = 300.0;

type Form = BTreeMap<String, String>;

/// Gives tokens by one of two grants.
///
/// # Errors
/// In the words of RFC 6749 §5.2: 400, and 401 for a client that is not known.
pub async fn token(call: Call) -> Result<HttpResponse, Error> {
    call.query()?.finish(&[])?;
    let form = form(&call.body(&["application/x-www-form-urlencoded"]).await?)?;
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => of_client(&call, &form).await,
        Some("refresh_token") => refreshed(&call, &form).await,
        Some(_) => Err(refused(&codes::UNSUPPORTED_GRANT)),
        None => Err(refused(&codes::INVALID_REQUEST)),
    }
}

/// The parameters, each once (RFC 6749 §3.2); one without a value is left out.
fn form(body: &[u8]) -> Result<Form, Error> {
    let mut form = Form::new();
    for (name, value) in parse(body).filter(|(_, value)| !value.is_empty()) {
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(refused(&codes::INVALID_REQUEST));
        }
    }
    Ok(form)
}

/// Continues a session with its refresh token, which is used up by it (RFC 6749 §6). It was given to the service's own
/// login, which has neither secret nor scopes: who shows a secret is another client, and who asks for a scope asks for
/// more than was given.
async fn refreshed(call: &Call, form: &Form) -> Result<HttpResponse, Error> {
    let token = form.get("refresh_token").ok_or_else(|| refused(&codes::INVALID_REQUEST))?;
    if is_another(call, form)? {
        return Err(refused(&codes::INVALID_GRANT));
    }
    if form.contains_key("scope") {
        return Err(refused(&codes::INVALID_SCOPE));
    }
    let write = call.store.write(Writer::of(&Caller::operator())).await?;
    let refreshed = session::refresh(write.tx(), &call.shared.login_key, token).await?;
    write.commit().await?;
    match refreshed {
        Refreshed::Renewed(session) => tokens(call, &session),
        Refreshed::Refused => Err(refused(&codes::INVALID_GRANT)),
    }
}

/// Whether somebody says that it is a client of its own. A `Bearer` beside it says nothing: programs send it with whatever they ask.
fn is_another(call: &Call, form: &Form) -> Result<bool, Error> {
    let named = form.get("client_id").is_some_and(|client| client != OWN);
    let proves = ["client_secret", "client_assertion"].iter().any(|way| form.contains_key(*way));
    let basic = call.header(&AUTHORIZATION)?.is_some_and(|value| basic(&value).is_some());
    Ok(named || proves || basic)
}

/// A token for a machine (RFC 6749 §4.4).
async fn of_client(call: &Call, form: &Form) -> Result<HttpResponse, Error> {
    let now = Utc::now();
    let shown = shown(call, form)?;
    let Some((client, credential, known, once)) = identified(call, &shown, now).await? else {
        tracing::info!(client = ?shown.client(), "A client was refused");
        return Err(refused(&codes::INVALID_CLIENT));
    };
    let scopes = granted(&known.scopes, form.get("scope").map(String::as_str))?;
    let actor = Actor { kind: "client", id: Some(client), via: None };
    let write = call.store.write(Writer { actor, ..Writer::of(&Caller::operator()) }).await?;
    if let Some((jti, ends)) = once
        && !client::use_up(write.tx(), client, &jti, ends, now).await?
    {
        tracing::info!(%client, "An assertion was used before");
        return Err(refused(&codes::INVALID_CLIENT));
    }
    client::used(write.tx(), client, now).await?;
    write.commit().await?;
    let scope = scope::joined(&scopes);
    let document = json!({
        "access_token": call.shared.issuer.client_token(client, &credential, scope.clone(), ACCESS_SECONDS)?,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": scope,
    });
    Ok(Answer::ok(document).unkept().into_response())
}

/// How a client says who it is; one way at a time (RFC 6749 §2.3).
enum Shown {
    Secret { client: String, secret: String },
    Assertion { client: Option<String>, assertion: String },
}

impl Shown {
    /// For the log: what is no identifier may be anything.
    fn client(&self) -> Option<Uuid> {
        match self {
            Self::Secret { client, .. } => client.parse().ok(),
            Self::Assertion { client, .. } => client.as_ref()?.parse().ok(),
        }
    }
}

fn shown(call: &Call, form: &Form) -> Result<Shown, Error> {
    let field = |name: &str| form.get(name).cloned();
    let basic = match call.header(&AUTHORIZATION)? {
        Some(value) => Some(basic(&value).ok_or_else(|| refused(&codes::INVALID_CLIENT))?),
        None => None,
    };
    match (basic, field("client_secret"), field("client_assertion")) {
        (Some((client, secret)), None, None) if field("client_id").is_none_or(|named| named == client) => {
            Ok(Shown::Secret { client, secret })
        }
        (None, Some(secret), None) => {
            let client = field("client_id").ok_or_else(|| refused(&codes::INVALID_CLIENT))?;
            Ok(Shown::Secret { client, secret })
        }
        (None, None, Some(assertion)) if form.get("client_assertion_type").is_some_and(|kind| kind == ASSERTION) => {
            Ok(Shown::Assertion { client: field("client_id"), assertion })
        }
        (None, None, None) => Err(refused(&codes::INVALID_CLIENT)),
        _ => Err(refused(&codes::INVALID_REQUEST)),
    }
}

/// Identifier and secret, each encoded as in a form (RFC 6749 §2.3.1).
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, coded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    let decoded = |part: &str| parse(part.as_bytes()).next().map(|(text, _)| text.into_owned());
    Some((decoded(client)?, decoded(secret)?))
}

/// A client that has proved who it is: with what, and what must not be used again.
type Identified = (Uuid, Credential, client::Known, Option<(String, DateTime<Utc>)>);

async fn identified(call: &Call, shown: &Shown, now: DateTime<Utc>) -> Result<Option<Identified>, Error> {
    let db = &call.store.read;
    match shown {
        Shown::Secret { client, secret } => {
            let Ok(client) = client.parse::<Uuid>() else { return Ok(None) };
            let version = client::secret_version(db, client, secret, now).await?;
            let known = client::known(db, client).await?;
            Ok(version.zip(known).map(|(version, known)| (client, Credential::Secret(version), known, None)))
        }
        Shown::Assertion { client, assertion } => {
            let Ok(token) = Unverified::read(assertion) else { return Ok(None) };
            let named = token.issuer().to_owned();
            let same = token.claim("sub") == Some(&named) && client.as_ref().is_none_or(|client| *client == named);
            let Some(client) = named.parse::<Uuid>().ok().filter(|_| same) else { return Ok(None) };
            let Some(known) = client::known(db, client).await? else { return Ok(None) };
            let key = match &token.kid {
                Some(kid) => known.keys.iter().find(|key| key.kid == *kid),
                None => known.keys.first().filter(|_| known.keys.len() == 1),
            };
            let Some(key) = key.cloned() else { return Ok(None) };
            let rules = Rules {
                issuer: &named,
                audiences: &call.shared.issuer.of_assertions(),
                types: &["", "jwt", "client-authentication+jwt"],
                required: &["iss", "sub", "jti"],
                longest_seconds: LONGEST_SECONDS,
            };
            let Ok(claims) = token.verified(&key, &rules, now.timestamp()) else { return Ok(None) };
            let jti = claims["jti"].as_str().unwrap_or_default().to_owned();
            // Longer than any clock may differ after its end.
            let ends = now + chrono::TimeDelta::seconds(2 * LONGEST_SECONDS as i64);
            Ok(Some((client, Credential::Key(key.kid), known, Some((jti, ends)))))
        }
    }
}

/// The scopes that a client asks for, which have to be its own; all of them when it names none.
fn granted(own: &BTreeSet<Scope>, asked: Option<&str>) -> Result<BTreeSet<Scope>, Error> {
    let Some(asked) = asked else { return Ok(own.clone()) };
    let named = |name: &str| scope::from_code(name).filter(|scope| own.contains(scope));
    let scopes: Option<BTreeSet<Scope>> = asked.split(' ').filter(|name| !name.is_empty()).map(named).collect();
    scopes.filter(|scopes| !scopes.is_empty()).ok_or_else(|| refused(&codes::INVALID_SCOPE))
}

/// A problem that also says what it is in the words of RFC 6749 §5.2.
fn refused(code: &'static Code) -> Error {
    let problem = Problem::new(code).member("error", code.name).member("error_description", code.title[2]);
    let problem = problem.header("Cache-Control", "no-store");
    if code.status == 401 {
        problem.header("WWW-Authenticate", "Basic realm=\"framdrift\"").into()
    } else {
        problem.into()
    }
}

/// A token answer (RFC 6749 §5.1).
#[derive(Serialize, ToSchema)]
pub struct IssuedToken {
    /// The access token, a JWT (RFC 9068).
    #[schema(max_length = 8192)]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 20, example = "Bearer")]
    pub token_type: String,
    /// Seconds until it ends.
    #[schema(minimum = 1, example = 900)]
    pub expires_in: i64,
    /// Continues the session, once; only for users.
    #[schema(max_length = 200, nullable = false)]
    pub refresh_token: Option<String>,
    /// What the token may be used for, separated by blanks; only for machines.
    #[schema(max_length = 200, example = "framdrift:status", nullable = false)]
    pub scope: Option<String>,
}

/// What the document says of it.
#[must_use]
pub fn about() -> About {
    let text = |most: u32| json!({ "type": "string", "minLength": 1, "maxLength": most });
    let schema = json!({
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": { "type": "string", "enum": ["client_credentials", "refresh_token"] },
            "refresh_token": text(200),
            "scope": text(200),
            "client_id": text(200),
            "client_secret": text(200),
            "client_assertion_type": { "type": "string", "const": ASSERTION },
            "client_assertion": text(8192)
        }
    });
    About::new("issueToken", "Access", "Get a token for a machine, or continue a session")
        .more(
            "RFC 6749. `client_credentials` is for machines: with `client_id` and `client_secret` in the form or by HTTP Basic, or with a \
             `client_assertion` (`private_key_jwt`, RFC 7523) that is signed with a key of the client: `iss` and `sub` are the client, `aud` is \
             the address of this operation or the issuer, `exp` is at most five minutes after `iat`, and `jti` is used once. `scope` may narrow \
             what the token is for. `refresh_token` continues the session of a user: it works once, for no other client and without a `scope`; \
             using an old one ends the session (RFC 9700 §4.14.2).",
        )
        .public()
        .takes_value(
            "application/x-www-form-urlencoded",
            schema,
            json!({
                "grant_type": "client_credentials", "client_id": "0190e0a0-0000-7000-8000-000000000001",
                "client_secret": "framdrift_bm8gcmVhbCBzZWNyZXQsIGp1c3Qgb25lIHRvIHNob3c", "scope": "framdrift:status"
            }),
        )
        .answers::<IssuedToken>(
            200,
            "The token",
            json!({ "access_token": "eyJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 900, "scope": "framdrift:status" }),
        )
        .fails(&[
            &codes::INVALID_REQUEST,
            &codes::INVALID_CLIENT,
            &codes::INVALID_GRANT,
            &codes::INVALID_SCOPE,
            &codes::UNSUPPORTED_GRANT,
        ])
}
