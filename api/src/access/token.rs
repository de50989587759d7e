//! Access tokens: EdDSA JWTs of our own (RFC 9068), checked by the rules of RFC 8725; and what they stand for.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::Utc;
use jsonwebtoken::{Algorithm, Header};
use sea_orm::Statement;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::client::{self, Credential};
use super::external::External;
use super::jws::{Rules, Unverified, Why};
use super::signing::SigningKeys;
use super::{Actor, Caller};
use crate::db::Db;
use crate::problem::{Error, Problem, codes};

/// How long an access token lives, in seconds.
pub const ACCESS_SECONDS: i64 = 900;
/// Longest life that is accepted, in seconds.
const LONGEST_SECONDS: f64 = 3600.0;
/// `client_id` of the tokens that users get: the service's own login.
pub const OWN: &str = "framdrift";
/// What every token has to say (RFC 9068 §2.2).
const REQUIRED: [&str; 5] = ["iss", "sub", "aud", "client_id", "jti"];

/// The claims of an access token (RFC 9068 §2.2). A user's has a session, a client's has scopes and what it was got with; none
/// has both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the public address of this service.
    pub iss: String,
    /// Subject: the user or the client.
    pub sub: Uuid,
    /// Audience: the public address of this service.
    pub aud: String,
    /// When it ends (seconds since 1970).
    pub exp: i64,
    /// When it was made.
    pub iat: i64,
    /// The token's own identifier.
    pub jti: Uuid,
    /// The client that asked for it.
    pub client_id: String,
    /// The session of a user, which a logout ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    /// The scopes of a client, separated by blanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The secret or the key of a client that it was got with, and with which it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cred: Option<String>,
}

/// Makes and checks access tokens.
pub struct Issuer {
    address: String,
    audiences: [String; 1],
    keys: RwLock<Arc<SigningKeys>>,
}

impl Issuer {
    /// An issuer with these keys, at this public address.
    #[must_use]
    pub fn new(address: String, keys: SigningKeys) -> Self {
        Self { audiences: [address.clone()], address, keys: RwLock::new(Arc::new(keys)) }
    }

    /// Goes on with these keys; whether they are others than before.
    pub fn take(&self, keys: SigningKeys) -> bool {
        let mut own = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let changed = !own.same(&keys);
        *own = Arc::new(keys);
        changed
    }

    fn keys(&self) -> Arc<SigningKeys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The public keys (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> Value {
        self.keys().jwks(Utc::now())
    }

    /// The audiences that an assertion of a client may name (RFC 7523 §3, item 3): the token endpoint, or the issuer.
    #[must_use]
    pub fn of_assertions(&self) -> [String; 2] {
        [format!("{}/oauth/token", self.address), self.address.clone()]
    }

    /// An access token for a user's session.
    ///
    /// # Errors
    /// When signing fails.
    pub fn access_token(&self, user: Uuid, session: Uuid, seconds: i64) -> Result<String, Error> {
        let claims = self.fresh(user, OWN.to_owned(), seconds);
        self.signed(&Claims { sid: Some(session), ..claims })
    }

    /// An access token for a client.
    ///
    /// # Errors
    /// When signing fails.
    pub fn client_token(&self, client: Uuid, shown: &Credential, scope: String, seconds: i64) -> Result<String, Error> {
        let claims = self.fresh(client, client.to_string(), seconds);
        self.signed(&Claims { scope: Some(scope), cred: Some(shown.code()), ..claims })
    }

    fn fresh(&self, sub: Uuid, client_id: String, seconds: i64) -> Claims {
        let now = Utc::now().timestamp();
        Claims {
            iss: self.address.clone(),
            sub,
            aud: self.address.clone(),
            exp: now + seconds,
            iat: now,
            jti: Uuid::new_v4(),
            client_id,
            sid: None,
            scope: None,
            cred: None,
        }
    }

    fn signed(&self, claims: &Claims) -> Result<String, Error> {
        let keys = self.keys();
        let key = keys.signs(Utc::now()).ok_or_else(|| Error::internal("sign a token", "there is no key"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key.kid().to_owned());
        jsonwebtoken::encode(&header, claims, &key.signing).map_err(|error| Error::internal("sign a token", error))
    }

    fn checked(&self, token: Unverified<'_>) -> Result<Claims, Why> {
        let (keys, now) = (self.keys(), Utc::now());
        let key = token.kid.as_deref().and_then(|kid| keys.known(kid, now)).ok_or("its key is not known")?;
        let rules = Rules {
            issuer: &self.address,
            audiences: &self.audiences,
            types: &["at+jwt"],
            required: &REQUIRED,
            longest_seconds: LONGEST_SECONDS,
        };
        let claims = token.verified(&key.key, &rules, now.timestamp())?;
        serde_json::from_value(Value::Object(claims)).map_err(|_| "a claim has another type")
    }

    /// The caller that a token stands for, as it is today: a disabled user or client, an ended session, a secret or key that is gone
    /// are refused at once.
    async fn caller(&self, db: &impl Db, token: Unverified<'_>) -> Result<(Caller, i64), Error> {
        let refused = |why| refused(&self.address, why);
        let claims = self.checked(token).map_err(refused)?;
        let caller = match claims.sid {
            Some(session) if claims.client_id == OWN && claims.scope.is_none() && claims.cred.is_none() => {
                user(db, claims.sub, session).await?.ok_or_else(|| refused("its session has ended"))?
            }
            None if claims.client_id == claims.sub.to_string() => {
                client::caller(db, &claims).await?.ok_or_else(|| refused("its client may no longer call"))?
            }
            Some(_) | None => return Err(refused("it is neither a user's nor a client's")),
        };
        Ok((caller, claims.exp))
    }
}

async fn user(db: &impl Db, user: Uuid, session: Uuid) -> Result<Option<Caller>, Error> {
    let now = Utc::now();
    let sql = "SELECT u.administrator, u.person_id FROM users u JOIN sessions s ON s.user_id = u.id \
               WHERE u.id = $1 AND s.id = $2 AND u.disabled_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > $3";
    let values = [user.into(), session.into(), now.into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let Some(row) = found else { return Ok(None) };
    let mut caller = Caller {
        actor: Actor { kind: "user", id: Some(user), via: None },
        session: Some(session),
        person: row.try_get("", "person_id")?,
        administrator: row.try_get("", "administrator")?,
        ..Caller::operator()
    };
    caller.load_roles(db, now.date_naive()).await?;
    Ok(Some(caller))
}

/// The caller of a token, whoever issued it: only the issuer that the token names is asked, with its own rules and keys. Of a
/// token of our own it also says when it ends (seconds since 1970).
///
/// # Errors
/// 401 when the token does not hold, 403 for a caller that is not known here.
pub async fn authenticate(
    own: &Issuer,
    others: &[External],
    db: &impl Db,
    token: &str,
) -> Result<(Caller, Option<i64>), Error> {
    let token = Unverified::read(token).map_err(|why| refused("nobody", why))?;
    match others.iter().find(|other| other.issuer() == token.issuer()) {
        Some(other) => other.caller(db, token).await.map(|caller| (caller, None)),
        None => own.caller(db, token).await.map(|(caller, ends)| (caller, Some(ends))),
    }
}

/// A token that does not hold: why goes to the log, the caller is told the same whatever it was.
pub(super) fn refused(issuer: &str, why: Why) -> Error {
    tracing::info!(issuer, why, "A token was refused");
    invalid_token()
}

/// The problem of a token that does not hold, the same whatever is wrong with it.
#[must_use]
pub fn invalid_token() -> Error {
    Problem::new(&codes::INVALID_TOKEN).header("WWW-Authenticate", "Bearer error=\"invalid_token\"").into()
}
