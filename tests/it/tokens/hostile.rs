//! The ways in which a token is made bad: RFC 8725, RFC 9068, and each issuer's own rules.

mod framing;
mod kinds;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use serde_json::{Value, json};
use support::issuer::Signer;

/// Whose rules a token is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Own,
    Maskinporten,
    Idporten,
}

/// A good token, in its parts.
pub struct Base {
    pub kind: Kind,
    pub signer: Signer,
    pub header: Value,
    pub claims: Value,
    /// A key of the same name that is not the issuer's.
    pub attacker: Signer,
    /// The key of another issuer that is trusted, too.
    pub other: Signer,
}

type Cases = Vec<(String, String)>;

impl Base {
    /// The good token.
    pub fn token(&self) -> String {
        self.signer.token(&self.header, &self.claims)
    }

    fn claimed(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.signer.token(&self.header, &claims)
    }

    fn without(&self, name: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().expect("claims").remove(name);
        self.signer.token(&self.header, &claims)
    }

    fn headed(&self, name: &str, value: Value) -> String {
        self.signer.token(&self.with_header(name, value), &self.claims)
    }

    fn with_header(&self, name: &str, value: Value) -> Value {
        let mut header = self.header.clone();
        header[name] = value;
        header
    }
}

/// A part of a token as JSON.
pub fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("a part")).expect("JSON")
}

/// Everything that must not be taken.
pub fn hostile(base: &Base) -> Cases {
    let groups = [
        algorithms(base),
        keys(base),
        claims(base),
        times(base),
        twice(base),
        extensions(base),
        framing::framing(base),
    ];
    let own = match base.kind {
        Kind::Own => kinds::own(base),
        Kind::Maskinporten => kinds::consumers(base),
        Kind::Idporten => kinds::people(base),
    };
    groups.into_iter().flatten().chain(own).collect()
}

fn algorithms(base: &Base) -> Cases {
    let mut cases = Cases::new();
    let token = base.token();
    let signature = token.rsplit('.').next().expect("a signature");
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = base.with_header("alg", none.into());
        let message = message(&header, &base.claims);
        cases.push((format!("alg {none:?} without a signature"), format!("{message}.")));
        cases.push((format!("alg {none:?} with the signature"), format!("{message}.{signature}")));
    }
    for (name, algorithm) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
    {
        for (form, key) in base.signer.public_bytes().into_iter().enumerate() {
            let message = message(&base.with_header("alg", name.into()), &base.claims);
            let tag = hmac::sign(&hmac::Key::new(algorithm, &key), message.as_bytes());
            cases.push((
                format!("{name} with the public key, form {form}"),
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag)),
            ));
        }
    }
    for other in ["RS384", "RS512", "PS256", "ES256", "ES512", "HS256", "eddsa", "rs256", "RS256 ", "EdDSA\u{0}"] {
        cases.push((format!("alg {other:?} for another"), base.headed("alg", other.into())));
    }
    for wrong in [Value::Null, json!(1), json!(["RS256", "EdDSA"]), json!({})] {
        cases.push((format!("alg {wrong}"), base.headed("alg", wrong)));
    }
    let mut header = base.header.clone();
    header.as_object_mut().expect("a header").remove("alg");
    cases.push(("no alg".to_owned(), base.signer.token(&header, &base.claims)));
    cases
}

fn keys(base: &Base) -> Cases {
    let attacker = &base.attacker;
    let mut cases = vec![
        ("another key of the same name".to_owned(), attacker.token(&base.header, &base.claims)),
        (
            "another issuer's key".to_owned(),
            base.other.token(&with(&base.other.header(), "typ", "at+jwt"), &base.claims),
        ),
        (
            "another issuer's key under this one's name".to_owned(),
            base.other.token(&with(&base.header, "alg", base.other.alg), &base.claims),
        ),
    ];
    for (name, value) in [
        ("jwk", attacker.jwk()),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MIIB"])),
        ("x5t#S256", json!("AAAA")),
    ] {
        let header = base.with_header(name, value);
        cases.push((format!("{name}, signed by its key"), attacker.token(&header, &base.claims)));
        cases.push((format!("{name}, signed by the issuer"), base.signer.token(&header, &base.claims)));
    }
    for kid in [
        json!(""),
        json!("unknown"),
        json!("../../../../dev/null"),
        json!("/dev/null"),
        json!("file:///etc/passwd"),
        json!("https://evil.example/key"),
        json!("' OR 1=1 --"),
        json!("' UNION SELECT 'AAAA' --"),
        json!("$(id)"),
        json!("a\u{0}b"),
        json!("x".repeat(300)),
        json!("x".repeat(4000)),
        json!(1),
        Value::Null,
        json!([base.signer.kid]),
        json!(base.signer.kid.to_uppercase()),
        json!(format!("{} ", base.signer.kid)),
        json!(format!("{}\u{0}", base.signer.kid)),
        json!({ "kid": base.signer.kid }),
    ] {
        cases.push((format!("kid {kid}"), base.headed("kid", kid)));
    }
    let mut header = base.header.clone();
    header.as_object_mut().expect("a header").remove("kid");
    cases.push(("no kid".to_owned(), base.signer.token(&header, &base.claims)));
    cases
}

fn claims(base: &Base) -> Cases {
    let mut cases = Cases::new();
    for name in ["iss", "aud", "exp", "iat"] {
        cases.push((format!("no {name}"), base.without(name)));
        cases.push((format!("{name} null"), base.claimed(name, Value::Null)));
    }
    let issuer = base.claims["iss"].as_str().expect("an issuer");
    let turned = issuer.strip_suffix('/').map_or_else(|| format!("{issuer}/"), str::to_owned);
    for wrong in [
        json!("https://evil.example"),
        json!([issuer]),
        json!({ "0": issuer }),
        json!(issuer.to_uppercase()),
        json!(turned),
        json!(format!("{issuer}.evil.example")),
        json!(format!(" {issuer}")),
        json!(format!("{issuer}\u{0}")),
        json!(format!("{issuer}#")),
        json!(format!("{issuer}?")),
        json!(issuer.replace("://", "://user@")),
        json!(""),
    ] {
        cases.push((format!("iss {wrong}"), base.claimed("iss", wrong)));
    }
    for wrong in [
        json!("https://another.example"),
        json!("unspecified"),
        json!(""),
        json!(1),
        json!([]),
        json!(["https://another.example"]),
        json!("https://framdrift.example/"),
        json!("https://framdrift.example.evil.example"),
        json!("https://Framdrift.example"),
        json!(["https://framdrift.example", 1]),
        json!([["https://framdrift.example"]]),
        json!({ "a": "https://framdrift.example" }),
        json!({ "0": "https://framdrift.example", "length": 1 }),
        json!("https://framdrift.example "),
        json!("https://framdrift.example https://another.example"),
        json!("https://framdrift.example,https://another.example"),
        json!(["https://framdrift.example", null]),
        json!(["https://framdrift.example", ["https://another.example"]]),
    ] {
        cases.push((format!("aud {wrong}"), base.claimed("aud", wrong)));
    }
    cases
}

fn times(base: &Base) -> Cases {
    let now = Utc::now().timestamp();
    let mut cases = Cases::new();
    for (name, value) in [
        ("exp", json!(now - 30)),
        ("exp", json!(0)),
        ("exp", json!(-1)),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(true)),
        ("exp", json!(now + 315_360_000)),
        ("exp", json!(1e300)),
        ("exp", json!(now + 3700)),
        ("exp", json!([now + 60])),
        ("exp", json!({ "$date": now + 60 })),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MIN)),
        ("exp", json!(i64::MAX)),
        ("exp", json!((now + 60) * 1000)),
        ("exp", json!(-1e300)),
        ("exp", json!(5e-324)),
        ("exp", json!("")),
        ("iat", json!(now + 60)),
        ("iat", json!(now.to_string())),
        ("iat", json!(now - 4000)),
        ("iat", json!(-1e300)),
        ("iat", json!(0)),
        ("iat", json!(i64::MAX)),
        ("iat", json!(false)),
        ("iat", json!(now * 1000)),
        ("iat", json!({})),
        ("nbf", json!(now + 60)),
        ("nbf", json!(now.to_string())),
        ("nbf", Value::Null),
        ("nbf", json!(1e300)),
        ("nbf", json!(now * 1000)),
        ("nbf", json!(u64::MAX)),
        ("nbf", json!([now])),
        ("nbf", json!(true)),
    ] {
        cases.push((format!("{name} {value}"), base.claimed(name, value)));
    }
    cases
}

/// Members that stand twice: a reader before us may have taken the other.
fn twice(base: &Base) -> Cases {
    let (header, claims) = (base.header.to_string(), base.claims.to_string());
    let also = |text: &str, member: &str| format!("{},{member}}}", &text[..text.len() - 1]);
    let raw = |header: &str, claims: &str| base.signer.raw(header.as_bytes(), claims.as_bytes());
    vec![
        ("exp twice".to_owned(), raw(&header, &also(&claims, &format!("\"exp\":{}", base.claims["exp"])))),
        ("aud twice".to_owned(), raw(&header, &also(&claims, &format!("\"aud\":{}", base.claims["aud"])))),
        ("iss twice".to_owned(), raw(&header, &also(&claims, &format!("\"iss\":{}", base.claims["iss"])))),
        ("alg twice".to_owned(), raw(&also(&header, &format!("\"alg\":{}", base.header["alg"])), &claims)),
        ("kid twice".to_owned(), raw(&also(&header, &format!("\"kid\":{}", base.header["kid"])), &claims)),
        // The same name, written otherwise.
        (
            "exp twice, escaped".to_owned(),
            raw(&header, &also(&claims, &format!("\"\\u0065xp\":{}", base.claims["exp"]))),
        ),
        (
            "alg twice, escaped".to_owned(),
            raw(&also(&header, &format!("\"\\u0061lg\":{}", base.header["alg"])), &claims),
        ),
        ("a claim that nobody reads, twice".to_owned(), raw(&header, &also(&also(&claims, "\"x\":1"), "\"x\":2"))),
        ("a member inside, twice".to_owned(), raw(&header, &also(&claims, "\"x\":{\"y\":[{\"z\":1,\"z\":2}]}"))),
    ]
}

fn extensions(base: &Base) -> Cases {
    let mut cases = Cases::new();
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!(["https://example/unknown"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("epk", json!({})),
        ("p2c", json!(1_000_000_000)),
        ("apu", json!("AAAA")),
        ("nonce", json!("a")),
        ("jwk", Value::Null),
        ("jku", json!("")),
        ("exp", json!(4_102_444_800_i64)),
        ("iss", json!("x")),
        ("typ", json!("logout+jwt")),
        ("typ", json!("dpop+jwt")),
        ("typ", json!("secevent+jwt")),
        ("typ", json!(1)),
        ("typ", json!(["at+jwt"])),
        ("typ", json!("jose")),
        ("typ", json!("at+jwt\u{0}")),
        ("typ", json!("text/at+jwt")),
        ("x5t", json!(1)),
    ] {
        cases.push((format!("{name} {value}"), base.headed(name, value)));
    }
    cases
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// An object without its end, for members to be added.
fn opened(object: &Value) -> String {
    let text = object.to_string();
    text[..text.len() - 1].to_owned()
}

fn with(value: &Value, name: &str, to: &str) -> Value {
    let mut value = value.clone();
    value[name] = to.into();
    value
}

fn with_padding(base: &Base, bytes: usize) -> String {
    base.claimed("padding", "x".repeat(bytes).into())
}

/// The claims with a member that is not what `serde_json` would write.
fn with_raw(base: &Base, member: &str) -> String {
    base.signer.raw(base.header.to_string().as_bytes(), format!("{},{member}}}", opened(&base.claims)).as_bytes())
}
