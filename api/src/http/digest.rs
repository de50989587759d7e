//! Digests of bodies in header fields (RFC 9530).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The SHA-256 in a `Repr-Digest` or `Content-Digest`: `sha-256=:…:`, alone or beside other algorithms, which are
/// passed over (§5). `Ok(None)` when the field has none.
///
/// # Errors
/// When it has one that is not the base64 of 32 bytes.
pub fn sha256(field: &str) -> Result<Option<Vec<u8>>, NoDigest> {
    let mut found = None;
    for member in field.split(',') {
        let (key, value) = member.trim().split_once('=').ok_or(NoDigest)?;
        if key != "sha-256" {
            continue;
        }
        let encoded = value.strip_prefix(':').and_then(|value| value.strip_suffix(':')).ok_or(NoDigest)?;
        let digest = STANDARD.decode(encoded).map_err(|_| NoDigest)?;
        // Of a key that stands twice the last counts (RFC 9651 §3.2).
        found = Some(digest);
    }
    match found {
        Some(digest) if digest.len() != 32 => Err(NoDigest),
        found => Ok(found),
    }
}

/// A field that cannot be read as digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDigest;

/// A digest as header fields have it.
#[must_use]
pub fn encoded(digest: &[u8]) -> String {
    STANDARD.encode(digest)
}

/// A digest as records and entity tags have it.
pub use crate::store::chain::form::hex;

/// The entity tag of some bytes.
#[must_use]
pub fn tag(bytes: &[u8]) -> String {
    hex(&aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref()[..12])
}

/// The digest in hexadecimal; `None` when it is none.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    digits.map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

#[cfg(test)]
mod tests {
    use super::{NoDigest, encoded, sha256};

    #[test]
    fn the_sha_256_is_found_beside_others() {
        let digest: Vec<u8> = (0..32).collect();
        let field = format!("sha-256=:{}:", encoded(&digest));
        assert_eq!(sha256(&field), Ok(Some(digest.clone())));
        assert_eq!(sha256(&format!("md5=:AA==:, {field}")), Ok(Some(digest)));
        assert_eq!(sha256("sha-512=:AAAA:"), Ok(None));
    }

    #[test]
    fn what_is_no_digest_is_none() {
        for wrong in ["", "sha-256", "sha-256=AAAA", "sha-256=:AAAA:", "sha-256=:%:", "SHA-256=x,sha-256=::"] {
            assert_eq!(sha256(wrong), Err(NoDigest), "{wrong}");
        }
    }
}
