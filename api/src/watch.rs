//! Watching over projects: what the plan check finds is raised as a flag, and cleared when it is found no longer.
//!
//! Findings follow from what was written and from the day, so nobody who writes waits for them: a while after each write, and after
//! midnight (UTC), the projects that it may have changed are looked at. Which those are is in the database, so that nothing is
//! forgotten when a process dies; of several replicas one looks at a time. It takes its time: after each look it rests for forty-nine
//! times as long, a fiftieth of one processor at most.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta, Utc};
use entity::flags::{FlagState, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use crate::access::{Caller, Create, Edit};
use crate::db::Db;
use crate::domain::flags::{Said, Turn, flagged, turns};
use crate::domain::plan_check;
use crate::facts::{Row, row};
use crate::problem::Error;
use crate::standard::consequence::{affected, fields};
use crate::standard::whole::typed;
use crate::standard::{Resource, by_path};
use crate::store::flag_checks::{self, Due, Looked};
use crate::store::lease::Lease;
use crate::store::{self, Store, Write, Writer};

/// How long writes come together before they are looked at.
const SETTLES: Duration = Duration::from_secs(1);
/// How often it is looked whether something is due without news of it: that the day has turned, or what another process has left.
const LOOKS: Duration = Duration::from_secs(60);
/// How many times as long as a look the rest after it takes, and how long it takes at most.
const RESTS: (u32, Duration) = (49, Duration::from_secs(15));
/// Projects in one turn: of those that were written, and of those that only a day has passed over.
const TURN: i64 = 16;
/// How long those that only a day has passed over may keep waiting what was written meanwhile.
const KEEPS_WAITING: Duration = Duration::from_secs(2);
/// Most flags of a project that are written in one transaction; what is left comes in the next.
const MOST: usize = 200;
/// Projects that cannot be looked at before all of it waits for its next turn.
const GIVES_UP: usize = 8;
/// How long whoever looks may be silent before another replica goes on.
const LASTS: TimeDelta = TimeDelta::seconds(20);

/// Who watches.
pub struct Watcher {
    store: Store,
    lease: Lease,
}

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// Nothing is left to be looked at; so many projects were.
    Done(usize),
    /// Somebody else is about it.
    Elsewhere,
}

impl Watcher {
    /// Somebody who watches over the projects of a database.
    #[must_use]
    pub fn of(store: Store) -> Self {
        Self { store, lease: Lease::new("flags", LASTS) }
    }

    /// Looks at every project that may have other findings on a day than when it was last looked at; answers how many that were.
    ///
    /// # Errors
    /// When the database fails; what was not looked at is due the next time.
    pub async fn step(&self, today: NaiveDate) -> Result<usize, Error> {
        Ok(match self.round(|| today, None).await? {
            Round::Done(looked) => looked,
            Round::Elsewhere => 0,
        })
    }

    /// Watches for as long as the service lives.
    pub async fn run(self) {
        let mut head = self.store.news.head();
        loop {
            // Before it is looked: what comes meanwhile is news.
            head.borrow_and_update();
            match self.round(|| Utc::now().date_naive(), Some(RESTS)).await {
                Ok(Round::Done(_)) => {}
                // Whoever it is either does it or is silent by then.
                Ok(Round::Elsewhere) => tokio::time::sleep(LASTS.to_std().unwrap_or(LOOKS)).await,
                Err(error) => tracing::warn!(error = error.with_causes(), "Flags wait for their next turn"),
            }
            tokio::select! {
                _ = head.changed() => {}
                () = tokio::time::sleep(LOOKS) => {}
            }
            tokio::time::sleep(SETTLES).await;
        }
    }

    /// Looks at what is due until nothing is, or somebody else is about it.
    async fn round(&self, today: impl Fn() -> NaiveDate, rests: Option<(u32, Duration)>) -> Result<Round, Error> {
        let (mut looked, mut passed) = (0, BTreeSet::new());
        loop {
            let began = Instant::now();
            let Due { mut written, mut aged } = flag_checks::due(&self.store, today(), TURN).await?;
            written.retain(|project| !passed.contains(project));
            aged.retain(|project| !passed.contains(project));
            if written.is_empty() && aged.is_empty() {
                break;
            }
            rest(began, rests).await;
            let turn = Instant::now();
            let first = written.len() + 1;
            for (place, project) in written.into_iter().chain(aged).enumerate() {
                // One of those at least, whatever was written.
                if place >= first && turn.elapsed() > KEEPS_WAITING {
                    break;
                }
                if !self.lease.take(&self.store, Utc::now()).await? {
                    return Ok(Round::Elsewhere);
                }
                let began = Instant::now();
                match self.look(project, today()).await {
                    Ok(true) => looked += 1,
                    Ok(false) => drop(passed.insert(project)),
                    Err(error) => {
                        passed.insert(project);
                        flag_checks::put_off(&self.store, project, Utc::now()).await?;
                        if passed.len() >= GIVES_UP {
                            return Err(error);
                        }
                        let error = error.with_causes();
                        tracing::warn!(%project, error, "The flags of a project wait for their next turn");
                    }
                }
                rest(began, rests).await;
            }
        }
        if looked > 0 {
            self.lease.give_back(&self.store).await?;
        }
        Ok(Round::Done(looked))
    }

    /// Brings the flags of a project in line with what is found in it; false where it is gone, or somebody has seen more of it.
    async fn look(&self, project: Uuid, today: NaiveDate) -> Result<bool, Error> {
        let Some(looked) = Looked::before(&self.store, project, today).await? else { return Ok(false) };
        let picture = typed(project, store::picture(self.store.first(), project).await?)?;
        let found = tokio::task::spawn_blocking(move || plan_check::check(&picture, today)).await;
        let found = found.map_err(|error| Error::internal("check a plan", error))?;
        let write = self.store.write(Writer::service(None)).await?;
        write.leaves_callers();
        if !write.alone_in(project).await? {
            return Ok(false);
        }
        // What has become internal since the plan was read is told to nobody who may not know.
        let said = flagged(&found, &internal(&write, project).await?);
        let resource = by_path("flags")?;
        // Those that were cleared, too.
        let stored = affected(&write, resource.facts, Expr::col("project_id").eq(project)).await?;
        let stored: BTreeMap<Uuid, Row> = stored.into_iter().map(|row| (row.id(), row)).collect();
        let flags: Vec<Model> = stored.values().map(Row::typed).collect::<Result<_, _>>()?;
        let mut turns = turns(&flags, &said);
        let whole = turns.len() <= MOST;
        turns.truncate(MOST);
        if !write.looked_at(project, looked, whole).await? {
            return Ok(false);
        }
        written(&write, resource, project, &turns, &stored).await?;
        write.commit().await?;
        Ok(true)
    }
}

/// The rest after something that began at an instant.
async fn rest(began: Instant, rests: Option<(u32, Duration)>) {
    if let Some((times, most)) = rests {
        tokio::time::sleep((began.elapsed() * times).min(most)).await;
    }
}

/// The milestones of a project that are for those who see all of it.
async fn internal(write: &Write, project: Uuid) -> Result<BTreeSet<Uuid>, Error> {
    let mut hidden = Query::select();
    hidden.column("id").from("milestones");
    hidden.and_where(Expr::col("project_id").eq(project)).and_where(Expr::col("internal").eq(true));
    let found = write.tx().query_all(&hidden).await?;
    Ok(found.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Writes what is to be done, through the one door, each with its own entry.
async fn written(
    write: &Write,
    resource: &'static Resource,
    project: Uuid,
    turns: &[Turn<'_>],
    stored: &BTreeMap<Uuid, Row>,
) -> Result<(), Error> {
    let (facts, now) = (resource.facts, row::instant(write.now()));
    let mut proofs = Vec::new();
    let mut changes = Vec::new();
    for turn in turns {
        let (flag, members) = match turn {
            Turn::Raise(said) => {
                let mut content = told(said);
                content.extend(fields(json!({ "projectId": project, "state": FlagState::Raised, "raisedAt": now })));
                proofs.push(Create::allowed(write.tx(), facts, &Caller::operator(), Row(content)).await?);
                continue;
            }
            Turn::Again(flag, said) => {
                let mut members = told(said);
                members.extend(fields(json!({ "state": FlagState::Raised, "raisedAt": now, "clearedAt": null })));
                (flag, members)
            }
            Turn::Change(flag, said) => (flag, told(said)),
            Turn::Clear(flag) => (flag, fields(json!({ "state": FlagState::Cleared, "clearedAt": now }))),
        };
        if let Some(before) = stored.get(&flag.id) {
            changes.push(write.change(Edit::consequence(facts, before.clone()), &members).await?);
        }
    }
    changes.extend(write.create_all(proofs).await?);
    let entries: Vec<_> = changes.iter().map(|change| (facts, change, resource.event(change))).collect();
    write.record_all(&entries).await
}

/// What a flag says, as its record has it.
fn told(said: &Said) -> Map<String, Value> {
    fields(json!({
        "rule": said.rule,
        "severity": said.severity,
        "record": said.record,
        "pointer": said.pointer,
        "internal": said.internal,
        "waived": said.waived,
    }))
}
