//! Public keys of others (RFC 7517), taken from what is not trusted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// Shortest modulus of an RSA key, in bytes (2048 bits; RFC 7518 §3.3).
const SHORTEST_MODULUS: usize = 256;
/// Longest modulus of an RSA key, in bytes: checking a longer one is work that somebody else orders.
const LONGEST_MODULUS: usize = 1024;
/// Most keys of a set that are looked at.
const MOST: usize = 100;
/// Ed25519 points of small order without their sign, the last two in a form that is not canonical: under such a key anybody
/// can make a signature that fits, without any secret.
const SMALL_ORDER: [&str; 7] = [
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
    "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
    "7P_______________________________________38",
    "7f_______________________________________38",
    "7v_______________________________________38",
];

/// A public key.
#[derive(Clone)]
pub struct Key {
    /// Its name.
    pub kid: String,
    /// What checks signatures.
    pub checking: DecodingKey,
    algorithms: Vec<Algorithm>,
}

impl Key {
    /// A key of ours.
    #[must_use]
    pub fn own(kid: String, checking: DecodingKey, algorithm: Algorithm) -> Self {
        Self { kid, checking, algorithms: vec![algorithm] }
    }

    /// Whether signatures of this algorithm are checked with it.
    #[must_use]
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// The key of a member of `keys`, for the algorithms that are allowed and that fit it; `None` for one that is of no use:
    /// symmetric, private, for encryption, too short, without a name, or one under which anybody can sign.
    fn read(key: &Value, allowed: &[Algorithm]) -> Option<Self> {
        let text = |name: &str| key[name].as_str();
        let kid = text("kid").filter(|kid| !kid.is_empty() && kid.len() <= 256)?;
        if !key["d"].is_null() || text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let (fitting, checking): (&[Algorithm], DecodingKey) = match (text("kty")?, text("crv")) {
            ("RSA", _) => (&RSA, rsa(text("n")?, text("e")?)?),
            ("EC", Some("P-256")) => (&[Algorithm::ES256], point(text("x")?, text("y")?, 32)?),
            ("EC", Some("P-384")) => (&[Algorithm::ES384], point(text("x")?, text("y")?, 48)?),
            ("OKP", Some("Ed25519")) => (&[Algorithm::EdDSA], edwards(text("x")?)?),
            _ => return None,
        };
        let only = match text("alg") {
            Some(name) => Some(name.parse::<Algorithm>().ok()?),
            None => None,
        };
        let wanted = |one: &Algorithm| allowed.contains(one) && only.is_none_or(|only| only == *one);
        let algorithms: Vec<Algorithm> = fitting.iter().copied().filter(wanted).collect();
        (!algorithms.is_empty()).then(|| Self { kid: kid.to_owned(), checking, algorithms })
    }
}

const RSA: [Algorithm; 6] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

/// What a client may sign its assertions with.
pub const OF_CLIENTS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// The keys of a set that can be used with these algorithms. Of two with one name the first counts.
#[must_use]
pub fn usable(set: &Value, allowed: &[Algorithm]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for key in set["keys"].as_array().into_iter().flatten().take(MOST) {
        if let Some(key) = Key::read(key, allowed).filter(|key| keys.iter().all(|known| known.kid != key.kid)) {
            keys.push(key);
        }
    }
    keys
}

fn rsa(modulus: &str, exponent: &str) -> Option<DecodingKey> {
    let (bytes, small) = (decoded(modulus)?, decoded(exponent)?);
    let length = bytes.iter().skip_while(|byte| **byte == 0).count();
    let fits = (SHORTEST_MODULUS..=LONGEST_MODULUS).contains(&length) && (1..=8).contains(&small.len());
    // An even number is no product of two large primes; an exponent of one leaves a signature what was signed.
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let is_one = small.iter().rev().skip(1).all(|byte| *byte == 0) && small.last() == Some(&1);
    let fits = fits && odd(&bytes) && odd(&small) && !is_one;
    fits.then(|| DecodingKey::from_rsa_components(modulus, exponent).ok()).flatten()
}

fn point(x: &str, y: &str, length: usize) -> Option<DecodingKey> {
    let fits = decoded(x)?.len() == length && decoded(y)?.len() == length;
    fits.then(|| DecodingKey::from_ec_components(x, y).ok()).flatten()
}

fn edwards(x: &str) -> Option<DecodingKey> {
    let mut height: [u8; 32] = decoded(x)?.try_into().ok()?;
    // The highest bit is the sign: both points of a height are of one order.
    height[31] &= 0x7f;
    let fits = !SMALL_ORDER.contains(&URL_SAFE_NO_PAD.encode(height).as_str());
    fits.then(|| DecodingKey::from_ed_components(x).ok()).flatten()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::Algorithm;
    use serde_json::{Value, json};

    use super::{OF_CLIENTS, SMALL_ORDER, usable};

    fn names(keys: Value) -> Vec<String> {
        usable(&json!({ "keys": keys }), &OF_CLIENTS).into_iter().map(|key| key.kid).collect()
    }

    #[test]
    fn only_what_checks_a_signature_is_taken() {
        let okp = |kid: &str| json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
        let with = |kid: &str, name: &str, value: &str| {
            let mut key = okp(kid);
            key[name] = value.into();
            key
        };
        let modulus = |bytes: usize| "_".repeat(bytes * 4 / 3 + 2 - (bytes * 4 / 3 + 2) % 4);
        let rsa = |kid: &str, bytes: usize| json!({ "kty": "RSA", "kid": kid, "n": modulus(bytes), "e": "AQAB" });
        let keys = json!([
            okp("good"),
            with("for encryption", "use", "enc"),
            with("private", "d", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"),
            with("another algorithm", "alg", "RS256"),
            with("no algorithm", "alg", "none"),
            with("not a key", "x", "AAAA"),
            json!({ "kty": "oct", "kid": "symmetric", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" }),
            json!({ "kty": "EC", "crv": "P-521", "kid": "another curve", "x": "AA", "y": "AA" }),
            rsa("short", 128),
            rsa("long enough", 258),
            rsa("too long", 2048),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }),
            json!("text"),
            nothing(),
        ]);
        assert_eq!(names(keys), ["good", "long enough"]);
        assert!(names(json!("text")).is_empty() && names(json!({})).is_empty());
    }

    #[test]
    fn a_key_under_which_anybody_can_sign_is_none() {
        let signed = [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
            "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
            "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU",
            "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o",
            "7P________________________________________8",
            "7f________________________________________8",
            "7v________________________________________8",
        ];
        for x in SMALL_ORDER.into_iter().chain(signed) {
            let key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x });
            assert!(names(json!([key])).is_empty(), "{x}");
        }
        let odd = "_".repeat(344);
        let even = format!("{}-", "_".repeat(343));
        for (kid, modulus, exponent) in [
            ("three", &odd, "Aw"),
            ("one", &odd, "AQ"),
            ("one, in more bytes", &odd, "AAAB"),
            ("nothing", &odd, "AA"),
            ("even exponent", &odd, "AQAC"),
            ("even modulus", &even, "AQAB"),
        ] {
            let key = json!({ "kty": "RSA", "kid": kid, "n": modulus, "e": exponent });
            assert_eq!(names(json!([key])).is_empty(), kid != "three", "{kid}");
        }
    }

    fn nothing() -> Value {
        Value::Null
    }

    #[test]
    fn of_two_keys_with_one_name_the_first_counts() {
        let key = |alg: &str| json!({ "kty": "RSA", "kid": "a", "alg": alg, "n": "_".repeat(344), "e": "AQAB" });
        let keys = usable(&json!({ "keys": [key("RS256"), key("PS256")] }), &OF_CLIENTS);
        assert_eq!((keys.len(), keys[0].is_for(Algorithm::RS256), keys[0].is_for(Algorithm::PS256)), (1, true, false));
    }

    #[test]
    fn an_algorithm_that_is_not_allowed_makes_a_key_useless() {
        let okp = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
        assert!(usable(&okp, &[Algorithm::RS256]).is_empty());
    }
}
