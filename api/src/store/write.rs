//! The one door for writes: transaction, version, journal and the counters that reports are cached by.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, OnceLock};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, Query};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::counters::{self, CALLERS, DERIVED, DIRECTORY};
use super::failure::refused;
use super::journal::{self, Note};
use super::put::Put;
use super::{News, Store};
use crate::access::{Actor, Area, Caller, Create, Edit, Outbound, Sight};
use crate::db::Db;
use crate::facts::{Change, Facts, Row, row};
use crate::problem::{Error, Problem, codes};
use crate::store::Tx;
use crate::text;

/// Who writes, and why.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The caller as the journal keeps it.
    pub actor: Actor,
    /// `X-Change-Reason`.
    pub reason: Option<String>,
    /// Where the service that is written to may send.
    pub outbound: Outbound,
    /// The `traceparent` of the request that it is, for those who are told of what is written.
    pub trace: Option<String>,
}

impl Writer {
    /// The service by itself, with a reason.
    #[must_use]
    pub const fn service(reason: Option<String>) -> Self {
        Self { actor: Actor::SERVICE, reason, outbound: Outbound::PUBLIC, trace: None }
    }

    /// A writer without a reason.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        Self { actor: caller.actor.clone(), reason: None, outbound: Outbound::PUBLIC, trace: None }
    }
}

/// An open transaction. Dropped without [`Write::commit`], it leaves nothing.
pub struct Write {
    tx: Tx,
    news: News,
    writer: Writer,
    now: DateTime<Utc>,
    /// Counters that this transaction has advanced.
    advanced: Mutex<BTreeSet<Uuid>>,
    /// A secret that was drawn in this transaction.
    drawn: Mutex<Option<String>>,
    /// Whether what was written leaves every caller what it is; not known before a record is written.
    aside: Mutex<Option<bool>>,
    /// How often what callers hang on must have been written, where this holds only for that.
    bound_to: OnceLock<u64>,
    /// Whether a statement was sent that looks.
    looked: AtomicBool,
    /// Entries of the journal so far that tell of what is worked out from others.
    derived: AtomicI64,
    /// The record that was written last, as the database has it; none where it did not say.
    last: Mutex<Option<(&'static str, Row)>>,
}

/// Most rows in one statement; with the widest table well below what either engine binds.
const BATCH: usize = 64;

impl Store {
    /// Opens the door.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write(&self, writer: Writer) -> Result<Write, Error> {
        let tx = self.begin().await?;
        let now = Utc::now().trunc_subsecs(3);
        let (advanced, drawn, aside, bound_to, looked, derived, last) = Default::default();
        Ok(Write { tx, news: self.news.clone(), writer, now, advanced, drawn, aside, bound_to, looked, derived, last })
    }
}

impl Write {
    /// The transaction, for reads that must see what was just written.
    #[must_use]
    pub const fn tx(&self) -> &Tx {
        &self.tx
    }

    /// Binds what is done here to what callers hang on having been written so often, neither less nor more: else it fails, at
    /// the latest with the commit. It is looked at on the way of the first counter that is advanced.
    pub fn holds_while(&self, callers: u64) {
        let _ = self.bound_to.set(callers);
    }

    /// Whether a project is known to be there, and the caller to see it, without asking: by the caller's role in it, or for
    /// administrators because it was seen before. Only in a transaction that is bound to what callers hang on: who deletes a
    /// project writes that, too.
    #[must_use]
    pub fn has_project(&self, caller: &Caller, project: Uuid) -> bool {
        let Some(callers) = self.bound_to.get() else { return false };
        if caller.administrator {
            return self.news.has_project(project, *callers);
        }
        caller.rights(project, Area::Project).sight == Sight::All
    }

    /// A project was found in this transaction, which may have made it, unless it only writes in projects that are there.
    pub fn saw_project(&self, project: Uuid) {
        if let (Some(callers), true) = (self.bound_to.get(), self.stands_aside()) {
            self.news.saw_project(project, *callers);
        }
    }

    /// Says of a transaction without records that it leaves every caller what it is.
    pub fn leaves_callers(&self) {
        if let Ok(mut aside) = self.aside.lock() {
            aside.get_or_insert(true);
        }
    }

    /// Whether what was written so far leaves every caller what it is.
    fn stands_aside(&self) -> bool {
        self.aside.lock().is_ok_and(|aside| *aside == Some(true))
    }

    /// Looks at once, where nothing has looked yet whether what this is bound to still holds: before something is answered
    /// that is not written here.
    ///
    /// # Errors
    /// When the database fails, or it is known already that it does not hold.
    pub(super) async fn held(&self) -> Result<(), Error> {
        let Some(callers) = self.bound() else { return Ok(()) };
        let question = Query::select().expr(counters::stood(callers)).take();
        self.tx.later(self.tx.get_database_backend().build(&question), None).await
    }

    /// What this is bound to, once.
    fn bound(&self) -> Option<sea_orm::Value> {
        let callers = *self.bound_to.get()?;
        if self.looked.swap(true, Ordering::Relaxed) {
            return None;
        }
        Some(i64::try_from(callers).unwrap_or_default().into())
    }

    /// The instant of everything written in this transaction.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The day of everything written in this transaction.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// Why the caller writes, if it said so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.writer.reason.as_deref()
    }

    /// The `traceparent` of the request that it is.
    #[must_use]
    pub fn trace(&self) -> Option<&str> {
        self.writer.trace.as_deref()
    }

    /// Where the service may send.
    #[must_use]
    pub const fn outbound(&self) -> &Outbound {
        &self.writer.outbound
    }

    /// The user or client that writes.
    #[must_use]
    pub const fn by(&self) -> Option<Uuid> {
        self.writer.actor.id
    }

    /// Who writes.
    #[must_use]
    pub(super) const fn actor(&self) -> &Actor {
        &self.writer.actor
    }

    /// Who writes, as one string. Who comes by another issuer is somebody else.
    #[must_use]
    pub(super) fn caller_name(&self) -> String {
        let Actor { kind, id, via } = &self.writer.actor;
        let issuer = via.as_ref().map(|via| via.issuer.as_str()).unwrap_or_default();
        format!("{kind}:{}:{issuer}", id.unwrap_or_default())
    }

    /// Keeps a secret that was drawn here until the answer that shows it.
    pub fn show(&self, secret: String) {
        if let Ok(mut drawn) = self.drawn.lock() {
            *drawn = Some(secret);
        }
    }

    /// The secret that was drawn here, once.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        self.drawn.lock().ok()?.take()
    }

    /// A record as the database has it, where it is known without asking, once: it was written last of all records in this
    /// transaction, and fits. What is written to tables of records by other statements is written before it.
    #[must_use]
    pub fn written_last(&self, facts: &Facts, id: Uuid, fits: impl Fn(&Row) -> bool) -> Option<Row> {
        let mut last = self.last.lock().ok()?;
        let is_it = |(path, row): &mut (&'static str, Row)| *path == facts.path && row.id() == id && fits(row);
        last.take_if(is_it).map(|(_, row)| row)
    }

    fn wrote(&self, last: Option<(&'static str, Row)>) {
        if let Ok(mut kept) = self.last.lock() {
            *kept = last;
        }
    }

    /// Adds a record; its content comes with the proof. An identifier in it is kept (import), else one is made.
    ///
    /// # Errors
    /// 409 when a value that must be unique is taken; where that is not known yet, whatever comes next fails with it.
    pub async fn create(&self, proof: Create) -> Result<Change, Error> {
        let (facts, after) = self.prepared(proof).await?;
        let made = self.tx.put(Put::new(facts, &after, self.today())).await?;
        self.wrote(made.and_then(|mut rows| Some((facts.path, rows.pop()?))));
        Ok(Change::Created { after })
    }

    /// Adds records of one collection, many in a statement.
    ///
    /// # Errors
    /// 409 when a value that must be unique is taken.
    pub async fn create_all(&self, proofs: Vec<Create>) -> Result<Vec<Change>, Error> {
        let mut rows = Vec::with_capacity(proofs.len());
        let mut of = None;
        for proof in proofs {
            let (facts, after) = self.prepared(proof).await?;
            of = Some(facts);
            rows.push(after);
        }
        if let Some(facts) = of {
            for batch in batches(&rows) {
                let insert = self.tx.get_database_backend().build(&inserting(facts, batch));
                self.tx.later(insert, Some(facts)).await?;
            }
        }
        Ok(rows.into_iter().map(|after| Change::Created { after }).collect())
    }

    /// A new record as it would be written now, with an identifier of its own.
    #[must_use]
    pub fn outline(&self, facts: &Facts, content: &Map<String, Value>) -> Row {
        self.headed(facts, Uuid::now_v7(), 1, content, None)
    }

    /// The row of a new record, its project's counter advanced.
    async fn prepared(&self, proof: Create) -> Result<(&'static Facts, Row), Error> {
        let approves = proof.approves();
        let (facts, content) = proof.into_parts();
        let id = content.uuid("id").unwrap_or_else(Uuid::now_v7);
        let after = self.headed(facts, id, 1, &content.0, None);
        approval(facts, None, &after, approves)?;
        self.advance(facts, &after).await?;
        Ok((facts, after))
    }

    /// Changes a record to `content` (its fields, complete); the version is checked in the statement itself.
    ///
    /// # Errors
    /// 412 when somebody else changed the record meanwhile; where that is not known yet, the journal's entry fails with it.
    pub async fn change(&self, proof: Edit, content: &Map<String, Value>) -> Result<Change, Error> {
        let approves = proof.approves();
        let (facts, before) = proof.into_parts();
        let after = self.headed(facts, before.id(), before.version() + 1, content, Some(&before));
        approval(facts, Some(&before), &after, approves)?;
        self.advance(facts, &after).await?;
        // SQLite writes every index anew whose columns a statement names. PostgreSQL sees for itself what moves, and would have to learn
        // a statement for each choice of fields.
        let whole = !self.tx.is_here();
        let set = row::set(facts, &before, &after, whole).collect();
        if let Some(mut done) = self.tx.put(Put::change(facts, &before, set, self.today())).await? {
            let Some(row) = done.pop() else { return Err(self.overtaken(facts, before.id()).await?) };
            self.wrote(Some((facts.path, row)));
        }
        Ok(Change::Changed { before, after })
    }

    /// Deletes a record; its history stays in the journal.
    ///
    /// # Errors
    /// 412 when somebody else changed the record meanwhile.
    pub async fn delete(&self, proof: Edit) -> Result<Change, Error> {
        let (facts, before) = proof.into_parts();
        self.advance(facts, &before).await?;
        let mut delete = Query::delete();
        delete
            .from_table(facts.table)
            .and_where(Expr::col("id").eq(before.id()))
            .and_where(Expr::col("version").eq(before.version()));
        if self.tx.execute(&delete).await?.rows_affected() != 1 {
            return Err(self.overtaken(facts, before.id()).await?);
        }
        Ok(Change::Deleted { before })
    }

    /// Appends the journal entry of a change, under its event's name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&self, facts: &Facts, change: &Change, event: String) -> Result<(), Error> {
        self.record_all(&[(facts, change, event)]).await
    }

    /// Appends the journal entries of changes in their order, many in a statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_all(&self, entries: &[(&Facts, &Change, String)]) -> Result<(), Error> {
        debug_assert!(
            entries.iter().all(|(facts, _, event)| facts.has_event(event)),
            "an event that no resource tells of"
        );
        let note = Note { actor: &self.writer.actor, at: self.now, reason: self.reason(), trace: self.trace() };
        if !self.told(entries, &note).await? {
            for batch in batches(entries) {
                journal::append(&self.tx, batch, &note).await?;
            }
        }
        let derived = entries.iter().filter(|(facts, _, _)| facts.derived).count();
        self.derived.fetch_add(i64::try_from(derived).unwrap_or_default(), Ordering::Relaxed);
        Ok(())
    }

    /// Writes what waits for the one entry that tells of it, with that entry; false where everything that these tell of is written.
    async fn told(&self, entries: &[(&Facts, &Change, String)], note: &Note<'_>) -> Result<bool, Error> {
        let Tx::Wire(unit) = &self.tx else { return Ok(false) };
        let [entry] = entries else { return self.stands().await.map(|()| false) };
        let (facts, change, _) = entry;
        let id = change.row().id();
        let (row, done) = match unit.take_back(facts.path, id) {
            Some(held) => {
                let facts = held.put.facts();
                let written = unit.written(facts, id, &journal::appended(held, entry, note)?).await;
                (written.map_err(|error| refused(facts, error))?, true)
            }
            None => {
                unit.go_ahead().await?;
                (unit.changed().filter(|row| row.id() == id), false)
            }
        };
        self.stands().await?;
        self.wrote(row.map(|row| (facts.path, row)));
        Ok(done)
    }

    /// Whether every record that was changed here still was as it was read: on a wire that is not known before it is asked.
    ///
    /// # Errors
    /// 412 when somebody else changed one meanwhile.
    pub async fn stands(&self) -> Result<(), Error> {
        let Tx::Wire(unit) = &self.tx else { return Ok(()) };
        unit.go_ahead().await?;
        match unit.missed() {
            Some((facts, id)) => Err(self.overtaken(facts, id).await?),
            None => Ok(()),
        }
    }

    /// Makes everything durable. An answer is given only after it.
    ///
    /// # Errors
    /// When the database cannot promise it.
    pub async fn commit(self) -> Result<(), Error> {
        let aside = self.stands_aside();
        // What all have in common is taken last by all, so that nobody waits in a circle.
        self.count_derived().await?;
        if !aside && self.tx.get_database_backend() == DbBackend::Postgres {
            // Other replicas see it with the rest of the transaction.
            self.count(CALLERS).await?;
        }
        self.held().await?;
        let Self { tx, news, .. } = self;
        let ended = tx.ended()?;
        // Not given up with the request: what is committed is told of, whether or not the client still waits.
        let committing = tokio::spawn(async move {
            let done = ended.durable().await;
            // Whatever became of it: rights that may have changed are looked at anew.
            if !aside {
                news.callers_changed();
            }
            news.commit();
            done
        });
        committing.await.map_err(|error| Error::internal("commit", error))??;
        Ok(())
    }

    /// Leaves nothing, and waits until all that was seen here is durable: for answers that promise what others have done.
    ///
    /// # Errors
    /// When it does not become so.
    pub async fn settled(self) -> Result<(), Error> {
        Ok(self.tx.settled().await?)
    }

    /// The problem of a record that somebody else changed or deleted after it was read here.
    async fn overtaken(&self, facts: &Facts, id: Uuid) -> Result<Error, Error> {
        let mut query = Query::select();
        query.column("version").from(facts.table).and_where(Expr::col("id").eq(id));
        Ok(match self.tx.query_one(&query).await? {
            Some(row) => stale(row.try_get("", "version")?),
            None => (&codes::NOT_FOUND).into(),
        })
    }

    fn headed(&self, facts: &Facts, id: Uuid, version: i64, content: &Map<String, Value>, before: Option<&Row>) -> Row {
        let now = Value::from(row::instant(self.now));
        let actor = self.writer.actor.id.map_or(Value::Null, |id| id.to_string().into());
        let kept = |name: &str, new: &Value| before.and_then(|row| row.0.get(name)).unwrap_or(new).clone();
        let mut whole = Map::new();
        for field in facts.stored() {
            let value = match field.name.as_str() {
                "id" => id.to_string().into(),
                "version" => version.into(),
                "createdAt" => kept("createdAt", &now),
                "createdBy" => kept("createdBy", &actor),
                "updatedAt" => now.clone(),
                "updatedBy" => actor.clone(),
                name => content.get(name).cloned().unwrap_or_else(|| kept(name, &field.initial())),
            };
            whole.insert(field.name.clone(), value);
        }
        Row(whole)
    }

    /// Takes the place of those who write to what a record belongs to, before it is worked out what follows for it from others: they
    /// stand still from then on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enter(&self, facts: &Facts, record: &Row) -> Result<(), Error> {
        self.advance(facts, record).await
    }

    /// Advances the counter of the record's project, or of the directory: what reports are cached by. The row
    /// also serialises the writes of one project, so that its rules see each other's effects. A project's own
    /// record is shown in the reports of those before and after it, so it counts for the directory too. Nobody
    /// sees a transaction in parts, so a counter advances once in it.
    async fn advance(&self, facts: &Facts, record: &Row) -> Result<(), Error> {
        self.wrote(None);
        if let Tx::Wire(unit) = &self.tx {
            unit.goes_on().await?;
        }
        if let Ok(mut aside) = self.aside.lock() {
            *aside = Some(aside.unwrap_or(true) && leaves_callers(facts));
        }
        // What follows from others is no news to those who read them.
        if facts.derived {
            return Ok(());
        }
        let (own, around) = if facts.path == "projects" {
            (record.id(), Some(DIRECTORY))
        } else {
            (record.uuid("projectId").unwrap_or(DIRECTORY), None)
        };
        // The directory first, always: two writes that take both never wait for each other.
        for scope in [around, Some(own)].into_iter().flatten() {
            if !self.advanced.lock().is_ok_and(|mut advanced| advanced.insert(scope)) {
                continue;
            }
            self.count(scope).await?;
        }
        Ok(())
    }

    /// Counts the entries that tell of nothing that anybody wrote.
    async fn count_derived(&self) -> Result<(), Error> {
        let entries = self.derived.load(Ordering::Relaxed);
        if entries == 0 {
            return Ok(());
        }
        Ok(self.tx.advance(counters::advancing(DERIVED, Expr::val(entries))).await?)
    }

    async fn count(&self, scope: Uuid) -> Result<(), Error> {
        let once = self.bound().map_or_else(|| Expr::cust("1"), counters::stood);
        Ok(self.tx.advance(counters::advancing(scope, once)).await?)
    }
}

/// The statement that adds rows; of one row the same that [`Put`] makes.
fn inserting(facts: &Facts, rows: &[Row]) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(facts.table).columns(row::columns(facts));
    for row in rows {
        insert.values_panic(row::values(facts, row));
    }
    insert
}

/// Whether a record leaves every caller what it is: all of a project does, but who works in it and who is a party of it. A
/// transaction without records (a login, a logout) is none that does.
fn leaves_callers(facts: &Facts) -> bool {
    facts.of_project && !matches!(facts.path, "assignments" | "project-parties")
}

/// An approval is not a matter of writing alone.
fn approval(facts: &Facts, before: Option<&Row>, after: &Row, approves: bool) -> Result<(), Error> {
    if approves || !facts.approval.is_some_and(|is| is(before, after)) {
        return Ok(());
    }
    Err(Problem::new(&codes::FORBIDDEN)
        .detail(text!(
            "dette er en godkjenning; rollen din gir ikke rett til den",
            "dette er ei godkjenning; rolla di gir ikkje rett til ho",
            "this is an approval; your role does not let you give it"
        ))
        .into())
}

/// Parts of a list whose lengths are powers of two, so that a table needs few prepared statements however long lists are.
pub(super) fn batches<T>(mut list: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = 1 << list.len().min(BATCH).checked_ilog2()?;
        let (batch, rest) = list.split_at(length);
        list = rest;
        Some(batch)
    })
}

/// The problem of a version that is no longer the current one.
#[must_use]
pub fn stale(version: i64) -> Error {
    Problem::new(&codes::STALE)
        .detail(text!(
            "gjeldende versjon er {version}",
            "gjeldande versjon er {version}",
            "the current version is {version}"
        ))
        .member("currentVersion", version)
        .header("ETag", format!("\"{version}\""))
        .into()
}

#[cfg(test)]
mod tests {
    use super::leaves_callers;
    use crate::access::caller;
    use crate::routes;

    #[test]
    fn what_callers_hang_on_does_not_leave_them() {
        let tables = caller::tables();
        let of_roles =
            routes::resources().iter().map(|resource| resource.facts).filter(|facts| tables.contains(facts.table));
        let paths: Vec<&str> = of_roles.clone().map(|facts| facts.path).collect();
        assert!(paths.contains(&"assignments") && paths.contains(&"project-parties"), "{paths:?}");
        of_roles.for_each(|facts| assert!(!leaves_callers(facts), "{} says what a caller may", facts.path));
        let known = ["users", "clients", "user-identities", "people", "affiliations"];
        for facts in
            routes::resources().iter().map(|resource| resource.facts).filter(|facts| known.contains(&facts.path))
        {
            assert!(!leaves_callers(facts), "{} says who a caller is", facts.path);
        }
    }
}
