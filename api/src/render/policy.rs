//! What a browser lets a page or a picture of ours load and run: its own style, known by its hash, and nothing else.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The `Content-Security-Policy` of a page whose one `style` element has this text.
#[must_use]
pub fn of(style: &str) -> String {
    let hash = STANDARD.encode(digest(&SHA256, style.as_bytes()).as_ref());
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}
