//! The chain of hashes over the journal: each entry's hash is SHA-256 over the hash before it and the entry's own
//! canonical JSON (RFC 8785), so that whatever is changed, taken out, put in or moved shows.
//!
//! Entries are sealed in the order of the change feed, which is that of their commits and skips none. No writer waits
//! for it: sealing reads and hashes outside every transaction, and then adds its rows in a short one that holds the row
//! `chained`. Of several replicas one gets there first; the others find that the chain has gone on and begin anew. If a
//! process dies, whoever seals next goes on where the last rows are.
//!
//! The fields of a person are hashed as digests with a random salt for each field of each entry. An erasure replaces the
//! value by what is kept of it (the digest) and deletes the salt: the chain stays what it was, and nobody can try values
//! against the digest. It holds `chained` too and counts in `erased`, so that no entry is sealed as it stood before.

mod canonical;
pub mod checkpoint;
pub mod export;
pub mod form;
pub mod verify;

use std::collections::BTreeMap;

use aws_lc_rs::rand;
use sea_orm::Statement;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};

use super::Store;
use super::feed::{held, move_to, stands_at};
use super::write::batches;
use crate::db::Db;
use crate::problem::Error;
use crate::store::Tx;
use form::{GENESIS, Hash, Raw, Salts, link};

/// Most entries that are sealed in one transaction.
const BATCH: u64 = 500;
/// How often sealing begins anew because another was faster, before it leaves the rest for its next turn.
const TRIES: usize = 8;

/// Where the chain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    /// How far of the feed is sealed into the chain.
    chained: i64,
    /// How far the feed reaches.
    reaches: i64,
    /// How often something was erased.
    erased: i64,
    /// The last position of the chain.
    position: i64,
    /// Its hash.
    hash: Hash,
}

/// A batch of entries on its way into the chain.
struct Batch {
    links: Vec<(i64, i64, Hash)>,
    salts: Vec<(i64, &'static str, Vec<u8>)>,
    /// How far of the feed is sealed with it.
    chained: i64,
}

/// Seals everything that the feed has and the chain has not.
///
/// # Errors
/// When the database fails; what is not sealed yet is sealed the next time.
pub async fn extend(store: &Store) -> Result<(), Error> {
    let mut overtaken = 0;
    loop {
        let standing = standing(&store.read).await?;
        if standing.chained >= standing.reaches {
            return Ok(());
        }
        let Some(batch) = next(store, &standing).await? else { return Ok(()) };
        let all = batch.chained >= standing.reaches;
        if add(store, &standing, batch).await? {
            if all {
                return Ok(());
            }
        } else {
            overtaken += 1;
            if overtaken == TRIES {
                return Ok(());
            }
        }
    }
}

async fn standing(db: &impl Db) -> Result<Standing, Error> {
    let sql = "SELECT c.position AS chained, r.position AS reaches, e.position AS erased, l.position AS position, l.hash AS hash \
        FROM feed_state c JOIN feed_state r ON r.name = 'sealed' JOIN feed_state e ON e.name = 'erased' \
        LEFT JOIN journal_chain l ON l.position = (SELECT MAX(position) FROM journal_chain) WHERE c.name = 'chained'";
    let found = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let row = found.ok_or_else(|| Error::internal("read where the chain stands", "its row is missing"))?;
    let hash: Option<Vec<u8>> = row.try_get("", "hash")?;
    Ok(Standing {
        chained: row.try_get("", "chained")?,
        reaches: row.try_get("", "reaches")?,
        erased: row.try_get("", "erased")?,
        position: row.try_get::<Option<i64>>("", "position")?.unwrap_or_default(),
        hash: hash.and_then(|hash| hash.try_into().ok()).unwrap_or(GENESIS),
    })
}

/// The next entries with their hashes; `None` when there are none.
async fn next(store: &Store, standing: &Standing) -> Result<Option<Batch>, Error> {
    let (entries, chained) = unchained(&store.read, standing).await?;
    if entries.is_empty() {
        return Ok(None);
    }
    let (mut links, mut kept, mut hash) = (Vec::with_capacity(entries.len()), Vec::new(), standing.hash);
    for (entry, position) in entries.iter().zip(standing.position + 1..) {
        let salts = salted(entry)?;
        hash = link(&hash, &entry.formed(Some(&salts))?.bytes);
        links.push((position, entry.sequence, hash));
        kept.extend(entry.personal().filter_map(|field| Some((entry.sequence, field, salts.get(field)?.clone()))));
    }
    Ok(Some(Batch { links, salts: kept, chained }))
}

fn salted(entry: &Raw) -> Result<Salts, Error> {
    let fresh = |field: &str| {
        let mut salt = [0_u8; 32];
        rand::fill(&mut salt).map_err(|error| Error::internal("draw random bytes", error))?;
        Ok((field.to_owned(), salt.to_vec()))
    };
    entry.personal().map(fresh).collect()
}

/// Entries that wait for their place in the chain, in their order, and how far of the feed they reach. Those that the
/// feed no longer had when there came to be a chain are the oldest of all.
async fn unchained(db: &impl Db, standing: &Standing) -> Result<(Vec<Raw>, i64), Error> {
    if standing.chained == 0 {
        let mut old = form::select();
        let in_feed = Query::select().expr(Expr::val(1)).from("feed").and_where(same("feed")).take();
        let in_chain = Query::select().expr(Expr::val(1)).from("journal_chain").and_where(same("journal_chain")).take();
        old.from("journal")
            .and_where(Expr::exists(in_feed).not())
            .and_where(Expr::exists(in_chain).not())
            .order_by(("journal", "sequence"), Order::Asc)
            .limit(BATCH);
        let found = db.query_all(&old).await?;
        let entries: Vec<Raw> =
            found.iter().map(form::read).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        if !entries.is_empty() {
            return Ok((entries, 0));
        }
    }
    let mut query = form::select();
    query
        .column(("feed", "position"))
        .from("feed")
        .inner_join("journal", same("feed"))
        .and_where(Expr::col(("feed", "position")).gt(standing.chained))
        .and_where(Expr::col(("feed", "position")).lte(standing.reaches))
        .order_by(("feed", "position"), Order::Asc)
        .limit(BATCH);
    let found = db.query_all(&query).await?;
    let last = found.last().map(|row| row.try_get("", "position")).transpose()?;
    let entries = found.iter().map(form::read).collect::<Result<Vec<_>, _>>()?;
    Ok((entries.into_iter().flatten().collect(), last.unwrap_or(standing.reaches)))
}

fn same(table: &'static str) -> Expr {
    Expr::col((table, "sequence")).equals(("journal", "sequence"))
}

/// Adds a batch if the chain still stands where it stood, and nothing was erased meanwhile.
async fn add(store: &Store, standing: &Standing, batch: Batch) -> Result<bool, Error> {
    let tx = store.begin().await?;
    if held(&tx, "chained").await? != standing.chained || stands_at(&tx, "erased").await? != standing.erased {
        return Ok(false);
    }
    insert(&tx, &batch).await?;
    move_to(&tx, "chained", Ord::max(batch.chained, standing.chained)).await?;
    tx.commit().await?;
    Ok(true)
}

async fn insert(tx: &Tx, batch: &Batch) -> Result<(), Error> {
    let link = |(position, sequence, hash): &(i64, i64, Hash)| {
        [Expr::val(*position), Expr::val(*sequence), Expr::val(hash.to_vec())]
    };
    insert_into(tx, "journal_chain", ["position", "sequence", "hash"], &batch.links, link).await?;
    let salt = |(sequence, field, salt): &(i64, &'static str, Vec<u8>)| {
        [Expr::val(*sequence), Expr::val(*field), Expr::val(salt.clone())]
    };
    insert_into(tx, "journal_salts", ["sequence", "field", "salt"], &batch.salts, salt).await
}

/// Adds rows to a table, many in a statement.
async fn insert_into<T>(
    tx: &Tx,
    table: &'static str,
    columns: [&'static str; 3],
    rows: &[T],
    values: impl Fn(&T) -> [Expr; 3],
) -> Result<(), Error> {
    for some in batches(rows) {
        let mut insert = Query::insert();
        insert.into_table(table).columns(columns);
        for row in some {
            insert.values_panic(values(row));
        }
        tx.later(tx.get_database_backend().build(&insert), None).await?;
    }
    Ok(())
}

/// The salts of the entries at some positions of the chain.
async fn salts(db: &impl Db, after: i64, to: i64) -> Result<BTreeMap<i64, Salts>, Error> {
    let sql = "SELECT s.sequence AS sequence, s.field AS field, s.salt AS salt FROM journal_chain c \
        JOIN journal_salts s ON s.sequence = c.sequence WHERE c.position > $1 AND c.position <= $2";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [after.into(), to.into()]);
    let mut all: BTreeMap<i64, Salts> = BTreeMap::new();
    for row in db.query_all_raw(statement).await? {
        let (sequence, field) = (row.try_get("", "sequence")?, row.try_get("", "field")?);
        all.entry(sequence).or_default().insert(field, row.try_get("", "salt")?);
    }
    Ok(all)
}
