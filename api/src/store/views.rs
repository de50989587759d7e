//! Who saw whose contact details. Reads put what they showed into a list in memory, and a task of the process writes it a few
//! times in a second, a row for each answer: no read waits for the writer, and a page of two hundred people is one row. Answers
//! of writes put theirs into the same transaction. What a process had in its list when it was killed (a quarter of a second at
//! most) is lost; one that ends by a signal writes it down.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use serde_json::json;
use uuid::Uuid;

use super::{Store, Write, head};
use crate::access::Actor;
use crate::db::Db;
use crate::problem::Error;

/// Rows in one statement.
const BATCH: usize = 100;
/// How many people are named at most, in all that waits in memory while the database cannot be written: some 12 MB.
const MOST: usize = 250_000;
/// Longest text of what was asked for, in characters.
const LONGEST: usize = 400;

/// An answer that held contact details.
#[derive(Clone, Debug)]
pub struct View {
    id: Uuid,
    at: DateTime<Utc>,
    actor: Actor,
    operation: String,
    people: BTreeSet<Uuid>,
}

impl View {
    /// Somebody asked for something now, and these people's contact details were in the answer.
    #[must_use]
    pub fn now(actor: Actor, operation: &str, people: BTreeSet<Uuid>) -> Self {
        let operation = operation.chars().take(LONGEST).collect();
        Self { id: Uuid::now_v7(), at: Utc::now().trunc_subsecs(3), actor, operation, people }
    }
}

/// What waits to be written. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Views {
    waiting: Arc<Mutex<Waiting>>,
    /// Whose turn it is to write.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What waits, and how many people it names.
#[derive(Debug, Default)]
struct Waiting {
    views: Vec<View>,
    people: usize,
}

impl Waiting {
    /// Puts an answer behind the others, if there is room.
    fn add(&mut self, view: View) {
        if self.people + view.people.len() > MOST {
            tracing::error!("Access to personal data goes unrecorded: the log cannot be written");
            return;
        }
        self.people += view.people.len();
        self.views.push(view);
    }
}

impl Views {
    /// Takes note of an answer; one that held nobody's is none.
    pub fn saw(&self, view: View) {
        if view.people.is_empty() {
            return;
        }
        if let Ok(mut waiting) = self.waiting.lock() {
            waiting.add(view);
        }
    }

    fn take(&self) -> Taken {
        let waiting = self.waiting.lock().map(|mut waiting| std::mem::take(&mut *waiting)).unwrap_or_default();
        Taken { views: waiting.views, of: self.clone() }
    }
}

/// What is being written. What is not written goes back, whether writing fails or is broken off.
struct Taken {
    views: Vec<View>,
    of: Views,
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Ok(mut waiting) = self.of.waiting.lock() {
            let since = std::mem::take(&mut *waiting);
            for view in std::mem::take(&mut self.views).into_iter().chain(since.views) {
                waiting.add(view);
            }
        }
    }
}

/// Writes what waits; what somebody else is writing is written when this returns, too.
///
/// # Errors
/// When the database fails; then it goes on waiting.
pub async fn flush(store: &Store) -> Result<(), Error> {
    let views = store.news.views();
    let _turn = views.turn.lock().await;
    let mut taken = views.take();
    if taken.views.is_empty() {
        return Ok(());
    }
    let tx = store.begin().await?;
    for some in taken.views.chunks(BATCH) {
        insert(&tx, some).await?;
    }
    tx.commit().await?;
    taken.views.clear();
    Ok(())
}

impl Write {
    /// Takes note of an answer of this write, to be committed with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shows(&self, operation: &str, people: BTreeSet<Uuid>) -> Result<(), Error> {
        if people.is_empty() {
            return Ok(());
        }
        Ok(insert(self.tx(), &[View::now(self.actor().clone(), operation, people)]).await?)
    }
}

/// What was written already, by a turn that was broken off after its commit, stays as it is.
async fn insert(db: &impl Db, views: &[View]) -> Result<(), DbErr> {
    let mut insert = Query::insert();
    let columns = head::COLUMNS.into_iter().chain(["search_text", "actor_kind", "operation", "person_ids"]);
    insert.into_table("person_views").columns(columns);
    for view in views {
        insert.values_panic(head::values(view.id, view.at, view.actor.id).into_iter().chain([
            Expr::val(view.operation.to_lowercase()),
            Expr::val(view.actor.kind),
            Expr::val(view.operation.as_str()),
            Expr::val(json!(view.people)),
        ]));
    }
    insert.on_conflict(OnConflict::column("id").do_nothing().to_owned());
    db.execute(&insert).await?;
    Ok(())
}
