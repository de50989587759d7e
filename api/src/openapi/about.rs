//! What the document says of an operation beside the standard methods; it stands next to the handler.

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::examples;
use super::fields::YEARS;
use crate::facts::{self, Secret};
use crate::problem::{Code, codes};
use crate::render::Tables;

/// The schema of a record with its secret beside it.
#[must_use]
pub fn with_secret(record: &Value, secret: Secret) -> Value {
    let secret = match secret {
        Secret::Derived(_) => json!({
            "type": "string", "maxLength": 100, "pattern": "^whsec_[A-Za-z0-9+/]+=*$", "readOnly": true,
            "description": "What signatures are checked with. It is shown here and nowhere else: keep it."
        }),
        Secret::Drawn => json!({
            "type": "string", "maxLength": 100, "pattern": "^framdrift_[A-Za-z0-9_-]{43}$", "readOnly": true,
            "description": "What the client shows to get tokens. It is shown here and nowhere else: keep it."
        }),
    };
    json!({ "allOf": [record, { "type": "object", "required": ["secret"], "properties": { "secret": secret } }] })
}

/// A secret as examples show it; it is nobody's.
#[must_use]
pub const fn secret_example(secret: Secret) -> &'static str {
    match secret {
        Secret::Derived(_) => "whsec_bm90IGEgcmVhbCBzZWNyZXQsIG9ubHkgYW4gZXhhbXBsZQ==",
        Secret::Drawn => "framdrift_bm8gcmVhbCBzZWNyZXQsIGp1c3Qgb25lIHRvIHNob3c",
    }
}

/// One operation as the document describes it.
#[derive(Default)]
pub struct About {
    /// `operationId`, camelCase, unique in the document.
    pub id: &'static str,
    /// The group that it stands under.
    pub tag: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What a caller needs to know beyond the summary.
    pub description: &'static str,
    /// Parameters beside those in the path, as parameter objects.
    pub parameters: Vec<Value>,
    /// Header fields that many operations take, by name.
    pub headers: Vec<&'static str>,
    /// The body: media type, schema and example.
    pub body: Option<Content>,
    /// The answer when all goes well.
    pub answer: Option<Answered>,
    /// What can go wrong beside what can go wrong everywhere.
    pub errors: Vec<&'static Code>,
    /// The tables that it is as CSV and XLSX, if it has these formats.
    pub tables: Option<&'static Tables>,
    /// What its page for people is, if it has one beside the JSON.
    pub page: Option<&'static str>,
    /// Whether it needs no token.
    pub public: bool,
    /// The schemas that body and answer name, to be collected under `components`.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

/// A body of one media type.
pub struct Content {
    /// The media type.
    pub media_type: &'static str,
    /// Its schema.
    pub schema: Value,
    /// One example that is valid against the schema.
    pub example: Value,
}

/// An answer that an operation gives when all goes well.
#[derive(Default)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// What it says.
    pub description: &'static str,
    /// Its body; `None` has no content.
    pub content: Option<Content>,
    /// Whether it carries an `ETag` and answers 304.
    pub tagged: bool,
    /// Whether a part of the body may be asked for: 206.
    pub partial: bool,
    /// Further header fields of the answer.
    pub headers: Vec<&'static str>,
    /// The same in other media types, for those who ask for them.
    pub also: Vec<Content>,
}

/// A day or an instant of the years that the service knows, or something else that names a moment.
pub fn moment(examples: &[&str], also: &[&str]) -> Value {
    let dated = ["date", "date-time"].map(|format| json!({ "type": "string", "format": format, "pattern": YEARS }));
    let also = also.iter().map(|format| json!({ "type": "string", "format": format }));
    json!({ "anyOf": dated.into_iter().chain(also).collect::<Vec<_>>(), "examples": examples })
}

/// What a report is held against: a day, an instant, or the id of a record that has its moment.
#[must_use]
pub fn baseline(example: &str) -> Value {
    moment(&[example], &["uuid"])
}

impl About {
    /// Begins the description of an operation.
    #[must_use]
    pub fn new(id: &'static str, tag: &'static str, summary: &'static str) -> Self {
        Self { id, tag, summary, ..Self::default() }
    }

    /// Adds what a caller needs to know beyond the summary.
    #[must_use]
    pub const fn more(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// The operation needs no token.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Adds an optional parameter of the query.
    #[must_use]
    pub fn query(mut self, name: &str, about: &str, schema: Value) -> Self {
        self.parameters
            .push(json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema }));
        self
    }

    /// Adds a parameter of the query that must be given.
    #[must_use]
    pub fn must_query(mut self, name: &str, about: &str, schema: Value) -> Self {
        self = self.query(name, about, schema);
        if let Some(last) = self.parameters.last_mut() {
            last["required"] = true.into();
        }
        self
    }

    /// The report may be asked for as it stood.
    #[must_use]
    pub fn dated(self) -> Self {
        self.query(
            "asOf",
            "The report as it stood, read from the journal: a date (its end, UTC) or an instant (RFC 3339); now when it is left out.",
            moment(&["2026-11-25", "2026-11-25T12:00:00Z"], &[]),
        )
    }

    /// Adds an optional header field of its own.
    #[must_use]
    pub fn header(mut self, name: &str, about: &str, schema: Value) -> Self {
        self.parameters
            .push(json!({ "name": name, "in": "header", "required": false, "description": about, "schema": schema }));
        self
    }

    /// The operation takes an `Idempotency-Key`.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.headers.push("Idempotency-Key");
        self
    }

    /// The operation takes an `X-Change-Reason`.
    #[must_use]
    pub fn reasoned(mut self) -> Self {
        self.headers.push("X-Change-Reason");
        self
    }

    /// The body that the operation takes.
    #[must_use]
    pub fn takes<T: ToSchema>(mut self, media_type: &'static str, example: Value) -> Self {
        let schema = self.named::<T>();
        self.body = Some(Content { media_type, schema, example });
        self
    }

    /// A body that is described by a schema of its own.
    #[must_use]
    pub fn takes_value(mut self, media_type: &'static str, schema: Value, example: Value) -> Self {
        self.body = Some(Content { media_type, schema, example });
        self
    }

    /// The JSON answer with this status.
    #[must_use]
    pub fn answers<T: ToSchema>(mut self, status: u16, description: &'static str, example: Value) -> Self {
        let schema = self.named::<T>();
        let content = Some(Content { media_type: "application/json", schema, example });
        self.answer = Some(Answered { status, description, content, ..Answered::default() });
        self
    }

    /// An answer that is described by a schema of its own.
    #[must_use]
    pub fn answers_value(
        mut self,
        status: u16,
        description: &'static str,
        media_type: &'static str,
        schema: Value,
        example: Value,
    ) -> Self {
        let content = Some(Content { media_type, schema, example });
        self.answer = Some(Answered { status, description, content, ..Answered::default() });
        self
    }

    /// The answer in another media type, for those who ask for it.
    #[must_use]
    pub fn or_answers(mut self, media_type: &'static str, schema: Value, example: Value) -> Self {
        if let Some(answer) = &mut self.answer {
            answer.also.push(Content { media_type, schema, example });
        }
        self
    }

    /// 204.
    #[must_use]
    pub fn answers_nothing(mut self, description: &'static str) -> Self {
        self.answer = Some(Answered { status: 204, description, ..Answered::default() });
        self
    }

    /// The answer carries an `ETag` and is 304 for a caller that has it.
    #[must_use]
    pub const fn tagged(mut self) -> Self {
        if let Some(answer) = &mut self.answer {
            answer.tagged = true;
        }
        self
    }

    /// The answer has these tables as CSV and XLSX.
    #[must_use]
    pub const fn tabled(mut self, tables: &'static Tables) -> Self {
        self.tables = Some(tables);
        self
    }

    /// The answer also comes as a page for people.
    #[must_use]
    pub const fn paged(mut self, about: &'static str) -> Self {
        self.page = Some(about);
        self
    }

    /// A part of the body may be asked for.
    #[must_use]
    pub const fn partial(mut self) -> Self {
        if let Some(answer) = &mut self.answer {
            answer.partial = true;
        }
        self
    }

    /// The answer has these header fields more.
    #[must_use]
    pub fn answers_with(mut self, headers: &[&'static str]) -> Self {
        if let Some(answer) = &mut self.answer {
            answer.headers.extend_from_slice(headers);
        }
        self
    }

    /// A custom method: it changes a record of a collection and answers it, as [`crate::standard::act`] does.
    #[must_use]
    pub fn changes(self, collection: &str) -> Self {
        let about = self.answers_record(200, "The record as it is then", collection, &["ETag"]);
        about.conditional().with(&["X-Change-Reason"])
    }

    /// It writes what the caller has seen, once.
    #[must_use]
    pub fn conditional(self) -> Self {
        self.with(&["If-Match", "Idempotency-Key"]).fails(&[
            &codes::NOT_FOUND,
            &codes::FORBIDDEN,
            &codes::PRECONDITION_REQUIRED,
            &codes::STALE,
            &codes::INVALID,
            &codes::KEY_IN_PROGRESS,
            &codes::KEY_REUSED,
        ])
    }

    /// The answer is a record of a collection.
    #[must_use]
    pub fn answers_record(
        mut self,
        status: u16,
        description: &'static str,
        collection: &str,
        headers: &[&'static str],
    ) -> Self {
        let content = facts::by_path(collection).map(|facts| Content {
            media_type: "application/json",
            schema: json!({ "$ref": format!("#/components/schemas/{}", facts.schema_name) }),
            example: examples::record(facts),
        });
        self.answer = Some(Answered { status, description, content, headers: headers.to_vec(), ..Answered::default() });
        self
    }

    /// The answer shows the secret of the collection's record too.
    #[must_use]
    pub fn and_secret(mut self, collection: &str) -> Self {
        let secret = facts::by_path(collection).and_then(|facts| facts.secret);
        let content = self.answer.as_mut().and_then(|answer| answer.content.as_mut());
        if let (Some(content), Some(secret)) = (content, secret) {
            content.schema = with_secret(&content.schema, secret);
            content.example["secret"] = secret_example(secret).into();
        }
        self
    }

    /// Takes header fields that many operations take.
    #[must_use]
    pub fn with(mut self, headers: &[&'static str]) -> Self {
        self.headers.extend_from_slice(headers);
        self
    }

    /// What can go wrong beside what can go wrong everywhere.
    #[must_use]
    pub fn fails(mut self, errors: &[&'static Code]) -> Self {
        self.errors.extend_from_slice(errors);
        self
    }

    fn named<T: ToSchema>(&mut self) -> Value {
        let name = T::name().into_owned();
        T::schemas(&mut self.schemas);
        self.schemas.push((name.clone(), <T as PartialSchema>::schema()));
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}
