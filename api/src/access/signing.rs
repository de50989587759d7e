//! The service's own keys for access tokens: which one signs, which ones still check what they signed, and how one follows
//! another on every replica.
//!
//! A new key is known before it signs, so that every process knows it when the first token of it comes; the one before it is
//! known until no token of it can be good any longer.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::{Value, json};

use super::keys::Key;
use crate::problem::Error;

/// The name of the first key among the secrets; a later one has its instant behind it.
pub const NAME: &str = "signing_key";
/// How long a new key is known before it signs, unless the operator says otherwise: as long as others may keep the public keys
/// that they have read, and much longer than a process takes to hear of it.
pub const AHEAD: TimeDelta = TimeDelta::seconds(300);
/// How long a key is known after another has followed it: no token is taken that lives longer.
const KEPT: TimeDelta = TimeDelta::seconds(3600);

/// A key that signs from an instant on.
pub struct SigningKey {
    /// What checks its signatures.
    pub key: Key,
    /// What signs.
    pub signing: EncodingKey,
    public: String,
    /// Its name among the secrets.
    name: String,
    from: DateTime<Utc>,
}

/// The keys, the oldest first.
pub struct SigningKeys(Vec<SigningKey>);

/// The name among the secrets of a key that signs from an instant on.
#[must_use]
pub fn name(from: DateTime<Utc>) -> String {
    format!("{NAME}/{}", from.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// What becomes of the keys before a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Former {
    /// They are known until their tokens have ended.
    Kept,
    /// They are gone at once, and every token of them.
    Refused,
}

/// A fresh key (PKCS #8).
///
/// # Errors
/// When no random bytes can be had.
pub fn fresh_key() -> Result<Vec<u8>, Error> {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
    document.map(|document| document.as_ref().to_vec()).map_err(|error| Error::internal("make a signing key", error))
}

impl SigningKey {
    /// The key of a name among the secrets.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(name: &str, pkcs8: &[u8]) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)
            .map_err(|error| Error::internal("read the signing key", error.to_string()))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let thumbprint = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, thumbprint.as_bytes()));
        let checking =
            DecodingKey::from_ed_components(&public).map_err(|error| Error::internal("read the signing key", error))?;
        let from = match name.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('/')) {
            None => DateTime::UNIX_EPOCH,
            Some(from) => from.parse().map_err(|error| Error::internal("read when a signing key begins", error))?,
        };
        let key = Key::own(kid, checking, Algorithm::EdDSA);
        Ok(Self { key, signing: EncodingKey::from_ed_der(pkcs8), public, name: name.to_owned(), from })
    }

    /// Its name in tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.key.kid
    }
}

impl SigningKeys {
    /// The keys of secrets with these names.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of(kept: &[(String, Vec<u8>)]) -> Result<Self, Error> {
        let mut keys = kept.iter().map(|(name, pkcs8)| SigningKey::read(name, pkcs8)).collect::<Result<Vec<_>, _>>()?;
        keys.sort_by_key(|key| key.from);
        Ok(Self(keys))
    }

    /// The key that signs at an instant.
    #[must_use]
    pub fn signs(&self, now: DateTime<Utc>) -> Option<&SigningKey> {
        self.0.iter().rfind(|key| key.from <= now).or(self.0.first())
    }

    /// The key of a name, if tokens of it are taken at an instant.
    #[must_use]
    pub fn known(&self, kid: &str, now: DateTime<Utc>) -> Option<&SigningKey> {
        self.valid(now).find(|key| key.kid() == kid)
    }

    /// The public keys of tokens that are taken at an instant, the newest first (RFC 7517).
    #[must_use]
    pub fn jwks(&self, now: DateTime<Utc>) -> Value {
        let one = |key: &SigningKey| json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid(), "x": key.public });
        let mut keys: Vec<Value> = self.valid(now).map(one).collect();
        keys.reverse();
        json!({ "keys": keys })
    }

    /// Whether these are the same keys.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.0.iter().map(SigningKey::kid).eq(other.0.iter().map(SigningKey::kid))
    }

    /// When the newest key signs, or began to.
    #[must_use]
    pub fn newest(&self) -> DateTime<Utc> {
        self.0.last().map_or(DateTime::UNIX_EPOCH, |key| key.from)
    }

    /// The names of the keys that are over at an instant: no token of them is taken.
    pub fn over(&self, now: DateTime<Utc>) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |key| self.known(key.kid(), now).is_none()).map(|key| key.name.as_str())
    }

    /// The names of all of them among the secrets.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.name.as_str())
    }

    fn valid(&self, now: DateTime<Utc>) -> impl Iterator<Item = &SigningKey> {
        let ends = |place: usize| self.0.get(place + 1).map(|next| next.from + KEPT);
        let valid = move |(place, _): &(usize, &SigningKey)| ends(*place).is_none_or(|ends| now < ends);
        self.0.iter().enumerate().filter(valid).map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{KEPT, SigningKeys, fresh_key};

    fn at(seconds: i64) -> DateTime<Utc> {
        "2026-11-28T12:00:00Z".parse::<DateTime<Utc>>().expect("an instant") + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_key_is_known_before_it_signs_and_until_its_tokens_have_ended() {
        let named = |name: &str| (name.to_owned(), fresh_key().expect("a key"));
        let kept = [named("signing_key/2026-11-28T12:00:00.000Z"), named("signing_key")];
        let keys = SigningKeys::of(&kept).expect("keys");
        let (first, second) = (keys.0[0].kid().to_owned(), keys.0[1].kid().to_owned());
        let end = KEPT.num_seconds();
        for (now, signs, known) in [
            (at(-3600), &first, vec![&second, &first]),
            (at(-1), &first, vec![&second, &first]),
            (at(0), &second, vec![&second, &first]),
            (at(end - 1), &second, vec![&second, &first]),
            (at(end), &second, vec![&second]),
        ] {
            assert_eq!(keys.signs(now).map(super::SigningKey::kid), Some(signs.as_str()), "{now}");
            let shown = keys.jwks(now);
            let shown: Vec<&str> =
                shown["keys"].as_array().into_iter().flatten().filter_map(|key| key["kid"].as_str()).collect();
            assert_eq!(shown, known, "{now}");
            for kid in [&first, &second] {
                assert_eq!(keys.known(kid, now).is_some(), known.contains(&kid), "{now}");
            }
        }
        assert!(keys.known("another", at(0)).is_none());
    }
}
