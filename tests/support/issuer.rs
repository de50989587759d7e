//! Somebody else's issuer of tokens: signs whatever a test says, and publishes the keys that a test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key that signs.
#[derive(Clone)]
pub struct Signer {
    /// Its name.
    pub kid: String,
    /// Its algorithm.
    pub alg: &'static str,
    pair: Arc<Pair>,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ed(Ed25519KeyPair),
}

impl Signer {
    /// An RSA key, as Maskinporten has them.
    #[must_use]
    pub fn rsa(kid: &str) -> Self {
        let pair = Pair::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")));
        Self { kid: kid.to_owned(), alg: "RS256", pair: Arc::new(pair) }
    }

    /// An Ed25519 key.
    #[must_use]
    pub fn ed(kid: &str) -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Self::of_pkcs8(kid, key.as_ref())
    }

    /// The Ed25519 key of these bytes.
    #[must_use]
    pub fn of_pkcs8(kid: &str, pkcs8: &[u8]) -> Self {
        let pair = Pair::Ed(Ed25519KeyPair::from_pkcs8(pkcs8).expect("a key"));
        Self { kid: kid.to_owned(), alg: "EdDSA", pair: Arc::new(pair) }
    }

    /// The public key (RFC 7517).
    #[must_use]
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self.pair.as_ref() {
            Pair::Rsa(pair) => {
                let key = pair.public_key();
                let (n, e) = (key.modulus(), key.exponent());
                json!({
                    "kty": "RSA", "kid": self.kid, "use": "sig", "alg": "RS256",
                    "n": text(n.big_endian_without_leading_zero()), "e": text(e.big_endian_without_leading_zero()),
                })
            }
            Pair::Ed(pair) => {
                let x = text(pair.public_key().as_ref());
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": self.kid, "use": "sig", "alg": "EdDSA", "x": x })
            }
        }
    }

    /// The public key in the forms that somebody might take for a symmetric one.
    #[must_use]
    pub fn public_bytes(&self) -> Vec<Vec<u8>> {
        match self.pair.as_ref() {
            Pair::Rsa(pair) => {
                let der = pair.public_key().as_der().expect("its DER").as_ref().to_vec();
                let pem = base64::engine::general_purpose::STANDARD.encode(&der);
                let pem = format!("-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n").into_bytes();
                vec![pair.public_key().as_ref().to_vec(), der, pem]
            }
            Pair::Ed(pair) => vec![pair.public_key().as_ref().to_vec(), self.jwk().to_string().into_bytes()],
        }
    }

    /// The header that its tokens have.
    #[must_use]
    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "kid": self.kid })
    }

    /// A token with this header and these claims.
    #[must_use]
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        self.raw(header.to_string().as_bytes(), claims.to_string().as_bytes())
    }

    /// A token of these bytes.
    #[must_use]
    pub fn raw(&self, header: &[u8], claims: &[u8]) -> String {
        self.signed(&format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims)))
    }

    /// A text with its signature after a point.
    #[must_use]
    pub fn signed(&self, message: &str) -> String {
        let signature = match self.pair.as_ref() {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let random = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).expect("a signature");
                signature
            }
            Pair::Ed(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// How the keys are published.
#[derive(Clone)]
pub enum Published {
    /// These keys.
    Keys(Vec<Value>),
    /// A page with this media type.
    Page(&'static str, String),
    /// A redirect to the keys.
    Redirect,
    /// An error.
    Error,
}

/// An issuer on a port of its own.
pub struct MockIssuer {
    /// Its address, without a slash at the end.
    pub address: String,
    state: Arc<State>,
    handle: ServerHandle,
}

struct State {
    issuer: Mutex<String>,
    published: Mutex<Published>,
    asked: AtomicUsize,
}

impl MockIssuer {
    /// Starts one whose `iss` is its address with this after it: Maskinporten's ends with a slash, ID-porten's does not.
    #[must_use]
    pub fn start(end: &str, signers: &[&Signer]) -> Self {
        let keys = signers.iter().map(|signer| signer.jwk()).collect();
        let published = Mutex::new(Published::Keys(keys));
        let state = Arc::new(State { issuer: Mutex::default(), published, asked: AtomicUsize::new(0) });
        let data = web::Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/.well-known/{name}", web::get().to(metadata))
                .route("/jwks", web::get().to(keys_of))
                .route("/elsewhere", web::get().to(elsewhere))
        });
        let server =
            server.workers(1).disable_signals().shutdown_timeout(0).bind(("127.0.0.1", 0)).expect("a free port");
        let address = format!("http://{}", server.addrs()[0]);
        *state.issuer.lock().unwrap_or_else(PoisonError::into_inner) = format!("{address}{end}");
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { address, state, handle }
    }

    /// `iss` of its tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.state.issuer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Publishes so from now on.
    pub fn publish(&self, published: Published) {
        *self.state.published.lock().unwrap_or_else(PoisonError::into_inner) = published;
    }

    /// Publishes the keys of these.
    pub fn publish_keys(&self, signers: &[&Signer]) {
        self.publish(Published::Keys(signers.iter().map(|signer| signer.jwk()).collect()));
    }

    /// How often its keys were asked for.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.state.asked.load(Ordering::SeqCst)
    }

    /// Ends it.
    pub async fn end(self) {
        self.handle.stop(false).await;
    }
}

async fn metadata(request: actix_web::HttpRequest, state: web::Data<State>) -> HttpResponse {
    let issuer = state.issuer.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let keys = format!("http://{}/jwks", request.connection_info().host());
    HttpResponse::Ok().json(json!({ "issuer": issuer, "jwks_uri": keys }))
}

async fn keys_of(state: web::Data<State>) -> HttpResponse {
    state.asked.fetch_add(1, Ordering::SeqCst);
    match state.published.lock().unwrap_or_else(PoisonError::into_inner).clone() {
        Published::Keys(keys) => HttpResponse::Ok().json(json!({ "keys": keys })),
        Published::Page(kind, text) => HttpResponse::Ok().content_type(kind).body(text),
        Published::Redirect => HttpResponse::Found().insert_header(("location", "/elsewhere")).finish(),
        Published::Error => HttpResponse::InternalServerError().finish(),
    }
}

/// What a redirect leads to: nobody asks here.
async fn elsewhere(state: web::Data<State>) -> HttpResponse {
    state.asked.fetch_add(1000, Ordering::SeqCst);
    HttpResponse::Ok().json(json!({ "keys": [] }))
}
