//! How often callers come, counted in windows of a minute.
//!
//! A window begins with a caller's first request and ends a minute later, for each caller at a time of its own. What
//! libraries offer (a leaky bucket, as `governor` does) cannot give a request back, and an answer 304 is to be free.
//!
//! Each process counts for itself: a caller whose requests are spread over n replicas may come n times as often. A count
//! that all share would be a write to the database for every read, and cost more than what it guards.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// The length of a window.
pub const WINDOW: Duration = Duration::from_secs(60);
/// Most callers that are told apart; together they take about 10 MB.
const MOST: usize = 100_000;

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A caller by its kind and identifier.
    Caller(&'static str, Uuid),
    /// Those who are not known, by the network that they come from.
    Network(IpAddr),
    /// All that come when there are more than can be told apart.
    Others,
}

/// How a caller stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the request is one of those that the caller has.
    pub allowed: bool,
    /// How many are left.
    pub left: u32,
    /// Seconds until the window ends, rounded up.
    pub reset: u64,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    used: u32,
}

/// The windows of all callers under one policy.
#[derive(Debug)]
pub struct Windows {
    most: u32,
    of: Mutex<HashMap<Key, Window>>,
}

impl Windows {
    /// Windows in which each caller has this many requests.
    #[must_use]
    pub fn of(most: u32) -> Self {
        Self { most, of: Mutex::default() }
    }

    /// How many requests a caller has in a window.
    #[must_use]
    pub const fn most(&self) -> u32 {
        self.most
    }

    /// Counts a request. One that is refused counts for nothing.
    #[must_use]
    pub fn take(&self, key: Key, now: Instant) -> Standing {
        self.with(key, now, |window, most| {
            let allowed = window.used < most;
            window.used += u32::from(allowed);
            allowed
        })
    }

    /// Gives a request back that was counted.
    #[must_use]
    pub fn give_back(&self, key: Key, now: Instant) -> Standing {
        self.with(key, now, |window, _| {
            window.used = window.used.saturating_sub(1);
            true
        })
    }

    /// Whether the caller has a request left.
    #[must_use]
    pub fn look(&self, key: Key, now: Instant) -> Standing {
        self.with(key, now, |window, most| window.used < most)
    }

    fn with(&self, key: Key, now: Instant, change: impl FnOnce(&mut Window, u32) -> bool) -> Standing {
        let mut windows = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |window: &Window| now.saturating_duration_since(window.began) >= WINDOW;
        let mut key = key;
        if windows.len() >= MOST && !windows.contains_key(&key) {
            windows.retain(|_, window| !is_over(window));
            if windows.len() >= MOST {
                key = Key::Others;
            }
        }
        let window = windows.entry(key).or_insert(Window { began: now, used: 0 });
        if is_over(window) {
            *window = Window { began: now, used: 0 };
        }
        let allowed = change(window, self.most);
        let rest = WINDOW.saturating_sub(now.saturating_duration_since(window.began));
        Standing { allowed, left: self.most.saturating_sub(window.used), reset: rest.as_millis().div_ceil(1000) as u64 }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    use uuid::Uuid;

    use super::{Key, MOST, WINDOW, Windows};

    const ONE: Key = Key::Caller("user", Uuid::from_u128(1));
    const OTHER: Key = Key::Caller("client", Uuid::from_u128(1));

    #[test]
    fn a_caller_has_so_many_requests_in_a_window_and_then_anew() {
        let (windows, began) = (Windows::of(3), Instant::now());
        for left in [2, 1, 0] {
            let standing = windows.take(ONE, began);
            assert_eq!((standing.allowed, standing.left, standing.reset), (true, left, 60));
        }
        let later = began + Duration::from_millis(17_500);
        assert_eq!((windows.take(ONE, later).allowed, windows.take(ONE, later).reset), (false, 43));
        assert!(windows.take(OTHER, later).allowed, "another caller has its own");
        assert!(!windows.take(ONE, began + WINDOW - Duration::from_millis(1)).allowed);
        assert_eq!(windows.take(ONE, began + WINDOW).left, 2);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let (windows, now) = (Windows::of(1), Instant::now());
        for _ in 0..5 {
            assert!(windows.take(ONE, now).allowed);
            assert_eq!(windows.give_back(ONE, now).left, 1);
        }
        assert_eq!(windows.give_back(ONE, now).left, 1, "never more than there are");
        assert!(windows.take(ONE, now).allowed && !windows.take(ONE, now).allowed);
    }

    #[test]
    fn more_callers_than_can_be_told_apart_share_one_window_until_others_are_over() {
        let (windows, now) = (Windows::of(1), Instant::now());
        let key = |n: usize| Key::Network(IpAddr::from((n as u128).to_be_bytes()));
        for n in 0..MOST {
            assert!(windows.take(key(n), now).allowed);
        }
        assert!(windows.take(key(MOST), now).allowed && !windows.take(key(MOST + 1), now).allowed);
        assert!(windows.take(key(MOST + 1), now + WINDOW).allowed, "the memory is bounded, not the service");
    }
}
