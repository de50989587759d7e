//! One field of a resource: name, column, kind and bounds, read from its schema and its column.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::ColumnDef;
use sea_orm::sea_query::{ColumnType, Expr, QueryBuilder, SqliteQueryBuilder};
use serde_json::Value;

/// What sort of value a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// An identifier (UUID).
    Id,
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// An exact decimal, stored as a whole number of `unit`ths.
    Decimal {
        /// How many of the stored unit make one: 100 or 10,000.
        unit: i64,
    },
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant, UTC.
    Instant,
    /// One of a closed list of codes.
    Code(Vec<String>),
    /// `{kind, id}`: a reference to a record of any kind.
    Reference,
    /// A list or an object, described by its schema.
    Json,
}

/// The SQL of a field that is computed when it is read; the argument is today's date.
pub type Computed = fn(NaiveDate) -> Expr;

/// One field of a resource.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name on the wire, camelCase.
    pub name: String,
    /// Its column; empty for a computed field.
    pub column: String,
    /// What sort of value it holds.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether a new record must give it.
    pub required: bool,
    /// Whether only the service writes it.
    pub read_only: bool,
    /// Whether a project document carries it although no caller writes it: what a custom method has recorded.
    pub carried: bool,
    /// Whether it is a person's contact detail, shown only to those who share a project.
    pub contact: bool,
    /// Whether it tells of a person what an erasure takes out of every version, while the chain of the journal stays whole.
    pub personal: bool,
    /// Its JSON schema with references resolved: the bounds that the check enforces.
    pub schema: Value,
    /// How it is computed, if it is.
    pub computed: Option<Computed>,
}

impl Field {
    /// Reads a field from its schema and its column.
    #[must_use]
    pub fn read(
        name: &str,
        column: &str,
        def: &ColumnDef,
        schema: &Value,
        required: bool,
        schemas: &BTreeMap<String, Value>,
    ) -> Self {
        let resolved = resolve(schema, schemas);
        let read_only = schema["readOnly"].as_bool().unwrap_or(false);
        Self {
            name: name.to_owned(),
            column: column.to_owned(),
            kind: kind(def.get_column_type(), &resolved),
            nullable: def.is_null(),
            required: required && !read_only,
            read_only,
            carried: false,
            contact: false,
            personal: false,
            schema: resolved,
            computed: None,
        }
    }

    /// The field as SQL.
    #[must_use]
    pub fn expr(&self, today: NaiveDate) -> Expr {
        self.computed.map_or_else(|| Expr::col(self.column.clone()), |computed| computed(today))
    }

    /// The field as SQL under its wire name, without values beside it. Both engines write what is computed alike (a test looks).
    pub(super) fn selected(&self, today: NaiveDate) -> String {
        let mut sql = String::new();
        SqliteQueryBuilder.prepare_expr(&self.expr(today), &mut sql);
        format!("{sql} AS \"{}\"", self.name)
    }

    /// The value that a new record has where nobody gives one.
    #[must_use]
    pub fn initial(&self) -> Value {
        if self.nullable {
            return Value::Null;
        }
        match (&self.schema["default"], self.schema["type"].as_str()) {
            (Value::Null, Some("boolean")) => false.into(),
            (Value::Null, Some("array")) => Value::Array(Vec::new()),
            (default, _) => default.clone(),
        }
    }

    /// Whether a list can be filtered and sorted by it.
    #[must_use]
    pub fn listable(&self) -> bool {
        !self.contact && self.kind != Kind::Json
    }
}

fn kind(column: &ColumnType, schema: &Value) -> Kind {
    match column {
        ColumnType::Uuid => Kind::Id,
        ColumnType::BigInteger | ColumnType::Integer if schema["type"] == "number" => {
            let hundredths = schema["multipleOf"].as_f64().is_some_and(|step| step > 0.005);
            Kind::Decimal { unit: if hundredths { 100 } else { 10_000 } }
        }
        ColumnType::BigInteger | ColumnType::Integer => Kind::Integer,
        ColumnType::Boolean => Kind::Boolean,
        ColumnType::Date => Kind::Date,
        ColumnType::TimestampWithTimeZone | ColumnType::Timestamp | ColumnType::DateTime => Kind::Instant,
        ColumnType::Json | ColumnType::JsonBinary => Kind::Json,
        _ if schema["properties"]["kind"].is_object() => Kind::Reference,
        _ => match schema["enum"].as_array() {
            Some(codes) => Kind::Code(codes.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            None => Kind::Text,
        },
    }
}

/// The schema with `$ref` replaced by what it points to, at every depth, and `oneOf [null, T]` by T.
#[must_use]
pub fn resolve(schema: &Value, schemas: &BTreeMap<String, Value>) -> Value {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or_default();
        let mut resolved = schemas.get(name).map(|found| resolve(found, schemas)).unwrap_or_default();
        overlay(&mut resolved, schema, "$ref");
        return resolved;
    }
    if let Some(options) = schema["oneOf"].as_array() {
        let Some(some) = options.iter().find(|option| option["type"] != "null") else { return schema.clone() };
        let mut resolved = resolve(some, schemas);
        overlay(&mut resolved, schema, "oneOf");
        return resolved;
    }
    let mut resolved = schema.clone();
    if let Some(properties) = resolved.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            let nullable = is_nullable(property);
            *property = resolve(property, schemas);
            if nullable && let Value::Object(members) = property {
                members.insert("nullable".to_owned(), true.into());
            }
        }
    }
    if let Some(items) = resolved.get_mut("items") {
        *items = resolve(items, schemas);
    }
    if let Some(types) = resolved["type"].as_array() {
        let plain = types.iter().find(|name| *name != "null").cloned().unwrap_or_default();
        resolved["type"] = plain;
    }
    resolved
}

/// What stands beside a reference says more than what it points to.
fn overlay(resolved: &mut Value, schema: &Value, without: &str) {
    if let (Value::Object(into), Value::Object(from)) = (resolved, schema) {
        into.extend(from.iter().filter(|(key, _)| *key != without).map(|(key, value)| (key.clone(), value.clone())));
    }
}

fn is_nullable(schema: &Value) -> bool {
    let in_types = schema["type"].as_array().is_some_and(|types| types.iter().any(|name| name == "null"));
    let in_options = schema["oneOf"].as_array().is_some_and(|options| options.iter().any(|o| o["type"] == "null"));
    in_types || in_options
}
