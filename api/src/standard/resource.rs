//! A resource: its facts and its rules. All else is the standard methods'.

use std::any::Any;
use std::cell::OnceCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;

use entity::Record;
use sea_orm::EntityTrait;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::access::{Area, Caller};
use crate::facts::Filter;
use crate::facts::field::Computed;
use crate::facts::{Change, Facts, Field, Kind, Reference, Row, Secret};
use crate::problem::{Error, Fault, Lang, codes};
use crate::render::Drawn;
use crate::standard::references::Known;
use crate::store::{Store, Write};

/// What a rule finds wrong; empty when nothing is.
pub type Faults = Vec<Fault>;

type Ruling<'a> = Pin<Box<dyn Future<Output = Result<Faults, Error>> + 'a>>;
type Rule = Box<dyn for<'a> Fn(&'a Write, &'a Seen<'a>) -> Ruling<'a> + Send + Sync>;
type Following<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;
type Effect = Box<dyn for<'a> Fn(&'a Write, &'a Seen<'a>) -> Following<'a> + Send + Sync>;
type Deriving<'a> = Pin<Box<dyn Future<Output = Result<Map<String, Value>, Error>> + 'a>>;
type Derivation = Box<dyn for<'a> Fn(&'a Write, &'a Row) -> Deriving<'a> + Send + Sync>;
/// A page in the making.
pub type Showing = Pin<Box<dyn Future<Output = Result<Drawn, Error>>>>;
/// Draws a record that the caller sees as a page for people.
pub type Paging = fn(Store, Caller, Row, Lang) -> Showing;
type Naming = fn(&Change) -> Option<&'static str>;

static CATALOGUE: OnceLock<&'static [Resource]> = OnceLock::new();

/// Makes the resources known to what reaches one by its collection: custom methods, imports, the command line.
pub fn publish(all: &'static [Resource]) {
    let _ = CATALOGUE.set(all);
}

/// The resource of a collection.
///
/// # Errors
/// 404 when there is no such collection.
pub fn by_path(path: &str) -> Result<&'static Resource, Error> {
    let all = CATALOGUE.get().copied().unwrap_or_default();
    all.iter().find(|resource| resource.facts.path == path).ok_or_else(|| (&codes::NO_ROUTE).into())
}

/// A change, and its records in their own type once that was asked for.
struct Seen<'a> {
    change: &'a Change,
    typed: OnceCell<Box<dyn Any>>,
}

impl<'a> Seen<'a> {
    fn of(change: &'a Change) -> Self {
        Self { change, typed: OnceCell::new() }
    }

    fn typed<M: DeserializeOwned + Clone + 'static>(&self) -> Result<Change<M>, Error> {
        if let Some(known) = self.typed.get().and_then(|known| known.downcast_ref::<Change<M>>()) {
            return Ok(known.clone());
        }
        let typed = self.change.typed::<M>()?;
        let _ = self.typed.set(Box::new(typed.clone()));
        Ok(typed)
    }
}

/// A resource of the service.
pub struct Resource {
    /// Its plain data.
    pub facts: &'static Facts,
    derivation: Option<Derivation>,
    rules: Vec<Rule>,
    effects: Vec<Effect>,
    naming: Naming,
    paging: Option<Paging>,
}

/// A resource in the making; facts are added one by one, then [`Draft::done`].
pub struct Draft<E: EntityTrait> {
    facts: Facts,
    derivation: Option<Derivation>,
    rules: Vec<Rule>,
    effects: Vec<Effect>,
    naming: Naming,
    paging: Option<Paging>,
    entity: std::marker::PhantomData<E>,
}

impl Resource {
    /// Begins a resource from its entity and its row of the policy table.
    #[must_use]
    pub fn of<E: Record>(area: Area) -> Draft<E> {
        Draft {
            facts: Facts::of::<E>(area),
            derivation: None,
            rules: Vec::new(),
            effects: Vec::new(),
            naming: |_| None,
            paging: None,
            entity: std::marker::PhantomData,
        }
    }

    /// The fields of a record that follow from what it says and from others: written with it, in one version, and by others that
    /// nobody changes meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn derived(&self, write: &Write, row: &Row) -> Result<Map<String, Value>, Error> {
        match &self.derivation {
            Some(derivation) => {
                write.enter(self.facts, row).await?;
                derivation(write, row).await
            }
            None => Ok(Map::new()),
        }
    }

    /// Rules on a change that was just written, inside its transaction: references first, then its own.
    ///
    /// # Errors
    /// 422 with every fault found.
    pub async fn judge(&self, write: &Write, caller: &Caller, change: &Change) -> Result<(), Error> {
        self.judge_seen(write, caller, &Seen::of(change)).await
    }

    async fn judge_seen(&self, write: &Write, caller: &Caller, seen: &Seen<'_>) -> Result<(), Error> {
        let known = Known::of(write, caller, [(self.facts, seen.change)]).await?;
        let faults = self.faults_seen(write, &known, seen).await?;
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
    }

    /// What is wrong with a change that was just written, given what it refers to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn faults(&self, write: &Write, known: &Known, change: &Change) -> Result<Faults, Error> {
        self.faults_seen(write, known, &Seen::of(change)).await
    }

    async fn faults_seen(&self, write: &Write, known: &Known, seen: &Seen<'_>) -> Result<Faults, Error> {
        let faults = self.ruled(write, known, seen).await;
        if !faults.as_ref().is_ok_and(Vec::is_empty) {
            // What is wrong beside a version that is gone by now is no news.
            write.stands().await?;
        }
        faults
    }

    async fn ruled(&self, write: &Write, known: &Known, seen: &Seen<'_>) -> Result<Faults, Error> {
        let mut faults = known.faults(self.facts, seen.change);
        for rule in &self.rules {
            faults.extend(rule(write, seen).await?);
        }
        Ok(faults)
    }

    /// Rules on a change, appends it to the journal under its event's name, and does what follows from it.
    ///
    /// # Errors
    /// 422 with every fault found.
    pub async fn settle(&self, write: &Write, caller: &Caller, change: &Change) -> Result<(), Error> {
        let seen = Seen::of(change);
        self.judge_seen(write, caller, &seen).await?;
        write.record(self.facts, change, self.event(change)).await?;
        self.follow_seen(write, &seen).await
    }

    /// Does what follows from a change that stands in the journal.
    ///
    /// # Errors
    /// When a record that is to follow cannot be written.
    pub async fn follow(&self, write: &Write, change: &Change) -> Result<(), Error> {
        self.follow_seen(write, &Seen::of(change)).await
    }

    async fn follow_seen(&self, write: &Write, seen: &Seen<'_>) -> Result<(), Error> {
        for effect in &self.effects {
            effect(write, seen).await?;
        }
        Ok(())
    }

    /// What draws a record as a page, if it comes as one.
    #[must_use]
    pub const fn paging(&self) -> Option<Paging> {
        self.paging
    }

    /// The event's name: the resource's own verb or name, else `kind.created`, `kind.changed` or `kind.deleted`.
    #[must_use]
    pub fn event(&self, change: &Change) -> String {
        let verb = (self.naming)(change).unwrap_or(match change {
            Change::Created { .. } => "created",
            Change::Changed { .. } => "changed",
            Change::Deleted { .. } => "deleted",
        });
        self.facts.event(verb)
    }
}

impl<E: Record> Draft<E>
where
    E::Model: DeserializeOwned + 'static,
{
    /// The fields whose text `q=` searches.
    #[must_use]
    pub const fn search(mut self, fields: &'static [&'static str]) -> Self {
        self.facts.search = fields;
        self
    }

    /// The order of a list without `sort`.
    #[must_use]
    pub const fn order(mut self, keys: &'static str) -> Self {
        self.facts.order = keys;
        self
    }

    /// A field that refers to the records of a collection.
    #[must_use]
    pub fn refers(mut self, field: &'static str, target: &'static str) -> Self {
        self.facts.references.push(Reference { field, target });
        self
    }

    /// A field that is a list of identifiers of a collection, or of objects with one: `parties.organisationId`.
    #[must_use]
    pub fn lists(mut self, field: &'static str, target: &'static str) -> Self {
        self.facts.lists.push(Reference { field, target });
        self
    }

    /// Fields that are unique together.
    #[must_use]
    pub const fn unique(mut self, fields: &'static [&'static str]) -> Self {
        self.facts.unique = fields;
        self
    }

    /// The condition (SQL) of rows that an observer sees.
    #[must_use]
    pub const fn published(mut self, sql: &'static str) -> Self {
        self.facts.published = Some(sql);
        self
    }

    /// Fields that are contact details of a person.
    #[must_use]
    pub fn contact(mut self, fields: &[&str]) -> Self {
        for field in self.facts.fields.iter_mut().filter(|field| fields.contains(&field.name.as_str())) {
            field.contact = true;
        }
        self.personal(fields)
    }

    /// Fields that tell of a person what an erasure takes out of every version. The database lets nothing else be taken
    /// out of the journal: a field that is not in the list of its migration needs a new step.
    #[must_use]
    pub fn personal(mut self, fields: &[&str]) -> Self {
        for field in self.facts.fields.iter_mut().filter(|field| fields.contains(&field.name.as_str())) {
            field.personal = true;
        }
        self
    }

    /// A field that is computed when it is read: its name, codes, a sentence on it, and its SQL.
    #[must_use]
    pub fn computed(self, name: &str, codes: &[entity::Label], about: &str, sql: Computed) -> Self {
        let codes: Vec<String> = codes.iter().map(|label| label.code.to_owned()).collect();
        let schema = serde_json::json!({ "type": "string", "enum": codes, "description": about, "readOnly": true });
        self.computed_field(name, Kind::Code(codes), schema, sql)
    }

    fn computed_field(mut self, name: &str, kind: Kind, schema: Value, sql: Computed) -> Self {
        self.facts.fields.push(Field {
            name: name.to_owned(),
            column: String::new(),
            nullable: kind == Kind::Instant,
            kind,
            required: false,
            read_only: true,
            carried: false,
            contact: false,
            personal: false,
            schema: schema.clone(),
            computed: Some(sql),
        });
        if let Some(record) = self.facts.schemas.get_mut(&self.facts.schema_name) {
            record["properties"][name] = schema;
            if let Some(required) = record["required"].as_array_mut() {
                required.push(Value::from(name));
            }
        }
        self
    }

    /// A rule that needs no more than the change.
    #[must_use]
    pub fn check(mut self, rule: fn(&Change<E::Model>) -> Faults) -> Self {
        self.rules.push(Box::new(move |_, seen| {
            let judged = seen.typed::<E::Model>().map(|change| rule(&change));
            Box::pin(std::future::ready(judged))
        }));
        self
    }

    /// A rule that asks the database or the write (its reason, its day).
    #[must_use]
    pub fn rule<F>(mut self, rule: F) -> Self
    where
        F: for<'a> Fn(&'a Write, Change<E::Model>) -> Ruling<'a> + Send + Sync + 'static,
    {
        self.rules.push(Box::new(move |write, seen| match seen.typed::<E::Model>() {
            Ok(change) => rule(write, change),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }));
        self
    }

    /// Fields that the service works out from the record as it will be: no version of it is ever without them.
    #[must_use]
    pub fn derives<F>(mut self, derivation: F) -> Self
    where
        F: for<'a> Fn(&'a Write, E::Model) -> Deriving<'a> + Send + Sync + 'static,
    {
        self.derivation = Some(Box::new(move |write, row| match row.typed::<E::Model>() {
            Ok(model) => derivation(write, model),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }));
        self
    }

    /// What follows from a change, in the same transaction, after it stands in the journal.
    #[must_use]
    pub fn then<F>(mut self, effect: F) -> Self
    where
        F: for<'a> Fn(&'a Write, Change<E::Model>) -> Following<'a> + Send + Sync + 'static,
    {
        self.effects.push(Box::new(move |write, seen| match seen.typed::<E::Model>() {
            Ok(change) => effect(write, change),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }));
        self
    }

    /// Fields that only custom methods set, and that a project document carries all the same.
    #[must_use]
    pub fn carried(mut self, fields: &[&str]) -> Self {
        for field in self.facts.fields.iter_mut().filter(|field| fields.contains(&field.name.as_str())) {
            field.carried = true;
        }
        self
    }

    /// Fields that are what they are from the beginning.
    #[must_use]
    pub fn fixed(mut self, fields: &'static [&'static str]) -> Self {
        self.rules.push(Box::new(move |_, seen| {
            Box::pin(std::future::ready(Ok(super::rules::unmoved(seen.change, fields))))
        }));
        self
    }

    /// What makes a change an approval, which takes more than the right to write.
    #[must_use]
    pub const fn approval(mut self, is: fn(Option<&Row>, &Row) -> bool) -> Self {
        self.facts.approval = Some(is);
        self
    }

    /// Records that no project document carries: they are proved by the service that made them.
    #[must_use]
    pub const fn stays(mut self) -> Self {
        self.facts.stays = true;
        self
    }

    /// Records that a project may have by the hundred thousand: no report reads them one by one.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.facts.many = true;
        self
    }

    /// One record also comes as a page for people.
    #[must_use]
    pub const fn page(mut self, paging: Paging) -> Self {
        self.facts.paged = true;
        self.paging = Some(paging);
        self
    }

    /// Records that only the service writes.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.facts.read_only = true;
        self
    }

    /// Records that the service works out from others, and keeps so that it can be told when they come and go.
    #[must_use]
    pub const fn derived(mut self) -> Self {
        self.facts.derived = true;
        self.read_only()
    }

    /// The secret that a new record is shown with, once.
    #[must_use]
    pub const fn secret(mut self, of: fn(&[u8], &Row) -> String) -> Self {
        self.facts.secret = Some(Secret::Derived(of));
        self
    }

    /// A secret that an effect of the creation draws and shows, once.
    #[must_use]
    pub const fn draws_secret(mut self) -> Self {
        self.facts.secret = Some(Secret::Drawn);
        self
    }

    /// A field that is computed when it is read: an instant that may not be known.
    #[must_use]
    pub fn computed_instant(self, name: &str, about: &str, sql: Computed) -> Self {
        let schema = serde_json::json!({
            "type": ["string", "null"], "format": "date-time", "description": about, "readOnly": true
        });
        self.computed_field(name, Kind::Instant, schema, sql)
    }

    /// What can no longer be deleted.
    #[must_use]
    pub const fn locked(mut self, is: fn(&Row) -> bool) -> Self {
        self.facts.locked = Some(is);
        self
    }

    /// A parameter of the list that is more than a field.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.facts.filters.push(filter);
        self
    }

    /// Two dates in their order, when both are known.
    #[must_use]
    pub fn dates(mut self, from: &'static str, to: &'static str) -> Self {
        self.rules.push(Box::new(move |_, seen| {
            Box::pin(std::future::ready(Ok(super::rules::in_order(seen.change, from, to))))
        }));
        self
    }

    /// A reference to the same collection that never leads back to where it began.
    #[must_use]
    pub fn acyclic(mut self, field: &'static str) -> Self {
        let table = self.facts.table;
        let column = self.facts.field(field).map(|field| field.column.clone()).unwrap_or_default();
        self.rules.push(Box::new(move |write, seen| {
            Box::pin(super::rules::no_circle(write, seen.change, table, field, column.clone()))
        }));
        self
    }

    /// Names events that mean more than created, changed or deleted, for example `rescheduled`.
    #[must_use]
    pub const fn event(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// The verbs of its events, beside those that every kind of record has, or their names where those begin otherwise: what may be
    /// asked for, and what the journal takes.
    #[must_use]
    pub const fn tells(mut self, verbs: &'static [&'static str]) -> Self {
        self.facts.verbs = verbs;
        self
    }

    /// The finished resource; its facts live as long as the process.
    #[must_use]
    pub fn done(self) -> Resource {
        Resource {
            facts: Box::leak(Box::new(self.facts)),
            derivation: self.derivation,
            rules: self.rules,
            effects: self.effects,
            naming: self.naming,
            paging: self.paging,
        }
    }
}
