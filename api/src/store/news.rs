//! What happens in this process, told to those who wait for it without a connection of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::views::Views;

/// Tells of commits, of how far the feed reaches, and of the end of the service. Clones tell the same.
#[derive(Clone, Debug)]
pub struct News(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    committed: Notify,
    head: watch::Sender<i64>,
    closing: watch::Sender<bool>,
    callers: AtomicU64,
    views: Views,
}

impl Default for News {
    fn default() -> Self {
        Self(Arc::new(Inner {
            committed: Notify::new(),
            head: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            callers: AtomicU64::new(0),
            views: Views::default(),
        }))
    }
}

impl News {
    /// A transaction of this process has committed.
    pub(super) fn commit(&self) {
        self.0.committed.notify_one();
    }

    /// A transaction of this process has written what callers hang on.
    pub(super) fn callers_changed(&self) {
        self.0.callers.fetch_add(1, Ordering::SeqCst);
    }

    /// How often this process has written what callers hang on.
    #[must_use]
    pub fn callers(&self) -> u64 {
        self.0.callers.load(Ordering::SeqCst)
    }

    /// Waits for a commit of this process; others may have committed when the time is out.
    pub async fn committed(&self, most: Duration) {
        let _ = tokio::time::timeout(most, self.0.committed.notified()).await;
    }

    /// The feed reaches to this position.
    pub(super) fn reaches(&self, position: i64) {
        self.0.head.send_if_modified(|head| {
            let further = position > *head;
            *head = position.max(*head);
            further
        });
    }

    /// How far the feed reaches, as it goes on.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<i64> {
        self.0.head.subscribe()
    }

    /// Who has seen whose contact details, until it is written down.
    #[must_use]
    pub fn views(&self) -> &Views {
        &self.0.views
    }

    /// The service ends: who waits answers what there is.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Whether the service ends.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        *self.0.closing.borrow()
    }

    /// Returns when the service ends.
    pub async fn closed(&self) {
        let mut closing = self.0.closing.subscribe();
        // The sender lives as long as this.
        let _ = closing.wait_for(|closing| *closing).await;
    }
}
