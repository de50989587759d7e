//! The operations of the standard methods, each built from the facts that its handler reads.

use serde_json::{Map, Value, json};

use super::Paths;
use super::beside::{Told, operation};
use super::components::{Components, header_fields, header_parameter, tags};
use super::shapes::{self, Shapes};
use super::{about, examples, fields, formats, query};
use crate::access::{Area, Role, observed, policy};
use crate::facts::Facts;
use crate::http::frame;
use crate::problem::{Code, codes};

/// What the document says of a record as a page.
const PAGE: &str = "The record as a page for people (HTML 5), to be read and printed. It loads nothing and runs nothing; a published \
                    report shows what was frozen in it, never today's data.";

/// What people call a resource.
pub struct Words {
    /// `decision point`.
    pub noun: String,
    /// `decision points`.
    pub many: String,
    /// `Decision points`, the group of its operations.
    pub tag: String,
}

impl Words {
    /// The words of a resource, from its kind and its collection.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let many = facts.path.replace('-', " ");
        Self { noun: facts.kind.replace('_', " "), tag: capital(&many), many }
    }

    /// `a decision point`.
    #[must_use]
    pub fn one(&self) -> String {
        let article = if self.noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {}", self.noun)
    }

    /// `a new decision point`.
    #[must_use]
    pub fn new_one(&self) -> String {
        format!("a new {}", self.noun)
    }
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

/// The collection as part of an `operationId`: `DecisionPoints`.
fn plural(facts: &Facts) -> String {
    facts.path.split('-').map(capital).collect()
}

/// Adds the standard operations of a resource; two of one that only the service writes.
pub fn add(paths: &mut Paths, components: &mut Components, facts: &'static Facts) {
    let shapes = shapes::add(components, facts);
    let words = Words::of(facts);
    let collection = paths.entry(format!("/api/v1/{}", facts.path)).or_default();
    collection.insert("get".to_owned(), list(components, facts, &words, &shapes));
    if facts.read_only {
        let record = paths.entry(format!("/api/v1/{}/{{id}}", facts.path)).or_default();
        record.insert("get".to_owned(), read(components, facts, &words, &shapes));
        return;
    }
    collection.insert("post".to_owned(), create(components, facts, &words, &shapes));
    let record = paths.entry(format!("/api/v1/{}/{{id}}", facts.path)).or_default();
    record.insert("get".to_owned(), read(components, facts, &words, &shapes));
    record.insert("patch".to_owned(), change(components, facts, &words, &shapes));
    record.insert("delete".to_owned(), delete(components, facts, &words));
    let history = paths.entry(format!("/api/v1/{}/{{id}}/history", facts.path)).or_default();
    history.insert("get".to_owned(), self::history(components, facts, &words));
    if facts.has_keys() {
        let known = paths.entry(format!("/api/v1/{}/by-reference/{{system}}/{{key}}", facts.path)).or_default();
        known.insert("put".to_owned(), upsert(components, facts, &words, &shapes));
    }
}

fn upsert(components: &mut Components, facts: &'static Facts, words: &Words, shapes: &Shapes) -> Value {
    let part = |name: &str, about: &str, example: &str| {
        json!({
            "name": name, "in": "path", "required": true, "description": about,
            "schema": fields::plain("external-references", name), "example": example,
        })
    };
    let mut parameters = vec![
        part("system", "The other system.", "elements"),
        part("key", "The key that the record has there.", "2017-412"),
    ];
    parameters.push(json!({
        "name": "If-Match", "in": "header", "required": false,
        "description": "The version that is to be brought in line; without it, whichever is the current one.",
        "schema": tags(&json!({ "type": "string", "maxLength": frame::most("If-Match") })),
    }));
    parameters.push(header_parameter(components, "X-Change-Reason"));
    let mut errors = refusals(facts);
    errors.extend([&codes::NOT_FOUND, &codes::STALE]);
    if facts.unique.is_empty() {
        errors.push(&codes::CONFLICT);
    }
    operation(
        components,
        Told {
            id: format!("upsert{}", facts.schema_name),
            tag: words.tag.clone(),
            summary: format!("Make {} that another system knows, or bring it in line", words.one()),
            about: format!(
                "The record that has this external reference is made, with the reference, or brought in line with what is sent. \
                 The content is given whole: a field that is left out is cleared. Safe to repeat: what is as it was sent makes no \
                 version. `If-Match` is optional here; with it, and no such record yet, the answer is 412.{} {}",
                unique(facts),
                writers(facts)
            ),
            parameters,
            body: Some(body(&["application/json"], &shapes.new, &examples::new(facts))),
            answer: (200, answer("The record as it is now", &["ETag"], &shapes.record, &examples::record(facts))),
            also: Some((201, made(facts, &["ETag", "Location"], &shapes.record))),
            writes: true,
            errors,
            ..Told::default()
        },
    )
}

fn list(components: &mut Components, facts: &'static Facts, words: &Words, shapes: &Shapes) -> Value {
    let mut parameters = query::list(components, facts);
    parameters.push(header_parameter(components, "If-None-Match"));
    let example = json!({ "items": [examples::record(facts)], "next": null });
    let headers = [&["ETag", "Link"], &formats::HEADERS[..]].concat();
    let mut page = answer("The page", &headers, &shapes.page, &example);
    formats::of_list(&mut page["content"], facts);
    operation(
        components,
        Told {
            id: format!("list{}", plural(facts)),
            tag: words.tag.clone(),
            summary: format!("List {}", words.many),
            about: format!("A page of what the caller may see. {}", sight(facts)),
            parameters,
            answer: (200, page),
            tagged: true,
            errors: vec![
                &codes::UNKNOWN_PARAMETER,
                &codes::INVALID_PARAMETER,
                &codes::INVALID_CURSOR,
                &codes::NOT_ACCEPTABLE,
            ],
            ..Told::default()
        },
    )
}

fn create(components: &mut Components, facts: &'static Facts, words: &Words, shapes: &Shapes) -> Value {
    let body = body(&["application/json"], &shapes.new, &examples::new(facts));
    let headers = ["ETag", "Location", "Idempotent-Replayed"];
    let parameters = ["Idempotency-Key", "X-Change-Reason"].map(|name| header_parameter(components, name)).to_vec();
    let mut errors = refusals(facts);
    errors.extend([&codes::KEY_IN_PROGRESS, &codes::KEY_REUSED]);
    if facts.of_project || facts.path == "external-references" || facts.area == Area::Webhooks {
        errors.push(&codes::NOT_FOUND);
    }
    operation(
        components,
        Told {
            id: format!("create{}", facts.schema_name),
            tag: words.tag.clone(),
            summary: format!("Create {}", words.one()),
            about: format!("{}{} {}", facts.about, unique(facts), writers(facts)),
            parameters,
            body: Some(body),
            answer: (201, made(facts, &headers, &shapes.record)),
            writes: true,
            errors,
            ..Told::default()
        },
    )
}

fn read(components: &mut Components, facts: &'static Facts, words: &Words, shapes: &Shapes) -> Value {
    let mut parameters = vec![path_id(facts)];
    parameters.extend(query::chosen(facts));
    parameters.push(header_parameter(components, "If-None-Match"));
    let mut record = answer("The record", &["ETag"], &shapes.chosen, &examples::record(facts));
    let mut errors = vec![&codes::UNKNOWN_PARAMETER, &codes::INVALID_PARAMETER, &codes::NOT_FOUND];
    if facts.paged {
        parameters.push(formats::of_page(components));
        errors.push(&codes::NOT_ACCEPTABLE);
        formats::page(&mut record["content"], PAGE);
    }
    operation(
        components,
        Told {
            id: format!("get{}", facts.schema_name),
            tag: words.tag.clone(),
            summary: format!("Read {}", words.one()),
            about: format!("{} Its `ETag` is its version.", facts.about),
            parameters,
            answer: (200, record),
            tagged: true,
            errors,
            ..Told::default()
        },
    )
}

fn change(components: &mut Components, facts: &'static Facts, words: &Words, shapes: &Shapes) -> Value {
    let mut parameters = vec![path_id(facts)];
    parameters.extend(["If-Match", "X-Change-Reason"].map(|name| header_parameter(components, name)));
    let types = ["application/merge-patch+json", "application/json"];
    let mut errors = refusals(facts);
    errors.extend([&codes::NOT_FOUND, &codes::STALE, &codes::PRECONDITION_REQUIRED]);
    operation(
        components,
        Told {
            id: format!("change{}", facts.schema_name),
            tag: words.tag.clone(),
            summary: format!("Change {}", words.one()),
            about: format!(
                "A JSON merge patch (RFC 7396) on the version that you read: an absent field stays, null clears it where it may be \
             null, a value replaces. A patch that changes nothing makes no version.{} {}",
                unique(facts),
                writers(facts)
            ),
            parameters,
            body: Some(body(&types, &shapes.changes, &examples::changes(facts))),
            answer: (200, answer("The record as it is now", &["ETag"], &shapes.record, &examples::record(facts))),
            writes: true,
            errors,
            ..Told::default()
        },
    )
}

fn delete(components: &mut Components, facts: &'static Facts, words: &Words) -> Value {
    let mut parameters = vec![path_id(facts)];
    parameters.extend(["If-Match", "X-Change-Reason"].map(|name| header_parameter(components, name)));
    let mut errors = vec![
        &codes::UNKNOWN_PARAMETER,
        &codes::FORBIDDEN,
        &codes::NOT_FOUND,
        &codes::IN_USE,
        &codes::STALE,
        &codes::PRECONDITION_REQUIRED,
    ];
    // What was adopted, approved or archived is kept.
    if facts.locked.is_some() {
        errors.push(&codes::LOCKED);
    }
    operation(
        components,
        Told {
            id: format!("delete{}", facts.schema_name),
            tag: words.tag.clone(),
            summary: format!("Delete {}", words.one()),
            about: format!(
                "The record leaves every list; its history stays. What others refer to is not deleted. {}",
                writers(facts)
            ),
            parameters,
            answer: (204, json!({ "description": "It is deleted", "headers": header_fields(&[]) })),
            writes: true,
            errors,
            ..Told::default()
        },
    )
}

fn history(components: &mut Components, facts: &'static Facts, words: &Words) -> Value {
    let mut parameters = vec![path_id(facts)];
    parameters.extend(query::page(components));
    parameters.push(header_parameter(components, "If-None-Match"));
    let page = history_page(components);
    operation(components, Told {
        id: format!("list{}History", facts.schema_name),
        tag: words.tag.clone(),
        summary: format!("Read the history of {}", words.one()),
        about: "Every version, newest first: who, when, why, before and after. For those who see all of the record; of a deleted \
                record, for those who see all of its project."
            .to_owned(),
        parameters,
        answer: (200, answer("The page", &["ETag"], &page, &history_example(facts))),
        tagged: true,
        errors: vec![
            &codes::UNKNOWN_PARAMETER,
            &codes::INVALID_PARAMETER,
            &codes::INVALID_CURSOR,
            &codes::FORBIDDEN,
            &codes::NOT_FOUND,
        ],
        ..Told::default()
    })
}

/// Why content is refused.
fn refusals(facts: &Facts) -> Vec<&'static Code> {
    let mut errors = vec![&codes::UNKNOWN_PARAMETER, &codes::FORBIDDEN, &codes::INVALID];
    if !facts.unique.is_empty() {
        errors.push(&codes::CONFLICT);
    }
    errors
}

fn path_id(facts: &Facts) -> Value {
    json!({
        "name": "id", "in": "path", "required": true,
        "description": format!("The {}.", facts.kind.replace('_', " ")),
        "schema": { "type": "string", "format": "uuid" },
        "example": examples::id(facts.path),
    })
}

fn body(types: &[&str], schema: &Value, example: &Value) -> Value {
    let content: Map<String, Value> =
        types.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema, "example": example }))).collect();
    json!({ "required": true, "content": content })
}

fn answer(about: &str, headers: &[&str], schema: &Value, example: &Value) -> Value {
    json!({
        "description": about,
        "headers": header_fields(headers),
        "content": { "application/json": { "schema": schema, "example": example } }
    })
}

/// The answer to a creation; a secret is shown in it, once.
fn made(facts: &Facts, headers: &[&str], record: &Value) -> Value {
    let mut example = examples::record(facts);
    let Some(secret) = facts.secret else { return answer("The new record", headers, record, &example) };
    example["secret"] = about::secret_example(secret).into();
    answer("The new record, with its secret", headers, &about::with_secret(record, secret), &example)
}

fn unique(facts: &Facts) -> String {
    if facts.unique.is_empty() {
        return String::new();
    }
    let fields = facts.unique.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ");
    let within = if facts.of_project || facts.path == "external-references" { " in its project" } else { "" };
    format!(" {fields} is unique{within}: a value that is taken is 409.")
}

/// Who sees it, as far as that is more than the rights in a project say.
fn sight(facts: &Facts) -> String {
    match (facts.area, facts.of_project) {
        (Area::Users, _) => "Administrators only; others get an empty page.".to_owned(),
        (_, false) if facts.path == "external-references" => "Those of records that the caller sees all of.".to_owned(),
        (Area::Webhooks, _) => {
            "For those who answer for the project; what is of no project is the administrators'.".to_owned()
        }
        (_, false) if facts.path != "projects" => "Open to every caller.".to_owned(),
        _ if !observed::shows_some(facts) => "Observers see none of them.".to_owned(),
        _ => {
            let hidden = facts.fields.iter().filter(|field| !observed::shows(facts, &field.name));
            let hidden: Vec<String> = hidden.map(|field| format!("`{}`", field.name)).collect();
            let rows = if facts.published.is_some() { "Observers see what is published" } else { "Observers see them" };
            format!("{rows}, without {}.", hidden.join(", "))
        }
    }
}

/// Who writes it, from the policy tables.
fn writers(facts: &Facts) -> String {
    if facts.area == Area::Users {
        return "For administrators.".to_owned();
    }
    if facts.path == "external-references" {
        return "For those who may write the record.".to_owned();
    }
    let writes = |role: &Role| {
        policy::rights(*role, facts.area).write
            || policy::directory_write(*role, facts.area) != policy::DirectoryWrite::Nothing
    };
    let roles: Vec<String> =
        Role::ALL.iter().filter(|role| writes(role)).map(|role| format!("`{}`", role.name())).collect();
    format!("For administrators and the roles {}.", roles.join(", "))
}

/// A page of a history; the same for every resource, since a record may once have had other fields than today.
fn history_page(components: &mut Components) -> Value {
    let side = |about: &str| json!({ "type": ["object", "null"], "additionalProperties": true, "description": about });
    let text = |about: &str| json!({ "type": ["string", "null"], "maxLength": 500, "description": about });
    let via = json!({
        "type": ["object", "null"],
        "description": "What the token of another issuer said of who stood between; null for a token of this service.",
        "required": ["issuer", "clientId", "supplier", "delegationSource"],
        "properties": {
            "issuer": { "type": "string", "maxLength": 500, "description": "The issuer." },
            "clientId": text("The client that got the token there."),
            "supplier": text("The organisation number of the supplier that acted."),
            "delegationSource": text("Where the organisation had let the supplier do so."),
        }
    });
    let entry = json!({
        "type": "object",
        "description": "One version of a record, from the journal.",
        "required": ["sequence", "event", "version", "at", "actor", "reason", "before", "after"],
        "properties": {
            "sequence": { "type": "integer", "format": "int64", "minimum": 1, "description": "The place in the journal." },
            "event": { "type": "string", "maxLength": 100, "description": "What happened.", "examples": ["milestone.rescheduled"] },
            "version": { "type": "integer", "format": "int64", "minimum": 1, "description": "The record's version after it." },
            "at": { "type": "string", "format": "date-time", "description": "When (UTC)." },
            "actor": {
                "type": "object",
                "description": "Who did it.",
                "required": ["kind", "id", "via"],
                "properties": {
                    "kind": {
                        "type": "string", "enum": ["user", "client", "organisation", "operator", "service"],
                        "description": "What sort of caller: `organisation` comes by a token of another issuer (Maskinporten), `operator` is the command line, `service` the service by itself."
                    },
                    "id": { "type": ["string", "null"], "format": "uuid", "description": "The user, client or organisation; null for the command line and the service." },
                    "via": via
                }
            },
            "reason": { "type": ["string", "null"], "maxLength": 1000, "description": "Why, as the caller said in `X-Change-Reason`." },
            "before": side("The record before, without computed fields; null when it was made."),
            "after": side("The record after, without computed fields; null when it was deleted.")
        }
    });
    let entry = components.schema("HistoryEntry", entry);
    components.schema(
        "HistoryPage",
        json!({
            "type": "object",
            "description": "A page of a record's history, newest first.",
            "required": ["items", "next"],
            "properties": { "items": { "type": "array", "maxItems": 200, "items": entry }, "next": shapes::next() }
        }),
    )
}

fn history_example(facts: &Facts) -> Value {
    json!({
        "items": [{
            "sequence": 17,
            "event": format!("{}.created", facts.kind),
            "version": 1,
            "at": "2017-09-28T08:00:00Z",
            "actor": { "kind": "user", "id": examples::id("users"), "via": null },
            "reason": null,
            "before": null,
            "after": examples::record(facts)
        }],
        "next": null
    })
}
