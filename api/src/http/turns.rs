//! Turns: what takes much memory or time is worked on a few at a time. A report takes as many turns as its project is large, once that is
//! known; the first one takes a turn to find out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpMessage;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::Call;
use super::gate::busy;
use crate::problem::Error;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// Records of a project for which a report takes a turn: they, and what is made of them, are up to twenty megabytes in memory.
const RECORDS: usize = 1000;
/// Most projects whose sizes are remembered.
const PROJECTS: usize = 10_000;

/// The turns of this process.
#[derive(Debug)]
pub struct Turns {
    free: Arc<Semaphore>,
    all: u32,
    /// How many a report takes, by the project.
    sizes: Mutex<HashMap<Uuid, u32>>,
}

/// What a request has of them; it is over when this is dropped.
#[derive(Debug)]
pub struct Turn {
    held: u32,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    /// So many.
    #[must_use]
    pub fn of(all: usize) -> Self {
        let most = u32::try_from(all).unwrap_or(u32::MAX);
        Self { free: Arc::new(Semaphore::new(all)), all: most, sizes: Mutex::default() }
    }

    fn known(&self, project: Uuid) -> Option<u32> {
        self.sizes.lock().unwrap_or_else(PoisonError::into_inner).get(&project).copied()
    }

    /// Remembers how large a project is; how many turns its reports take.
    fn note(&self, project: Uuid, records: usize) -> u32 {
        let size = u32::try_from(records / RECORDS).unwrap_or(u32::MAX).min(self.all);
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        if sizes.len() >= PROJECTS {
            sizes.clear();
        }
        sizes.insert(project, size);
        size
    }
}

impl Turn {
    /// One that takes nobody's place.
    #[cfg(test)]
    pub(super) const fn none() -> Self {
        Self { held: 0, _permit: None }
    }
}

impl Call {
    /// Waits for so many turns, or for all that there are, unless the request has them. They end with the request.
    ///
    /// # Errors
    /// 503 when too many are worked on.
    pub async fn turns(&self, wanted: u32) -> Result<(), Error> {
        let turns = &self.shared.gate.turns;
        let wanted = wanted.min(turns.all);
        if self.held() >= wanted {
            return Ok(());
        }
        // Who keeps one and waits for more may wait for another who does the same.
        drop(self.request.extensions_mut().remove::<Turn>());
        let given = tokio::time::timeout(PATIENCE, Arc::clone(&turns.free).acquire_many_owned(wanted)).await;
        let given = given.ok().and_then(Result::ok).ok_or_else(busy)?;
        self.request.extensions_mut().insert(Turn { held: wanted, _permit: Some(given) });
        Ok(())
    }

    /// Waits for the turns that a report on a project takes; for one where that is not known.
    ///
    /// # Errors
    /// 503 when too many are worked on.
    pub async fn turns_of(&self, project: Uuid) -> Result<(), Error> {
        self.turns(self.shared.gate.turns.known(project).unwrap_or(1)).await
    }

    /// The turns that a report takes on a project of so many records, where the request does not have them.
    #[must_use]
    pub fn lacks(&self, project: Uuid, records: usize) -> Option<u32> {
        let wanted = self.shared.gate.turns.note(project, records);
        (wanted > self.held()).then_some(wanted)
    }

    fn held(&self) -> u32 {
        self.request.extensions().get::<Turn>().map_or(0, |turn| turn.held)
    }
}
