//! The ways in which a token is made bad: RFC 8725, RFC 9068, and each issuer's own rules.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
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
    let groups =
        [algorithms(base), keys(base), claims(base), times(base), twice(base), extensions(base), framing(base)];
    let own = match base.kind {
        Kind::Own => own(base),
        Kind::Maskinporten => consumers(base),
        Kind::Idporten => people(base),
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
        json!("' OR 1=1 --"),
        json!("x".repeat(300)),
        json!(1),
        Value::Null,
        json!([base.signer.kid]),
        json!(base.signer.kid.to_uppercase()),
        json!(format!("{} ", base.signer.kid)),
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
        ("iat", json!(now + 60)),
        ("iat", json!(now.to_string())),
        ("iat", json!(now - 4000)),
        ("iat", json!(-1e300)),
        ("nbf", json!(now + 60)),
        ("nbf", json!(now.to_string())),
        ("nbf", Value::Null),
        ("nbf", json!(1e300)),
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
        ("iss", json!("x")),
        ("typ", json!("logout+jwt")),
        ("typ", json!("dpop+jwt")),
        ("typ", json!("secevent+jwt")),
        ("typ", json!(1)),
        ("x5t", json!(1)),
    ] {
        cases.push((format!("{name} {value}"), base.headed(name, value)));
    }
    cases
}

fn framing(base: &Base) -> Cases {
    let token = base.token();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { panic!("three parts") };
    let padded = |part: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(part).expect("a part")) + "=";
    let turned: String = signature.chars().rev().collect();
    let last = if signature.ends_with('B') { "C" } else { "B" };
    let bytes = |bytes: &[u8]| base.signer.raw(base.header.to_string().as_bytes(), bytes);
    let deep = format!("{},\"deep\":{}{}}}", opened(&base.claims), "[".repeat(1000), "]".repeat(1000));
    let with_text = |text: &[u8]| [opened(&base.claims).as_bytes(), b",\"x\":\"", text, b"\"}"].concat();
    let mut cases: Cases = [
        ("two parts", format!("{header}.{claims}")),
        ("no signature", format!("{header}.{claims}.")),
        ("four parts", format!("{token}.{signature}")),
        ("five parts", format!("{header}.{claims}.{signature}.{signature}.{signature}")),
        ("one part", (*header).to_owned()),
        ("points only", "..".to_owned()),
        ("a point before", format!(".{token}")),
        ("padding", format!("{header}.{claims}.{}", padded(signature))),
        ("padded claims", format!("{header}.{}.{signature}", padded(claims))),
        ("the other alphabet", format!("{}.{claims}.{signature}", STANDARD.encode("{\"alg\":\"???>>>\"}"))),
        ("a blank inside", format!("{header}. {claims}.{signature}")),
        ("a tab inside", format!("{header}.{claims}\t.{signature}")),
        ("two tokens", format!("{token} {token}")),
        ("two tokens with a comma", format!("{token},{token}")),
        ("quotes", format!("\"{token}\"")),
        ("JSON serialisation", json!({ "protected": header, "payload": claims, "signature": signature }).to_string()),
        ("signature turned round", format!("{header}.{claims}.{turned}")),
        ("signature cut", format!("{header}.{claims}.{}", &signature[..signature.len() - 4])),
        ("signature with more", format!("{token}AAAA")),
        ("signature with another end", format!("{header}.{claims}.{}{last}", &signature[..signature.len() - 2])),
        ("zero signature", format!("{header}.{claims}.{}", "A".repeat(signature.len()))),
        (
            "claims changed",
            format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(with(&base.claims, "x", "y").to_string())),
        ),
        (
            "header changed",
            format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode(with(&base.header, "x5t", "y").to_string())),
        ),
        ("lower case", token.to_lowercase()),
        ("upper case", token.to_uppercase()),
        ("nested too deep", bytes(deep.as_bytes())),
        ("claims of no UTF-8", bytes(&with_text(&[0xff, 0xfe]))),
        ("claims with a lone surrogate", bytes(&with_text(br"\ud800"))),
        ("claims with U+0000", bytes(&with_text(br"\u0000"))),
        ("claims with a byte order mark", bytes(&["\u{feff}".as_bytes(), base.claims.to_string().as_bytes()].concat())),
        ("claims in a list", bytes(json!([base.claims]).to_string().as_bytes())),
        ("claims as text", bytes(Value::String(base.claims.to_string()).to_string().as_bytes())),
        ("claims empty", bytes(b"")),
        ("claims with more behind", bytes(format!("{}{}", base.claims, base.claims).as_bytes())),
        (
            "a number that is none",
            bytes(base.claims.to_string().replacen("\"exp\":", "\"exp\":NaN,\"e\":", 1).as_bytes()),
        ),
        (
            "header in a list",
            base.signer.raw(json!([base.header]).to_string().as_bytes(), base.claims.to_string().as_bytes()),
        ),
        ("too long", with_padding(base, 7000)),
        ("much too long", with_padding(base, 9_500)),
        ("nonsense", "nonsense".to_owned()),
    ]
    .map(|(name, token)| (name.to_owned(), token))
    .into();
    cases
        .push(("a token in a token".to_owned(), base.signer.raw(base.header.to_string().as_bytes(), token.as_bytes())));
    cases
}

fn own(base: &Base) -> Cases {
    let mut cases = Cases::new();
    for name in ["sub", "client_id", "jti", "sid"] {
        cases.push((format!("no {name}"), base.without(name)));
        cases.push((format!("{name} null"), base.claimed(name, Value::Null)));
        cases.push((format!("{name} a number"), base.claimed(name, json!(1))));
        cases.push((format!("{name} empty"), base.claimed(name, json!(""))));
        if name != "jti" {
            let another = json!("0190e0a0-0000-7000-8000-000000000000");
            cases.push((format!("{name} another"), base.claimed(name, another)));
        }
    }
    for typ in ["JWT", "at+jwt ", "id+jwt", "application/jwt", "client-authentication+jwt", ""] {
        cases.push((format!("typ {typ:?}"), base.headed("typ", typ.into())));
    }
    let mut header = base.header.clone();
    header.as_object_mut().expect("a header").remove("typ");
    cases.push(("no typ".to_owned(), base.signer.token(&header, &base.claims)));
    cases.push(("a user with scopes".to_owned(), base.claimed("scope", json!("framdrift:read"))));
    cases.push(("a user with a client's secret".to_owned(), base.claimed("cred", json!("secret:1"))));
    cases.push(("several audiences".to_owned(), base.claimed("aud", json!(["https://framdrift.example"]))));
    cases.push(("exp with a fraction".to_owned(), base.claimed("exp", json!(Utc::now().timestamp() as f64 + 60.5))));
    cases
}

fn consumers(base: &Base) -> Cases {
    let of = |authority: &str, id: &str| json!({ "authority": authority, "ID": id });
    let mut cases = Cases::new();
    for name in ["consumer", "client_id", "scope", "jti"] {
        cases.push((format!("no {name}"), base.without(name)));
        cases.push((format!("{name} null"), base.claimed(name, Value::Null)));
        cases.push((format!("{name} a number"), base.claimed(name, json!(1))));
    }
    const AUTHORITY: &str = "iso6523-actorid-upis";
    for wrong in [
        json!("0192:959469881"),
        json!([of(AUTHORITY, "0192:959469881")]),
        json!({}),
        json!({ "ID": "0192:959469881" }),
        json!({ "authority": AUTHORITY }),
        of("iso6523-actorid", "0192:959469881"),
        of("", "0192:959469881"),
        of(AUTHORITY, "959469881"),
        of(AUTHORITY, "0192"),
        of(AUTHORITY, "0192:"),
        of(AUTHORITY, "9908:959469881"),
        of(AUTHORITY, "0088:959469881"),
        of(AUTHORITY, "0192:959469880"),
        of(AUTHORITY, "0192:95946988"),
        of(AUTHORITY, "0192:9594698810"),
        of(AUTHORITY, "0192: 959469881"),
        of(AUTHORITY, "0192:959469881:a:b:c"),
        of(AUTHORITY, "0192:NO959469881"),
        of(AUTHORITY, "0192:９５９４６９８８１"),
        of(AUTHORITY, ":959469881"),
        json!({ "authority": AUTHORITY, "ID": 959_469_881 }),
        json!({ "authority": AUTHORITY, "id": "0192:959469881" }),
    ] {
        cases.push((format!("consumer {wrong}"), base.claimed("consumer", wrong)));
    }
    cases.push(("supplier without a number".to_owned(), base.claimed("supplier", of(AUTHORITY, "0192:1"))));
    cases.push(("supplier null".to_owned(), base.claimed("supplier", Value::Null)));
    cases.push(("token_type of another kind".to_owned(), base.claimed("token_type", json!("DPoP"))));
    cases
}

fn people(base: &Base) -> Cases {
    let mut cases = Cases::new();
    for name in ["sub", "acr"] {
        cases.push((format!("no {name}"), base.without(name)));
        for wrong in [Value::Null, json!(1), json!(""), json!(["kari"]), json!({ "kari": true })] {
            cases.push((format!("{name} {wrong}"), base.claimed(name, wrong)));
        }
    }
    for low in ["idporten-loa-low", "Level4", "idporten-loa-high "] {
        cases.push((format!("acr {low}"), base.claimed("acr", low.into())));
    }
    cases.push(("token_type of another kind".to_owned(), base.claimed("token_type", json!("N_A"))));
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
