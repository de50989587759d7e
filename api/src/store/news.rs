//! What happens in this process, told to those who wait for it without a connection of their own.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::views::Views;

/// Most projects that are remembered to be there, of some tens of bytes each.
const MOST_PROJECTS: usize = 16_384;

/// Tells of commits, of how far the feed reaches, and of the end of the service. Clones tell the same.
#[derive(Clone, Debug)]
pub struct News(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    committed: Notify,
    head: watch::Sender<i64>,
    closing: watch::Sender<bool>,
    callers: AtomicU64,
    projects: Mutex<Projects>,
    views: Views,
}

/// Projects that were there when what callers hang on had been written so often. To delete one is to write that, too.
#[derive(Debug, Default)]
struct Projects {
    callers: u64,
    there: HashSet<Uuid>,
}

impl Default for News {
    fn default() -> Self {
        Self(Arc::new(Inner {
            committed: Notify::new(),
            head: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            callers: AtomicU64::new(0),
            projects: Mutex::default(),
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

    /// Whether a project is known to be there while what callers hang on has been written so often.
    #[must_use]
    pub(super) fn has_project(&self, project: Uuid, callers: u64) -> bool {
        let known = self.0.projects.lock().unwrap_or_else(PoisonError::into_inner);
        known.callers == callers && known.there.contains(&project)
    }

    /// A project was found to be there, committed, while what callers hang on had been written so often.
    pub(super) fn saw_project(&self, project: Uuid, callers: u64) {
        let mut known = self.0.projects.lock().unwrap_or_else(PoisonError::into_inner);
        if known.callers != callers || known.there.len() >= MOST_PROJECTS {
            *known = Projects { callers, there: HashSet::new() };
        }
        known.there.insert(project);
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
