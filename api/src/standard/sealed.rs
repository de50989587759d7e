//! A secret in an answer that is kept for its `Idempotency-Key`: sealed with that key, which only the caller has. The same request
//! gets the same answer, and nothing that the service keeps shows the secret.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::problem::Error;

/// Length of a nonce in bytes.
const NONCE: usize = 12;

/// A secret, sealed with the key of a request.
///
/// # Errors
/// When no random bytes can be had.
pub fn seal(key: &str, secret: &str) -> Result<String, Error> {
    let broken = |error| Error::internal("seal a secret", error);
    let mut sealed = secret.as_bytes().to_vec();
    let nonce = cipher(key)?.seal_in_place_append_tag(Aad::empty(), &mut sealed).map_err(broken)?;
    Ok(STANDARD.encode([&nonce.as_ref()[..], &sealed].concat()))
}

/// The secret that was sealed with the key of a request.
///
/// # Errors
/// When it was not, or is not whole.
pub fn open(key: &str, sealed: &str) -> Result<String, Error> {
    let broken = || Error::internal("open a secret", "it was sealed with another key, or is not whole");
    let whole = STANDARD.decode(sealed).map_err(|_| broken())?;
    let (nonce, rest) = whole.split_at_checked(NONCE).ok_or_else(broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
    let mut rest = rest.to_vec();
    let opened = cipher(key)?.open_in_place(nonce, Aad::empty(), &mut rest).map_err(|_| broken())?;
    String::from_utf8(opened.to_vec()).map_err(|_| broken())
}

fn cipher(key: &str) -> Result<RandomizedNonceKey, Error> {
    let mut context = Context::new(&SHA256);
    context.update(b"framdrift: a secret in a kept answer\0");
    context.update(key.as_bytes());
    RandomizedNonceKey::new(&AES_256_GCM, context.finish().as_ref())
        .map_err(|error| Error::internal("make a key from a key", error))
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn only_the_key_that_sealed_opens() {
        let sealed = seal("6f0c2a", "framdrift_hemmelig").expect("it is sealed");
        assert!(!sealed.contains("hemmelig"));
        assert_eq!(open("6f0c2a", &sealed).ok().as_deref(), Some("framdrift_hemmelig"));
        assert!(open("6f0c2b", &sealed).is_err() && open("6f0c2a", "AAAA").is_err() && open("6f0c2a", "").is_err());
        assert_ne!(seal("6f0c2a", "framdrift_hemmelig").ok(), Some(sealed));
    }
}
