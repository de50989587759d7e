//! Changes in words.

use serde_json::Value;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};

use super::{ChangeKind, FieldChange};
use crate::domain::money::kroner;
use crate::facts::{Facts, Field, Kind};
use crate::problem::Lang;
use crate::render::words::{heading, yes_or_no};
use crate::render::{Kind as Cell, called};

/// Longest text that a sentence quotes.
const LONGEST: usize = 200;

pub(super) fn reasons() -> Array {
    let reason = ObjectBuilder::new().schema_type(Type::String).max_length(Some(2000));
    let about = "Why, as those who wrote said, in their order.";
    ArrayBuilder::new().items(reason).max_items(Some(1000)).description(Some(about)).build()
}

/// What a record is called: its number and its title, or what stands for one.
pub(super) fn title(version: &Value) -> String {
    let text = |name: &str| version[name].as_str().map(str::to_owned);
    let number = text("number").or_else(|| text("code"));
    let names = ["title", "name", "theme", "text", "category", "scheme", "need", "audience", "description", "reason"];
    let name = names.into_iter().find_map(text).map(|name| shortened(&name));
    [number, name].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The fields that say something else, in the order of the record.
pub(super) fn fields(facts: &Facts, before: &Value, after: &Value, lang: Lang) -> Vec<FieldChange> {
    let header = ["id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy", "projectId"];
    let own = facts.stored().filter(|field| !header.contains(&field.name.as_str()) && !field.contact);
    own.filter(|field| before[&field.name] != after[&field.name])
        .map(|field| FieldChange {
            field: field.name.clone(),
            label: heading(facts.path, &field.name, lang).unwrap_or_else(|| field.name.clone()),
            from: before[&field.name].clone(),
            to: after[&field.name].clone(),
        })
        .collect()
}

/// The change in a sentence.
pub(super) fn sentence(
    facts: &Facts,
    change: ChangeKind,
    title: &str,
    fields: &[FieldChange],
    reasons: &[String],
    lang: Lang,
) -> String {
    let noun = noun(facts, lang);
    let what = match (change, lang) {
        (ChangeKind::Created, Lang::Nb) => "er ny".to_owned(),
        (ChangeKind::Created, Lang::Nn) => "er ny".to_owned(),
        (ChangeKind::Created, Lang::En) => "is new".to_owned(),
        (ChangeKind::Deleted, Lang::Nb) => "er slettet".to_owned(),
        (ChangeKind::Deleted, Lang::Nn) => "er sletta".to_owned(),
        (ChangeKind::Deleted, Lang::En) => "is deleted".to_owned(),
        (ChangeKind::Changed, _) => fields.iter().map(|field| said(facts, field, lang)).collect::<Vec<_>>().join("; "),
    };
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
    let name = if title.is_empty() { noun } else { format!("{noun} {title}") };
    match change {
        ChangeKind::Changed => format!("{name}: {what}{why}"),
        ChangeKind::Created | ChangeKind::Deleted => format!("{name} {what}{why}"),
    }
}

/// What people call a kind of record.
pub(super) fn noun(facts: &Facts, lang: Lang) -> String {
    let mut camel = String::new();
    for (place, part) in facts.kind.split('_').enumerate() {
        match part.chars().next() {
            Some(first) if place > 0 => camel.extend(first.to_uppercase().chain(part.chars().skip(1))),
            _ => camel.push_str(part),
        }
    }
    heading("kind", &camel, lang).unwrap_or_else(|| facts.kind.replace('_', " "))
}

fn said(facts: &Facts, field: &FieldChange, lang: Lang) -> String {
    let Some(known) = facts.field(&field.field) else { return field.label.clone() };
    match (value(known, &field.from, lang), value(known, &field.to, lang)) {
        (Some(from), Some(to)) => format!("{} {from} → {to}", field.label),
        _ => field.label.clone(),
    }
}

/// A value as people read it; `None` for what is no reading: identifiers and lists.
fn value(field: &Field, value: &Value, lang: Lang) -> Option<String> {
    if value.is_null() {
        return (!matches!(field.kind, Kind::Id | Kind::Reference | Kind::Json)).then(|| "–".to_owned());
    }
    match &field.kind {
        Kind::Id | Kind::Reference | Kind::Json => None,
        Kind::Integer if field.name.ends_with("Ore") => Some(kroner(value.as_i64()?).in_lang(lang).to_owned()),
        Kind::Integer | Kind::Decimal { .. } => {
            let number = value.to_string();
            Some(if lang == Lang::En { number } else { number.replace('.', ",") })
        }
        Kind::Boolean => Some(yes_or_no(value.as_bool()?, lang).to_lowercase()),
        Kind::Code(_) => Some(said_code(field, value.as_str()?, lang)),
        Kind::Text | Kind::Date | Kind::Instant => Some(shortened(value.as_str()?)),
    }
}

/// What people call a code of a field.
fn said_code(field: &Field, code: &str, lang: Lang) -> String {
    match Cell::of(&field.name, &field.schema) {
        Cell::Code(labels) => called(code, labels, lang),
        _ => code.to_owned(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lang, noun};
    use crate::facts;

    #[test]
    fn every_kind_of_record_has_a_noun_in_every_language() {
        assert!(!crate::routes::resources().is_empty());
        for facts in facts::all().iter().filter(|facts| facts.of_project || facts.path == "projects") {
            for lang in [Lang::Nb, Lang::Nn, Lang::En] {
                assert!(!noun(facts, lang).contains('_'), "{}", facts.kind);
            }
            assert!(
                noun(facts, Lang::Nb) != facts.kind.replace('_', " "),
                "render/words has no noun for {}",
                facts.kind
            );
        }
    }
}
