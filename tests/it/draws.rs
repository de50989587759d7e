//! What is drawn by chance is never drawn twice: secrets, identifiers, access tokens.

use std::collections::HashSet;
use std::hash::Hash;

use aws_lc_rs::digest::{SHA256, digest};
use framdrift::access::session;
use framdrift::access::signing::{NAME, SigningKeys, fresh_key};
use framdrift::access::token::Issuer;
use uuid::Uuid;

/// Threads that draw at the same time.
const THREADS: usize = 4;

/// Draws by several at a time: all of them are different.
fn drawn<T: Hash + Eq + Send>(count: usize, draw: impl Fn() -> T + Sync) {
    let some = || (0..count / THREADS).map(|_| draw()).collect::<Vec<T>>();
    let all: HashSet<T> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(some)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it draws")).collect()
    });
    assert_eq!(all.len(), count);
}

/// The parts of 256 bits that secrets, refresh tokens and links have, identifiers of records and of tokens, and access tokens
/// of one session, which are all alike but for what is drawn.
fn each_once(count: usize) {
    drawn(count, || session::random::<32>().expect("random bytes"));
    drawn(count, Uuid::now_v7);
    let keys = SigningKeys::of(&[(NAME.to_owned(), fresh_key().expect("a key"))]).expect("keys");
    let issuer = Issuer::new("https://framdrift.example".to_owned(), keys);
    let (user, session) = (Uuid::now_v7(), Uuid::now_v7());
    drawn(count, || {
        let token = issuer.access_token(user, session, 900).expect("a token is signed");
        let hash: [u8; 32] = digest(&SHA256, token.as_bytes()).as_ref().try_into().expect("32 bytes");
        hash
    });
}

#[test]
fn ten_thousand_draws_are_all_different() {
    each_once(10_000);
}

#[test]
#[ignore = "heavy: tests/run --heavy"]
fn a_million_draws_are_all_different() {
    each_once(1_000_000);
}
