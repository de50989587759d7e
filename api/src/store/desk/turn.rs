//! Whose turn it is at the desk.
//!
//! Between workers it goes in the order in which they asked. Within one it is passed on: whoever is done hands it to the next who waits
//! in the same thread, which costs nothing, where waking another thread takes longer than most units do. So that nobody else waits
//! for ever, it is passed on so often and so long, and no more. Whoever goes away at the head of a line that has no turn yet takes the
//! line's place with it; the next one asks anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::state::State;

/// How often a turn is passed on.
const MOST: u32 = 15;
/// The same in time, after it came.
const LONG: Duration = Duration::from_millis(10);

/// Those of one worker who wait for their turn.
#[derive(Debug)]
pub(super) struct Line {
    /// Locked by whoever is at its head; it holds what was left for that one.
    head: Arc<Mutex<Option<Passed>>>,
    waiting: AtomicUsize,
    /// How long after it came a turn is no longer passed on.
    long: Duration,
}

/// A turn, and how often it was passed on.
#[derive(Debug)]
struct Passed {
    state: OwnedMutexGuard<State>,
    times: u32,
    since: Instant,
}

/// A turn at the desk. Dropped, it is somebody else's.
pub(super) struct Turn {
    /// With what is passed on in it, as long as it is this one's.
    head: OwnedMutexGuard<Option<Passed>>,
    after: After,
}

/// Looks once more when the head of the line is free: whoever waited may have gone away in just that moment.
struct After(Arc<Line>);

/// Somebody who waits in a line, or has gone away.
struct Waiting<'a>(&'a Line);

impl Default for Line {
    fn default() -> Self {
        Self::of(LONG)
    }
}

impl Line {
    /// A line in which turns are passed on for so long.
    pub(super) fn of(long: Duration) -> Self {
        Self { head: Arc::default(), waiting: AtomicUsize::new(0), long }
    }

    /// Waits for a turn.
    pub(super) async fn turn(self: &Arc<Self>, state: &Arc<Mutex<State>>) -> Turn {
        let mut head = {
            let _waiting = Waiting::in_line(self);
            Arc::clone(&self.head).lock_owned().await
        };
        if head.is_none() {
            *head = Some(Passed { state: Arc::clone(state).lock_owned().await, times: 0, since: Instant::now() });
        }
        Turn { head, after: After(Arc::clone(self)) }
    }

    /// What was left for somebody who went away is let go.
    fn let_go(&self) {
        if self.waiting.load(Ordering::SeqCst) == 0
            && let Ok(mut head) = self.head.try_lock()
        {
            head.take();
        }
    }
}

impl<'a> Waiting<'a> {
    fn in_line(line: &'a Line) -> Self {
        line.waiting.fetch_add(1, Ordering::SeqCst);
        Self(line)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.let_go();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let line = &self.after.0;
        let waited_for = line.waiting.load(Ordering::SeqCst) > 0;
        match self.head.as_mut() {
            Some(passed) if waited_for && passed.times < MOST && passed.since.elapsed() < line.long => {
                passed.times += 1
            }
            _ => *self.head = None,
        }
    }
}

impl Drop for After {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

impl Turn {
    /// The desk.
    pub(super) fn state(&mut self) -> Option<&mut State> {
        self.head.as_mut().map(|passed| &mut *passed.state)
    }
}
