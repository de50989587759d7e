//! Erasures once more: on a backup that was restored, before it is served.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Erased, Extent, erase};
use crate::access::Caller;
use crate::problem::{Error, codes};
use crate::store::{Erasure, Store, Writer, erasures, read_erasures};

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// People whose data was still here.
    pub erased: usize,
    /// Erasures that this database knows of.
    pub known: usize,
    /// People that this database never had.
    pub absent: usize,
}

/// Brings a database and the file of its erasures in line, both ways: what the file tells of and the database has not
/// forgotten is erased, and what the database tells of stands in the file.
///
/// # Errors
/// When the file cannot be read or written, or the database fails; what was erased before that stays so.
pub async fn reconcile(store: &Store, file: &Path) -> Result<Applied, Error> {
    let applied = apply(store, &read_erasures(file)?).await?;
    store.keep_erasures(file.to_owned()).await?;
    Ok(applied)
}

/// Erases what these tell of and this database does not know of. A name that the law wants kept stays: the law has not changed.
///
/// # Errors
/// When the database fails; what was erased before that stays so.
pub async fn apply(store: &Store, lines: &[Erasure]) -> Result<Applied, Error> {
    let mut known: BTreeSet<_> = erasures(&store.read).await?.into_iter().map(|line| line.id).collect();
    let mut applied = Applied::default();
    for line in lines {
        if known.contains(&line.id) {
            applied.known += 1;
        } else if once_more(store, line).await?.is_some() {
            // Two logs may tell of the same.
            known.insert(line.id);
            applied.erased += 1;
        } else {
            applied.absent += 1;
        }
    }
    if applied.erased > 0 {
        store.scrub().await?;
    }
    Ok(applied)
}

/// Does one of them; `None` where nobody is known by that identifier.
async fn once_more(store: &Store, line: &Erasure) -> Result<Option<Erased>, Error> {
    let caller = Caller::operator();
    let write = store.write(Writer { reason: Some(line.reason.clone()), ..Writer::of(&caller) }).await?;
    match erase(&write, line.person_id, Extent::Permitted, &line.reason, Some(line)).await {
        Ok(erased) => {
            write.commit().await?;
            Ok(Some(erased))
        }
        Err(Error::Problem(problem)) if *problem.code == codes::NOT_FOUND => Ok(None),
        Err(error) => Err(error),
    }
}
