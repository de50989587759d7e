//! Callers that were found lately, so that a token that comes again costs neither a signature nor a query.
//!
//! What a caller is hangs on its session or its secret, on assignments, affiliations and parties. Each write to one of
//! these is counted, in its own transaction, and what was found before it no longer holds: a caller's rights change with
//! the answer to the write that changes them, on every replica.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, NaiveDate, Utc};

use super::Caller;

/// Most callers that are remembered, of a few hundred bytes each.
const MOST: usize = 4096;
/// How long a person is believed to be what it was, if nothing is written.
const PERSON: Duration = Duration::from_secs(60);
/// The same for a machine, whose secret may end by itself while it is exchanged.
const MACHINE: Duration = Duration::from_millis(500);

/// The callers of tokens that were good.
#[derive(Debug, Default)]
pub struct Recent(Mutex<HashMap<Fingerprint, Found>>);

/// What a token is known by where it is remembered: never the token itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }
}

#[derive(Debug)]
struct Found {
    caller: Caller,
    /// The count of writes before it was looked for.
    count: u64,
    at: Instant,
    most: Duration,
    day: NaiveDate,
    /// When the token ends.
    ends: i64,
}

impl Recent {
    /// The caller of a token, if it was found lately and nothing has been written since that could make it another.
    #[must_use]
    pub fn get(&self, token: Fingerprint, count: u64, now: DateTime<Utc>) -> Option<Caller> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&token)?;
        let holds = found.count == count
            && found.at.elapsed() < found.most
            && found.day == now.date_naive()
            && now.timestamp() < found.ends;
        holds.then(|| found.caller.clone())
    }

    /// The caller of a token as it was found lately, and the count that it is to be held against before anything is told
    /// to it.
    #[must_use]
    pub fn presumed(&self, token: Fingerprint, now: DateTime<Utc>) -> Option<(Caller, u64)> {
        let count = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&token)?.count;
        Some((self.get(token, count, now)?, count))
    }

    /// Forgets all of them: another key signs, or one is gone.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Remembers the caller of a token that ends then. The count is of before it was looked for.
    pub fn put(&self, token: Fingerprint, caller: &Caller, ends: i64, count: u64, now: DateTime<Utc>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        let most = if caller.session.is_some() { PERSON } else { MACHINE };
        let (caller, at, day) = (caller.clone(), Instant::now(), now.date_naive());
        known.insert(token, Found { caller, count, at, most, day, ends });
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::{Fingerprint, Recent};
    use crate::access::Caller;

    #[test]
    fn a_caller_is_known_until_something_is_written_the_token_ends_or_the_day_does() {
        let (recent, now) = (Recent::default(), Utc::now());
        let [token, another] = ["token", "another"].map(Fingerprint::of);
        let ends = (now + TimeDelta::minutes(15)).timestamp();
        recent.put(token, &Caller::operator(), ends, 7, now);
        assert!(recent.get(token, 7, now).is_some());
        assert!(recent.get(another, 7, now).is_none());
        assert!(recent.get(token, 8, now).is_none(), "something was written");
        assert_eq!(recent.presumed(token, now).map(|(_, count)| count), Some(7));
        assert!(recent.presumed(token, now + TimeDelta::days(1)).is_none());
        assert!(recent.get(token, 7, now + TimeDelta::days(1)).is_none(), "another day has other roles");
        recent.put(token, &Caller::operator(), now.timestamp(), 7, now);
        assert!(recent.get(token, 7, now).is_none(), "the token has ended");
    }
}
