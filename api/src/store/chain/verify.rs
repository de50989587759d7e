//! Works the chain out anew, and names the first entry that is not what was sealed.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{DbErr, Statement};
use uuid::Uuid;

use super::checkpoint::{self, Checkpoint, Signer};
use super::form::{self, GENESIS, Hash, Raw, Salts, link};
use crate::db::{Db, Found};
use crate::problem::{Error, Text};
use crate::store::Store;
use crate::text;

/// Entries that are read at a time.
const PAGE: u64 = 4000;
/// How often the journal is read at most, while people are erased.
const READINGS: usize = 3;

/// What is wrong with a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An entry is not what was sealed.
    Changed,
    /// An entry that was sealed is gone.
    Missing,
    /// A link of the chain is gone or moved.
    Broken,
    /// An entry stands in the journal that was never sealed.
    Inserted,
    /// Values were taken out of an entry without an erasure.
    Emptied,
    /// The chain ends before what was sealed.
    Truncated,
    /// A checkpoint says otherwise than the chain.
    Checkpoint,
    /// A checkpoint is not signed by the key of this service.
    Signature,
}

impl Fault {
    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Changed => "entry_changed",
            Self::Missing => "entry_missing",
            Self::Broken => "chain_broken",
            Self::Inserted => "entry_inserted",
            Self::Emptied => "entry_emptied",
            Self::Truncated => "chain_truncated",
            Self::Checkpoint => "checkpoint_differs",
            Self::Signature => "checkpoint_not_signed",
        }
    }

    /// What it means.
    #[must_use]
    pub fn told(self) -> Text {
        match self {
            Self::Changed => text!(
                "oppføringen er ikke den som ble forseglet: den eller forseglingen er endret",
                "oppføringa er ikkje den som vart forsegla: ho eller forseglinga er endra",
                "the entry is not the one that was sealed: it, or its seal, was changed"
            ),
            Self::Missing => text!(
                "oppføringen ble forseglet, og er borte",
                "oppføringa vart forsegla, og er borte",
                "the entry was sealed, and is gone"
            ),
            Self::Broken => text!(
                "et ledd i kjeden er borte eller flyttet",
                "eit ledd i kjeda er borte eller flytta",
                "a link of the chain is gone or moved"
            ),
            Self::Inserted => text!(
                "oppføringen ble aldri forseglet: den er satt inn utenom tjenesten",
                "oppføringa vart aldri forsegla: ho er sett inn utanom tenesta",
                "the entry was never sealed: it was put in past the service"
            ),
            Self::Emptied => text!(
                "verdier er tatt ut av oppføringen uten at en sletting er ført",
                "verdiar er tekne ut av oppføringa utan at ei sletting er ført",
                "values were taken out of the entry, and no erasure is recorded"
            ),
            Self::Truncated => text!(
                "kjeden slutter før det som var forseglet: slutten er kuttet av",
                "kjeda sluttar før det som var forsegla: slutten er kutta av",
                "the chain ends before what was sealed: its end was cut off"
            ),
            Self::Checkpoint => text!(
                "kontrollpunktet sier noe annet enn kjeden: noe før det er endret",
                "kontrollpunktet seier noko anna enn kjeda: noko før det er endra",
                "the checkpoint says otherwise than the chain: something before it was changed"
            ),
            Self::Signature => text!(
                "kontrollpunktet er ikke signert med nøkkelen til denne tjenesten",
                "kontrollpunktet er ikkje signert med nøkkelen til denne tenesta",
                "the checkpoint is not signed with the key of this service"
            ),
        }
    }
}

/// The first place where a journal is not what was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// What is wrong.
    pub fault: Fault,
    /// The place in the chain, where it has one.
    pub position: Option<i64>,
    /// The number of the entry in the journal, where it has one.
    pub sequence: Option<i64>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Entries that are what was sealed, from the first on.
    pub entries: i64,
    /// The hash of the last of them.
    pub hash: Hash,
    /// The number of the last of them.
    pub sequence: Option<i64>,
    /// Entries that wait to be sealed.
    pub waiting: i64,
    /// Checkpoints that were held against the chain.
    pub checkpoints: usize,
    /// The first break, if there is one.
    pub broken: Option<Break>,
}

/// Says how many entries are done, and of how many.
pub type Progress<'a> = &'a (dyn Fn(i64, i64) + Sync);

/// Verifies the whole journal, and holds these checkpoints against it beside those that it has. What an erasure takes out while
/// it is read is no break: it is read again.
///
/// # Errors
/// When the database fails.
pub async fn verify(
    store: &Store,
    signer: &Signer,
    kept: &[Checkpoint],
    progress: Progress<'_>,
) -> Result<Verified, Error> {
    for _ in 1..READINGS {
        let erased = super::standing(&store.read).await?.erased;
        let verified = walked(store, signer, kept, progress).await?;
        if verified.broken.is_none() || super::standing(&store.read).await?.erased == erased {
            return Ok(verified);
        }
    }
    walked(store, signer, kept, progress).await
}

async fn walked(
    store: &Store,
    signer: &Signer,
    kept: &[Checkpoint],
    progress: Progress<'_>,
) -> Result<Verified, Error> {
    let db = &store.read;
    let before = bounds(db).await?;
    let mut walk = Walk::new(signer, checkpoint::all(db).await?, kept);
    let mut page = links(db, 0).await?;
    while let Some(last) = page.last().map(|link| link.position) {
        let salts = super::salts(db, page[0].position - 1, last).await?;
        // While one page is hashed the next is read.
        let formed = tokio::task::spawn_blocking(move || {
            page.into_iter().map(|link| link.formed(&salts)).collect::<Result<Vec<_>, Error>>()
        });
        let (formed, next) = tokio::join!(formed, links(db, last));
        let formed = formed.map_err(|error| Error::internal("verify a part of the journal", error))??;
        if !formed.iter().all(|link| walk.step(link)) {
            return Ok(walk.done(before.waiting));
        }
        progress(walk.entries, before.last);
        page = next?;
    }
    walk.erased.extend(erased_since(db).await?);
    walk.end(before.last, before.chained);
    if walk.broken.is_none() {
        walk.broken = inserted(db).await?;
    }
    Ok(walk.done(before.waiting))
}

/// The records whose erasure is recorded by an entry that waits to be sealed.
async fn erased_since(db: &impl Db) -> Result<Vec<Uuid>, Error> {
    let sql = "SELECT j.record_id AS id FROM feed f JOIN journal j ON j.sequence = f.sequence \
        WHERE (f.position IS NULL OR f.position > (SELECT position FROM feed_state WHERE name = 'chained')) \
        AND j.event LIKE '%.erased'";
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(found.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

struct Bounds {
    /// The last position of the chain.
    last: i64,
    /// How far of the feed is sealed into it: the same number, since every entry has had a place in the feed.
    chained: i64,
    waiting: i64,
}

async fn bounds(db: &impl Db) -> Result<Bounds, Error> {
    let sql = "SELECT (SELECT MAX(position) FROM journal_chain) AS last, position AS chained, \
        (SELECT COUNT(*) FROM feed WHERE position IS NULL OR position > feed_state.position) AS waiting \
        FROM feed_state WHERE name = 'chained'";
    let found = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let row = found.ok_or_else(|| Error::internal("read where the chain stands", "its row is missing"))?;
    Ok(Bounds {
        last: row.try_get::<Option<i64>>("", "last")?.unwrap_or_default(),
        chained: row.try_get("", "chained")?,
        waiting: row.try_get("", "waiting")?,
    })
}

/// An entry that stands in the journal, is not in the chain, and does not wait for it.
async fn inserted(db: &impl Db) -> Result<Option<Break>, Error> {
    let sql = "SELECT MIN(j.sequence) AS sequence FROM journal j \
        WHERE NOT EXISTS (SELECT 1 FROM journal_chain c WHERE c.sequence = j.sequence) \
        AND NOT EXISTS (SELECT 1 FROM feed f WHERE f.sequence = j.sequence \
          AND (f.position IS NULL OR f.position > (SELECT position FROM feed_state WHERE name = 'chained')))";
    let found = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let sequence: Option<i64> = found.map(|row| row.try_get("", "sequence")).transpose()?.flatten();
    Ok(sequence.map(|sequence| Break { fault: Fault::Inserted, position: None, sequence: Some(sequence) }))
}

/// A link of the chain with the entry that it seals.
pub(super) struct Link {
    pub(super) position: i64,
    sequence: i64,
    hash: Vec<u8>,
    entry: Option<Raw>,
}

/// The same, ready to be hashed.
pub(super) struct FormedLink {
    pub(super) position: i64,
    sequence: i64,
    pub(super) hash: Vec<u8>,
    pub(super) entry: Option<form::Formed>,
}

impl Link {
    pub(super) fn formed(self, salts: &std::collections::BTreeMap<i64, Salts>) -> Result<FormedLink, Error> {
        let Self { position, sequence, hash, entry } = self;
        // A version that cannot be read is one that the service never wrote.
        let entry = entry.map(|entry| {
            entry.formed(salts.get(&sequence)).unwrap_or(form::Formed { bytes: Vec::new(), lost: None, erases: None })
        });
        Ok(FormedLink { position, sequence, hash, entry })
    }
}

/// The links after a position with their entries.
pub(super) async fn links(db: &impl Db, after: i64) -> Result<Vec<Link>, DbErr> {
    let mut query = form::select();
    query
        .column(("journal_chain", "position"))
        .column(("journal_chain", "hash"))
        .expr_as(Expr::col(("journal_chain", "sequence")), "sealed")
        .from("journal_chain")
        .left_join("journal", Expr::col(("journal", "sequence")).equals(("journal_chain", "sequence")))
        .and_where(Expr::col(("journal_chain", "position")).gt(after))
        .order_by(("journal_chain", "position"), Order::Asc)
        .limit(PAGE);
    let read = |found: &Found| {
        Ok(Link {
            position: found.try_get("", "position")?,
            sequence: found.try_get("", "sealed")?,
            hash: found.try_get("", "hash")?,
            entry: form::read(found)?,
        })
    };
    db.query_all(&query).await?.iter().map(read).collect()
}

/// The walk along the chain.
struct Walk {
    entries: i64,
    hash: Hash,
    sequence: Option<i64>,
    /// Checkpoints that lie ahead, the nearest last.
    ahead: Vec<Checkpoint>,
    checkpoints: usize,
    /// Records that lost something, with the entry; and those whose erasure is recorded.
    lost: Vec<(Uuid, i64, i64)>,
    erased: BTreeSet<Uuid>,
    broken: Option<Break>,
}

impl Walk {
    fn new(signer: &Signer, own: Vec<Checkpoint>, kept: &[Checkpoint]) -> Self {
        let mut ahead: Vec<Checkpoint> = own.into_iter().chain(kept.iter().cloned()).collect();
        ahead.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.position));
        let forged = ahead.iter().rev().find(|checkpoint| !signer.signed(checkpoint));
        let broken = forged.map(|checkpoint| Break {
            fault: Fault::Signature,
            position: Some(checkpoint.position),
            sequence: Some(checkpoint.sequence),
        });
        // What nobody signed is held against nothing.
        ahead.retain(|checkpoint| signer.signed(checkpoint));
        Self {
            entries: 0,
            hash: GENESIS,
            sequence: None,
            ahead,
            checkpoints: 0,
            lost: Vec::new(),
            erased: BTreeSet::new(),
            broken,
        }
    }

    /// Goes one link on; false when it does not hold.
    fn step(&mut self, link: &FormedLink) -> bool {
        let here = |fault, sequence| Some(Break { fault, position: Some(link.position), sequence });
        if link.position != self.entries + 1 {
            let sequence = Some(link.sequence);
            self.broken = Some(Break { fault: Fault::Broken, position: Some(self.entries + 1), sequence });
            return false;
        }
        let Some(entry) = &link.entry else {
            self.broken = here(Fault::Missing, Some(link.sequence));
            return false;
        };
        let hash = self::link(&self.hash, &entry.bytes);
        if hash.as_slice() != link.hash.as_slice() {
            self.broken = here(Fault::Changed, Some(link.sequence));
            return false;
        }
        if let Some(record) = entry.lost {
            self.lost.push((record, link.position, link.sequence));
        }
        self.erased.extend(entry.erases);
        (self.entries, self.hash, self.sequence) = (link.position, hash, Some(link.sequence));
        while let Some(checkpoint) = self.ahead.pop_if(|checkpoint| checkpoint.position == link.position) {
            self.checkpoints += 1;
            if checkpoint.hash != form::hex(&hash) || checkpoint.sequence != link.sequence {
                self.broken = here(Fault::Checkpoint, Some(link.sequence));
                return false;
            }
        }
        true
    }

    /// What shows only at the end.
    fn end(&mut self, last: i64, chained: i64) {
        if self.broken.is_some() {
            return;
        }
        let unbacked = self.lost.iter().find(|(record, _, _)| !self.erased.contains(record));
        if let Some((_, position, sequence)) = unbacked {
            let (position, sequence) = (Some(*position), Some(*sequence));
            self.broken = Some(Break { fault: Fault::Emptied, position, sequence });
        } else if let Some(checkpoint) = self.ahead.pop() {
            let (position, sequence) = (Some(checkpoint.position), Some(checkpoint.sequence));
            self.broken = Some(Break { fault: Fault::Truncated, position, sequence });
        } else if self.entries < Ord::max(last, chained) {
            self.broken = Some(Break { fault: Fault::Truncated, position: Some(self.entries + 1), sequence: None });
        }
    }

    fn done(self, waiting: i64) -> Verified {
        let Self { entries, hash, sequence, checkpoints, broken, .. } = self;
        Verified { entries, hash, sequence, waiting, checkpoints, broken }
    }
}
