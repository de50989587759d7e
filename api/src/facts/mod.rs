//! Plain data about a resource: its fields with kind, bounds and column, read from the entity's one declaration.

pub mod cells;
pub mod check;
pub mod datum;
pub mod field;
pub mod gather;
pub mod identity;
pub mod row;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use chrono::NaiveDate;
use entity::Record;
use sea_orm::{ColumnTrait, Iterable};
use serde_json::Value;
use utoipa::{PartialSchema, ToSchema};

pub use field::{Computed, Field, Kind};
pub use gather::Gather;
pub use row::{Change, Row};

use crate::access::Area;
use crate::problem::Error;

/// A parameter of a list that is more than a field.
#[derive(Debug)]
pub struct Filter {
    /// The parameter.
    pub name: &'static str,
    /// What it finds.
    pub about: &'static str,
    /// The schema of one of its values, which commas separate.
    pub schema: Value,
    /// Its values as a condition.
    pub condition: fn(&[&str]) -> Result<sea_orm::sea_query::Condition, Error>,
}

/// Where the secret of a record comes from.
#[derive(Clone, Copy, Debug)]
pub enum Secret {
    /// It is worked out from the service's own key and the record: both sides can sign with it.
    Derived(fn(&[u8], &Row) -> String),
    /// It is drawn in the write that makes the record, and only its hash is kept: the client shows it from then on.
    Drawn,
}

/// A reference from a field of one resource to the records of another.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The field that holds the identifier.
    pub field: &'static str,
    /// The collection that it points to.
    pub target: &'static str,
}

/// What the standard methods need to know of one resource.
#[derive(Debug)]
pub struct Facts {
    /// The record's kind, for example `milestone`.
    pub kind: &'static str,
    /// The collection, for example `milestones`.
    pub path: &'static str,
    /// The table.
    pub table: &'static str,
    /// The schema's name in the OpenAPI document.
    pub schema_name: String,
    /// One sentence on what it is.
    pub about: String,
    /// Whether records carry `projectId`.
    pub of_project: bool,
    /// The row of the policy table that it falls under.
    pub area: Area,
    /// Its fields in the order of the declaration, computed ones last.
    pub fields: Vec<Field>,
    /// The fields whose text `q=` searches.
    pub search: &'static [&'static str],
    /// The order of a list without `sort`.
    pub order: &'static str,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// Fields that are lists of identifiers, or of objects with one (`parties.organisationId`), and what those point to.
    pub lists: Vec<Reference>,
    /// Fields that are unique together (for a record of a project: within the project).
    pub unique: &'static [&'static str],
    /// The verbs of its events beside [`VERBS`]; what the field has a name for that begins otherwise stands whole
    /// (`agreement.signed`, which is told of a party to it).
    pub verbs: &'static [&'static str],
    /// The condition (SQL over its own columns) that rows shown to an observer meet; `None`: the area decides alone.
    pub published: Option<&'static str>,
    /// Parameters of the list beside the fields.
    pub filters: Vec<Filter>,
    /// Whether a change, from before (none for a new record) to after, is an approval: it takes the right to approve.
    pub approval: Option<fn(Option<&Row>, &Row) -> bool>,
    /// Whether records stay with the service that made them: a project document carries none of them.
    pub stays: bool,
    /// Whether a project may have them by the hundred thousand: reports ask the database for their sums, and the picture
    /// of a project leaves them out.
    pub many: bool,
    /// Whether one record also comes as a page for people.
    pub paged: bool,
    /// Whether a record can no longer be deleted.
    pub locked: Option<fn(&Row) -> bool>,
    /// Whether only the service writes the records: they are listed and read, and have no history.
    pub read_only: bool,
    /// Whether the service works the records out from others: they count as no write to their project, keep nothing from being
    /// deleted, and are told of to those who ask for their events by name.
    pub derived: bool,
    /// The secret of a record, shown where the record is made, kept nowhere.
    pub secret: Option<Secret>,
    /// The schemas of the record and of what it is made of, for the OpenAPI document.
    pub schemas: BTreeMap<String, Value>,
    selected: RwLock<Option<(NaiveDate, Arc<str>)>>,
}

/// The verbs that events of every kind of record have. What is told of people can be erased from any of them.
pub const VERBS: [&str; 4] = ["created", "changed", "deleted", "erased"];

impl Facts {
    /// Whether records of this kind have an event of this name.
    #[must_use]
    pub fn has_event(&self, name: &str) -> bool {
        let verb = name.strip_prefix(self.kind).and_then(|rest| rest.strip_prefix('.'));
        verb.is_some_and(|verb| VERBS.contains(&verb) || self.verbs.contains(&verb)) || self.verbs.contains(&name)
    }

    /// The name of an event of this kind of record, of its verb or of what stands whole among [`Facts::verbs`].
    #[must_use]
    pub fn event(&self, verb: &str) -> String {
        if verb.contains('.') { verb.to_owned() } else { format!("{}.{verb}", self.kind) }
    }

    /// The names of the events that it has beside [`VERBS`].
    pub fn own_events(&self) -> impl Iterator<Item = String> {
        self.verbs.iter().map(|verb| self.event(verb))
    }

    /// Reads the facts of an entity from its own declaration.
    #[must_use]
    pub fn of<E: Record>(area: Area) -> Self {
        let mut schemas = BTreeMap::new();
        let mut parts = Vec::new();
        <E::Model as ToSchema>::schemas(&mut parts);
        for (name, schema) in parts {
            schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        let schema_name = <E::Model as ToSchema>::name().into_owned();
        let mut record = serde_json::to_value(<E::Model as PartialSchema>::schema()).unwrap_or_default();
        read_only_lists(&mut record);
        let required: Vec<&str> =
            record["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let columns: Vec<(String, sea_orm::ColumnDef)> =
            E::Column::iter().map(|column| (sea_orm::IdenStatic::as_str(&column).to_owned(), column.def())).collect();
        let fields = record["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .zip(&columns)
            .map(|((name, schema), (column, def))| {
                Field::read(name, column, def, schema, required.contains(&name.as_str()), &schemas)
            })
            .collect();
        let about = record["description"].as_str().unwrap_or_default().to_owned();
        schemas.insert(schema_name.clone(), record);
        Self {
            kind: E::KIND,
            path: E::PATH,
            table: Box::leak(E::default().table_name().to_owned().into_boxed_str()),
            schema_name,
            about,
            of_project: E::OF_PROJECT,
            area,
            fields,
            search: &[],
            order: "createdAt",
            references: if E::OF_PROJECT {
                vec![Reference { field: "projectId", target: "projects" }]
            } else {
                Vec::new()
            },
            lists: Vec::new(),
            unique: &[],
            verbs: &[],
            published: None,
            filters: Vec::new(),
            approval: None,
            paged: false,
            locked: None,
            read_only: false,
            derived: false,
            secret: None,
            stays: false,
            many: false,
            schemas,
            selected: RwLock::default(),
        }
    }

    /// The list of a `SELECT` of every field under its wire name, in the order of the fields. It is put together once, and once a day where
    /// a field is computed: the day stands in its text, so that it takes no values.
    pub fn selected(&self, today: NaiveDate) -> Arc<str> {
        let kept = self.selected.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, list)) =
            kept.filter(|(day, _)| *day == today || self.fields.iter().all(|field| field.computed.is_none()))
        {
            return list;
        }
        let parts: Vec<String> = self.fields.iter().map(|field| field.selected(today)).collect();
        let list: Arc<str> = parts.join(", ").into();
        let mut kept = self.selected.write().unwrap_or_else(PoisonError::into_inner);
        // Some ask as of no day, for what is computed does not matter to them; the list of today stays.
        if kept.as_ref().is_none_or(|(day, _)| *day < today) {
            *kept = Some((today, Arc::clone(&list)));
        }
        list
    }

    /// Whether another system may know its records by a key of its own: all that callers write, but the keys themselves.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        !self.read_only && self.kind != "external_reference"
    }

    /// The field of a name; of a path into a list of objects, the list.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let name = name.split('.').next().unwrap_or(name);
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that a caller may write.
    pub fn writable(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.read_only)
    }

    /// The names of the fields that are a person's contact details.
    pub fn contact(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.contact).map(|field| field.name.as_str())
    }

    /// The names of the fields that an erasure takes out of every version of a record.
    pub fn personal(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.personal).map(|field| field.name.as_str())
    }

    /// The fields kept in columns.
    pub fn stored(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.computed.is_none())
    }
}

static CATALOGUE: OnceLock<Vec<&'static Facts>> = OnceLock::new();

/// Makes the facts of all resources known; the table of resources does it once, at start.
pub fn publish(all: Vec<&'static Facts>) {
    let _ = CATALOGUE.set(all);
}

/// The facts of every resource, in the order of the table of resources.
pub fn all() -> &'static [&'static Facts] {
    CATALOGUE.get().map(Vec::as_slice).unwrap_or_default()
}

/// The facts of a collection.
#[must_use]
pub fn by_path(path: &str) -> Option<&'static Facts> {
    all().iter().copied().find(|facts| facts.path == path)
}

/// The facts of a kind of record.
#[must_use]
pub fn by_kind(kind: &str) -> Option<&'static Facts> {
    all().iter().copied().find(|facts| facts.kind == kind)
}

/// Every resource with a field that refers to a collection.
pub fn referring(target: &str) -> impl Iterator<Item = (&'static Facts, &'static Reference)> {
    all()
        .iter()
        .flat_map(|facts| facts.references.iter().map(|reference| (*facts, reference)))
        .filter(move |(_, reference)| reference.target == target)
}

/// Every resource with a field that lists identifiers of a collection, and that field.
pub fn listing(target: &str) -> impl Iterator<Item = (&'static Facts, &'static Field)> {
    let of = |facts: &'static Facts| facts.lists.iter().map(move |reference| (facts, reference));
    all()
        .iter()
        .flat_map(move |facts| of(facts))
        .filter(move |(_, reference)| reference.target == target)
        .filter_map(|(facts, reference)| Some((facts, facts.field(reference.field)?)))
}

/// The generator says of a list's items that they are read-only; it is the list that is.
fn read_only_lists(record: &mut Value) {
    for (_, property) in record["properties"].as_object_mut().into_iter().flatten() {
        let items = property.get_mut("items").and_then(Value::as_object_mut);
        if let Some(read_only) = items.and_then(|items| items.shift_remove("readOnly")) {
            property["readOnly"] = read_only;
        }
    }
}
