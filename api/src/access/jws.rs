//! A signed token, read strictly (RFC 7515, 7519) and held to the rules of RFC 8725: what the library lets through is refused here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, crypto};
use serde_json::{Map, Value};

use super::keys::Key;
use crate::http::json;

/// Longest token that is looked at, in bytes.
pub const LONGEST: usize = 8192;
/// How far clocks may differ, in seconds.
pub const LEEWAY_SECONDS: f64 = 10.0;
/// Longest name of a key, in bytes.
const LONGEST_KID: usize = 256;
/// What a header may say. Anything else (`crit`, `b64`, `zip`, `jku`, `jwk`, `x5u`, `x5c`, …) would have to be understood, or brings a key
/// of its own (RFC 8725 §3.10).
const HEADER: [&str; 4] = ["alg", "kid", "typ", "x5t"];

/// A token whose signature is not yet checked. Nothing it says is true yet; issuer and key's name are for looking up.
pub struct Unverified<'a> {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The name of the key.
    pub kid: Option<String>,
    typ: Option<String>,
    claims: Map<String, Value>,
    message: &'a str,
    signature: &'a str,
}

/// What a token has to be.
pub struct Rules<'a> {
    /// The issuer, letter by letter.
    pub issuer: &'a str,
    /// The audiences of which it has to name one.
    pub audiences: &'a [String],
    /// What `typ` may be, in lower case; an empty one stands for a token without.
    pub types: &'a [&'a str],
    /// Claims that have to be there, as text.
    pub required: &'a [&'a str],
    /// Longest life, in seconds.
    pub longest_seconds: f64,
}

/// Why a token does not hold: for the log, never for the caller.
pub type Why = &'static str;

impl<'a> Unverified<'a> {
    /// Reads a token in its compact form.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(token: &'a str) -> Result<Self, Why> {
        if token.len() > LONGEST {
            return Err("it is longer than 8 KiB");
        }
        let (message, signature) = token.rsplit_once('.').ok_or("it has not three parts")?;
        let (header, claims) = message.split_once('.').ok_or("it has not three parts")?;
        let header = object(header).ok_or("its header is no JSON object")?;
        let claims = object(claims).ok_or("its claims are no JSON object")?;
        if header.keys().any(|name| !HEADER.contains(&name.as_str())) {
            return Err("its header says more than alg, kid, typ and x5t");
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err("a part of its header is no text"),
        };
        let algorithm = text("alg")?.and_then(|name| name.parse().ok()).ok_or("its algorithm is none that is known")?;
        let kid = text("kid")?;
        if kid.as_ref().is_some_and(|kid| kid.is_empty() || kid.len() > LONGEST_KID) {
            return Err("the name of its key is empty or too long");
        }
        text("x5t")?;
        Ok(Self { algorithm, kid, typ: text("typ")?, claims, message, signature })
    }

    /// What it says that its issuer is.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.claims.get("iss").and_then(Value::as_str).unwrap_or_default()
    }

    /// A claim as text, to look a key up by.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// The claims, when the signature and every rule hold. The signature comes first: nothing else is judged before it.
    ///
    /// # Errors
    /// When one does not.
    pub fn verified(self, key: &Key, rules: &Rules<'_>, now: i64) -> Result<Map<String, Value>, Why> {
        if !key.is_for(self.algorithm) {
            return Err("its key is not for its algorithm");
        }
        let fits = crypto::verify(self.signature, self.message.as_bytes(), &key.checking, self.algorithm);
        if !fits.unwrap_or(false) {
            return Err("its signature does not fit");
        }
        let typ = self.typ.unwrap_or_default().to_ascii_lowercase();
        if !rules.types.contains(&typ.strip_prefix("application/").unwrap_or(&typ)) {
            return Err("its typ is another");
        }
        holds(&self.claims, rules, now)?;
        Ok(self.claims)
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact in a float for millions of years")]
fn holds(claims: &Map<String, Value>, rules: &Rules<'_>, now: i64) -> Result<(), Why> {
    if claims.get("iss").and_then(Value::as_str) != Some(rules.issuer) {
        return Err("its issuer is another");
    }
    let ours = |value: &Value| value.as_str().is_some_and(|name| rules.audiences.iter().any(|known| known == name));
    let addressed = match claims.get("aud") {
        Some(Value::Array(names)) => names.iter().all(Value::is_string) && names.iter().any(ours),
        Some(name) => ours(name),
        None => false,
    };
    if !addressed {
        return Err("it is not for this service (aud)");
    }
    let now = now as f64;
    let time = |name: &str| claims.get(name).map(|value| value.as_f64().filter(|time| time.is_finite()));
    let (Some(Some(expires)), Some(Some(made))) = (time("exp"), time("iat")) else {
        return Err("exp or iat is missing or no number");
    };
    if expires <= now - LEEWAY_SECONDS {
        return Err("it has expired");
    }
    if made > now + LEEWAY_SECONDS {
        return Err("it is of the future (iat)");
    }
    if expires <= made || expires - made > rules.longest_seconds {
        return Err("it lives too long, or ends before it begins");
    }
    match time("nbf") {
        None => {}
        Some(Some(from)) if from <= now + LEEWAY_SECONDS => {}
        Some(_) => return Err("it does not hold yet (nbf)"),
    }
    let said = |name: &&str| claims.get(*name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if rules.required.iter().all(said) { Ok(()) } else { Err("a claim that has to be there is not") }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    json::object(&bytes).ok()
}
