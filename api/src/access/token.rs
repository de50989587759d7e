//! Access tokens: EdDSA JWTs of our own (RFC 9068), checked by the rules of RFC 8725; and what they stand for.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Actor, Caller};
use crate::problem::{Error, Problem, codes};

/// How long an access token lives, in seconds.
pub const ACCESS_SECONDS: i64 = 900;
/// Longest life that is accepted, in seconds.
const LONGEST_SECONDS: i64 = 3600;
/// How far clocks may differ, in seconds.
const LEEWAY_SECONDS: i64 = 10;

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the public address of this service.
    pub iss: String,
    /// Subject: the user.
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
    /// The session, which a logout ends.
    pub sid: Uuid,
}

/// Makes and checks access tokens.
pub struct Issuer {
    address: String,
    kid: String,
    public: String,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

/// A fresh signing key (PKCS #8).
///
/// # Errors
/// When no random bytes can be had.
pub fn fresh_key() -> Result<Vec<u8>, Error> {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
    document.map(|document| document.as_ref().to_vec()).map_err(|error| Error::internal("make a signing key", error))
}

impl Issuer {
    /// An issuer with this key, at this public address.
    ///
    /// # Errors
    /// When the key cannot be read.
    pub fn new(address: String, pkcs8: &[u8]) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)
            .map_err(|error| Error::internal("read the signing key", error.to_string()))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let thumbprint = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, thumbprint.as_bytes()));
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&address]);
        validation.set_audience(&[&address]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY_SECONDS.unsigned_abs();
        let checking =
            DecodingKey::from_ed_components(&public).map_err(|error| Error::internal("read the signing key", error))?;
        Ok(Self { address, kid, public, signing: EncodingKey::from_ed_der(pkcs8), checking, validation })
    }

    /// The public keys (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": self.public }] })
    }

    /// An access token for a user's session.
    ///
    /// # Errors
    /// When signing fails.
    pub fn access_token(&self, user: Uuid, session: Uuid, seconds: i64) -> Result<String, Error> {
        let now = Utc::now().timestamp();
        let claims = Claims {
            iss: self.address.clone(),
            sub: user,
            aud: self.address.clone(),
            exp: now + seconds,
            iat: now,
            jti: Uuid::new_v4(),
            client_id: "framdrift".to_owned(),
            sid: session,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(|error| Error::internal("sign a token", error))
    }

    /// The claims of a token, when every rule holds.
    ///
    /// # Errors
    /// 401, the same whatever was wrong.
    pub fn claims(&self, token: &str) -> Result<Claims, Error> {
        self.checked(token).ok_or_else(invalid_token)
    }

    fn checked(&self, token: &str) -> Option<Claims> {
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
        let header: Value = serde_json::from_slice(&header).ok()?;
        let known = header.as_object()?.keys().all(|name| matches!(name.as_str(), "alg" | "kid" | "typ"));
        let typed = header["typ"]
            .as_str()
            .is_some_and(|typ| typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt"));
        if !known || !typed || header["kid"] != self.kid {
            return None;
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation).ok()?.claims;
        let now = Utc::now().timestamp();
        let timely = claims.iat <= now + LEEWAY_SECONDS && claims.exp - claims.iat <= LONGEST_SECONDS;
        (timely && claims.iss == self.address && claims.aud == self.address).then_some(claims)
    }

    /// The caller that a token stands for, as it is today: a disabled user or an ended session is refused at once.
    ///
    /// # Errors
    /// 401 when the token does not hold.
    pub async fn caller(&self, db: &impl ConnectionTrait, token: &str) -> Result<Caller, Error> {
        let claims = self.claims(token)?;
        let now = Utc::now();
        let sql = "SELECT u.administrator, u.person_id FROM users u JOIN sessions s ON s.user_id = u.id \
                   WHERE u.id = $1 AND s.id = $2 AND u.disabled_at IS NULL AND s.revoked_at IS NULL AND s.expires_at > $3";
        let values = [claims.sub.into(), claims.sid.into(), now.into()];
        let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
        let row = found.ok_or_else(invalid_token)?;
        let mut caller = Caller {
            actor: Actor { kind: "user", id: Some(claims.sub) },
            session: Some(claims.sid),
            person: row.try_get("", "person_id")?,
            administrator: row.try_get("", "administrator")?,
            ..Caller::operator()
        };
        caller.load_roles(db, now.date_naive()).await?;
        Ok(caller)
    }
}

/// The problem of a token that does not hold, the same whatever is wrong with it.
#[must_use]
pub fn invalid_token() -> Error {
    Problem::new(&codes::INVALID_TOKEN).header("WWW-Authenticate", "Bearer error=\"invalid_token\"").into()
}
